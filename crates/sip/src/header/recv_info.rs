//! Recv-Info: an Info Package that the sender wants to receive.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Recv-Info = [ info-package-list ]` (RFC 6086 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvInfo<'a> {
    /// The Info Package, or `nil`.
    pub package: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for RecvInfo<'a> {
    const NAME: HeaderName = HeaderName::RecvInfo;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<RecvInfo<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let package = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(RecvInfo { package, params })
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
        check::<RecvInfo<'_>>(&["dtmf", "nil"], &["", ";a=b", "a;", "a b", "a;b=c d"]);
    }
}
