//! The Via values of one header line (RFC 3261 20.42, 18.2.1; RFC 5118 4.5).

use super::address::{skip_lws, skip_token, value_end};
use super::value::behind_quoted;
use crate::Span;
use crate::charset::is_lws;
use crate::outline::{Facts, Outline};

/// Reads `bytes[start..end]`: counts its values and keeps the parts of the message's first two.
#[inline]
pub(super) fn read(outline: &mut Outline, bytes: &[u8], start: usize, end: usize) {
    let value = &bytes[..end];
    let mut position = start;
    loop {
        outline.via_count = outline.via_count.saturating_add(1);
        position = match outline.via_count {
            1 => first(outline, value, position),
            2 => {
                let (branch, behind) = branch(value, position);
                outline.parent_branch = branch;
                behind
            }
            _ => branch(value, position).1,
        };
        if position >= value.len() {
            return;
        }
        position += 1;
    }
}

/// Reads the message's first value and returns the offset of the comma behind it or of the end.
fn first(outline: &mut Outline, value: &[u8], start: usize) -> usize {
    let Some((transport, sent_by)) = protocol(value, start) else {
        outline.facts = outline.facts.with(Facts::BAD_ADDRESS);
        let (branch, behind) = branch(value, start);
        keep_branch(outline, value, branch);
        return behind;
    };
    outline.via_transport = transport;
    let host_start = skip_lws(value, sent_by);
    let mut host_end = host_start;
    while host_end < value.len() && !matches!(value[host_end], b';' | b',') {
        host_end += 1;
    }
    let text = &value[host_start..host_end];
    let (host, port) = host_and_port(text);
    outline.via_host = Span::new(host_start + host.start, host_start + host.end);
    match port {
        Port::Absent => {}
        Port::Number(number) => outline.via_port = number,
        Port::Unreadable => outline.facts = outline.facts.with(Facts::BAD_NUMBER),
    }
    if host.is_empty() {
        outline.facts = outline.facts.with(Facts::BAD_ADDRESS);
    }
    let (branch, behind) = branch(value, host_end);
    keep_branch(outline, value, branch);
    behind
}

fn keep_branch(outline: &mut Outline, value: &[u8], branch: Span) {
    outline.via_branch = branch;
    let cookie = branch
        .of(value)
        .and_then(|text| text.get(..MAGIC_COOKIE.len()));
    if cookie.is_some_and(|cookie| cookie.eq_ignore_ascii_case(MAGIC_COOKIE)) {
        outline.facts = outline.facts.with(Facts::MAGIC_COOKIE);
    }
}

/// Marks a branch that is unique by RFC 3261 8.1.1.7. A token, so its case does not matter.
pub(crate) const MAGIC_COOKIE: &[u8] = b"z9hG4bK";

/// The transport of `SIP / 2.0 / transport` and the offset behind it.
fn protocol(value: &[u8], start: usize) -> Option<(Span, usize)> {
    let mut position = start;
    for _ in 0..2 {
        let part = skip_token(value, position);
        let slash = skip_lws(value, part);
        if part == position || value.get(slash) != Some(&b'/') {
            return None;
        }
        position = skip_lws(value, slash + 1);
    }
    let end = skip_token(value, position);
    (end > position && value.get(end).is_some_and(|byte| is_lws(*byte)))
        .then(|| (Span::new(position, end), end))
}

/// What stands behind the host of a sent-by.
enum Port {
    Absent,
    Number(u16),
    Unreadable,
}

/// Divides a sent-by. An IPv6 address should stand in brackets; without them every colon belongs
/// to the address.
fn host_and_port(text: &[u8]) -> (std::ops::Range<usize>, Port) {
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
    match super::decimal(&text[colon + 1..]).map(u16::try_from) {
        Some(Ok(number)) => Port::Number(number),
        _ => Port::Unreadable,
    }
}

/// The branch among the parameters of the value, and the offset of the comma behind the value.
fn branch(value: &[u8], mut position: usize) -> (Span, usize) {
    let mut found = Span::NONE;
    while position < value.len() {
        match value[position] {
            b',' => return (found, position),
            b'"' => {
                position = behind_quoted(value, position);
                continue;
            }
            b';' => position += 1,
            _ => {
                position += 1;
                continue;
            }
        }
        let name = skip_lws(value, position);
        position = skip_token(value, name);
        let equals = skip_lws(value, position);
        if value.get(equals) != Some(&b'=') {
            continue;
        }
        let is_branch =
            position - name == 6 && value[name..position].eq_ignore_ascii_case(b"branch");
        let start = skip_lws(value, equals + 1);
        if value.get(start) == Some(&b'"') {
            position = start;
            continue;
        }
        position = value_end(value, start);
        if is_branch && found.is_none() {
            found = Span::new(start, position);
        }
    }
    (found, value.len())
}
