//! GTP-U version 1 (3GPP TS 29.281 5): the user plane of mobile networks.

use crate::Flow;
use crate::decode::{Decoded, Sighting, ppp, tunnel};

const KIND: u32 = 8;
const USER_PACKET: u8 = 255;

/// A GTP-U message; everything but a user packet is [`Decoded::Other`].
pub(super) fn packet<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    let (&[flags, kind, high, low, a, b, c, d], rest) = bytes.split_first_chunk::<8>()?;
    // Version 1, protocol type GTP.
    if flags & 0xf0 != 0x30 {
        return None;
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > rest.len() + seen.missing as usize {
        return None;
    }
    if kind != USER_PACKET {
        return matches!(kind, 1 | 2 | 26 | 31 | 253 | 254).then_some(Decoded::Other);
    }
    let mut inner = seen.clip(rest, length);
    if flags & 0x07 != 0 {
        let (&[_, _, _, next], after) = inner.split_first_chunk::<4>()?;
        inner = after_extensions(next, after)?;
    }
    if let Err(reason) = seen.enter(
        KIND,
        Sighting::along(flow, u32::from_be_bytes([a, b, c, d])),
    ) {
        return Some(Decoded::Skipped(reason));
    }
    match inner {
        [0xff, 0x03, ..] => Some(ppp::frame(seen, inner)),
        _ => tunnel::ip_or_ethernet(seen, inner),
    }
}

/// Steps over extension headers: length in units of 4 bytes, content, next type (5.2.1).
fn after_extensions(mut next: u8, mut bytes: &[u8]) -> Option<&[u8]> {
    while next != 0 {
        let length = usize::from(*bytes.first()?) * 4;
        next = *bytes.get(..length)?.last()?;
        bytes = &bytes[length..];
    }
    Some(bytes)
}
