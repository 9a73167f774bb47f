//! The fast path: one pass over a message, no allocation, no failure on what is SIP.

mod address;
mod branch;
#[cfg(test)]
mod tests;
mod value;
mod via;

pub(crate) use value::{cseq_method, decimal};

use crate::header::{HeaderName, HeaderSet};
use crate::lines::{HeadEnd, HeaderLines};
use crate::outline::{Facts, Outline, Start};
use crate::start_line::Opening;
use crate::{Method, Span};

/// Reads what correlation needs of a message; `None` means that the bytes are not SIP.
///
/// CR and LF before the start line are skipped (RFC 3261 7.5) and spans count from `bytes[0]` all
/// the same. A message cut short by the capture gives whatever its bytes still say.
pub fn scan(bytes: &[u8]) -> Option<Outline> {
    let bytes = Span::reach(bytes);
    let opening = Opening::of(bytes)?;
    let mut outline = BLANK;
    read(&mut outline, bytes, opening).then_some(outline)
}

/// The same for one message after another (RFC 3261 7): puts the outline where it stays, as it is
/// long to copy.
pub fn scan_onto<'o>(outlines: &'o mut Vec<Outline>, bytes: &[u8]) -> Option<&'o Outline> {
    let bytes = Span::reach(bytes);
    let opening = Opening::of(bytes)?;
    outlines.push(BLANK);
    if !read(outlines.last_mut()?, bytes, opening) {
        outlines.pop();
        return None;
    }
    outlines.last()
}

/// Reads a message into a blank outline. Returns whether it is SIP.
#[inline(never)]
fn read(outline: &mut Outline, bytes: &[u8], opening: Opening) -> bool {
    let Some(start_line) = opening.read(bytes, &mut outline.start) else {
        return false;
    };
    outline.facts = start_line.facts;
    let mut lines = HeaderLines::behind(bytes, &start_line);
    for line in &mut lines {
        if line.facts != Facts::EMPTY {
            note(outline, line.facts);
        }
        if let Some(name) = line.name {
            header(outline, bytes, name, line.value_start, line.value_end);
        }
    }
    match lines.end() {
        HeadEnd::Blank | HeadEnd::Ahead => {}
        HeadEnd::BareLf => note(outline, Facts::BARE_LF),
        HeadEnd::Missing => note(outline, Facts::NO_BLANK_LINE),
    }
    outline.head_len = Span::of_scan(0, lines.position()).len;
    body(outline, bytes, lines.position());
    mandatory(outline);
    true
}

/// An outline that knows nothing yet.
const BLANK: Outline = Outline {
    start: Start::BLANK,
    has: HeaderSet::EMPTY,
    facts: Facts::EMPTY,
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
};

fn note(outline: &mut Outline, facts: Facts) {
    outline.facts = outline.facts.with(facts);
}

/// Takes from the header value `bytes[start..end]` what the outline keeps of it.
#[inline(always)]
fn header(outline: &mut Outline, bytes: &[u8], name: HeaderName, start: usize, end: usize) {
    let is_first = outline.has.insert(name);
    if !is_first && is_singleton(name) {
        return repeated(outline, name, &bytes[start..end]);
    }
    let span = Span::of_scan(start, end);
    match name {
        HeaderName::Via => via::read(outline, bytes, start, end),
        HeaderName::From | HeaderName::To => {
            let both = address::read(bytes, start, end);
            if name == HeaderName::From {
                (outline.from_uri, outline.from_tag) = both;
            } else {
                (outline.to_uri, outline.to_tag) = both;
            }
        }
        HeaderName::Contact if outline.contact_uri.is_none() && start < end => {
            outline.contact_uri = address::uri(bytes, start, end);
        }
        HeaderName::CallId => outline.call_id = span,
        HeaderName::CSeq => cseq(outline, bytes, start, end),
        HeaderName::ContentLength => {
            outline.content_length = decimal(&bytes[start..end]);
            if outline.content_length.is_none() {
                note(outline, Facts::BAD_CONTENT_LENGTH);
            }
        }
        HeaderName::ContentType => {
            let behind = value::up_to_parameters(bytes, start, end);
            outline.content_type = Span::of_scan(start, behind);
        }
        HeaderName::MaxForwards => {
            let hops = number(outline, &bytes[start..end]);
            outline.max_forwards = hops.and_then(|hops| u16::try_from(hops).ok());
            if hops.is_some_and(|hops| hops > 255) {
                note(outline, Facts::BAD_NUMBER);
            }
        }
        HeaderName::Expires => outline.expires = number(outline, &bytes[start..end]),
        HeaderName::RSeq => outline.rseq = number(outline, &bytes[start..end]),
        HeaderName::RetryAfter if is_first => {
            outline.retry_after = number(outline, &bytes[start..end]);
        }
        HeaderName::SessionExpires => {
            outline.session_expires = number(outline, &bytes[start..end]);
        }
        HeaderName::Require if value::lists(&bytes[start..end], b"100rel") => {
            note(outline, Facts::REQUIRES_100REL);
        }
        HeaderName::Supported if value::lists(&bytes[start..end], b"100rel") => {
            note(outline, Facts::SUPPORTS_100REL);
        }
        HeaderName::Reason if outline.reason_header.is_none() && start < end => {
            let behind = value::up_to_comma(bytes, start, end);
            outline.reason_header = Span::of_scan(start, behind);
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

/// Notes that a header occurs again which must not.
#[cold]
fn repeated(outline: &mut Outline, name: HeaderName, value: &[u8]) {
    if name == HeaderName::ContentLength && decimal(value) != outline.content_length {
        note(outline, Facts::BAD_CONTENT_LENGTH);
    }
    note(outline, Facts::REPEATED_SINGLETON);
}

/// Takes number and method from the CSeq value `bytes[start..end]`.
#[inline(always)]
fn cseq(outline: &mut Outline, bytes: &[u8], start: usize, end: usize) {
    outline.cseq_span = Span::of_scan(start, end);
    let value = &bytes[start..end];
    let Some((number, method, token)) = value::cseq(value) else {
        outline.cseq_method = Method::from_token(cseq_method(value));
        return note(outline, Facts::NO_CSEQ);
    };
    outline.cseq = number;
    outline.cseq_method = method;
    if let Start::Request {
        method: asked,
        method_token,
        ..
    } = outline.start
        && (method != asked || method == Method::Extension && method_token.of(bytes) != Some(token))
    {
        note(outline, Facts::CSEQ_METHOD_MISMATCH);
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
#[inline(never)]
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

/// Via, From, To, Call-ID and CSeq belong in every message, and a URI in From and To (RFC 3261 8.1.1).
fn mandatory(outline: &mut Outline) {
    if !outline.has.contains_all(HeaderSet::MANDATORY) {
        note(outline, Facts::MISSING_MANDATORY);
    }
    if !outline.has.contains(HeaderName::CSeq) {
        note(outline, Facts::NO_CSEQ);
    }
    let has_from = outline.has.contains(HeaderName::From);
    let has_to = outline.has.contains(HeaderName::To);
    if has_from && outline.from_uri.len == 0 || has_to && outline.to_uri.len == 0 {
        note(outline, Facts::BAD_ADDRESS);
    }
    if outline.from_tag.is_some() {
        note(outline, Facts::FROM_TAG);
    }
    if outline.to_tag.is_some() {
        note(outline, Facts::TO_TAG);
    }
}
