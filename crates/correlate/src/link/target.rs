//! Whom a URI names, apart from the ways in which it can be written.

use siptriage_sip::uri::{Host, Party, Uri, UriPart};

use crate::hash;

/// Digits of a number that have to agree: prefixes come and go on the way.
const DIGITS: usize = 7;

/// Hash of user and host of a SIP URI, or of the number of a tel URI. Ports and parameters are
/// left out: devices add and drop them (RFC 3261 19.1.4).
pub(super) fn place(uri: &Uri<'_>) -> Option<u64> {
    hash_of(uri.user(), uri.host().map(host))
}

/// The same of a URI as it stands on the wire.
pub(super) fn written_place(uri: &[u8]) -> Option<u64> {
    place_of(Party::of(uri)?)
}

/// The same of whom a URI names.
pub(super) fn place_of(party: Party<'_>) -> Option<u64> {
    let host = match party.host() {
        Some(text @ [b'[', ..]) => Some(host(Host::parse(text).ok()?)),
        Some(text) => Some(host(Host::Name(text))),
        None => None,
    };
    hash_of(party.user, host)
}

fn hash_of(user: Option<UriPart<'_>>, host: Option<u64>) -> Option<u64> {
    let user = user.map(|user| hash::bytes(&user.unescaped()));
    (user.is_some() || host.is_some()).then(|| hash::of(&(user, host)))
}

/// The user of a URI; of a number, what prefixes leave alone.
pub(crate) fn user(uri: &[u8]) -> Option<&[u8]> {
    user_of(Party::of(uri)?)
}

/// The same of whom a URI names.
pub(super) fn user_of(party: Party<'_>) -> Option<&[u8]> {
    number(party.user?.0)
}

/// A user; of a number, what prefixes leave alone.
pub(super) fn number(user: &[u8]) -> Option<&[u8]> {
    let digits = user.strip_prefix(b"+").unwrap_or(user);
    let end = digits.iter().position(|byte| !byte.is_ascii_digit());
    let count = end.unwrap_or(digits.len());
    match digits.get(count) {
        None | Some(b';') if count > DIGITS => Some(&digits[count - DIGITS..count]),
        _ if digits.is_empty() || digits.starts_with(b";") => None,
        _ => user.split(|byte| *byte == b';').next(),
    }
}

/// Whether what [`number`] leaves is a whole number, which no other subscriber has.
pub(super) fn is_whole(number: &[u8]) -> bool {
    number.len() >= DIGITS && number.iter().all(u8::is_ascii_digit)
}

/// Hash of a host. There is one way only to write an IPv4 address, so its text does for it.
fn host(host: Host<'_>) -> u64 {
    match host {
        Host::Name(name) if name.iter().any(u8::is_ascii_uppercase) => {
            hash::bytes(&name.to_ascii_lowercase())
        }
        Host::Name(name) => hash::bytes(name),
        Host::V4(address) => hash::bytes(address.to_string().as_bytes()),
        Host::V6(address) => hash::of(&address),
    }
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
        for (written, expected) in [
            (&b"2125551234"[..], Some(&b"5551234"[..])),
            (b"+12125551234;ext=9", Some(b"5551234")),
            (b"5551234", Some(b"5551234")),
            (b"+5551234;x", Some(b"+5551234")),
            (b"12125551234a", Some(b"12125551234a")),
            (b"alice;x=12345678", Some(b"alice")),
            (b"", None),
            (b"+;x", None),
            (b";12345678", None),
        ] {
            assert_eq!(number(written), expected, "{written:?}");
        }
        assert_eq!(user(b"sip:1001@example.com"), Some(&b"1001"[..]));
        assert_eq!(user(b"sip:example.com"), None);
        assert!(is_whole(b"5551234"));
        assert!(!is_whole(b"1001") && !is_whole(b"alice-1"));
    }

    #[test]
    fn a_place_is_the_same_however_it_is_written() {
        let plain = written_place(b"sip:carol@example.com");
        assert!(plain.is_some());
        assert_eq!(
            written_place(b"sip:carol@EXAMPLE.com:5060;transport=udp"),
            plain
        );
        assert_eq!(
            written_place(b"sips:carol@example.com?Replaces=1%40x"),
            plain
        );
        assert_ne!(written_place(b"sip:Carol@example.com"), plain);
        assert_ne!(written_place(b"sip:carol@example.net"), plain);
        assert_ne!(written_place(b"sip:example.com"), plain);
        assert_eq!(written_place(b"urn:service:sos"), None);
    }

    #[test]
    fn a_place_is_the_same_parsed_or_not() {
        for uri in [
            "sip:carol@Example.com:5061;lr",
            "sip:%63arol@192.0.2.1",
            "sip:carol@[2001:db8:0::1]:5060",
            "sip:192.0.2.1",
            "tel:+1-555-0100;ext=9",
        ] {
            let parsed = place(&Uri::parse(uri.as_bytes()).unwrap());
            assert!(parsed.is_some());
            assert_eq!(written_place(uri.as_bytes()), parsed, "{uri}");
        }
        let short = written_place(b"sip:carol@[2001:db8::1]");
        assert_eq!(written_place(b"sip:carol@[2001:DB8:0::1]:5060"), short);
    }
}
