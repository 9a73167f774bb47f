//! Reason: why a request was sent.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Reason = reason-value *( COMMA reason-value )` (RFC 3326 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// `SIP`, `Q.850` or another.
    pub protocol: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> Reason<'a> {
    /// The cause in the numbers of the protocol (RFC 3326 2).
    pub fn cause(&self) -> Option<u32> {
        self.params.number("cause").and_then(Result::ok)
    }

    /// The cause in words, escapes still in it (RFC 3326 2).
    pub fn text(&self) -> Option<&'a [u8]> {
        self.params.value("text")
    }
}

impl<'a> HeaderValue<'a> for Reason<'a> {
    const NAME: HeaderName = HeaderName::Reason;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Reason<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let protocol = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        if let Some(Err(flaw)) = params.number("cause") {
            return Err(flaw);
        }
        Ok(Reason { protocol, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.protocol);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Reason<'_>>(
            &[
                r#"SIP;cause=200;text="Call completed elsewhere""#,
                "Q.850;cause=16",
            ],
            &["", ";a=b", "a;", "a b", "a;b=c d", "Q.850;cause=x"],
        );
    }
}
