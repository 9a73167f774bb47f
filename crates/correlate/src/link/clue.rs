//! What an INVITE says about the call that it belongs to.

use std::net::IpAddr;

use siptriage_capture::{Flow, Time};
use siptriage_sip::header::{Diversion, HistoryInfo};
use siptriage_sip::uri::Uri;
use siptriage_sip::{HeaderName, HeaderSet, HeaderValue, Scanned, sdp};
use smallvec::SmallVec;

use super::LinkReason;
use super::invitation::Invitation;
use super::target::{is_whole, number, user};
use crate::hash;
use crate::leg::LegId;
use crate::observation::Observation;
use crate::text::Texts;

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
    pub clues: Clues,
    /// How many of these are names of a call: nothing tells more.
    pub names: u32,
    /// Whether it calls a whole number for somebody who is named.
    pub is_told_by_numbers: bool,
    pub(super) invitation: Invitation,
}

/// A value that legs of one call share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clue {
    /// What kind of value.
    pub reason: LinkReason,
    /// Hash of the value.
    pub value: u64,
}

/// The clues of one leg: so many have most.
pub type Clues = SmallVec<[Clue; 3]>;

/// Diversions of one INVITE that are looked at.
const DIVERSIONS: usize = 8;

impl Clue {
    /// A clue of a value.
    pub(super) fn new(reason: LinkReason, value: &impl std::hash::Hash) -> Clue {
        let value = hash::of(value);
        Clue { reason, value }
    }

    /// The clue by which the INVITE that follows a redirection is known: its target, its From and
    /// its source.
    pub(super) fn redirection(target: u64, from: &[u8], caller: IpAddr) -> Clue {
        let value = (target, hash::bytes(Texts::kept(from)), caller);
        Clue::new(LinkReason::Redirection, &value)
    }
}

/// The opening that a message makes.
///
/// `headers` are further ones that name the other leg's Call-ID or carry the same value on both.
#[inline(never)]
pub(crate) fn opening(observation: &Observation<'_>, headers: &[String]) -> Box<Opening> {
    let id = LegId {
        frame: observation.frame,
        call_id_hash: observation.call_id_hash,
    };
    let message = observation.message;
    let ends = Ends::of(message);
    let mut clues = Clues::new();
    names(message, headers, &mut clues);
    let names = clues.len() as u32;
    likenesses(message, &ends, &mut clues);
    Box::new(Opening {
        id,
        clock: observation.clock,
        flow: observation.flow,
        clues,
        names,
        is_told_by_numbers: ends.called.is_some_and(is_whole) && ends.is_caller_named(),
        invitation: Invitation::of(message),
    })
}

/// Between whom a call is to be: users, cut to what prefixes leave alone.
struct Ends<'a> {
    caller: Option<&'a [u8]>,
    called: Option<&'a [u8]>,
}

impl<'a> Ends<'a> {
    fn of(message: Scanned<'a>) -> Ends<'a> {
        Ends {
            caller: message.from_uri().and_then(user),
            called: message.request_uri().and_then(user),
        }
    }

    /// Whether it is said who calls (RFC 3323 4.1, RFC 3325 10.1 and common practice).
    fn is_caller_named(&self) -> bool {
        const NOBODY: [&[u8]; 4] = [b"anonymous", b"unavailable", b"unknown", b"restricted"];
        let is = |caller: &[u8]| !NOBODY.iter().any(|word| word.eq_ignore_ascii_case(caller));
        self.caller.is_some_and(is)
    }
}

/// Headers that name the call, or another leg of it.
const NAMING: HeaderSet = HeaderSet::EMPTY
    .with(HeaderName::SessionId)
    .with(HeaderName::XCid)
    .with(HeaderName::XCallId)
    .with(HeaderName::PChargingVector)
    .with(HeaderName::CiscoGuid)
    .with(HeaderName::XTwilioCallSid)
    .with(HeaderName::Replaces);

/// Headers that name those whom the call was meant for before.
const DIVERTING: HeaderSet = HeaderSet::EMPTY
    .with(HeaderName::Diversion)
    .with(HeaderName::HistoryInfo);

/// What a message that opens a leg has in common with others of its call.
fn likenesses(message: Scanned<'_>, ends: &Ends<'_>, clues: &mut Clues) {
    description(message, clues);
    if let Some(caller) = ends.caller
        && message.outline.has.intersects(DIVERTING)
    {
        diversions(message, caller, clues);
    }
    if let (Some(caller), Some(called)) = (ends.caller, ends.called) {
        let ends = (hash::bytes(caller), hash::bytes(called));
        clues.push(Clue::new(LinkReason::Numbers, &ends));
    }
}

/// The names that headers give to the call and to other legs of it.
fn names(message: Scanned<'_>, headers: &[String], clues: &mut Clues) {
    if headers.is_empty() && !message.outline.has.intersects(NAMING) {
        return;
    }
    let mut add = |reason, value| clues.push(Clue { reason, value });
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
        // A leg that another one gave rise to names that one's (RFC 7315 4.6.4).
        for name in [&b"icid-value"[..], b"related-icid"] {
            if let Some(icid) = parameter(value, name) {
                add(LinkReason::ChargingVector, hash::bytes(icid));
            }
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
}

/// Whom the INVITE of `caller` was meant for before it was diverted: every entry of History-Info but the last,
/// which is the target (RFC 7044), and every Diversion (RFC 5806). A leg to one of them, from the
/// same caller, came before.
fn diversions(message: Scanned<'_>, caller: &[u8], clues: &mut Clues) {
    let mut divert = |uri: &Uri<'_>| {
        if let Some(called) = uri.user().and_then(|user| number(user.0)) {
            let ends = (hash::bytes(caller), hash::bytes(called));
            clues.push(Clue::new(LinkReason::Diversion, &ends));
        }
    };
    let diversions = message.elements(HeaderName::Diversion).take(DIVERSIONS);
    for diversion in diversions.filter_map(|value| Diversion::parse(value).ok()) {
        divert(&diversion.address.uri);
    }
    let entries = message.elements(HeaderName::HistoryInfo).take(DIVERSIONS);
    let mut entries = entries
        .filter_map(|value| HistoryInfo::parse(value).ok())
        .peekable();
    while let Some(entry) = entries.next() {
        if entries.peek().is_some() {
            divert(&entry.address.uri);
        }
    }
}

/// Origin of the session description and address of its first stream. Addresses that stand for none
/// yet (RFC 3264 8.4, RFC 8840 4.1.1) are those of many.
fn description(message: Scanned<'_>, clues: &mut Clues) {
    let mut address: Option<&[u8]> = None;
    let mut port: Option<&[u8]> = None;
    for (letter, value) in sdp::values(message.body(), *b"ocm") {
        match letter {
            b'o' if names_a_host(value) => clues.push(Clue {
                reason: LinkReason::SdpOrigin,
                value: hash::bytes(value),
            }),
            b'c' => address = Some(value),
            b'm' if port.is_some() => break,
            b'm' => port = value.split(|byte| *byte == b' ').nth(1),
            _ => {}
        }
    }
    if let (Some(address), Some(port)) = (address, port)
        && names_a_host(address)
        && !matches!(port, b"0" | b"9")
    {
        let place = (hash::bytes(address), hash::bytes(port));
        clues.push(Clue::new(LinkReason::MediaAddress, &place));
    }
}

/// Whether the address at the end of a line is that of a host.
fn names_a_host(line: &[u8]) -> bool {
    const NOWHERE: [&[u8]; 4] = [b"", b"0.0.0.0", b"::", b"0:0:0:0:0:0:0:0"];
    let is_word = |before: &[u8]| matches!(before.last(), None | Some(b' '));
    let ends_in = |address| line.strip_suffix(address).is_some_and(is_word);
    !NOWHERE.into_iter().any(ends_in)
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

#[cfg(test)]
mod tests {
    use siptriage_sip::scan;

    use super::*;

    #[test]
    fn nil_uuids_link_nothing() {
        let value = b"ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000";
        let found: Vec<&[u8]> = uuids(value).collect();
        assert_eq!(found, [&b"ab30317f1a784dc48ff824d0d3715d86"[..]]);
    }

    #[test]
    fn an_opening_stays_small() {
        let bytes = size_of::<Opening>();
        assert!(bytes <= 224, "{bytes} bytes");
    }

    #[test]
    fn a_stream_goes_to_its_own_address_before_that_of_the_session() {
        let media_address = |text: &str| {
            let text = format!("INVITE sip:a@x SIP/2.0\r\n\r\n{text}");
            let outline = scan(text.as_bytes()).expect("has a start line");
            let mut clues = Clues::new();
            description(Scanned::new(text.as_bytes(), &outline), &mut clues);
            let mut values = clues.into_iter();
            values.find(|clue| clue.reason == LinkReason::MediaAddress)
        };
        let session = media_address("c=IN IP4 192.0.2.1\r\na=x\r\nm=audio 9000 RTP/AVP 0\r\n");
        assert!(session.is_some());
        for (text, expected) in [
            (
                "c=IN IP4 192.0.2.9\nm=audio 9000 RTP/AVP 0\nc=IN IP4 192.0.2.1\na=x\n",
                session,
            ),
            (
                "c=IN IP4 192.0.2.1\nm=audio 9000 RTP/AVP 0\na=x\nm=video 9002 RTP/AVP 0\nc=IN IP4 192.0.2.9\n",
                session,
            ),
            (
                "c=IN IP4 192.0.2.1\nm=audio 9000 RTP/AVP 0\nm=video 9002 RTP/AVP 0\nc=IN IP4 192.0.2.9\n",
                session,
            ),
            ("c=IN IP4 192.0.2.1\nm=audio 9 RTP/AVP 0\n", None),
            ("m=audio 9000 RTP/AVP 0\na=x\n", None),
        ] {
            assert_eq!(media_address(text), expected, "{text}");
        }
    }

    #[test]
    fn no_stream_goes_to_an_address_that_stands_for_none() {
        for line in [
            "IN IP4 0.0.0.0",
            "IN IP6 ::",
            "IN IP4 ",
            "",
            "0:0:0:0:0:0:0:0",
        ] {
            assert!(!names_a_host(line.as_bytes()), "{line}");
        }
        for line in ["IN IP4 10.0.0.0", "IN IP6 2001:db8::", "192.0.2.1"] {
            assert!(names_a_host(line.as_bytes()), "{line}");
        }
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
