//! CSeq: the number and the method of a request inside its dialog.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName, Method};

/// `CSeq = 1*DIGIT LWS Method` (RFC 3261 20.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CSeq<'a> {
    /// The sequence number.
    pub number: u32,
    /// The method as it stands.
    pub method_token: &'a [u8],
}

impl CSeq<'_> {
    /// The method (RFC 3261 20.16).
    pub fn method(&self) -> Method {
        Method::from_token(self.method_token)
    }
}

impl<'a> HeaderValue<'a> for CSeq<'a> {
    const NAME: HeaderName = HeaderName::CSeq;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<CSeq<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let number = lexer.number()?;
        lexer.lws()?;
        let method_token = lexer.token()?;
        lexer.end()?;
        Ok(CSeq {
            number,
            method_token,
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.number.to_string().as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.method_token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<CSeq<'_>>(
            &["1 INVITE", "0009\r\n  PING", "4294967295 BYE"],
            &[
                "",
                "1",
                "INVITE",
                "1INVITE",
                "4294967296 BYE",
                "-1 BYE",
                "1 BYE x",
            ],
        );
    }
}
