//! Words and numbers as messages show them, and the one door for text from the wire.

use std::fmt;

use siptriage_capture::time::{MILLISECOND, SECOND};
use siptriage_sip::StatusCode;

/// Longest text from the wire in a message, in bytes; what follows is left out.
const WIRE_TEXT_BYTES: usize = 120;

/// A span of time: `250 ms` below a second, `4.0 s` below ten minutes, `12 min` above.
pub fn span(nanoseconds: i64) -> Span {
    Span(nanoseconds.max(0))
}

/// A span of time in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Span(i64);

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span(nanoseconds) = *self;
        if nanoseconds < SECOND {
            write!(out, "{} ms", nanoseconds / MILLISECOND)
        } else if nanoseconds < 600 * SECOND {
            let tenths = (nanoseconds + SECOND / 20) / (SECOND / 10);
            write!(out, "{}.{} s", tenths / 10, tenths % 10)
        } else {
            write!(out, "{} min", nanoseconds / (60 * SECOND))
        }
    }
}

/// `1 time`, `7 times`.
pub fn times(count: usize) -> String {
    counted(count, "time", "times")
}

/// `1 call`, `7 calls`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A status with its phrase as it was sent: `486 Busy Here`.
pub fn status(status: StatusCode, phrase: Option<&[u8]>) -> String {
    match phrase.map(<[u8]>::trim_ascii) {
        Some(phrase) if !phrase.is_empty() => format!("{} {}", status.0, wire(phrase)),
        Some(_) | None => status.0.to_string(),
    }
}

/// Text from the wire, safe on a terminal, in a table and in a web page: printable ASCII and
/// letters stay, everything that controls, hides or reverses becomes a visible escape.
pub fn wire(bytes: &[u8]) -> String {
    let mut safe = String::new();
    let shown = &bytes[..bytes.len().min(WIRE_TEXT_BYTES)];
    for chunk in shown.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                ' '..='~' => safe.push(letter),
                _ if letter.is_alphanumeric() => safe.push(letter),
                _ => safe.extend(letter.escape_unicode()),
            }
        }
        for byte in chunk.invalid() {
            safe.push_str(&format!("\\x{byte:02x}"));
        }
    }
    if shown.len() < bytes.len() {
        safe.push_str("...");
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short() {
        assert_eq!(span(20 * MILLISECOND).to_string(), "20 ms");
        assert_eq!(span(4 * SECOND).to_string(), "4.0 s");
        assert_eq!(span(31 * SECOND + 499 * MILLISECOND).to_string(), "31.5 s");
        assert_eq!(span(3600 * SECOND).to_string(), "60 min");
        assert_eq!(span(-5).to_string(), "0 ms");
    }

    #[test]
    fn nothing_from_the_wire_acts() {
        assert_eq!(wire(b"Busy Here"), "Busy Here");
        assert_eq!(wire(b"\x1b[2Jx"), "\\u{1b}[2Jx");
        assert_eq!(wire("a\u{202e}b".as_bytes()), "a\\u{202e}b");
        assert_eq!(wire("Besetzt für Sie".as_bytes()), "Besetzt für Sie");
        assert_eq!(wire(b"a\xffb"), "a\\xffb");
        assert_eq!(wire(&[b'x'; 500]).len(), WIRE_TEXT_BYTES + 3);
    }

    #[test]
    fn a_status_carries_its_phrase() {
        assert_eq!(status(StatusCode(486), Some(b"Busy Here")), "486 Busy Here");
        assert_eq!(status(StatusCode(486), Some(b" ")), "486");
        assert_eq!(status(StatusCode(486), None), "486");
    }
}
