//! What an INVITE says about the call that it belongs to.

use std::net::IpAddr;

use siptriage_capture::{Flow, Time};
use siptriage_sip::{HeaderName, Method, Scanned, StatusClass};

use super::LinkReason;
use crate::hash;
use crate::leg::LegId;
use crate::observation::Observation;
use crate::record::FrameRef;

/// The message by which a leg turned out to belong to a call, and what it says of that call.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The leg.
    pub id: LegId,
    /// The clock at that frame.
    pub clock: Time,
    /// Addresses and transport.
    pub flow: Flow,
    /// What it says of its call, most telling first.
    pub clues: Vec<Clue>,
}

/// A value that legs of one call share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clue {
    /// What kind of value.
    pub reason: LinkReason,
    /// Hash of the value.
    pub value: u64,
}

/// A clue that turned up after the opening: the targets of a redirection.
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

/// Digits of a number that have to agree: prefixes come and go on the way.
const DIGITS: usize = 7;

/// The opening that a message makes.
///
/// `headers` are further ones that name the other leg's Call-ID or carry the same value on both.
pub(crate) fn opening(observation: &Observation<'_>, headers: &[String]) -> Opening {
    let id = LegId {
        frame: observation.frame,
        call_id_hash: observation.call_id_hash,
    };
    Opening {
        id,
        clock: observation.clock,
        flow: observation.flow,
        clues: clues(observation, headers),
    }
}

/// The clue that a redirection gives: an INVITE of its recipient to the Contact is the same call.
pub(crate) fn hint(observation: &Observation<'_>) -> Option<Hint> {
    let message = observation.message;
    let class = message.outline.status()?.class()?;
    if class != StatusClass::Redirection || message.outline.cseq_method != Method::Invite {
        return None;
    }
    let caller = observation.flow.dst.ip;
    let value = redirection(message.contact_uri()?, message.from_uri()?, caller);
    let reason = LinkReason::Redirection;
    Some(Hint {
        frame: observation.frame,
        call_id_hash: observation.call_id_hash,
        clock: observation.clock,
        clue: Clue { reason, value },
    })
}

/// Reads the clues of a message that opens a leg.
fn clues(observation: &Observation<'_>, headers: &[String]) -> Vec<Clue> {
    let message = observation.message;
    let mut clues = Vec::with_capacity(4);
    let mut add = |reason, value: u64| clues.push(Clue { reason, value });
    if let Some(value) = message.session_id() {
        for uuid in uuids(value) {
            add(LinkReason::SessionId, hash::bytes(uuid));
        }
    }
    for name in [HeaderName::XCid, HeaderName::XCallId] {
        for value in message.header(name) {
            add(LinkReason::CallIdReference, hash::call_id(value));
        }
    }
    for name in headers {
        for value in message.header_called(name.as_bytes()) {
            add(LinkReason::CallIdReference, hash::call_id(value));
            let named = (hash::bytes(name.as_bytes()), hash::bytes(value));
            add(LinkReason::VendorId, hash::of(&named));
        }
    }
    for value in message.header(HeaderName::PChargingVector) {
        if let Some(icid) = parameter(value, b"icid-value") {
            add(LinkReason::ChargingVector, hash::bytes(icid));
        }
    }
    for name in [HeaderName::CiscoGuid, HeaderName::XTwilioCallSid] {
        for value in message.header(name) {
            add(LinkReason::VendorId, hash::bytes(value));
        }
    }
    for value in message.header(HeaderName::Replaces) {
        let call_id = value.split(|byte| *byte == b';').next().unwrap_or_default();
        add(LinkReason::Replaces, hash::call_id(call_id.trim_ascii()));
    }
    if let (Some(target), Some(from)) = (message.request_uri(), message.from_uri()) {
        add(
            LinkReason::Redirection,
            redirection(target, from, observation.flow.src.ip),
        );
    }
    description(message, &mut add);
    if let Some((caller, called)) = numbers(message) {
        let ends = (hash::bytes(caller), hash::bytes(called));
        add(LinkReason::Numbers, hash::of(&ends));
    }
    clues
}

/// The value by which the INVITE that follows a redirection is known: its target, its From and its
/// source.
fn redirection(target: &[u8], from: &[u8], caller: IpAddr) -> u64 {
    hash::of(&(hash::bytes(target), hash::bytes(from), caller))
}

/// Origin and media address of the session description.
fn description(message: Scanned<'_>, add: &mut impl FnMut(LinkReason, u64)) {
    let body = message.body();
    let lines = body
        .split(|byte| *byte == b'\n')
        .map(|line| line.trim_ascii_end())
        .take(64);
    let mut address: &[u8] = b"";
    for line in lines {
        if let Some(origin) = line.strip_prefix(b"o=") {
            add(LinkReason::SdpOrigin, hash::bytes(origin));
        } else if let Some(connection) = line.strip_prefix(b"c=") {
            address = connection;
        } else if let Some(media) = line.strip_prefix(b"m=") {
            let port = media.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
            let place = (hash::bytes(address), hash::bytes(port));
            if !address.is_empty() && port != b"0" {
                add(LinkReason::MediaAddress, hash::of(&place));
            }
            return;
        }
    }
}

/// The UUIDs of a Session-ID: its own and the `remote` one, without nil (RFC 7989 5).
fn uuids(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = value
        .split(|byte| *byte == b';')
        .map(|part| part.trim_ascii());
    let values = parts.enumerate().filter_map(|(place, part)| match place {
        0 => Some(part),
        _ => part.strip_prefix(b"remote="),
    });
    values.filter(|uuid| uuid.len() >= 8 && uuid.iter().any(|byte| !matches!(byte, b'0' | b'-')))
}

/// The value of a parameter, without quotes.
fn parameter<'v>(value: &'v [u8], name: &[u8]) -> Option<&'v [u8]> {
    let parts = value
        .split(|byte| *byte == b';')
        .map(|part| part.trim_ascii());
    let mut values = parts.filter_map(|part| {
        let equals = part.iter().position(|byte| *byte == b'=')?;
        part[..equals]
            .trim_ascii()
            .eq_ignore_ascii_case(name)
            .then(|| &part[equals + 1..])
    });
    let value = values.next()?.trim_ascii();
    Some(
        value
            .strip_prefix(b"\"")
            .and_then(|value| value.strip_suffix(b"\""))
            .unwrap_or(value),
    )
}

/// Caller and called user, cut to what prefixes leave alone.
fn numbers(message: Scanned<'_>) -> Option<(&[u8], &[u8])> {
    Some((user(message.from_uri()?)?, user(message.request_uri()?)?))
}

fn user(uri: &[u8]) -> Option<&[u8]> {
    let colon = uri.iter().position(|byte| *byte == b':')?;
    let rest = &uri[colon + 1..];
    let is_tel = uri[..colon].eq_ignore_ascii_case(b"tel");
    let end = rest.iter().position(|byte| *byte == b'@');
    let user = match end {
        Some(end) => &rest[..end],
        None if is_tel => rest,
        None => return None,
    };
    let user = user.split(|byte| *byte == b';').next().unwrap_or(user);
    let digits = user.strip_prefix(b"+").unwrap_or(user);
    if digits.is_empty() {
        return None;
    }
    let is_number = digits.iter().all(u8::is_ascii_digit);
    if is_number && digits.len() > DIGITS {
        return Some(&digits[digits.len() - DIGITS..]);
    }
    Some(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_their_prefixes() {
        assert_eq!(user(b"sip:+12125551234@example.com"), Some(&b"5551234"[..]));
        assert_eq!(
            user(b"sip:0012125551234@192.0.2.1:5060"),
            Some(&b"5551234"[..])
        );
        assert_eq!(
            user(b"tel:+12125551234;phone-context=x"),
            Some(&b"5551234"[..])
        );
        assert_eq!(user(b"sip:1001@example.com"), Some(&b"1001"[..]));
        assert_eq!(user(b"sip:example.com"), None);
    }

    #[test]
    fn nil_uuids_link_nothing() {
        let value = b"ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000";
        let found: Vec<&[u8]> = uuids(value).collect();
        assert_eq!(found, [&b"ab30317f1a784dc48ff824d0d3715d86"[..]]);
    }

    #[test]
    fn parameters_come_with_and_without_quotes() {
        assert_eq!(
            parameter(b"icid-value=\"a;b\"", b"icid-value"),
            Some(&b"\"a"[..])
        );
        assert_eq!(
            parameter(b"x=1; icid-value=abc", b"icid-value"),
            Some(&b"abc"[..])
        );
    }
}
