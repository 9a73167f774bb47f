//! Headers whose value is a media type with parameters.

use crate::Flaw;
use crate::header::part::{Part, header};
use crate::lexer::Lexer;
use crate::params::Params;

/// What kind of body something is, or a range of kinds (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'a> {
    /// The type before the slash.
    pub kind: &'a [u8],
    /// The subtype behind it.
    pub subtype: &'a [u8],
}

impl MediaType<'_> {
    /// Whether the type before the slash is `kind`, in any case (RFC 3261 7.3.1).
    pub fn is_a(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind.as_bytes())
    }

    /// Whether this is `kind` and `subtype`, in any case (RFC 3261 7.3.1).
    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.is_a(kind) && self.subtype.eq_ignore_ascii_case(subtype.as_bytes())
    }
}

/// `m-type SLASH m-subtype`, of which `media-range` is a case.
impl<'a> Part<'a> for MediaType<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<MediaType<'a>, Flaw> {
        let kind = lexer.token()?;
        if !lexer.eat_spaced(b'/') {
            return Err(Flaw::Syntax);
        }
        let subtype = lexer.token()?;
        Ok(MediaType { kind, subtype })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.kind);
        out.push(b'/');
        out.extend_from_slice(self.subtype);
    }
}

header! {
    /// Content-Type: what kind of body the message carries.
    ///
    /// `Content-Type = media-type` (RFC 3261 20.15).
    pub struct ContentType<'a>: Single {
        /// The media type.
        pub media_type: MediaType<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> ContentType<'a> {
    /// What divides the parts of a multipart (RFC 2046 5.1.1).
    pub fn boundary(&self) -> Option<&'a [u8]> {
        self.params.value("boundary")
    }
}

header! {
    /// Accept: a kind of body that the sender understands.
    ///
    /// `Accept = [ accept-range *( COMMA accept-range ) ]` (RFC 3261 20.1).
    pub struct Accept<'a>: List, MAY_BE_EMPTY {
        /// The media type; a star stands for any type or subtype.
        pub media_type: MediaType<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> Accept<'a> {
    /// Preference, 0 to 1 (RFC 3261 20.1).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
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
                "application sdp",
                "application/",
                "/sdp",
                "a/b c",
            ],
        );
        check::<Accept<'_>>(
            &["application/sdp;level=1", "*/*;q=0.1", "text/*"],
            &[
                "",
                "application/sdp;level=1;",
                "text",
                "text plain",
                "text/",
                "/sdp",
                "a/b c",
            ],
        );
    }
}
