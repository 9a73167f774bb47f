//! What a message inside a leg says of INVITEs to come: whither a redirection sends the caller, and
//! whom a REFER asks its recipient to call.

use siptriage_capture::Time;
use siptriage_sip::header::{Contact, ReferTo, ReferredBy};
use siptriage_sip::uri::Uri;
use siptriage_sip::{HeaderName, HeaderValue, Method, Scanned, Start, StatusClass};

use super::target::{number, place, written_place};
use super::{Clue, LinkReason};
use crate::hash;
use crate::observation::Observation;
use crate::record::FrameRef;

/// A clue that turned up after the opening.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    /// The frame that gave it.
    pub frame: FrameRef,
    /// Hash of the Call-ID of the leg.
    pub call_id_hash: u64,
    /// The clock at that frame.
    pub clock: Time,
    /// The clue.
    pub clue: Clue,
}

/// Contacts of a redirection that are looked at.
const CONTACTS: usize = 8;

/// The hints that a message gives.
pub(crate) fn hints(observation: &Observation<'_>, hints: &mut Vec<Hint>) {
    let message = observation.message;
    let outline = message.outline;
    let give = |clue: Clue| {
        hints.push(Hint {
            frame: observation.frame,
            call_id_hash: observation.call_id_hash,
            clock: observation.clock,
            clue,
        });
    };
    match outline.start {
        Start::Request {
            method: Method::Refer,
            ..
        } => refer(observation, give),
        Start::Response { .. } if outline.cseq_method == Method::Invite => {
            let class = outline.status().and_then(|status| status.class());
            if class == Some(StatusClass::Redirection) {
                redirection(observation, give);
            }
        }
        Start::Request { .. } | Start::Response { .. } => {}
    }
}

/// An INVITE of the recipient to one of the Contacts is the same call.
fn redirection(observation: &Observation<'_>, mut give: impl FnMut(Clue)) {
    let message = observation.message;
    let Some(from) = message.from_uri() else {
        return;
    };
    let contacts = message.elements(HeaderName::Contact).take(CONTACTS);
    for contact in contacts.filter_map(|value| Contact::parse(value).ok()) {
        let target = match contact {
            Contact::Address(contact) => place(&contact.address.uri),
            Contact::Any => None,
        };
        if let Some(target) = target {
            give(Clue::redirection(target, from, observation.flow.dst.ip));
        }
    }
}

/// An INVITE to the Refer-To is what the REFER asked for: when it says so itself (RFC 3892), or
/// when it comes from the recipient, known by its address or its host (RFC 3515 2.4.2).
fn refer(observation: &Observation<'_>, mut give: impl FnMut(Clue)) {
    let message = observation.message;
    let value = message.header(HeaderName::ReferTo).next();
    let Some(refer_to) = value.and_then(|value| ReferTo::parse(value).ok()) else {
        return;
    };
    let target = refer_to.address.uri;
    let host = observation.flow.dst.ip;
    if let Some(place) = place(&target) {
        if let Some(referrer) = referred_by(message).or(message.from_uri().and_then(written_place))
        {
            give(Clue::new(LinkReason::ReferredBy, &(place, referrer)));
        }
        if let Some(referee) = message.to_uri().and_then(written_place) {
            give(Clue::new(LinkReason::ReferTo, &(place, referee)));
        }
        give(Clue::new(LinkReason::ReferTo, &(place, host)));
    }
    if let Uri::Sip(target) = &target {
        let asked_for = |name: &[u8]| name.eq_ignore_ascii_case(b"Replaces");
        let mut fields = target.header_fields();
        if let Some((_, replaces)) = fields.find(|(name, _)| asked_for(&name.unescaped())) {
            give(replacing(&replaces.unescaped()));
        }
    }
    if let Some(number) = target.user().and_then(|user| number(user.0)) {
        let value = (hash::bytes(number), host);
        give(Clue::new(LinkReason::ReferNumber, &value));
    }
}

/// The clue by which an INVITE is known that replaces the dialog that a REFER told it to
/// (RFC 5589 7.3).
pub(super) fn replacing(value: &[u8]) -> Clue {
    let call_id = value.split(|byte| *byte == b';').next().unwrap_or_default();
    Clue::new(LinkReason::ReferTo, &hash::call_id(call_id.trim_ascii()))
}

/// Whom the Referred-By of a message names.
pub(super) fn referred_by(message: Scanned<'_>) -> Option<u64> {
    let value = message.header(HeaderName::ReferredBy).next()?;
    place(&ReferredBy::parse(value).ok()?.address.uri)
}
