//! Cuts whole messages out of a stream (RFC 3261 18.3, 7.5; RFC 5626 3.5.1).

use memchr::{memchr, memmem, memrchr};

use crate::header::HeaderName;
use crate::lines::{HeadEnd, HeaderLines, leading_line_ends};
use crate::scan::decimal;
use crate::start_line;

/// Longest head taken for one: start line and headers without a blank line (RFC 3261 7).
pub const HEAD_LIMIT_BYTES: usize = 64 * 1024;

/// Longest body that a Content-Length is believed to announce (RFC 3261 20.14).
pub const BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// Longest start line that a search for one finds; bounds the work on a stream full of versions.
const START_LINE_LIMIT_BYTES: usize = 4 * 1024;

/// What the unread head of a stream holds (RFC 3261 18.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The first `n` bytes are one whole message.
    Message(usize),
    /// The first `n` bytes carry nothing: the CR and LF of a keep-alive, or before a start line.
    Nothing(usize),
    /// The bytes can still become a message.
    More {
        /// Length of the whole message in bytes where it is known already, else 0.
        at_least: usize,
    },
    /// The bytes are no message.
    Foreign {
        /// Bytes up to the next start line in sight, or 0 if there is none.
        skip: usize,
    },
}

/// How much the Content-Length of a stream's message can be relied on (RFC 3261 18.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Content-Length says so.
    Stated,
    /// There is none, which RFC 3261 20.14 forbids on streams: the message ends with its head.
    Missing,
    /// It is not a number, contradicts a second one (RFC 4475 3.3.9) or is beyond
    /// [`BODY_LIMIT_BYTES`]: the message ends with its head.
    Absurd,
}

/// Finds the end of the first message of a stream (RFC 3261 18.3).
pub fn cut(bytes: &[u8]) -> Frame {
    let blank = leading_line_ends(bytes);
    if blank > 0 {
        return Frame::Nothing(blank);
    }
    if bytes.is_empty() {
        return Frame::More { at_least: 0 };
    }
    if !start_line::may_begin(bytes) {
        return Frame::Foreign {
            skip: next_start(bytes),
        };
    }
    let window = &bytes[..bytes.len().min(HEAD_LIMIT_BYTES)];
    if memchr(b'\n', window).is_none() {
        return unfinished(bytes);
    }
    let Some((_, start)) = start_line::read(bytes) else {
        return Frame::Foreign {
            skip: next_start(bytes),
        };
    };
    let Some((head, body, _)) = head_and_body(window, start.next) else {
        return unfinished(bytes);
    };
    let whole = head + body;
    if bytes.len() < whole {
        Frame::More { at_least: whole }
    } else {
        Frame::Message(whole)
    }
}

/// How the length of a message cut out of a stream was found; `None` if `message` has no whole head
/// of SIP (RFC 3261 18.3).
pub fn length_of(message: &[u8]) -> Option<Length> {
    let (_, start) = start_line::read(message)?;
    head_and_body(message, start.next).map(|(_, _, length)| length)
}

/// Lengths of head and body; `None` while the blank line is missing.
fn head_and_body(bytes: &[u8], headers: usize) -> Option<(usize, usize, Length)> {
    let mut lines = HeaderLines::new(bytes, headers);
    let mut stated = None;
    for line in &mut lines {
        if line.name == Some(HeaderName::ContentLength) {
            let length = decimal(line.value(bytes)).map(|value| value as usize);
            let agrees = stated.is_none_or(|first| first == length);
            stated = Some(length.filter(|_| agrees));
        }
    }
    if !matches!(lines.end(), HeadEnd::Blank | HeadEnd::BareLf) {
        return None;
    }
    let (body, length) = match stated {
        None => (0, Length::Missing),
        Some(Some(body)) if body <= BODY_LIMIT_BYTES => (body, Length::Stated),
        Some(_) => (0, Length::Absurd),
    };
    Some((lines.position(), body, length))
}

/// What to say of a head without an end: wait for it, unless it is too long already.
fn unfinished(bytes: &[u8]) -> Frame {
    if bytes.len() < HEAD_LIMIT_BYTES {
        Frame::More { at_least: 0 }
    } else {
        Frame::Foreign {
            skip: next_start(bytes),
        }
    }
}

/// Offset of the first start line behind the first byte, or 0. A request line is looked for at
/// the beginning of a line; a status line anywhere, as the body before it may lack a line end.
fn next_start(bytes: &[u8]) -> usize {
    for version in memmem::find_iter(bytes, VERSION) {
        let behind = version + VERSION.len();
        let found = match bytes.get(behind) {
            Some(b' ') if bytes.get(behind + 1).is_some_and(u8::is_ascii_digit) => Some(version),
            Some(b'\r' | b'\n') => {
                let from = version.saturating_sub(START_LINE_LIMIT_BYTES);
                memrchr(b'\n', &bytes[from..version]).map(|at| from + at + 1)
            }
            _ => None,
        };
        if let Some(start) = found.filter(|start| *start > 0) {
            let end = bytes.len().min(start + START_LINE_LIMIT_BYTES);
            if start_line::read(&bytes[start..end]).is_some() {
                return start;
            }
        }
    }
    0
}

const VERSION: &[u8] = b"SIP/2.0";

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &str = "OPTIONS sip:example.com SIP/2.0\r\nContent-Length: 4\r\n\r\nbody";

    #[test]
    fn a_message_ends_where_content_length_says() {
        let twice = [OPTIONS, OPTIONS].concat();
        assert_eq!(cut(twice.as_bytes()), Frame::Message(OPTIONS.len()));
        assert_eq!(length_of(OPTIONS.as_bytes()), Some(Length::Stated));
    }

    #[test]
    fn every_part_of_a_message_waits_for_more() {
        let head = OPTIONS.len() - 4;
        for end in 1..head {
            assert_eq!(
                cut(&OPTIONS.as_bytes()[..end]),
                Frame::More { at_least: 0 },
                "{end}"
            );
        }
        for end in head..OPTIONS.len() {
            let expected = Frame::More {
                at_least: OPTIONS.len(),
            };
            assert_eq!(cut(&OPTIONS.as_bytes()[..end]), expected, "{end}");
        }
    }

    #[test]
    fn blank_lines_carry_nothing() {
        assert_eq!(cut(b"\r\n\r\n"), Frame::Nothing(4));
        assert_eq!(cut(b"\r\nSIP/2.0 200 OK"), Frame::Nothing(2));
        assert_eq!(cut(b""), Frame::More { at_least: 0 });
    }

    #[test]
    fn without_a_length_the_head_is_all() {
        let head = "SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n";
        let stream = format!("{head}v=0\r\n{OPTIONS}");
        assert_eq!(cut(stream.as_bytes()), Frame::Message(head.len()));
        assert_eq!(length_of(head.as_bytes()), Some(Length::Missing));
        assert_eq!(
            cut(&stream.as_bytes()[head.len()..]),
            Frame::Foreign { skip: 5 }
        );
    }

    #[test]
    fn an_absurd_length_is_no_length() {
        for absurd in ["-999", "16777217", "99999999999999999999", "4x"] {
            let message = format!("SIP/2.0 200 OK\r\nl: {absurd}\r\n\r\n");
            assert_eq!(
                cut(message.as_bytes()),
                Frame::Message(message.len()),
                "{absurd}"
            );
            assert_eq!(
                length_of(message.as_bytes()),
                Some(Length::Absurd),
                "{absurd}"
            );
        }
    }

    #[test]
    fn lengths_that_contradict_each_other_are_no_length() {
        for (lengths, length) in [
            ("l: 4\r\nl: 4\r\n", Length::Stated),
            ("l: 4\r\nl: 3\r\n", Length::Absurd),
            ("l: 4\r\nl: 3\r\nl: 3\r\n", Length::Absurd),
            ("l: four\r\nl: 4\r\n", Length::Absurd),
        ] {
            let message = format!("SIP/2.0 200 OK\r\n{lengths}\r\nbody");
            assert_eq!(length_of(message.as_bytes()), Some(length), "{lengths}");
        }
    }

    #[test]
    fn a_stream_joined_in_the_middle_finds_the_next_start() {
        let stream = format!("ag=x\r\nVia: SIP/2.0/TCP host\r\n\r\n{OPTIONS}");
        let expected = Frame::Foreign {
            skip: stream.len() - OPTIONS.len(),
        };
        assert_eq!(cut(stream.as_bytes()), expected);
        assert_eq!(
            cut(b"a=sendrecvSIP/2.0 200 OK\r\n"),
            Frame::Foreign { skip: 10 }
        );
        assert_eq!(cut(b"\x16\x03\x01\x02\x00"), Frame::Foreign { skip: 0 });
    }

    #[test]
    fn a_head_without_end_is_given_up() {
        let mut stream = b"OPTIONS sip:example.com SIP/2.0\r\n".to_vec();
        stream.resize(HEAD_LIMIT_BYTES - 1, b'x');
        assert_eq!(cut(&stream), Frame::More { at_least: 0 });
        stream.push(b'x');
        assert_eq!(cut(&stream), Frame::Foreign { skip: 0 });
    }
}
