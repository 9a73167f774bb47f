//! Text from the wire, and the only ways in which it may leave the program.

use std::borrow::Cow;
use std::fmt::Write;

use serde::{Serialize, Serializer};
use siptriage_sip::secret::without_passwords;

/// Text that somebody sent: any bytes at all. It has no `Display`, so that it cannot reach a
/// terminal, a spreadsheet or a document without passing one of the functions below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireText<'a>(pub &'a [u8]);

impl<'a> WireText<'a> {
    /// For a terminal: what could move the cursor, change colours or reorder text is written as
    /// a visible escape, `\x1b` or `\u{202e}`; bytes that are not UTF-8 as `\xff`. A backslash
    /// stays as it is, so a legal Call-ID comes out byte for byte (RFC 3261 25.1, `word`); the
    /// result is for reading and comparing, not for reading back.
    pub fn for_terminal(self) -> Cow<'a, str> {
        let is_plain = |byte: &u8| (b' '..=b'~').contains(byte);
        if self.0.iter().all(is_plain) {
            return String::from_utf8_lossy(self.0);
        }
        let mut text = String::with_capacity(self.0.len() + 8);
        for chunk in self.0.utf8_chunks() {
            for char in chunk.valid().chars() {
                push_visible(&mut text, char);
            }
            for byte in chunk.invalid() {
                push_byte(&mut text, *byte);
            }
        }
        Cow::Owned(text)
    }

    /// For a document: UTF-8 as it is, and every byte that is not UTF-8 read as ISO 8859-1, in
    /// which old equipment writes display names. The writer of the document escapes the rest.
    pub fn for_document(self) -> Cow<'a, str> {
        if let Ok(text) = std::str::from_utf8(self.0) {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(self.0.len() + 8);
        for chunk in self.0.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
        }
        Cow::Owned(text)
    }

    /// For a spreadsheet: as for a terminal, and an apostrophe before what a spreadsheet would
    /// take for a formula.
    pub fn for_spreadsheet(self) -> Cow<'a, str> {
        let text = self.for_terminal();
        if text.starts_with(['=', '+', '-', '@']) {
            Cow::Owned(format!("'{text}"))
        } else {
            text
        }
    }
}

impl Serialize for WireText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.for_document())
    }
}

/// A URI that somebody sent. It leaves the program as other text does, without the password that it
/// may carry (RFC 3261 19.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WireUri<'a>(pub &'a [u8]);

impl<'a> WireUri<'a> {
    /// As [`WireText::for_terminal`].
    pub fn for_terminal(self) -> Cow<'a, str> {
        self.shown(|text| text.for_terminal())
    }

    /// As [`WireText::for_spreadsheet`].
    pub fn for_spreadsheet(self) -> Cow<'a, str> {
        self.shown(|text| text.for_spreadsheet())
    }

    /// The URI without its password, not yet escaped.
    pub(crate) fn without_password(self) -> Cow<'a, [u8]> {
        without_passwords(self.0)
    }

    fn shown(self, escape: for<'b> fn(WireText<'b>) -> Cow<'b, str>) -> Cow<'a, str> {
        match self.without_password() {
            Cow::Borrowed(text) => escape(WireText(text)),
            Cow::Owned(text) => Cow::Owned(escape(WireText(&text)).into_owned()),
        }
    }
}

impl Serialize for WireUri<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown(|text| text.for_document()))
    }
}

/// Whether a character can act on a terminal or hide in text: controls, invisible characters,
/// and those that reorder text (Unicode UAX 9).
pub fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn push_visible(text: &mut String, char: char) {
    match char {
        '\0'..='\x1f' | '\x7f' => push_byte(text, char as u8),
        _ if is_unsafe(char) => text.extend(char.escape_unicode()),
        _ => text.push(char),
    }
}

fn push_byte(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\\x{byte:02x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_leaves_without_its_password() {
        let uri = WireUri(b"sip:bob:hunter2@example.com");
        let shown = "sip:bob:[redacted]@example.com";
        assert_eq!(uri.for_terminal(), shown);
        assert_eq!(uri.for_spreadsheet(), shown);
        assert_eq!(serde_json::to_value(uri).expect("serializes"), shown);
        assert_eq!(WireUri(b"sip:bob@b\x1b").for_terminal(), "sip:bob@b\\x1b");
    }

    #[test]
    fn a_terminal_gets_no_control_characters() {
        let text = WireText(b"a\x1b[31m\r\n\x7f\xff");
        assert_eq!(text.for_terminal(), r"a\x1b[31m\x0d\x0a\x7f\xff");
        let text = "caf\u{e9} \u{202e}gpj \u{9b}2J \u{200b}".as_bytes();
        assert_eq!(
            WireText(text).for_terminal(),
            "caf\u{e9} \\u{202e}gpj \\u{9b}2J \\u{200b}"
        );
    }

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(
            WireText(b"sip:a@example.com").for_terminal(),
            Cow::Borrowed(_)
        ));
        assert!(matches!(
            WireText(b"sip:a@example.com").for_document(),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn a_document_reads_stray_bytes_as_latin_1() {
        assert_eq!(
            WireText(b"Ren\xe9 \xc3\xa9").for_document(),
            "Ren\u{e9} \u{e9}"
        );
    }

    #[test]
    fn a_spreadsheet_gets_no_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)"] {
            assert_eq!(
                WireText(formula.as_bytes()).for_spreadsheet(),
                format!("'{formula}")
            );
            assert_eq!(WireText(formula.as_bytes()).for_terminal(), formula);
        }
        assert_eq!(WireText(b"\t=1").for_spreadsheet(), "\\x09=1");
    }
}
