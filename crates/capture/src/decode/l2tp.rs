//! L2TP version 2 (RFC 2661) and version 3 (RFC 3931).

use std::net::IpAddr;

use crate::Flow;
use crate::decode::{Decoded, Sighting, ppp, reason, tunnel};

const KIND: u32 = 9;
const CONTROL: u16 = 0x8000;
const LENGTH: u16 = 0x4000;
const SEQUENCE: u16 = 0x0800;
const OFFSET: u16 = 0x0200;

/// L2TP in UDP.
pub(super) fn over_udp<'a>(
    seen: &mut Sighting,
    flow: &Flow,
    bytes: &'a [u8],
) -> Option<Decoded<'a>> {
    let (&flags, rest) = bytes.split_first_chunk::<2>()?;
    let flags = u16::from_be_bytes(flags);
    match (flags & 0x000f, flags & CONTROL) {
        (2 | 3, CONTROL) if flags & (LENGTH | SEQUENCE) == LENGTH | SEQUENCE => {
            Some(Decoded::Other)
        }
        (2, 0) if flags & 0x34f0 == 0 => version2(seen, flow, flags, rest),
        (3, 0) if flags == 3 => {
            let (&[_, _, a, b, c, d], rest) = rest.split_first_chunk::<6>()?;
            if let Err(reason) = seen.enter(
                KIND,
                Sighting::along(flow, u32::from_be_bytes([a, b, c, d])),
            ) {
                return Some(Decoded::Skipped(reason));
            }
            version3(seen, rest)
        }
        _ => None,
    }
}

/// L2TP version 3 right on IP (RFC 3931 4.1.1). Session 0 is control.
pub(super) fn over_ip<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    bytes: &'a [u8],
) -> Decoded<'a> {
    let Some((&session, rest)) = bytes.split_first_chunk::<4>() else {
        return seen.short(reason::MALFORMED_TUNNEL);
    };
    let session = u32::from_be_bytes(session);
    if session == 0 {
        return Decoded::Other;
    }
    if let Err(reason) = seen.enter(KIND, Sighting::between(src, dst, session)) {
        return Decoded::Skipped(reason);
    }
    version3(seen, rest).unwrap_or_else(|| seen.short(reason::MALFORMED_TUNNEL))
}

/// A data message (RFC 2661 3.1) carries a PPP frame.
fn version2<'a>(
    seen: &mut Sighting,
    flow: &Flow,
    flags: u16,
    mut rest: &'a [u8],
) -> Option<Decoded<'a>> {
    if flags & LENGTH != 0 {
        let (&length, after) = rest.split_first_chunk::<2>()?;
        let body = usize::from(u16::from_be_bytes(length)).checked_sub(4)?;
        rest = seen.clip(after, body);
    }
    let (&ids, mut rest) = rest.split_first_chunk::<4>()?;
    if flags & SEQUENCE != 0 {
        rest = rest.get(4..)?;
    }
    if flags & OFFSET != 0 {
        let (&offset, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_be_bytes(offset))..)?;
    }
    if let Err(reason) = seen.enter(KIND, Sighting::along(flow, u32::from_be_bytes(ids))) {
        return Some(Decoded::Skipped(reason));
    }
    match ppp::frame(seen, rest) {
        Decoded::Skipped(reason::UNKNOWN_ETHERTYPE) => None,
        inner => Some(inner),
    }
}

/// After the session come a cookie of 0, 4 or 8 bytes and perhaps a sublayer of 4, as both ends
/// agreed where nobody saw it. The first place where a packet fits is taken.
fn version3<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    for skip in [0, 4, 8, 12] {
        let rest = bytes.get(skip..)?;
        if let [0xff, 0x03, 0x00, 0x21 | 0x57, ..] = rest {
            return Some(ppp::frame(seen, rest));
        }
        if let Some(inner) = tunnel::ip_or_ethernet(seen, rest) {
            return Some(inner);
        }
    }
    None
}
