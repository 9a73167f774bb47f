//! Content-Disposition: what to do with a body.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Content-Disposition = disp-type *( SEMI disp-param )` (RFC 3261 20.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentDisposition<'a> {
    /// `session`, `render` or another.
    pub disposition: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> ContentDisposition<'a> {
    /// Whether the recipient must understand the body (RFC 3261 20.11).
    pub fn handling(&self) -> Option<&'a [u8]> {
        self.params.value("handling")
    }
}

impl<'a> HeaderValue<'a> for ContentDisposition<'a> {
    const NAME: HeaderName = HeaderName::ContentDisposition;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<ContentDisposition<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let disposition = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(ContentDisposition {
            disposition,
            params,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.disposition);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ContentDisposition<'_>>(
            &["session", "session;handling=optional"],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
