//! Reads a request line or a status line (RFC 3261 7.1, 7.2), leniently but not blindly.

use memchr::memchr;

use crate::charset::{is_token, is_token_byte};
use crate::lines::leading_line_ends;
use crate::outline::{Facts, Start};
use crate::{Method, Span, StatusCode};

/// No method in use comes near this length; it bounds the look at bytes that are not SIP.
const METHOD_LIMIT_BYTES: usize = 128;

/// A start line and where the first header begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartLine {
    /// What it says.
    pub(crate) start: Start,
    /// The version as it stands, `SIP/2.0` if all is well.
    pub(crate) version: Span,
    /// What is odd about it.
    pub(crate) facts: Facts,
    /// Offset of its first byte.
    pub(crate) begin: usize,
    /// Offset behind its line end.
    pub(crate) next: usize,
}

/// Reads the start line behind leading blank lines; `None` if it is not one of SIP.
#[inline]
pub(crate) fn read(bytes: &[u8]) -> Option<StartLine> {
    let begin = leading_line_ends(bytes);
    let rest = &bytes[begin..];
    if !may_begin(rest) {
        return None;
    }
    let (line_end, next) = match memchr(b'\n', rest) {
        Some(at) => (begin + at, begin + at + 1),
        None => (bytes.len(), bytes.len()),
    };
    let mut facts = Facts::EMPTY;
    let line = match &bytes[begin..line_end] {
        [line @ .., b'\r'] => line,
        line => {
            if next > line_end {
                facts = Facts::BARE_LF;
            }
            line
        }
    };
    let mut read = match line.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case(b"SIP/") => status_line(line, begin)?,
        _ => request_line(line, begin)?,
    };
    read.facts = read.facts.with(facts);
    read.next = next;
    Some(read)
}

/// Whether the first bytes can begin a start line: a token, then white space or, in a status
/// line, a slash. True also while too few bytes are there to know.
#[inline]
pub(crate) fn may_begin(bytes: &[u8]) -> bool {
    let Some(first) = bytes.first() else {
        return false;
    };
    if !is_token_byte(*first) {
        return false;
    }
    for (position, byte) in bytes.iter().take(METHOD_LIMIT_BYTES).enumerate() {
        if !is_token_byte(*byte) {
            return match byte {
                b' ' | b'\t' => true,
                b'/' => bytes[..position].eq_ignore_ascii_case(b"SIP"),
                _ => false,
            };
        }
    }
    bytes.len() < METHOD_LIMIT_BYTES
}

fn request_line(line: &[u8], begin: usize) -> Option<StartLine> {
    let method_end = line.iter().position(|byte| is_blank(*byte))?;
    let trimmed = line.trim_ascii_end();
    let version_start = trimmed.iter().rposition(|byte| is_blank(*byte))? + 1;
    let version = &trimmed[version_start..];
    if !is_token(&line[..method_end]) || !is_version(version) {
        return None;
    }
    let middle = trimmed.get(method_end..version_start)?;
    let uri = middle.trim_ascii();
    if uri.is_empty() {
        return None;
    }
    let uri_start = method_end + middle.len() - middle.trim_ascii_start().len();
    let regular = middle.len() == uri.len() + 2
        && middle.starts_with(b" ")
        && middle.ends_with(b" ")
        && trimmed.len() == line.len()
        && version == b"SIP/2.0"
        && !uri
            .iter()
            .any(|byte| is_blank(*byte) || matches!(byte, b'<' | b'>' | b'"'));
    let start = Start::Request {
        method: Method::from_token(&line[..method_end]),
        method_token: Span::new(begin, begin + method_end),
        uri: Span::new(begin + uri_start, begin + uri_start + uri.len()),
    };
    Some(StartLine {
        start,
        version: Span::new(begin + version_start, begin + trimmed.len()),
        facts: oddity(regular),
        begin,
        next: 0,
    })
}

fn status_line(line: &[u8], begin: usize) -> Option<StartLine> {
    let version_end = line.iter().position(|byte| is_blank(*byte))?;
    let version = &line[..version_end];
    if !is_version(version) {
        return None;
    }
    let behind = &line[version_end..];
    let code_start = version_end + behind.len() - behind.trim_ascii_start().len();
    let digits = line[code_start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits == 0 {
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
    let regular = version == b"SIP/2.0"
        && code_start == version_end + 1
        && line[version_end] == b' '
        && digits == 3
        && (100..700).contains(&status)
        && line.get(code_end) == Some(&b' ');
    let start = Start::Response {
        status: StatusCode(status),
        reason: Span::new(begin + reason_start, begin + line.len()),
    };
    Some(StartLine {
        start,
        version: Span::new(begin, begin + version_end),
        facts: oddity(regular),
        begin,
        next: 0,
    })
}

fn oddity(regular: bool) -> Facts {
    if regular {
        Facts::EMPTY
    } else {
        Facts::ODD_START_LINE
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
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
        let read = read(line.as_bytes())?;
        let Start::Request { uri, .. } = read.start else {
            return None;
        };
        let uri = uri.of(line.as_bytes())?;
        Some((String::from_utf8_lossy(uri).into_owned(), read.facts))
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
            "INVITE SIP/2.0\r\n",
            "INVITE sip:bob@example.com\r\n",
            "<a> b SIP/2.0\r\n",
        ] {
            assert!(read(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[test]
    fn a_status_line_keeps_any_code() {
        let status = |line: &str| match read(line.as_bytes())?.start {
            Start::Response { status, .. } => Some(status.0),
            Start::Request { .. } => None,
        };
        assert_eq!(status("SIP/2.0 200 OK\r\n"), Some(200));
        assert_eq!(status("SIP/2.0 200\r\n"), Some(200));
        assert_eq!(status("SIP/2.0 99999999999 x\r\n"), Some(u16::MAX));
        assert_eq!(status("\r\n\r\nSIP/2.0 486 Busy Here"), Some(486));
    }
}
