//! Allow: a method that the sender supports.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Allow = [ Method *( COMMA Method ) ]` (RFC 3261 20.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allow<'a> {
    /// The method; compare with regard to case.
    pub method: &'a [u8],
}

impl<'a> HeaderValue<'a> for Allow<'a> {
    const NAME: HeaderName = HeaderName::Allow;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<Allow<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let method = lexer.token()?;
        lexer.end()?;
        Ok(Allow { method })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.method);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Allow<'_>>(&["INVITE", "X-new"], &["", "a b", "<a>", r#""a""#]);
    }
}
