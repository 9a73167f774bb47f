//! Accept-Encoding: a coding that the sender understands.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Accept-Encoding = [ encoding *( COMMA encoding ) ]` (RFC 3261 20.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptEncoding<'a> {
    /// The content coding, or `*`.
    pub coding: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> AcceptEncoding<'a> {
    /// Preference, 0 to 1 (RFC 3261 20.2).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

impl<'a> HeaderValue<'a> for AcceptEncoding<'a> {
    const NAME: HeaderName = HeaderName::AcceptEncoding;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<AcceptEncoding<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let coding = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(AcceptEncoding { coding, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.coding);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AcceptEncoding<'_>>(
            &["gzip", "identity;q=0.5", "*"],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
