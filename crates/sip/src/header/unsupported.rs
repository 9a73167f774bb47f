//! Unsupported: an extension that the sender does not support.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Unsupported = option-tag *( COMMA option-tag )` (RFC 3261 20.40).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported<'a> {
    /// The option tag.
    pub option: &'a [u8],
}

impl<'a> HeaderValue<'a> for Unsupported<'a> {
    const NAME: HeaderName = HeaderName::Unsupported;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Unsupported<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let option = lexer.token()?;
        lexer.end()?;
        Ok(Unsupported { option })
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
        check::<Unsupported<'_>>(&["foo"], &["", "a b", "<a>", r#""a""#]);
    }
}
