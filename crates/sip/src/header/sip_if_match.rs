//! SIP-If-Match: which published event state a request is about.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `SIP-If-Match = token` (RFC 3903 11.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SipIfMatch<'a> {
    /// The entity tag.
    pub tag: &'a [u8],
}

impl<'a> HeaderValue<'a> for SipIfMatch<'a> {
    const NAME: HeaderName = HeaderName::SipIfMatch;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<SipIfMatch<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let tag = lexer.token()?;
        lexer.end()?;
        Ok(SipIfMatch { tag })
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
        check::<SipIfMatch<'_>>(&["dx200xyz"], &["", "a b", "<a>", r#""a""#]);
    }
}
