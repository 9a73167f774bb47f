//! PPP (RFC 1661), by itself, in HDLC-like framing (RFC 1662) and in PPPoE (RFC 2516).

use crate::decode::{Decoded, Sighting, ip, mpls, reason};

/// A PPP frame with or without address and control (RFC 1662 3.1), with a protocol of one or
/// two bytes (RFC 1661 6.5).
pub(super) fn frame<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let bytes = match bytes {
        [0xff, 0x03, rest @ ..] => rest,
        _ => bytes,
    };
    match bytes {
        // Odd first bytes are whole protocol numbers.
        [low, rest @ ..] if low & 1 == 1 => protocol(seen, u16::from(*low), rest),
        [high, low, rest @ ..] => protocol(seen, u16::from_be_bytes([*high, *low]), rest),
        _ => seen.short(reason::MALFORMED_LINK),
    }
}

/// A serial line: PPP, or Cisco HDLC, which has an Ethernet type in the place of the protocol.
pub(super) fn serial<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    match bytes {
        [0x0f | 0x8f, _, 0x08, 0x00, rest @ ..] => ip::version4(seen, rest),
        [0x0f | 0x8f, _, 0x86, 0xdd, rest @ ..] => ip::version6(seen, rest),
        [0x0f | 0x8f, _, 0x88, 0x47 | 0x48, rest @ ..] => mpls::stack(seen, rest),
        [0x0f | 0x8f, _, _, _, ..] => Decoded::Other,
        _ => frame(seen, bytes),
    }
}

/// A PPPoE session packet, after its Ethernet type.
pub(super) fn over_ethernet<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    match bytes.split_first_chunk::<6>() {
        Some((&[0x11, 0, a, b, high, low], rest)) => {
            seen.on_link(u64::from(u16::from_be_bytes([a, b])) | 1 << 34);
            let length = usize::from(u16::from_be_bytes([high, low]));
            let packet = seen.clip(rest, length);
            frame(seen, packet)
        }
        Some(_) => Decoded::Skipped(reason::MALFORMED_LINK),
        None => seen.short(reason::MALFORMED_LINK),
    }
}

fn protocol<'a>(seen: &mut Sighting, number: u16, bytes: &'a [u8]) -> Decoded<'a> {
    match number {
        0x0021 => ip::version4(seen, bytes),
        0x0057 => ip::version6(seen, bytes),
        0x0281 | 0x0283 => mpls::stack(seen, bytes),
        // Control protocols of layers and links, and of everything that is not IP.
        0x8000.. => Decoded::Other,
        _ => Decoded::Skipped(reason::UNKNOWN_ETHERTYPE),
    }
}
