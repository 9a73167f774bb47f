//! JSON that is safe to print: what serde_json escapes, and what can act on a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::wire_text::is_unsafe;

/// Appends a value as compact JSON on one line. A row is hundreds of small pieces, so they go to
/// memory first.
pub(crate) fn push_json<T: Serialize + ?Sized>(line: &mut Vec<u8>, value: &T) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(line, Guarded);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Compact JSON with `\u` escapes for unsafe characters, in which JSON leaves a free choice.
struct Guarded;

impl Formatter for Guarded {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_plain(fragment.as_bytes()) {
            return out.write_all(fragment.as_bytes());
        }
        let mut written = 0;
        for (at, char) in fragment.char_indices().filter(|(_, char)| is_unsafe(*char)) {
            out.write_all(&fragment.as_bytes()[written..at])?;
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = at + char.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[written..])
    }
}

/// Whether there is nothing but printable ASCII. Looks at every byte, so that many are looked at
/// at once.
fn is_plain(bytes: &[u8]) -> bool {
    let odd = |byte: &u8| !(b' '..=b'~').contains(byte);
    !bytes.iter().fold(false, |found, byte| found | odd(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_characters_are_escaped_and_read_back() {
        let text = "a\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{e0041}\"caf\u{e9}";
        let mut json = Vec::new();
        push_json(&mut json, text).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert_eq!(
            json,
            "\"a\\u001b[2J\\u007f\\u009b\\u202e\\udb40\\udc41\\\"caf\u{e9}\""
        );
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
