//! Content-Length: the size of the body.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Content-Length = 1*DIGIT` (RFC 3261 20.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentLength {
    /// Bytes of the body.
    pub bytes: u32,
}

impl HeaderValue<'_> for ContentLength {
    const NAME: HeaderName = HeaderName::ContentLength;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<ContentLength, Flaw> {
        let mut lexer = Lexer::new(value);
        let bytes = lexer.number()?;
        lexer.end()?;
        Ok(ContentLength { bytes })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.bytes.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ContentLength>(
            &["0", "0068", "4294967295"],
            &["", "-1", "4294967296", "7x", "7;a=b"],
        );
    }
}
