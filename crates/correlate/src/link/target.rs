//! Whom a URI names, apart from the ways in which it can be written.

use siptriage_sip::uri::{Host, Uri};

use crate::hash;

/// Digits of a number that have to agree: prefixes come and go on the way.
const DIGITS: usize = 7;

/// Hash of user and host of a SIP URI, or of the number of a tel URI. Ports and parameters are
/// left out: devices add and drop them (RFC 3261 19.1.4).
pub(super) fn place(uri: &Uri<'_>) -> Option<u64> {
    let user = uri.user().map(|user| hash::bytes(&user.unescaped()));
    let host = uri.host().map(host);
    (user.is_some() || host.is_some()).then(|| hash::of(&(user, host)))
}

/// The same of a URI as it stands on the wire.
pub(super) fn written_place(uri: &[u8]) -> Option<u64> {
    place(&Uri::parse(uri).ok()?)
}

/// The user of a URI; of a number, what prefixes leave alone.
pub(crate) fn user(uri: &[u8]) -> Option<&[u8]> {
    let colon = uri.iter().position(|byte| *byte == b':')?;
    let rest = &uri[colon + 1..];
    let is_tel = uri[..colon].eq_ignore_ascii_case(b"tel");
    let end = rest.iter().position(|byte| *byte == b'@');
    let user = match end {
        Some(end) => &rest[..end],
        None if is_tel => rest,
        None => return None,
    };
    number(user)
}

/// A user; of a number, what prefixes leave alone.
pub(super) fn number(user: &[u8]) -> Option<&[u8]> {
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

/// Whether what [`number`] leaves is a whole number, which no other subscriber has.
pub(super) fn is_whole(number: &[u8]) -> bool {
    number.len() >= DIGITS && number.iter().all(u8::is_ascii_digit)
}

fn host(host: Host<'_>) -> u64 {
    match host {
        Host::Name(name) => hash::bytes(&name.to_ascii_lowercase()),
        Host::V4(address) => hash::of(&address),
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
}
