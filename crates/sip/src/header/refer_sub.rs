//! Refer-Sub: whether a REFER makes a subscription.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Refer-Sub = refer-sub-value *( SEMI exten )` (RFC 4488 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferSub<'a> {
    /// `true` or `false`.
    pub wanted: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for ReferSub<'a> {
    const NAME: HeaderName = HeaderName::ReferSub;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<ReferSub<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let wanted = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(ReferSub { wanted, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.wanted);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ReferSub<'_>>(&["false", "true"], &["", ";a=b", "a;", "a b", "a;b=c d"]);
    }
}
