//! ESP (RFC 4303) whose payload is not encrypted (RFC 2410), as IMS phones use it.

use std::net::IpAddr;

use crate::Flow;
use crate::decode::{Decoded, Sighting, guess, reason, transport};

const KIND: u32 = 10;
const IPV4: u8 = 4;
const TCP: u8 = 6;
const UDP: u8 = 17;
const IPV6: u8 = 41;

/// Lengths of the integrity check value, the likeliest first: HMAC-96 of MD5 and SHA-1,
/// SHA-256-128 and GMAC, none, SHA-384-192, SHA-512-256, and 8 of old.
const CHECK_BYTES: [usize; 6] = [12, 16, 0, 24, 32, 8];

/// An ESP packet. It is opened only when a trailer is found under which the payload makes
/// sense; what does not is taken for encrypted.
pub(super) fn packet<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    bytes: &'a [u8],
) -> Decoded<'a> {
    let Some((&[a, b, c, d, ..], rest)) = bytes.split_first_chunk::<8>() else {
        return seen.short(reason::MALFORMED_TUNNEL);
    };
    if seen.missing > 0 {
        return Decoded::Skipped(reason::TRUNCATED);
    }
    let opened = CHECK_BYTES
        .iter()
        .find_map(|&check| open(seen, rest, check));
    let Some((next, payload)) = opened else {
        return Decoded::Skipped(reason::ESP_ENCRYPTED);
    };
    match seen.enter(
        KIND,
        Sighting::between(src, dst, u32::from_be_bytes([a, b, c, d])),
    ) {
        Ok(()) => transport::protocol(seen, src, dst, next, payload),
        Err(reason) => Decoded::Skipped(reason),
    }
}

/// ESP in UDP (RFC 3948). A zero where the SPI would be marks IKE, one byte 0xff a keep-alive.
pub(super) fn over_udp<'a>(
    seen: &mut Sighting,
    flow: &Flow,
    bytes: &'a [u8],
) -> Option<Decoded<'a>> {
    match bytes {
        [0xff] | [0, 0, 0, 0, ..] => Some(Decoded::Other),
        _ => match packet(seen, flow.src.ip, flow.dst.ip, bytes) {
            Decoded::Skipped(reason::ESP_ENCRYPTED) => None,
            inner => Some(inner),
        },
    }
}

/// Next header and payload, if they fit a trailer before a check value of `check` bytes.
fn open<'a>(seen: &Sighting, bytes: &'a [u8], check: usize) -> Option<(u8, &'a [u8])> {
    let protected = bytes.get(..bytes.len().checked_sub(check)?)?;
    let (padded, &[padding, next]) = protected.split_last_chunk::<2>()?;
    if protected.len() % 4 != 0 {
        return None;
    }
    let (payload, pad) =
        padded.split_at_checked(padded.len().checked_sub(usize::from(padding))?)?;
    // RFC 4303 2.4: "1, 2, 3, ..."
    if pad
        .iter()
        .zip(1u8..)
        .any(|(&byte, expected)| byte != expected)
    {
        return None;
    }
    let fits = match next {
        IPV4 => payload.first().is_some_and(|first| first >> 4 == 4) && guess::is_ip(seen, payload),
        IPV6 => payload.first().is_some_and(|first| first >> 4 == 6) && guess::is_ip(seen, payload),
        UDP => matches!(payload, [_, _, _, _, high, low, _, _, ..]
            if usize::from(u16::from_be_bytes([*high, *low])) == payload.len()),
        TCP => is_tcp(payload),
        _ => false,
    };
    fits.then_some((next, payload))
}

/// Whether data offset, reserved bits and flags are those of a real segment.
fn is_tcp(payload: &[u8]) -> bool {
    let Some(&[offset, flags]) = payload.get(12..14) else {
        return false;
    };
    let header_bytes = usize::from(offset >> 4) * 4;
    let (syn, fin, rst, ack) = (flags & 2, flags & 1, flags & 4, flags & 16);
    let one_purpose = [syn, fin, rst].iter().filter(|&&flag| flag != 0).count() <= 1;
    let has_purpose = ack != 0 || syn != 0 || rst != 0;
    offset & 0x0e == 0 && (20..=payload.len()).contains(&header_bytes) && one_purpose && has_purpose
}
