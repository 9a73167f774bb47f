//! Call-ID: what all messages of one leg have in common.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Call-ID = word [ "@" word ]` (RFC 3261 20.8), compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallId<'a> {
    /// The whole identifier.
    pub id: &'a [u8],
}

impl<'a> CallId<'a> {
    /// Reads the identifier at the head of a value that may go on with parameters.
    pub(super) fn read(lexer: &mut Lexer<'a>) -> Result<CallId<'a>, Flaw> {
        let start = lexer.rest();
        lexer.word()?;
        if lexer.eat(b'@') {
            lexer.word()?;
        }
        Ok(CallId {
            id: &start[..start.len() - lexer.rest().len()],
        })
    }
}

impl<'a> HeaderValue<'a> for CallId<'a> {
    const NAME: HeaderName = HeaderName::CallId;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<CallId<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let call_id = CallId::read(&mut lexer)?;
        lexer.end()?;
        Ok(call_id)
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<CallId<'_>>(
            &[
                "a84b4c76e66710@host.example.com",
                "x",
                "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{",
            ],
            &["", "a@", "@b", "a b", "a@b@c", "a,b", "a;b"],
        );
    }
}
