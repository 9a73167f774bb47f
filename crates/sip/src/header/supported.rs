//! Supported: an extension that the sender supports.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Supported = [ option-tag *( COMMA option-tag ) ]` (RFC 3261 20.37).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supported<'a> {
    /// The option tag.
    pub option: &'a [u8],
}

impl<'a> HeaderValue<'a> for Supported<'a> {
    const NAME: HeaderName = HeaderName::Supported;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<Supported<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let option = lexer.token()?;
        lexer.end()?;
        Ok(Supported { option })
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
        check::<Supported<'_>>(&["100rel", "timer"], &["", "a b", "<a>", r#""a""#]);
    }
}
