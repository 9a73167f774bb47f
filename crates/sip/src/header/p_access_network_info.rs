//! P-Access-Network-Info: over which access a phone is connected.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Access-Network-Info = access-net-spec *( COMMA access-net-spec )` (RFC 7315 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PAccessNetworkInfo<'a> {
    /// The access type, such as `3GPP-E-UTRAN-FDD`.
    pub access: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for PAccessNetworkInfo<'a> {
    const NAME: HeaderName = HeaderName::PAccessNetworkInfo;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<PAccessNetworkInfo<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let access = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(PAccessNetworkInfo { access, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.access);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<PAccessNetworkInfo<'_>>(
            &[
                "3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11",
                "IEEE-802.11a",
            ],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
