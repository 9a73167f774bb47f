//! SIP-ETag: the tag of published event state.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `SIP-ETag = token` (RFC 3903 11.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SipEtag<'a> {
    /// The entity tag.
    pub tag: &'a [u8],
}

impl<'a> HeaderValue<'a> for SipEtag<'a> {
    const NAME: HeaderName = HeaderName::SipEtag;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<SipEtag<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let tag = lexer.token()?;
        lexer.end()?;
        Ok(SipEtag { tag })
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
        check::<SipEtag<'_>>(&["dx200xyz"], &["", "a b", "<a>", r#""a""#]);
    }
}
