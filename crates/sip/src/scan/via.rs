//! The Via values of one header line (RFC 3261 20.42, 18.2.1; RFC 5118 4.5).

use std::ops::Range;

use super::address::{
    Parameter, ends_value, parameter, parameter_mark, skip_lws, skip_token, value_end,
};
use super::value::{behind_quoted, digits};
use crate::Span;
use crate::charset::{is_lws, trim_lws};
use crate::lanes::{self, Lanes, Marks};
use crate::outline::{Facts, Outline};

/// Reads `bytes[start..end]`: counts its values and keeps the parts of the message's first two.
#[inline(always)]
pub(super) fn read(outline: &mut Outline, bytes: &[u8], start: usize, end: usize) {
    if outline.via_count > 0 {
        return any(outline, bytes, start, end);
    }
    let Some(position) = usual_top(outline, bytes, start, end) else {
        return any(outline, bytes, start, end);
    };
    outline.via_count = 1;
    match usual_branch(bytes, position, end) {
        Some((branch, behind)) if behind == end => {
            outline.via_branch = branch;
            outline.facts = outline.facts.with(Facts::MAGIC_COOKIE);
        }
        _ => parameters(outline, bytes, position, end),
    }
}

/// Reads the parameters at `position` of the message's first value, and the values behind it.
#[inline(never)]
fn parameters(outline: &mut Outline, bytes: &[u8], position: usize, end: usize) {
    let (branch, behind) = branch(bytes, position, end);
    keep_branch(outline, bytes, branch);
    if behind < end {
        values(outline, bytes, behind + 1, end);
    }
}

/// Does the same for any line.
#[inline(never)]
fn any(outline: &mut Outline, bytes: &[u8], start: usize, end: usize) {
    if start == end {
        outline.facts = outline.facts.with(Facts::BAD_ADDRESS);
        return;
    }
    values(outline, bytes, start, end);
}

/// Reads the values of a line from `position` on; there is one even where nothing follows.
fn values(outline: &mut Outline, bytes: &[u8], mut position: usize, end: usize) {
    loop {
        outline.via_count = outline.via_count.saturating_add(1);
        let is_top = outline.via_count == 1;
        if is_top {
            position = any_top(outline, bytes, position, end);
        }
        let (branch, behind) = branch(bytes, position, end);
        if is_top {
            keep_branch(outline, bytes, branch);
        } else if outline.via_count == 2 {
            outline.parent_branch = branch;
        }
        if behind >= end {
            return;
        }
        position = behind + 1;
    }
}

/// Reads transport, host and port of the message's first value and returns the offset of its
/// parameters, where those follow `SIP/2.0/UDP host` or `SIP/2.0/UDP host:port`, or TCP or TLS.
#[inline(always)]
fn usual_top(outline: &mut Outline, bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    const BEGINNINGS: [&[u8]; 3] = [b"SIP/2.0/UDP ", b"SIP/2.0/TCP ", b"SIP/2.0/TLS "];
    let value = bytes.get(start..end)?;
    if !BEGINNINGS.iter().any(|usual| value.starts_with(usual)) {
        return None;
    }
    let host = start + BEGINNINGS[0].len();
    // Nothing less than a comma belongs to a host.
    let stop = lanes::find_ahead(bytes, host, end, |lanes| {
        lanes.at_most(b',').or(lanes.any_of([b':', b';']))
    });
    let stop = stop.ok()?;
    if host == stop || bytes[host] == b'[' {
        return None;
    }
    let (port, behind) = match bytes.get(stop..end)? {
        [b';', ..] => (0, stop),
        [b':', rest @ ..] => {
            let (port, length) = digits(rest)?;
            let b';' = rest.get(length)? else {
                return None;
            };
            (u16::try_from(port).ok()?, stop + 1 + length)
        }
        _ => return None,
    };
    outline.via_transport = Span::of_scan(start + PROTOCOL.len(), host - 1);
    outline.via_host = Span::of_scan(host, stop);
    outline.via_port = port;
    Some(behind)
}

/// Does the same for any value.
#[inline(never)]
fn any_top(outline: &mut Outline, bytes: &[u8], start: usize, end: usize) -> usize {
    let Some((transport, behind)) = protocol(bytes, start, end) else {
        outline.facts = outline.facts.with(Facts::BAD_ADDRESS);
        return start;
    };
    outline.via_transport = transport;
    let sent_by = sent_by(bytes, skip_lws(bytes, behind, end), end);
    outline.via_host = Span::of_scan(sent_by.host.start, sent_by.host.end);
    match sent_by.port {
        Port::Absent => {}
        Port::Number(number) => outline.via_port = number,
        Port::Unreadable => outline.facts = outline.facts.with(Facts::BAD_NUMBER),
    }
    if sent_by.host.is_empty() {
        outline.facts = outline.facts.with(Facts::BAD_ADDRESS);
    }
    sent_by.behind
}

#[inline]
fn keep_branch(outline: &mut Outline, bytes: &[u8], branch: Span) {
    outline.via_branch = branch;
    let cookie = branch.of(bytes).and_then(|text| text.first_chunk());
    if cookie
        .is_some_and(|cookie| cookie == MAGIC_COOKIE || cookie.eq_ignore_ascii_case(MAGIC_COOKIE))
    {
        outline.facts = outline.facts.with(Facts::MAGIC_COOKIE);
    }
}

/// Marks a branch that is unique by RFC 3261 8.1.1.7. A token, so its case does not matter.
const MAGIC_COOKIE: &[u8; 7] = b"z9hG4bK";

/// How nearly every value begins.
const PROTOCOL: &[u8] = b"SIP/2.0/";

/// The transport of `SIP / 2.0 / transport` and the offset behind it.
fn protocol(bytes: &[u8], start: usize, end: usize) -> Option<(Span, usize)> {
    let position = if bytes[start..end].starts_with(PROTOCOL) {
        skip_lws(bytes, start + PROTOCOL.len(), end)
    } else {
        behind_version(bytes, start, end)?
    };
    let behind = skip_token(bytes, position, end);
    (behind > position && behind < end && is_lws(bytes[behind]))
        .then(|| (Span::of_scan(position, behind), behind))
}

/// The offset behind `protocol-name SLASH protocol-version SLASH` with any white space.
fn behind_version(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    let mut position = start;
    for _ in 0..2 {
        let part = skip_token(bytes, position, end);
        let slash = skip_lws(bytes, part, end);
        if part == position || slash == end || bytes[slash] != b'/' {
            return None;
        }
        position = skip_lws(bytes, slash + 1, end);
    }
    Some(position)
}

/// The sent-by of a Via.
struct SentBy {
    host: Range<usize>,
    port: Port,
    /// Offset behind it.
    behind: usize,
}

/// What stands behind the host of a sent-by.
enum Port {
    Absent,
    Number(u16),
    Unreadable,
}

/// Reads the sent-by at `start`.
fn sent_by(bytes: &[u8], start: usize, end: usize) -> SentBy {
    let stop = lanes::find(bytes, start, end, |lanes| {
        lanes
            .at_most(b' ')
            .or(lanes.any_of([b':', b'[', b';', b',']))
    });
    let host = start..stop;
    match &bytes[stop..end] {
        [] | [b';' | b',', ..] => {
            return SentBy {
                host,
                port: Port::Absent,
                behind: stop,
            };
        }
        [b':', rest @ ..] => {
            if let Some((number, length)) = digits(rest)
                && let [] | [b';' | b',', ..] = rest[length..]
            {
                return SentBy {
                    host,
                    port: u16::try_from(number).map_or(Port::Unreadable, Port::Number),
                    behind: stop + 1 + length,
                };
            }
        }
        _ => {}
    }
    unusual_sent_by(bytes, start, end)
}

#[cold]
fn unusual_sent_by(bytes: &[u8], start: usize, end: usize) -> SentBy {
    let behind = lanes::find(bytes, start, end, |lanes| lanes.any_of([b';', b',']));
    let (host, port) = divided(&bytes[start..behind]);
    SentBy {
        host: start + host.start..start + host.end,
        port,
        behind,
    }
}

/// Divides a sent-by with brackets, white space or several colons. An IPv6 address should stand
/// in brackets; without them every colon belongs to the address.
fn divided(text: &[u8]) -> (Range<usize>, Port) {
    let length = text
        .iter()
        .rposition(|byte| !is_lws(*byte))
        .map_or(0, |last| last + 1);
    let text = &text[..length];
    if text.first() == Some(&b'[') {
        let close = text.iter().position(|byte| *byte == b']').unwrap_or(length);
        let behind = text.get(close + 1..).unwrap_or_default();
        return (1..close, port(behind));
    }
    let mut colons = text.iter().enumerate().filter(|(_, byte)| **byte == b':');
    let end_of_word = || text.iter().position(|byte| is_lws(*byte)).unwrap_or(length);
    match (colons.next(), colons.next()) {
        (Some((colon, _)), None) => {
            let host = text[..colon]
                .iter()
                .position(|byte| is_lws(*byte))
                .unwrap_or(colon);
            (0..host, port(&text[colon..]))
        }
        _ => (0..end_of_word(), Port::Absent),
    }
}

/// Reads `COLON port`.
fn port(text: &[u8]) -> Port {
    let Some(colon) = text.iter().position(|byte| *byte == b':') else {
        return Port::Absent;
    };
    match super::decimal(trim_lws(&text[colon + 1..])).map(u16::try_from) {
        Some(Ok(number)) => Port::Number(number),
        _ => Port::Unreadable,
    }
}

/// The branch among the parameters of the value, and the offset of the comma behind the value.
#[inline(always)]
fn branch(bytes: &[u8], position: usize, end: usize) -> (Span, usize) {
    match usual_branch(bytes, position, end) {
        Some(both) => both,
        None => any_branch(bytes, position, end),
    }
}

/// The same where the branch is the first parameter, begins with the magic cookie as it is written
/// in the RFC, and no quote follows.
#[inline(always)]
fn usual_branch(bytes: &[u8], position: usize, end: usize) -> Option<(Span, usize)> {
    const BEGINNING: &[u8] = b";branch=z9hG4bK";
    if !bytes.get(position..end)?.starts_with(BEGINNING) {
        return None;
    }
    let start = position + b";branch=".len();
    let behind = lanes::find_near(bytes, start, end, ends_value)?;
    let comma = lanes::find_ahead(bytes, behind, end, ends_parameters).ok()?;
    if comma < end && bytes[comma] != b',' {
        return None;
    }
    Some((Span::of_scan(start, behind), comma))
}

/// Does the same for any parameters.
#[inline(never)]
fn any_branch(bytes: &[u8], mut position: usize, end: usize) -> (Span, usize) {
    let mut name = None;
    loop {
        position = parameter_mark(bytes, position, end);
        if position == end {
            return (Span::NONE, end);
        }
        match bytes[position] {
            b';' => {}
            b'"' => {
                position = behind_quote(bytes, name.take(), position, end);
                continue;
            }
            _ => return (Span::NONE, position),
        }
        position = skip_lws(bytes, position + 1, end);
        name = Some(position);
        let Parameter::Value(start) = parameter(bytes, position, end, b"branch") else {
            continue;
        };
        position = value_end(bytes, start, end);
        if bytes.get(start) == Some(&b'"') {
            position = start;
        } else {
            let branch = Span::of_scan(start, position);
            return (branch, behind_value(bytes, position, end));
        }
    }
}

/// Marks a comma behind a value, and the quotes that may hide one.
#[inline(always)]
fn ends_parameters(lanes: Lanes) -> Marks {
    lanes.any_of([b'"', b','])
}

/// Offset of the comma behind the value whose parameters go on at `position`.
#[inline]
fn behind_value(bytes: &[u8], position: usize, end: usize) -> usize {
    let stop = lanes::find(bytes, position, end, ends_parameters);
    if stop == end || bytes[stop] == b',' {
        return stop;
    }
    behind_quotes(bytes, position, end)
}

/// The same among parameters with quotes.
#[cold]
fn behind_quotes(bytes: &[u8], mut position: usize, end: usize) -> usize {
    let mut name = None;
    loop {
        position = parameter_mark(bytes, position, end);
        if position == end || bytes[position] == b',' {
            return position;
        }
        if bytes[position] == b';' {
            position = skip_lws(bytes, position + 1, end);
            name = Some(position);
        } else {
            position = behind_quote(bytes, name.take(), position, end);
        }
    }
}

/// Where to go on behind the quote at `quote`, after the parameter whose name begins at `name`.
/// Inside that parameter's unquoted value it is a stray one, which must not hide the branch
/// behind it; elsewhere it opens a quoted string.
#[cold]
fn behind_quote(bytes: &[u8], name: Option<usize>, quote: usize, end: usize) -> usize {
    if let Some(name) = name {
        let equals = skip_lws(bytes, skip_token(bytes, name, end), end);
        let start = skip_lws(bytes, equals + 1, end);
        if equals < quote && bytes[equals] == b'=' && start < quote {
            let behind = value_end(bytes, start, end);
            if quote < behind {
                return behind;
            }
        }
    }
    behind_quoted(bytes, quote, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch_of(value: &[u8]) -> Option<&[u8]> {
        branch(value, 0, value.len()).0.of(value)
    }

    #[test]
    fn the_short_way_reads_what_the_long_one_does() {
        let beginnings = [
            ("SIP/2.0/UDP 192.0.2.1", true),
            ("SIP/2.0/TCP sbc.example.com:5060", true),
            ("SIP/2.0/TLS a:65535", true),
            ("SIP/2.0/UDP a:65536", false),
            ("SIP/2.0/UDP a:0000000005060", true),
            ("SIP/2.0/UDP a:", false),
            ("SIP/2.0/UDP a:5060x", false),
            ("SIP/2.0/UDP a :5060", false),
            ("SIP/2.0/UDP 2001:db8::1", false),
            ("SIP/2.0/UDP [2001:db8::1]:5060", false),
            ("SIP/2.0/UDP [a]:5060", false),
            ("SIP/2.0/UDP a[b", true),
            ("SIP/2.0/UDP  a", false),
            ("SIP/2.0/UDP :5060", false),
            ("SIP/2.0/UDP a,b", false),
            ("SIP/2.0/WSS a", false),
            ("SIP / 2.0 / UDP a", false),
        ];
        let parameters = [
            (";branch=z9hG4bK1;rport", true),
            (";branch=z9hG4bK1", true),
            (";branch=z9hG4bK1 ;x, SIP/2.0/UDP b", true),
            (";branch=z9hG4bK1,SIP/2.0/UDP b", true),
            (";branch=z9hG4bK", true),
            (";branch=Z9HG4BK1", false),
            (";branch=z9hG4b", false),
            (";branch=z9hG4bK1;x=\"a,b\"", false),
            (";branch=\"a,b\";x", false),
            (";branch= a", false),
            (";branch=", false),
            (";BRANCH=a", false),
            (";rport;branch=a", false),
            ("", false),
        ];
        for (beginning, is_usual_top) in beginnings {
            for (parameters, is_usual_branch) in parameters {
                let value = format!("{beginning}{parameters}");
                let bytes = format!("{value}\r\nCall-ID: 1@example.com\r\nCSeq: 1 ACK\r\n");
                let (bytes, end) = (bytes.as_bytes(), value.len());
                let (mut short, mut long) = (super::super::BLANK, super::super::BLANK);
                let behind = any_top(&mut long, bytes, 0, end);
                let found = usual_top(&mut short, bytes, 0, end);
                let is_usual_top = is_usual_top && !parameters.is_empty();
                assert_eq!(found, is_usual_top.then_some(behind), "{value}");
                if is_usual_top {
                    assert_eq!(short, long, "{value}");
                }
                let expected = any_branch(bytes, behind, end);
                let found = usual_branch(bytes, behind, end);
                if behind == beginning.len() {
                    assert_eq!(found, is_usual_branch.then_some(expected), "{value}");
                }
            }
        }
    }

    #[test]
    fn a_stray_quote_hides_no_branch() {
        let stray = br#";received=[2001:db"8::9];branch=z1"#;
        assert_eq!(branch_of(stray), Some(&b"z1"[..]));
        let quoted = br#";x= "a;branch=no,b" ;branch=z2"#;
        assert_eq!(branch_of(quoted), Some(&b"z2"[..]));
        let name_goes_on = b";branch-x=no;xbranch=no;BRANCH = z3,";
        assert_eq!(branch_of(name_goes_on), Some(&b"z3"[..]));
    }
}
