//! Free text and quoted strings as the wire gives them, compared without regard to folds.

use std::borrow::Cow;

use crate::charset::is_lws;

/// Text of a header value: any bytes, perhaps folded, mostly UTF-8 (RFC 3261 25.1).
///
/// Two texts are equal when they differ only in how they are folded or spaced. There is no
/// `Display`: text from the wire must be escaped for the place where it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text<'a>(pub &'a [u8]);

impl<'a> Text<'a> {
    /// The text with every fold replaced by one space (RFC 3261 7.3.1).
    pub fn unfolded(self) -> Cow<'a, [u8]> {
        if !self.0.contains(&b'\n') {
            return Cow::Borrowed(self.0);
        }
        let mut unfolded = Vec::with_capacity(self.0.len());
        for word in self
            .0
            .split(|byte| is_lws(*byte))
            .filter(|word| !word.is_empty())
        {
            if !unfolded.is_empty() {
                unfolded.push(b' ');
            }
            unfolded.extend_from_slice(word);
        }
        Cow::Owned(unfolded)
    }

    /// The text as UTF-8; bytes that are not UTF-8 are read as Latin-1, which is what senders of
    /// such bytes mean (RFC 3261 25.1).
    pub fn to_utf8(self) -> Cow<'a, str> {
        match self.unfolded() {
            Cow::Borrowed(bytes) => utf8_or_latin1(bytes),
            Cow::Owned(bytes) => Cow::Owned(utf8_or_latin1(&bytes).into_owned()),
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Text<'_>) -> bool {
        let words = |text: &'_ [u8]| -> Vec<Vec<u8>> {
            text.split(|byte| is_lws(*byte))
                .filter(|word| !word.is_empty())
                .map(<[u8]>::to_vec)
                .collect()
        };
        self.0 == other.0 || words(self.0) == words(other.0)
    }
}

impl Eq for Text<'_> {}

/// The inside of a quoted string, escapes still in it (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quoted<'a>(pub Text<'a>);

impl<'a> Quoted<'a> {
    /// The string without escapes and folds (RFC 3261 25.1).
    pub fn unescaped(self) -> Cow<'a, [u8]> {
        let unfolded = self.0.unfolded();
        if !unfolded.contains(&b'\\') {
            return unfolded;
        }
        let mut plain = Vec::with_capacity(unfolded.len());
        let mut bytes = unfolded.iter();
        while let Some(byte) = bytes.next() {
            let meant = if *byte == b'\\' {
                bytes.next().unwrap_or(byte)
            } else {
                byte
            };
            plain.push(*meant);
        }
        Cow::Owned(plain)
    }

    /// Appends the string with its quotes.
    pub(crate) fn print(self, out: &mut Vec<u8>) {
        let inside = self.0.unfolded();
        out.push(b'"');
        out.extend_from_slice(&inside);
        let backslashes = inside.iter().rev().take_while(|byte| **byte == b'\\');
        if backslashes.count() % 2 == 1 {
            // It escaped a space, which went with the folds.
            out.push(b' ');
        }
        out.push(b'"');
    }
}

/// Appends the inside of a quoted string as it stands, with quotes around it.
pub(crate) fn print_in_quotes(inside: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(inside);
    out.push(b'"');
}

fn utf8_or_latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_do_not_matter() {
        let folded = Text(b"one\r\n  two");
        assert_eq!(folded, Text(b"one two"));
        assert_ne!(folded, Text(b"onetwo"));
        assert_eq!(&*folded.unfolded(), b"one two");
    }

    #[test]
    fn escapes_are_taken_back() {
        assert_eq!(&*Quoted(Text(br#"a\"b\\c"#)).unescaped(), br#"a"b\c"#);
        assert_eq!(&*Quoted(Text(b"open\\")).unescaped(), b"open\\");
    }

    #[test]
    fn a_quoted_string_ends_where_it_did_when_it_is_printed() {
        let mut printed = Vec::new();
        Quoted(Text(b"a\r\n b\\ ")).print(&mut printed);
        assert_eq!(printed, b"\"a b\\ \"");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_latin1() {
        assert_eq!(Text("J\u{fc}rgen".as_bytes()).to_utf8(), "J\u{fc}rgen");
        assert_eq!(Text(b"J\xfcrgen").to_utf8(), "J\u{fc}rgen");
    }
}
