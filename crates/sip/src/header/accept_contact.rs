//! Accept-Contact: which devices of the callee the caller prefers.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Accept-Contact = ac-value *( COMMA ac-value )` (RFC 3841 9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptContact<'a> {
    /// The star.
    pub any: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for AcceptContact<'a> {
    const NAME: HeaderName = HeaderName::AcceptContact;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<AcceptContact<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let any = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(AcceptContact { any, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.any);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AcceptContact<'_>>(
            &["*;audio;require", r#"*;+sip.instance="<urn:uuid:x>""#],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
