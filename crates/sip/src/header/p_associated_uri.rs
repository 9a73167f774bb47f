//! P-Associated-URI: another identity of a registered user.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Associated-URI = [ p-aso-uri-spec *( COMMA p-aso-uri-spec ) ]` (RFC 7315 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PAssociatedUri<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for PAssociatedUri<'a> {
    const NAME: HeaderName = HeaderName::PAssociatedUri;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<PAssociatedUri<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(PAssociatedUri { address, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.address.defect().or(self.params.defect())
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.address.print(out);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<PAssociatedUri<'_>>(
            &[
                "<sip:a@example.com>",
                "A B <sip:a@example.com;lr>;x=1",
                r#""A, B" <tel:+15550100>"#,
            ],
            &[
                "",
                "a",
                "<sip:a@example.com",
                "A, B <sip:a@example.com>",
                "<sip:a@example.com>;",
            ],
        );
    }
}
