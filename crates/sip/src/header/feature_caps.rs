//! Feature-Caps: what an intermediary can do.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Feature-Caps = fc-value *( COMMA fc-value )` (RFC 6809 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureCaps<'a> {
    /// The star.
    pub any: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for FeatureCaps<'a> {
    const NAME: HeaderName = HeaderName::FeatureCaps;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<FeatureCaps<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let any = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(FeatureCaps { any, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.any);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<FeatureCaps<'_>>(
            &[r#"*;+g.3gpp.srvcc="x""#],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
