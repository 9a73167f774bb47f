//! What a message says that is kept because somebody judges by it. Most say nothing of the kind: what
//! keeps it is apart from what asks whether there is anything.

use siptriage_sip::{HeaderName, Method, Scanned, StatusCode};

use super::matching::Place;
use super::{session_notes, usage_notes};
use crate::leg::{Leg, NoteKind};
use crate::record::{RecordIdx, Role};
use crate::scanners::is_tool;

/// Keeps what a message says.
#[inline]
pub(super) fn keep(
    leg: &mut Leg,
    at: RecordIdx,
    place: &Place,
    (method, message): (Method, Scanned<'_>),
) {
    let is_inside = message.to_tag().is_some();
    if message.outline.has.contains(HeaderName::Reason) {
        leg.annotate(at, NoteKind::Reason, message.reason_header());
    }
    match place.role {
        Role::Request => {
            if !is_inside {
                beginning(leg, at, method, message);
            }
            request(leg, at, method, message);
        }
        Role::Response(status) => {
            if status.is_final() && matches!(method, Method::Invite | Method::Update) {
                answer(leg, at, (method, status), message);
            }
        }
        Role::Ack => {}
    }
    if is_inside {
        session_notes::keep(leg, at, place, (method, message));
    }
    if usage_notes::concern(method) {
        usage_notes::keep(leg, at, place.role, message);
    }
}

/// Keeps what a request outside of dialogs says.
#[inline(never)]
fn beginning(leg: &mut Leg, at: RecordIdx, method: Method, message: Scanned<'_>) {
    let software = message.software();
    leg.annotate(at, NoteKind::Scanner, software.filter(|name| is_tool(name)));
    if method == Method::Invite && message.outline.has.contains(HeaderName::Expires) {
        leg.annotate(at, NoteKind::Expires, usage_notes::expires(message));
    }
}

#[inline]
fn request(leg: &mut Leg, at: RecordIdx, method: Method, message: Scanned<'_>) {
    match method {
        Method::Prack => header(leg, at, NoteKind::RAck, (message, HeaderName::RAck)),
        Method::Refer => header(leg, at, NoteKind::ReferTo, (message, HeaderName::ReferTo)),
        Method::Notify => progress(leg, at, message),
        Method::Invite
        | Method::Ack
        | Method::Bye
        | Method::Cancel
        | Method::Options
        | Method::Register
        | Method::Update
        | Method::Info
        | Method::Subscribe
        | Method::Publish
        | Method::Message
        | Method::Extension => {}
    }
}

/// Keeps what a final response to an INVITE or an UPDATE says.
#[inline(never)]
fn answer(
    leg: &mut Leg,
    at: RecordIdx,
    (method, status): (Method, StatusCode),
    message: Scanned<'_>,
) {
    if status.is_success() {
        let name = HeaderName::SessionExpires;
        header(leg, at, NoteKind::SessionExpires, (message, name));
    }
    if method == Method::Update {
        return;
    }
    leg.annotate(at, NoteKind::Phrase, message.reason_phrase());
    if status.0 / 100 == 3 {
        leg.annotate(at, NoteKind::Contact, message.contact_uri());
    }
}

/// Keeps the first value of a header.
#[inline(never)]
fn header(
    leg: &mut Leg,
    at: RecordIdx,
    kind: NoteKind,
    (message, name): (Scanned<'_>, HeaderName),
) {
    leg.annotate(at, kind, message.header(name).next());
}

/// Keeps the first line of a body that is the beginning of a response (RFC 3420).
#[inline(never)]
fn progress(leg: &mut Leg, at: RecordIdx, message: Scanned<'_>) {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let line = message.body().split(is_end).next();
    let is_status = |line: &&[u8]| line.starts_with(b"SIP/2.0 ");
    leg.annotate(at, NoteKind::Progress, line.filter(is_status));
}
