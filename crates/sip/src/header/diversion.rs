//! Diversion: who diverted a call, and why.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Diversion = diversion-params *( COMMA diversion-params )` (RFC 5806 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diversion<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> Diversion<'a> {
    /// Why, such as `no-answer` (RFC 5806 3).
    pub fn reason(&self) -> Option<&'a [u8]> {
        self.params.value("reason")
    }

    /// How many diversions this value stands for (RFC 5806 3).
    pub fn counter(&self) -> Option<u32> {
        self.params.number("counter").and_then(Result::ok)
    }
}

impl<'a> HeaderValue<'a> for Diversion<'a> {
    const NAME: HeaderName = HeaderName::Diversion;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Diversion<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        if let Some(Err(flaw)) = params.number("counter") {
            return Err(flaw);
        }
        Ok(Diversion { address, params })
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
        check::<Diversion<'_>>(
            &[
                "<sip:a@example.com>",
                "A B <sip:a@example.com;lr>;x=1",
                r#""A, B" <tel:+15550100>"#,
            ],
            &[
                "",
                "<sip:a@example.com>;",
                "a",
                "<sip:a@example.com>;counter=x",
            ],
        );
    }
}
