//! Content-Type: what kind of body the message carries.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Content-Type = media-type` (RFC 3261 20.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentType<'a> {
    /// The type before the slash.
    pub kind: &'a [u8],
    /// The subtype behind it.
    pub subtype: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> ContentType<'a> {
    /// What divides the parts of a multipart (RFC 2046 5.1.1).
    pub fn boundary(&self) -> Option<&'a [u8]> {
        self.params.value("boundary")
    }
}

impl<'a> HeaderValue<'a> for ContentType<'a> {
    const NAME: HeaderName = HeaderName::ContentType;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<ContentType<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let kind = lexer.token()?;
        if !lexer.eat_spaced(b'/') {
            return Err(Flaw::Syntax);
        }
        let subtype = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(ContentType {
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
        check::<ContentType<'_>>(
            &[
                "application/sdp",
                r#"multipart/mixed;boundary="a b""#,
                "text / html ; charset=UTF-8",
            ],
            &[
                "",
                "application/sdp;",
                "application",
                "application/",
                "/sdp",
                "a/b c",
            ],
        );
    }
}
