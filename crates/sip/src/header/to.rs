//! To: whom a request is for.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `To = ( name-addr / addr-spec ) *( SEMI to-param )` (RFC 3261 20.39).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct To<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> To<'a> {
    /// The tag of the party that answered (RFC 3261 19.3).
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.params.value("tag")
    }
}

impl<'a> HeaderValue<'a> for To<'a> {
    const NAME: HeaderName = HeaderName::To;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<To<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(To { address, params })
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
        check::<To<'_>>(
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
