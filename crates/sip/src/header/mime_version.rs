//! MIME-Version: the version of MIME.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `MIME-Version = 1*DIGIT DOT 1*DIGIT` (RFC 3261 20.24).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MimeVersion<'a> {
    /// The version, `1.0`.
    pub version: &'a [u8],
}

impl<'a> HeaderValue<'a> for MimeVersion<'a> {
    const NAME: HeaderName = HeaderName::MimeVersion;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<MimeVersion<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let version = lexer.token()?;
        lexer.end()?;
        Ok(MimeVersion { version })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.version);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<MimeVersion<'_>>(&["1.0"], &["", "a b", "<a>", r#""a""#]);
    }
}
