//! Content-Encoding: a coding that was applied to the body.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Content-Encoding = content-coding *( COMMA content-coding )` (RFC 3261 20.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentEncoding<'a> {
    /// The content coding.
    pub coding: &'a [u8],
}

impl<'a> HeaderValue<'a> for ContentEncoding<'a> {
    const NAME: HeaderName = HeaderName::ContentEncoding;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<ContentEncoding<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let coding = lexer.token()?;
        lexer.end()?;
        Ok(ContentEncoding { coding })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.coding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ContentEncoding<'_>>(&["gzip"], &["", "a b", "<a>", r#""a""#]);
    }
}
