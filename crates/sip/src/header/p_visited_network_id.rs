//! P-Visited-Network-ID: the network that a roaming user has come to.

use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::text::print_in_quotes;
use crate::{DefectKind, Flaw, HeaderName};

/// `P-Visited-Network-ID = vnetwork-spec *( COMMA vnetwork-spec )` (RFC 7315 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PVisitedNetworkId<'a> {
    /// The name of the network, without quotes.
    pub network: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for PVisitedNetworkId<'a> {
    const NAME: HeaderName = HeaderName::PVisitedNetworkId;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<PVisitedNetworkId<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let network = lexer.token_or_quoted()?;
        Ok(PVisitedNetworkId {
            network,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        print_in_quotes(self.network, out);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<PVisitedNetworkId<'_>>(
            &[
                "example.net",
                "\"Visited network number 1\" ; x = 1",
                r#""a, \"b\"""#,
            ],
            &["", "a b", "\"open", "<x>", "example.net;"],
        );
    }
}
