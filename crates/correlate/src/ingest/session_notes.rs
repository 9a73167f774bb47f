//! What a message of a dialog says about its session: the media described, the target, the route.
//!
//! The description of the INVITE that opens a dialog, and its answer, are not looked into: memory
//! follows the calls in progress, and most of them never change their session.

use siptriage_sip::sdp::{self, Session, offer_answer};
use siptriage_sip::{self as sip, Facts as Scan, HeaderName, Method, Scanned};

use super::matching::Place;
use crate::hash;
use crate::leg::{Leg, NoteKind};
use crate::record::{Facts, RecordIdx, Role};

/// Media of a description that are noted.
const MEDIA: usize = 8;
/// Hosts of a route that are noted.
const HOPS: usize = 16;

/// Keeps what a message with a To tag says about the session of its dialog.
#[inline]
pub(super) fn keep(
    leg: &mut Leg,
    at: RecordIdx,
    place: &Place,
    (method, message): (Method, Scanned<'_>),
) {
    routes(leg, at, place.role, (method, message));
    let may_change = matches!(method, Method::Invite | Method::Update)
        || message.outline.facts.contains(Scan::BODY_IS_SDP);
    if may_change && leg.transaction(place.transaction).is_inside_dialog() {
        changes(leg, at, place, message);
    }
}

/// Keeps what a message of a transaction inside a dialog says.
#[inline(never)]
fn changes(leg: &mut Leg, at: RecordIdx, place: &Place, message: Scanned<'_>) {
    let method = leg.transaction(place.transaction).method;
    let refreshes = matches!(method, Method::Invite | Method::Update)
        && match place.role {
            Role::Request => true,
            Role::Response(status) => status.is_success(),
            Role::Ack => false,
        };
    if refreshes {
        leg.annotate(at, NoteKind::Contact, message.contact_uri());
    }
    if message.outline.facts.contains(Scan::BODY_IS_SDP) {
        description(leg, at, message);
    }
}

/// Keeps which media a message inside a dialog describes, and whether it holds them.
fn description(leg: &mut Leg, at: RecordIdx, message: Scanned<'_>) {
    let is_multipart = message.outline.facts.contains(Scan::MULTIPART);
    let session = if is_multipart {
        sip::parse(message.bytes).and_then(|message| message.sdp())
    } else {
        sdp::parse(message.body())
    };
    let Some(session) = session else { return };
    leg.annotate(at, NoteKind::Media, Some(&media(&session)));
    if offer_answer::is_hold(&session) {
        let facts = &mut leg.records[at.0 as usize].facts;
        *facts = facts.with(Facts::HOLD);
    }
}

/// Keeps which way requests are to go, of a response that forms a dialog, and which way a request
/// inside of one goes (RFC 3261 12.1, 12.2.1.1).
#[inline]
fn routes(leg: &mut Leg, at: RecordIdx, role: Role, (method, message): (Method, Scanned<'_>)) {
    let (header, kind) = match role {
        Role::Request | Role::Ack => (HeaderName::Route, NoteKind::Route),
        Role::Response(status) => {
            if status.is_failure() || method != Method::Invite {
                return;
            }
            (HeaderName::RecordRoute, NoteKind::RecordRoute)
        }
    };
    if message.outline.has.contains(header) {
        hops(leg, at, kind, (message, header));
    }
}

#[inline(never)]
fn hops(
    leg: &mut Leg,
    at: RecordIdx,
    kind: NoteKind,
    (message, header): (Scanned<'_>, HeaderName),
) {
    for hop in message.elements(header).take(HOPS) {
        leg.annotate(at, kind, Some(hop));
    }
}

/// A hash of the Contact of a message that can set the target of a dialog (RFC 3261 12.1, 12.2);
/// 0 where there is none.
#[inline]
pub(super) fn contact(method: Method, message: Scanned<'_>) -> u16 {
    if !matches!(method, Method::Invite | Method::Update) {
        return 0;
    }
    let contact = message.contact_uri();
    contact.map_or(0, |contact| (hash::bytes(contact) as u16).max(1))
}

/// The media of a description, as `audio/PCMU/sendrecv video/rejected`: kind, first codec,
/// direction.
fn media(session: &Session<'_>) -> Vec<u8> {
    let mut text = Vec::with_capacity(32);
    for media in session.media.iter().take(MEDIA) {
        if !text.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(media.kind_token);
        text.push(b'/');
        if media.is_rejected() {
            text.extend_from_slice(b"rejected");
            continue;
        }
        let codecs = media.codecs();
        let codec = codecs.iter().find(|codec| !codec.is_auxiliary());
        if let Some(codec) = codec {
            text.extend_from_slice(codec.name);
            text.push(b'/');
        }
        text.extend_from_slice(session.direction_of(media).name().as_bytes());
    }
    text
}
