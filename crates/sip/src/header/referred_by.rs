//! Referred-By: who caused a referral.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Referred-By = referrer-uri *( SEMI referredby-id-param )` (RFC 3892 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferredBy<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> ReferredBy<'a> {
    /// The Content-ID of the signed body that proves it (RFC 3892 3).
    pub fn content_id(&self) -> Option<&'a [u8]> {
        self.params.value("cid")
    }
}

impl<'a> HeaderValue<'a> for ReferredBy<'a> {
    const NAME: HeaderName = HeaderName::ReferredBy;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<ReferredBy<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(ReferredBy { address, params })
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
        check::<ReferredBy<'_>>(
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
