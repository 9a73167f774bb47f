//! Accept: a kind of body that the sender understands.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Accept = [ accept-range *( COMMA accept-range ) ]` (RFC 3261 20.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accept<'a> {
    /// The type before the slash.
    pub kind: &'a [u8],
    /// The subtype behind it.
    pub subtype: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> Accept<'a> {
    /// Preference, 0 to 1 (RFC 3261 20.1).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

impl<'a> HeaderValue<'a> for Accept<'a> {
    const NAME: HeaderName = HeaderName::Accept;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<Accept<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let kind = lexer.token()?;
        if !lexer.eat_spaced(b'/') {
            return Err(Flaw::Syntax);
        }
        let subtype = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(Accept {
            kind,
            subtype,
            params,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.kind);
        out.push(b'/');
        out.extend_from_slice(self.subtype);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Accept<'_>>(
            &["application/sdp;level=1", "*/*;q=0.1", "text/*"],
            &[
                "",
                "application/sdp;level=1;",
                "text",
                "text/",
                "/sdp",
                "a/b c",
            ],
        );
    }
}
