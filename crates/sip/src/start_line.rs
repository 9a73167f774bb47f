//! Reads a request line or a status line (RFC 3261 7.1, 7.2), leniently but not blindly.

use crate::charset::{is_blank, is_token_byte};
use crate::lanes::{self, LineFeeds};
use crate::lines::leading_line_ends;
use crate::outline::{Facts, Start};
use crate::{Method, Span, StatusCode};

/// No method in use comes near this length; it bounds the look at bytes that are not SIP.
const METHOD_LIMIT_BYTES: usize = 128;

/// The version that all of SIP in use has (RFC 3261 7.1).
const CURRENT_VERSION: &[u8] = b"SIP/2.0";

/// How a start line is written, and where the first header begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartLine {
    /// The version as it stands, `SIP/2.0` if all is well.
    pub(crate) version: Span,
    /// What is odd about it.
    pub(crate) facts: Facts,
    /// Offset of its first byte.
    pub(crate) begin: usize,
    /// Offset behind its line end.
    pub(crate) next: usize,
    /// The line feeds behind it.
    pub(crate) line_feeds: LineFeeds,
}

/// The first word of what may be a start line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    begin: usize,
    /// Offset behind the word.
    end: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Request,
    Status,
}

/// The version as it stands, and what is odd about the line.
type Form = (Span, Facts);

/// Reads the start line behind leading blank lines; `None` if it is not one of SIP.
pub(crate) fn read(bytes: &[u8]) -> Option<(Start, StartLine)> {
    let bytes = Span::reach(bytes);
    let mut start = Start::BLANK;
    let start_line = Opening::of(bytes)?.read(bytes, &mut start)?;
    Some((start, start_line))
}

impl Opening {
    /// Looks behind leading blank lines; `None` if no start line of SIP begins there.
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8]) -> Option<Opening> {
        // Most messages are responses, and begin like this.
        if bytes.starts_with(b"SIP/2.0 ") {
            return Some(Opening {
                begin: 0,
                end: b"SIP".len(),
                kind: Kind::Status,
            });
        }
        let begin = leading_line_ends(bytes);
        let rest = &bytes[begin..];
        let word = first_word(rest)?;
        let kind = match rest.get(word)? {
            b' ' | b'\t' => Kind::Request,
            b'/' if is_sip(&rest[..word]) => Kind::Status,
            _ => return None,
        };
        Some(Opening {
            begin,
            end: begin + word,
            kind,
        })
    }

    /// Reads the whole line and puts what it says into `start`.
    #[inline(always)]
    pub(crate) fn read(self, bytes: &[u8], start: &mut Start) -> Option<StartLine> {
        let begin = self.begin;
        let mut line_feeds = LineFeeds::new(bytes, begin);
        let line_feed = line_feeds.next(bytes).unwrap_or(bytes.len());
        let next = bytes.len().min(line_feed + 1);
        let (end, line_end) = if bytes[begin..line_feed].ends_with(b"\r") {
            (line_feed - 1, Facts::EMPTY)
        } else if next > line_feed {
            (line_feed, Facts::BARE_LF)
        } else {
            (line_feed, Facts::EMPTY)
        };
        let (version, facts) = match self.kind {
            Kind::Status => status_line(&bytes[..end], begin, start)?,
            Kind::Request => request_line(bytes, begin, self.end, end, start)?,
        };
        Some(StartLine {
            version,
            facts: facts.with(line_end),
            begin,
            next,
            line_feeds,
        })
    }
}

/// Whether the first bytes can begin a start line: a token, then white space or, in a status
/// line, a slash. True also while too few bytes are there to know.
#[inline]
pub(crate) fn may_begin(bytes: &[u8]) -> bool {
    let Some(word) = first_word(bytes) else {
        return false;
    };
    match bytes.get(word) {
        None | Some(b' ' | b'\t') => true,
        Some(b'/') => is_sip(&bytes[..word]),
        Some(_) => false,
    }
}

/// The name of the protocol, in any case.
#[inline]
fn is_sip(word: &[u8]) -> bool {
    word == b"SIP" || word.eq_ignore_ascii_case(b"SIP")
}

/// Length of the token that the bytes begin with; `None` if there is none or it is too long.
#[inline]
fn first_word(bytes: &[u8]) -> Option<usize> {
    // All methods in use, and SIP itself, are capitals.
    if let Some(chunk) = bytes.first_chunk()
        && let length = lanes::leading(chunk, |lanes| lanes.within(b'A', b'Z'))
        && let Some(b' ' | b'/') = chunk.get(length)
        && length > 0
    {
        return Some(length);
    }
    let near = &bytes[..bytes.len().min(METHOD_LIMIT_BYTES)];
    let length = near
        .iter()
        .position(|byte| !is_token_byte(*byte))
        .unwrap_or(near.len());
    (0 < length && length < METHOD_LIMIT_BYTES).then_some(length)
}

/// Reads the request line `bytes[begin..end]`, whose method ends at `method_end`.
#[inline(always)]
fn request_line(
    bytes: &[u8],
    begin: usize,
    method_end: usize,
    end: usize,
    start: &mut Start,
) -> Option<Form> {
    let line = &bytes[..end];
    let uri_start = method_end + 1;
    let uri_end = end.saturating_sub(b" SIP/2.0".len());
    let is_usual = uri_start < uri_end
        && line[method_end] == b' '
        && line.ends_with(b" SIP/2.0")
        && uri_end
            == lanes::find(bytes, uri_start, uri_end, |lanes| {
                lanes.at_most(b' ').or(lanes.any_of([b'<', b'>', b'"']))
            });
    if !is_usual {
        return unusual_request_line(line, begin, method_end, start);
    }
    *start = Start::Request {
        method: Method::from_token(&line[begin..method_end]),
        method_token: Span::of_scan(begin, method_end),
        uri: Span::of_scan(uri_start, uri_end),
    };
    Some((Span::of_scan(uri_end + 1, end), Facts::EMPTY))
}

/// The same for any request line `bytes[begin..]`.
#[cold]
fn unusual_request_line(
    bytes: &[u8],
    begin: usize,
    method_end: usize,
    start: &mut Start,
) -> Option<Form> {
    let trimmed = bytes.trim_ascii_end();
    let is_current = trimmed.ends_with(b" SIP/2.0");
    let version_start = if is_current {
        trimmed.len() - CURRENT_VERSION.len()
    } else {
        let gap = trimmed.iter().rposition(|byte| is_blank(*byte))?;
        if !is_version(&trimmed[gap + 1..]) {
            return None;
        }
        gap + 1
    };
    let middle = trimmed.get(method_end..version_start)?;
    let uri = middle.trim_ascii();
    if uri.is_empty() {
        return None;
    }
    let uri_start = method_end + middle.len() - middle.trim_ascii_start().len();
    let odd_byte = lanes::find(bytes, uri_start, uri_start + uri.len(), |lanes| {
        lanes.any_of([b' ', b'\t', b'<', b'>', b'"'])
    });
    let regular = middle.len() == uri.len() + 2
        && middle.starts_with(b" ")
        && middle.ends_with(b" ")
        && trimmed.len() == bytes.len()
        && is_current
        && odd_byte == uri_start + uri.len();
    *start = Start::Request {
        method: Method::from_token(&bytes[begin..method_end]),
        method_token: Span::new(begin, method_end),
        uri: Span::new(uri_start, uri_start + uri.len()),
    };
    Some((Span::new(version_start, trimmed.len()), oddity(regular)))
}

/// Reads the status line `bytes[begin..]`.
#[inline(always)]
fn status_line(bytes: &[u8], begin: usize, start: &mut Start) -> Option<Form> {
    let line = &bytes[begin..];
    if let Some(usual) = line.first_chunk::<12>()
        && usual.starts_with(b"SIP/2.0 ")
        && let [b'1'..=b'6', b'0'..=b'9', b'0'..=b'9', b' '] = usual[8..]
    {
        let digit = |place: usize| u16::from(usual[place] - b'0');
        *start = Start::Response {
            status: StatusCode(100 * digit(8) + 10 * digit(9) + digit(10)),
            reason: Span::of_scan(begin + usual.len(), bytes.len()),
        };
        let version = Span::of_scan(begin, begin + CURRENT_VERSION.len());
        return Some((version, Facts::EMPTY));
    }
    unusual_status_line(line, begin, start)
}

/// The same for any status line, which stands at `begin`.
#[cold]
fn unusual_status_line(line: &[u8], begin: usize, start: &mut Start) -> Option<Form> {
    let is_current = line.starts_with(b"SIP/2.0 ");
    let version_end = if is_current {
        CURRENT_VERSION.len()
    } else {
        let gap = line.iter().position(|byte| is_blank(*byte))?;
        if !is_version(&line[..gap]) {
            return None;
        }
        gap
    };
    let behind = &line[version_end..];
    let code_start = version_end + behind.len() - behind.trim_ascii_start().len();
    let digits = line[code_start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    // Fewer are no Status-Code; more are one out of range (RFC 3261 7.2, RFC 4475 3.1.2.19).
    if digits < 3 {
        return None;
    }
    let code_end = code_start + digits;
    let status = line[code_start..code_end].iter().fold(0u16, |code, digit| {
        code.saturating_mul(10)
            .saturating_add(u16::from(digit - b'0'))
    });
    let reason_start = match line.get(code_end) {
        Some(byte) if is_blank(*byte) => code_end + 1,
        _ => code_end,
    };
    let regular = is_current
        && code_start == version_end + 1
        && digits == 3
        && (100..700).contains(&status)
        && line.get(code_end) == Some(&b' ');
    *start = Start::Response {
        status: StatusCode(status),
        reason: Span::new(begin + reason_start, begin + line.len()),
    };
    Some((Span::new(begin, begin + version_end), oddity(regular)))
}

fn oddity(regular: bool) -> Facts {
    if regular {
        Facts::EMPTY
    } else {
        Facts::ODD_START_LINE
    }
}

/// `SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT`, in any case (RFC 3261 7.1).
fn is_version(text: &[u8]) -> bool {
    let Some((name, number)) = text.split_at_checked(4) else {
        return false;
    };
    let Some(point) = number.iter().position(|byte| *byte == b'.') else {
        return false;
    };
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    name.eq_ignore_ascii_case(b"SIP/") && digits(&number[..point]) && digits(&number[point + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri_and_oddity(line: &str) -> Option<(String, Facts)> {
        let (start, start_line) = read(line.as_bytes())?;
        let Start::Request { uri, .. } = start else {
            return None;
        };
        let uri = uri.of(line.as_bytes())?;
        Some((String::from_utf8_lossy(uri).into_owned(), start_line.facts))
    }

    #[test]
    fn a_request_line_gives_its_uri() {
        let uri = "sip:bob@example.com".to_owned();
        let regular = "INVITE sip:bob@example.com SIP/2.0\r\n";
        assert_eq!(uri_and_oddity(regular), Some((uri.clone(), Facts::EMPTY)));
        for odd in [
            "INVITE  sip:bob@example.com SIP/2.0\r\n",
            "INVITE sip:bob@example.com SIP/2.0  \r\n",
            "INVITE\tsip:bob@example.com SIP/2.0\r\n",
            "INVITE sip:bob@example.com sip/2.0\r\n",
            "INVITE sip:bob@example.com SIP/7.0\r\n",
        ] {
            let expected = Some((uri.clone(), Facts::ODD_START_LINE));
            assert_eq!(uri_and_oddity(odd), expected, "{odd}");
        }
    }

    #[test]
    fn what_is_not_sip_is_refused() {
        for line in [
            "",
            "\r\n",
            "GET / HTTP/1.1\r\n",
            "OPTIONS * RTSP/1.0\r\n",
            "SIP/2.0/UDP host\r\n",
            "SIP/2.0\r\n",
            "SIP/2.0 OK\r\n",
            "SIP/2.0 40 Request Timeout\r\n",
            "SIP/2.0 4v1 Unauthorized\r\n",
            "SIP/2.0 20",
            "INVITE SIP/2.0\r\n",
            "INVITE sip:bob@example.com\r\n",
            "<a> b SIP/2.0\r\n",
        ] {
            assert!(read(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn a_status_line_keeps_any_code_of_three_digits_or_more() {
        let status = |line: &str| match read(line.as_bytes())?.0 {
            Start::Response { status, .. } => Some(status.0),
            Start::Request { .. } => None,
        };
        assert_eq!(status("SIP/2.0 200 OK\r\n"), Some(200));
        assert_eq!(status("SIP/2.0 200\r\n"), Some(200));
        assert_eq!(status("SIP/2.0 200OK\r\n"), Some(200));
        assert_eq!(status("SIP/2.0 099 x\r\n"), Some(99));
        assert_eq!(status("SIP/2.0 99999999999 x\r\n"), Some(u16::MAX));
        assert_eq!(status("\r\n\r\nSIP/2.0 486 Busy Here"), Some(486));
    }

    #[test]
    fn the_short_way_reads_what_the_long_one_does() {
        for line in [
            "INVITE sip:bob@example.com SIP/2.0",
            "INVITE sip:bob@example.com;x=\u{b}y SIP/2.0",
            "INVITE <sip:bob@example.com> SIP/2.0",
            "INVITE  sip:bob@example.com SIP/2.0",
            "INVITE\tsip:bob@example.com SIP/2.0",
            "INVITE sip:bob@example.com sip/2.0",
            "INVITE  SIP/2.0",
            "INVITE SIP/2.0",
        ] {
            let (mut short, mut long) = (Start::BLANK, Start::BLANK);
            assert_eq!(
                request_line(line.as_bytes(), 0, 6, line.len(), &mut short),
                unusual_request_line(line.as_bytes(), 0, 6, &mut long),
                "{line}"
            );
            assert_eq!(short, long, "{line}");
        }
        for line in [
            "SIP/2.0 200 OK",
            "SIP/2.0 699 ",
            "SIP/2.0 700 x",
            "SIP/2.0 099 x",
            "SIP/2.0 200OK",
            "SIP/2.0 2000 OK",
            "SIP/2.0  200 OK",
            "sip/2.0 200 OK",
            "SIP/2.0 20",
        ] {
            let (mut short, mut long) = (Start::BLANK, Start::BLANK);
            assert_eq!(
                status_line(line.as_bytes(), 0, &mut short),
                unusual_status_line(line.as_bytes(), 0, &mut long),
                "{line}"
            );
            assert_eq!(short, long, "{line}");
        }
    }
}
