//! Request-Disposition: how the caller wants proxies to treat the request.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Request-Disposition = directive *( COMMA directive )` (RFC 3841 9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestDisposition<'a> {
    /// The directive, such as `no-fork`.
    pub directive: &'a [u8],
}

impl<'a> HeaderValue<'a> for RequestDisposition<'a> {
    const NAME: HeaderName = HeaderName::RequestDisposition;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<RequestDisposition<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let directive = lexer.token()?;
        lexer.end()?;
        Ok(RequestDisposition { directive })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.directive);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<RequestDisposition<'_>>(&["no-fork"], &["", "a b", "<a>", r#""a""#]);
    }
}
