//! The Via values of one header line (RFC 3261 20.42, 18.2.1; RFC 5118 4.5).

use std::ops::Range;

use super::address::{skip_lws, skip_token};
use super::branch;
use super::value::digits;
use crate::Span;
use crate::charset::{is_lws, trim_lws};
use crate::lanes;
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
    match branch::usual(bytes, position, end) {
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
    let (branch, behind) = branch::read(bytes, position, end);
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
        let (branch, behind) = branch::read(bytes, position, end);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::BLANK;

    #[test]
    fn the_short_way_reads_what_the_long_one_does() {
        for (beginning, is_usual) in [
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
        ] {
            let value = format!("{beginning};branch=z9hG4bK1");
            let line = format!("{value}\r\nCall-ID: 1@example.com\r\n");
            let (bytes, end) = (line.as_bytes(), value.len());
            let (mut short, mut long) = (BLANK, BLANK);
            let behind = any_top(&mut long, bytes, 0, end);
            let found = usual_top(&mut short, bytes, 0, end);
            assert_eq!(found, is_usual.then_some(behind), "{value}");
            if is_usual {
                assert_eq!(short, long, "{value}");
            }
            let bare = usual_top(&mut short, bytes, 0, beginning.len());
            assert_eq!(bare, None, "{beginning}");
        }
    }
}
