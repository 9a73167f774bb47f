//! Require: an extension that the recipient must understand.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Require = option-tag *( COMMA option-tag )` (RFC 3261 20.32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Require<'a> {
    /// The option tag.
    pub option: &'a [u8],
}

impl<'a> HeaderValue<'a> for Require<'a> {
    const NAME: HeaderName = HeaderName::Require;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Require<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let option = lexer.token()?;
        lexer.end()?;
        Ok(Require { option })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.option);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Require<'_>>(&["100rel"], &["", "a b", "<a>", r#""a""#]);
    }
}
