//! Remote-Party-ID: the caller as older networks tell it.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Remote-Party-ID = [ display-name ] LAQUOT addr-spec RAQUOT *( SEMI rpi-token )` (a draft that RFC 3325 succeeded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemotePartyId<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> RemotePartyId<'a> {
    /// `calling` or `called`.
    pub fn party(&self) -> Option<&'a [u8]> {
        self.params.value("party")
    }

    /// What to hide, such as `full`.
    pub fn privacy(&self) -> Option<&'a [u8]> {
        self.params.value("privacy")
    }
}

impl<'a> HeaderValue<'a> for RemotePartyId<'a> {
    const NAME: HeaderName = HeaderName::RemotePartyId;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<RemotePartyId<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(RemotePartyId { address, params })
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
        check::<RemotePartyId<'_>>(
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
