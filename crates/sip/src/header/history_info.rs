//! History-Info: where a request was sent before.

use crate::address::Address;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `History-Info = hi-entry *( COMMA hi-entry )` (RFC 7044 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryInfo<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> HistoryInfo<'a> {
    /// Place in the tree of targets, such as `1.1.2` (RFC 7044 5.1).
    pub fn index(&self) -> Option<&'a [u8]> {
        self.params.value("index")
    }
}

impl<'a> HeaderValue<'a> for HistoryInfo<'a> {
    const NAME: HeaderName = HeaderName::HistoryInfo;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<HistoryInfo<'a>, Flaw> {
        let (address, params) = Address::with_params(value)?;
        Ok(HistoryInfo { address, params })
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
        check::<HistoryInfo<'_>>(
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
