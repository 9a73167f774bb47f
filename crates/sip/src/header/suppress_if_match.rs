//! Suppress-If-Match: which event state the subscriber has already.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Suppress-If-Match = token / "*"` (RFC 5839 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuppressIfMatch<'a> {
    /// The entity tag, or `*`.
    pub tag: &'a [u8],
}

impl<'a> HeaderValue<'a> for SuppressIfMatch<'a> {
    const NAME: HeaderName = HeaderName::SuppressIfMatch;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<SuppressIfMatch<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let tag = lexer.token()?;
        lexer.end()?;
        Ok(SuppressIfMatch { tag })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<SuppressIfMatch<'_>>(&["dx200xyz", "*"], &["", "a b", "<a>", r#""a""#]);
    }
}
