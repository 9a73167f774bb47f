//! A URI with or without a display name: `name-addr / addr-spec` (RFC 3261 25.1).

use crate::charset::{is_lws, is_token_byte, trim_lws};
use crate::header::part::Part;
use crate::lexer::Lexer;
use crate::params::Params;
use crate::text::{Quoted, Text};
use crate::uri::Uri;
use crate::{DefectKind, Flaw};

/// An address of a header value (RFC 3261 20.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The display name, if there is one.
    pub display: Option<DisplayName<'a>>,
    /// The URI.
    pub uri: Uri<'a>,
}

/// A display name (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayName<'a> {
    /// In quotes.
    Quoted(Quoted<'a>),
    /// Words without quotes. The grammar wants tokens; letters beyond ASCII occur and are kept.
    Words(Text<'a>),
}

impl<'a> Address<'a> {
    /// Reads an address and the parameters of the header behind it.
    ///
    /// Without angle brackets everything from the first semicolon on belongs to the header, and
    /// the URI may hold neither comma nor question mark (RFC 3261 20).
    pub fn with_params(value: &'a [u8]) -> Result<(Address<'a>, Params<'a>), Flaw> {
        let mut lexer = Lexer::new(value);
        let address = Address::read(&mut lexer)?;
        let params = Params::parse(lexer.rest())?;
        Ok((address, params))
    }

    /// Appends the address in angle brackets, behind its display name (RFC 3261 20.10).
    pub fn print(&self, out: &mut Vec<u8>) {
        match self.display {
            None => {}
            Some(DisplayName::Quoted(quoted)) => {
                quoted.print(out);
                out.push(b' ');
            }
            Some(DisplayName::Words(words)) => {
                out.extend_from_slice(&words.unfolded());
                out.push(b' ');
            }
        }
        Part::print(&self.uri, out);
    }
}

/// `name-addr / addr-spec`.
impl<'a> Part<'a> for Address<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Address<'a>, Flaw> {
        let display = if lexer.peek() == Some(b'"') {
            let quoted = lexer.quoted()?;
            lexer.skip_lws();
            Some(DisplayName::Quoted(quoted))
        } else {
            let mut ahead = *lexer;
            let words = ahead.run(|byte| is_token_byte(byte) || is_lws(byte) || !byte.is_ascii());
            if ahead.peek() == Some(b'<') {
                *lexer = ahead;
            }
            let words = trim_lws(words);
            (ahead.peek() == Some(b'<') && !words.is_empty())
                .then_some(DisplayName::Words(Text(words)))
        };
        if display.is_some() || lexer.peek() == Some(b'<') {
            let uri = Part::read(lexer)?;
            return Ok(Address { display, uri });
        }
        let uri = lexer.run(|byte| byte != b';' && !is_lws(byte));
        if uri.iter().any(|byte| matches!(byte, b',' | b'?')) {
            return Err(Flaw::Syntax);
        }
        let uri = Uri::parse(uri)?;
        Ok(Address { display, uri })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.uri.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(value: &[u8]) -> Option<String> {
        let (address, params) = Address::with_params(value).ok()?;
        let mut out = Vec::new();
        address.print(&mut out);
        params.print(&mut out);
        Some(Text(&out).to_utf8().into_owned())
    }

    #[test]
    fn every_form_is_read() {
        for (value, expected) in [
            (&b"sip:a@example.com;tag=1"[..], "<sip:a@example.com>;tag=1"),
            (
                b"<sip:a@example.com;lr>;tag=1",
                "<sip:a@example.com;lr>;tag=1",
            ),
            (
                b"caller<sip:a@example.com> ; tag = 1",
                "caller <sip:a@example.com>;tag=1",
            ),
            (
                b"Two\r\n Words <sip:a@example.com>",
                "Two Words <sip:a@example.com>",
            ),
            (
                br#""q \"<x>\"" <sip:a@example.com>"#,
                r#""q \"<x>\"" <sip:a@example.com>"#,
            ),
            (
                b"J\xfcrgen <sip:a@example.com>",
                "J\u{fc}rgen <sip:a@example.com>",
            ),
            (b"\"\" <tel:+15550100>", "\"\" <tel:+15550100>"),
            (b"isbn:2983792873", "<isbn:2983792873>"),
        ] {
            assert_eq!(normal(value).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_the_grammar_forbids_is_refused() {
        for value in [
            &b""[..],
            b"\"open <sip:a@example.com>",
            b"\"name\" sip:a@example.com",
            b"Last, First <sip:a@example.com>",
            b"< sip:a@example.com >",
            b"<sip:a@example.com",
            b"sip:a@example.com?Route=x",
            b"sip:a@example.com, sip:b@example.com",
            b"<sip:a@example.com>;;,",
        ] {
            assert_eq!(normal(value), None, "{value:?}");
        }
    }
}
