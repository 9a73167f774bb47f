//! The fast path: one pass over a message, no allocation, no failure on what is SIP.

mod address;
#[cfg(test)]
mod tests;
mod value;
mod via;

pub(crate) use value::{cseq_method, decimal};

use crate::header::{HeaderName, HeaderSet};
use crate::lines::{HeadEnd, HeaderLine, HeaderLines};
use crate::outline::{Facts, Outline, Start};
use crate::{Method, Span, start_line};

/// Reads what correlation needs of a message; `None` means that the bytes are not SIP.
///
/// CR and LF before the start line are skipped (RFC 3261 7.5) and spans count from `bytes[0]` all
/// the same. A message cut short by the capture gives whatever its bytes still say.
pub fn scan(bytes: &[u8]) -> Option<Outline> {
    let bytes = &bytes[..bytes.len().min(u32::MAX as usize - 1)];
    let start_line = start_line::read(bytes)?;
    let mut outline = blank(start_line.start, start_line.facts);
    let mut lines = HeaderLines::behind(bytes, &start_line);
    for line in &mut lines {
        outline.facts = outline.facts.with(line.facts);
        if let Some(name) = line.name {
            header(&mut outline, bytes, name, line);
        }
    }
    match lines.end() {
        HeadEnd::Blank | HeadEnd::Ahead => {}
        HeadEnd::BareLf => note(&mut outline, Facts::BARE_LF),
        HeadEnd::Missing => note(&mut outline, Facts::NO_BLANK_LINE),
    }
    outline.head_len = Span::of_scan(0, lines.position()).len;
    body(&mut outline, bytes, lines.position());
    mandatory(&mut outline);
    Some(outline)
}

/// An outline that knows the start line only.
fn blank(start: Start, facts: Facts) -> Outline {
    Outline {
        start,
        has: HeaderSet::EMPTY,
        facts,
        head_len: 0,
        body: Span::NONE,
        content_length: None,
        content_type: Span::NONE,
        call_id: Span::NONE,
        cseq: 0,
        cseq_method: Method::Extension,
        cseq_span: Span::NONE,
        from_uri: Span::NONE,
        from_tag: Span::NONE,
        to_uri: Span::NONE,
        to_tag: Span::NONE,
        via_transport: Span::NONE,
        via_host: Span::NONE,
        via_port: 0,
        via_count: 0,
        via_branch: Span::NONE,
        parent_branch: Span::NONE,
        contact_uri: Span::NONE,
        max_forwards: None,
        rseq: None,
        retry_after: None,
        expires: None,
        session_expires: None,
        reason_header: Span::NONE,
        session_id: Span::NONE,
        software: Span::NONE,
    }
}

fn note(outline: &mut Outline, facts: Facts) {
    outline.facts = outline.facts.with(facts);
}

/// Takes from one header line what the outline keeps of it.
#[inline]
fn header(outline: &mut Outline, bytes: &[u8], name: HeaderName, line: HeaderLine) {
    let again = outline.has.contains(name);
    outline.has = outline.has.with(name);
    let value = line.value(bytes);
    let span = Span::of_scan(line.value_start, line.value_end);
    if again && is_singleton(name) {
        if name == HeaderName::ContentLength && decimal(value) != outline.content_length {
            note(outline, Facts::BAD_CONTENT_LENGTH);
        }
        note(outline, Facts::REPEATED_SINGLETON);
        return;
    }
    match name {
        HeaderName::Via => via::read(outline, bytes, line.value_start, line.value_end),
        HeaderName::From => {
            let from = address::read(bytes, line.value_start, line.value_end);
            outline.from_uri = from.uri;
            outline.from_tag = from.tag;
            note(outline, from.facts);
        }
        HeaderName::To => {
            let to = address::read(bytes, line.value_start, line.value_end);
            outline.to_uri = to.uri;
            outline.to_tag = to.tag;
            note(outline, to.facts);
        }
        HeaderName::Contact if outline.contact_uri.is_none() && !value.is_empty() => {
            outline.contact_uri = address::uri(bytes, line.value_start, line.value_end);
        }
        HeaderName::CallId => outline.call_id = span,
        HeaderName::CSeq => {
            outline.cseq_span = span;
            match value::cseq(value) {
                Some((number, method)) => {
                    outline.cseq = number;
                    outline.cseq_method = Method::from_token(method);
                    if let Start::Request { method_token, .. } = outline.start
                        && method_token.of(bytes) != Some(method)
                    {
                        note(outline, Facts::CSEQ_METHOD_MISMATCH);
                    }
                }
                None => {
                    outline.cseq_method = Method::from_token(cseq_method(value));
                    note(outline, Facts::NO_CSEQ);
                }
            }
        }
        HeaderName::ContentLength => {
            outline.content_length = decimal(value);
            if outline.content_length.is_none() {
                note(outline, Facts::BAD_CONTENT_LENGTH);
            }
        }
        HeaderName::ContentType => {
            let length = value::up_to_parameters(value);
            outline.content_type = Span::of_scan(line.value_start, line.value_start + length);
        }
        HeaderName::MaxForwards => {
            let hops = number(outline, value);
            outline.max_forwards = hops.and_then(|hops| u16::try_from(hops).ok());
            if hops.is_some_and(|hops| hops > 255) {
                note(outline, Facts::BAD_NUMBER);
            }
        }
        HeaderName::Expires => outline.expires = number(outline, value),
        HeaderName::RSeq => outline.rseq = number(outline, value),
        HeaderName::RetryAfter if !again => outline.retry_after = number(outline, value),
        HeaderName::SessionExpires => outline.session_expires = number(outline, value),
        HeaderName::Require if value::lists(value, b"100rel") => {
            note(outline, Facts::REQUIRES_100REL);
        }
        HeaderName::Supported if value::lists(value, b"100rel") => {
            note(outline, Facts::SUPPORTS_100REL);
        }
        HeaderName::Reason if outline.reason_header.is_none() && !value.is_empty() => {
            outline.reason_header = Span::of_scan(
                line.value_start,
                line.value_start + value::up_to_comma(value),
            );
        }
        HeaderName::SessionId => outline.session_id = span,
        HeaderName::UserAgent if outline.is_request() || outline.software.is_none() => {
            outline.software = span;
        }
        HeaderName::Server if !outline.is_request() || outline.software.is_none() => {
            outline.software = span;
        }
        _ => {}
    }
}

/// Headers that must not occur twice and that the outline reads (RFC 3261 7.3.1, 20).
fn is_singleton(name: HeaderName) -> bool {
    matches!(
        name,
        HeaderName::CallId
            | HeaderName::CSeq
            | HeaderName::From
            | HeaderName::To
            | HeaderName::MaxForwards
            | HeaderName::ContentLength
            | HeaderName::ContentType
            | HeaderName::Expires
            | HeaderName::RSeq
            | HeaderName::SessionExpires
            | HeaderName::SessionId
    )
}

/// A number at the head of a value; notes when there is none or it overflows.
fn number(outline: &mut Outline, value: &[u8]) -> Option<u32> {
    let number = value::leading_number(value);
    if number.is_none() {
        note(outline, Facts::BAD_NUMBER);
    }
    number
}

/// Cuts the body by Content-Length and looks whether it holds SDP. Lengths that contradict each
/// other are as good as none (RFC 4475 3.3.9).
fn body(outline: &mut Outline, bytes: &[u8], start: usize) {
    let available = bytes.len() - start;
    let is_sure = !outline.facts.contains(Facts::BAD_CONTENT_LENGTH);
    let stated = outline.content_length.filter(|_| is_sure);
    let length = match stated.map(|stated| stated as usize) {
        Some(stated) if stated > available => {
            note(outline, Facts::BODY_SHORT);
            available
        }
        Some(stated) => {
            if stated < available {
                note(outline, Facts::BODY_LONG);
            }
            stated
        }
        None => available,
    };
    outline.body = Span::of_scan(start, start + length);
    let Some(media_type) = outline.content_type.of(bytes) else {
        return;
    };
    if value::is_sdp_type(media_type) {
        if length > 0 {
            note(outline, Facts::BODY_IS_SDP);
        }
    } else if value::is_multipart_type(media_type) {
        note(outline, Facts::MULTIPART);
        if value::names_sdp_type(&bytes[start..start + length]) {
            note(outline, Facts::BODY_IS_SDP);
        }
    }
}

/// Via, From, To, Call-ID and CSeq belong in every message (RFC 3261 8.1.1).
fn mandatory(outline: &mut Outline) {
    if !outline.has.contains_all(HeaderSet::MANDATORY) {
        note(outline, Facts::MISSING_MANDATORY);
    }
    if !outline.has.contains(HeaderName::CSeq) {
        note(outline, Facts::NO_CSEQ);
    }
    if outline.from_tag.is_some() {
        note(outline, Facts::FROM_TAG);
    }
    if outline.to_tag.is_some() {
        note(outline, Facts::TO_TAG);
    }
}
