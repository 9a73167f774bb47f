//! Generic routing encapsulation (RFC 2784, RFC 2890, RFC 2637) and ERSPAN inside it.

use std::net::IpAddr;

use crate::decode::{Decoded, Sighting, ethertype, ip, link, ppp, reason};

const KIND: u32 = 2;
const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGMENT: u16 = 0x0080;

/// A GRE packet of version 0, or 1 as PPTP uses it.
pub(super) fn packet<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    bytes: &'a [u8],
) -> Decoded<'a> {
    let Some((&[a, b, c, d], rest)) = bytes.split_first_chunk::<4>() else {
        return seen.short(reason::MALFORMED_TUNNEL);
    };
    let (flags, protocol) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let Some((key, payload)) = optional_fields(flags, rest) else {
        return seen.short(reason::MALFORMED_TUNNEL);
    };
    if let Err(reason) = seen.enter(KIND, Sighting::between(src, dst, key)) {
        return Decoded::Skipped(reason);
    }
    let has_sequence = flags & SEQUENCE != 0;
    match protocol {
        0x6558 => link::ethernet(seen, payload),
        0x88be if has_sequence => span(seen, payload, 8),
        // ERSPAN type I has no header.
        0x88be => link::ethernet(seen, payload),
        0x22eb => span3(seen, payload),
        0x880b => ppp::frame(seen, payload),
        // Keep-alive, NHRP, and lengths, which GRE does not have.
        0..=0x05ff | 0x2001 => Decoded::Other,
        ethertype => ethertype::dispatch(seen, ethertype, payload),
    }
}

/// The key and what follows the fields that the flags announce.
fn optional_fields(flags: u16, mut rest: &[u8]) -> Option<(u32, &[u8])> {
    let is_pptp = flags & 7 == 1;
    let mut key = 0;
    if !is_pptp && flags & (CHECKSUM | ROUTING) != 0 {
        rest = rest.get(4..)?;
    }
    if flags & KEY != 0 {
        let (&field, after) = rest.split_first_chunk::<4>()?;
        // In PPTP the first half is the length of the payload.
        let mask = if is_pptp { 0xffff } else { u32::MAX };
        (key, rest) = (u32::from_be_bytes(field) & mask, after);
    }
    if flags & SEQUENCE != 0 {
        rest = rest.get(4..)?;
    }
    if is_pptp && flags & ACKNOWLEDGMENT != 0 {
        rest = rest.get(4..)?;
    }
    if !is_pptp && flags & ROUTING != 0 {
        rest = after_routing(rest)?;
    }
    Some((key, rest))
}

/// Steps over source route entries up to the empty one (RFC 1701).
fn after_routing(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (&[family_high, family_low, _, length], after) = rest.split_first_chunk::<4>()?;
        if [family_high, family_low, length] == [0, 0, 0] {
            return Some(after);
        }
        rest = after.get(usize::from(length)..)?;
    }
}

/// A mirrored Ethernet frame behind an ERSPAN header.
fn span<'a>(seen: &mut Sighting, bytes: &'a [u8], header_bytes: usize) -> Decoded<'a> {
    match bytes.get(header_bytes..) {
        Some(frame) => link::ethernet(seen, frame),
        None => seen.short(reason::MALFORMED_TUNNEL),
    }
}

/// ERSPAN type III: 12 bytes, and 8 more when the last bit announces a platform subheader. What
/// was mirrored is Ethernet or, as frame type 2, IP.
fn span3<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((&[.., kind, flags], rest)) = bytes.split_first_chunk::<12>() else {
        return seen.short(reason::MALFORMED_TUNNEL);
    };
    let subheader_bytes = if flags & 1 == 1 { 8 } else { 0 };
    match (kind >> 2) & 0x1f {
        0 => span(seen, rest, subheader_bytes),
        2 => ip::any(seen, rest.get(subheader_bytes..).unwrap_or_default()),
        _ => Decoded::Other,
    }
}
