//! Call-Info: more about caller or callee.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::uri::Uri;
use crate::{DefectKind, Flaw, HeaderName};

/// `Call-Info = info *( COMMA info )` (RFC 3261 20.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallInfo<'a> {
    /// The URI, which stands in angle brackets.
    pub uri: Uri<'a>,
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> CallInfo<'a> {
    /// `icon`, `info`, `card` or another (RFC 3261 20.9).
    pub fn purpose(&self) -> Option<&'a [u8]> {
        self.params.value("purpose")
    }
}

impl<'a> HeaderValue<'a> for CallInfo<'a> {
    const NAME: HeaderName = HeaderName::CallInfo;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<CallInfo<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        if !lexer.eat(b'<') {
            return Err(Flaw::Syntax);
        }
        let uri = Uri::parse(lexer.run(|byte| byte != b'>'))?;
        if !lexer.eat(b'>') {
            return Err(Flaw::Syntax);
        }
        let params = Params::parse(lexer.rest())?;
        Ok(CallInfo { uri, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.uri.defect().or(self.params.defect())
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.push(b'<');
        self.uri.print(out);
        out.push(b'>');
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<CallInfo<'_>>(
            &[
                "<http://www.example.com/a,b>;x=1",
                "<urn:alert:tone:internal>",
            ],
            &[
                "",
                "<http://www.example.com/a,b>;x=1;",
                "http://www.example.com",
                "<http://www.example.com",
                "<>",
            ],
        );
    }
}
