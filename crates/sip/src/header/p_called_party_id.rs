//! P-Called-Party-ID: which of the callee's identities was called.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Called-Party-ID = name-addr *( SEMI cpid-param )` (RFC 7315 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PCalledPartyId<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for PCalledPartyId<'a> {
    const NAME: HeaderName = HeaderName::PCalledPartyId;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<PCalledPartyId<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(PCalledPartyId { address, params })
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
        check::<PCalledPartyId<'_>>(
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
