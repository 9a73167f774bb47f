//! Info-Package: which package an INFO belongs to.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Info-Package = info-package-type` (RFC 6086 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InfoPackage<'a> {
    /// The Info Package.
    pub package: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for InfoPackage<'a> {
    const NAME: HeaderName = HeaderName::InfoPackage;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<InfoPackage<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let package = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(InfoPackage { package, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.package);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<InfoPackage<'_>>(&["dtmf"], &["", ";a=b", "a;", "a b", "a;b=c d"]);
    }
}
