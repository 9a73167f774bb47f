//! P-Served-User: the user on whose behalf an application server acts.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Served-User = ( name-addr / addr-spec ) *( SEMI served-user-param )` (RFC 5502 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PServedUser<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> PServedUser<'a> {
    /// `orig` or `term` (RFC 5502 5).
    pub fn session_case(&self) -> Option<&'a [u8]> {
        self.params.value("sescase")
    }

    /// `reg` or `unreg` (RFC 5502 5).
    pub fn registration_state(&self) -> Option<&'a [u8]> {
        self.params.value("regstate")
    }
}

impl<'a> HeaderValue<'a> for PServedUser<'a> {
    const NAME: HeaderName = HeaderName::PServedUser;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<PServedUser<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(PServedUser { address, params })
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
        check::<PServedUser<'_>>(
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
