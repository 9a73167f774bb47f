//! P-Charging-Vector: names a call for charging, and so links its legs.

use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::text::print_in_quotes;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Charging-Vector = icid-value *( SEMI charge-params )` (RFC 7315 4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PChargingVector<'a> {
    /// The identity of the call, without quotes.
    pub icid: &'a [u8],
    /// The parameters behind it.
    pub params: Params<'a>,
}

impl<'a> PChargingVector<'a> {
    /// The identity of a call that this one belongs to (RFC 7315 4.6).
    pub fn related_icid(&self) -> Option<&'a [u8]> {
        self.params.value("related-icid")
    }
}

impl<'a> HeaderValue<'a> for PChargingVector<'a> {
    const NAME: HeaderName = HeaderName::PChargingVector;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<PChargingVector<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        if !lexer.token()?.eq_ignore_ascii_case(b"icid-value") || !lexer.eat_spaced(b'=') {
            return Err(Flaw::Syntax);
        }
        let icid = match lexer.peek() {
            Some(b'"') => lexer.quoted()?.0.0,
            _ => lexer.run(|byte| byte.is_ascii_graphic() && !b";,\"".contains(&byte)),
        };
        if icid.is_empty() {
            return Err(Flaw::Syntax);
        }
        Ok(PChargingVector {
            icid,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"icid-value=");
        print_in_quotes(self.icid, out);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<PChargingVector<'_>>(
            &[
                "icid-value=1234bc9876e;icid-generated-at=192.0.2.8",
                "icid-value=\"a b\";orig-ioi=x",
            ],
            &[
                "",
                "icid-value=1234bc9876e;icid-generated-at=192.0.2.8;",
                "icid-value",
                "icid-value=",
                "orig-ioi=x;icid-value=1",
            ],
        );
    }
}
