//! Tunnels inside UDP. The port only suggests one; the bytes have to agree.

use crate::Flow;
use crate::decode::{
    Decoded, Sighting, esp, ethertype, gre, gtp, guess, hep, ip, l2tp, link, mpls,
};
use crate::decode::{reason, sctp};

const VXLAN: u32 = 3;
const GENEVE: u32 = 4;
const TZSP: u32 = 5;
const VXLAN_GPE: u32 = 6;
const MPLS_IN_UDP: u32 = 7;

/// Whether a port or the first bytes suggest that a UDP payload is a tunnel.
#[inline]
pub(super) fn is_likely(src_port: u16, dst_port: u16, bytes: &[u8]) -> bool {
    is_port(dst_port) || is_port(src_port) || hep::is_marked(bytes)
}

#[inline]
fn is_port(port: u16) -> bool {
    matches!(
        port,
        1701 | 2152 | 4500 | 4754 | 4789 | 4790 | 6081 | 6635 | 8472 | 9899 | 37008
    )
}

/// What the tunnel in a UDP payload carries, if it is one. The step is taken on a copy of what
/// is known, so that a wrong guess leaves no trace.
#[cold]
#[inline(never)]
pub(super) fn inside<'a>(mut seen: Sighting, flow: Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    let (seen, flow) = (&mut seen, &flow);
    let inner = match (flow.dst.port, flow.src.port) {
        (4789 | 8472, _) => vxlan(seen, flow, bytes),
        (4790, _) => vxlan_gpe(seen, flow, bytes),
        (6081, _) => geneve(seen, flow, bytes),
        (2152, _) | (_, 2152) => gtp::packet(seen, flow, bytes),
        (1701, _) | (_, 1701) => l2tp::over_udp(seen, flow, bytes),
        (4500, _) | (_, 4500) => esp::over_udp(seen, flow, bytes),
        (4754, _) => gre_in_udp(seen, flow, bytes),
        (6635, _) => mpls_in_udp(seen, flow, bytes),
        (9899, _) | (_, 9899) => sctp::over_udp(seen, flow, bytes),
        (37008, _) => tzsp(seen, flow, bytes),
        _ => hep::packet(seen, bytes),
    };
    match inner {
        Some(Decoded::Skipped(
            reason::MALFORMED_LINK | reason::MALFORMED_IP | reason::MALFORMED_TUNNEL,
        )) => None,
        inner => inner,
    }
}

/// RFC 7348 5, with the group policy flag in use. Port 8472 is Linux's.
fn vxlan<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    let (&[flags, r, _, _, a, b, c, 0], frame) = bytes.split_first_chunk::<8>()? else {
        return None;
    };
    if flags & 0x7f != 0x08 || r & 0xb7 != 0 || frame.len() < 14 {
        return None;
    }
    Some(
        match seen.enter(
            VXLAN,
            Sighting::along(flow, u32::from_be_bytes([0, a, b, c])),
        ) {
            Ok(()) => link::ethernet(seen, frame),
            Err(reason) => Decoded::Skipped(reason),
        },
    )
}

/// draft-ietf-nvo3-vxlan-gpe-13 3.1.
fn vxlan_gpe<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    let (&[flags, 0, 0, next, a, b, c, 0], inner) = bytes.split_first_chunk::<8>()? else {
        return None;
    };
    if flags & 0x0c != 0x0c {
        return None;
    }
    if let Err(reason) = seen.enter(
        VXLAN_GPE,
        Sighting::along(flow, u32::from_be_bytes([0, a, b, c])),
    ) {
        return Some(Decoded::Skipped(reason));
    }
    match next {
        1 | 2 => Some(ip::any(seen, inner)),
        3 => Some(link::ethernet(seen, inner)),
        5 => Some(mpls::stack(seen, inner)),
        _ => None,
    }
}

/// RFC 8926 3.4.
fn geneve<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    let (&[options, flags, e, f, a, b, c, 0], rest) = bytes.split_first_chunk::<8>()? else {
        return None;
    };
    if options & 0xc0 != 0 || flags & 0x3f != 0 {
        return None;
    }
    let inner = rest.get(usize::from(options) * 4..)?;
    if let Err(reason) = seen.enter(
        GENEVE,
        Sighting::along(flow, u32::from_be_bytes([0, a, b, c])),
    ) {
        return Some(Decoded::Skipped(reason));
    }
    match u16::from_be_bytes([e, f]) {
        0x6558 => Some(link::ethernet(seen, inner)),
        0..=0x05ff => None,
        ethertype => Some(ethertype::dispatch(seen, ethertype, inner)),
    }
}

/// RFC 8086.
fn gre_in_udp<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    match bytes {
        [flags, 0, ..] if flags & 0x4f == 0 => {
            Some(gre::packet(seen, flow.src.ip, flow.dst.ip, bytes))
        }
        _ => None,
    }
}

/// RFC 7510.
fn mpls_in_udp<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    match seen.enter(MPLS_IN_UDP, Sighting::along(flow, 0)) {
        Ok(()) => Some(mpls::stack(seen, bytes)),
        Err(reason) => Some(Decoded::Skipped(reason)),
    }
}

/// TaZmen Sniffer Protocol: a mirrored frame behind tagged fields.
fn tzsp<'a>(seen: &mut Sighting, flow: &Flow, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    const PADDING: u8 = 0;
    const END: u8 = 1;
    let (&[1, 0 | 1, 0, 1], mut rest) = bytes.split_first_chunk::<4>()? else {
        return None;
    };
    loop {
        match rest {
            [PADDING, after @ ..] => rest = after,
            [END, frame @ ..] => {
                return Some(match seen.enter(TZSP, Sighting::along(flow, 0)) {
                    Ok(()) => link::ethernet(seen, frame),
                    Err(reason) => Decoded::Skipped(reason),
                });
            }
            [_, length, after @ ..] => rest = after.get(usize::from(*length)..)?,
            _ => return None,
        }
    }
}

/// Whether the payload of a tunnel that may carry several things is IP.
pub(super) fn ip_or_ethernet<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    if guess::is_ip(seen, bytes) {
        Some(ip::any(seen, bytes))
    } else if guess::is_ethernet(seen, bytes) {
        Some(link::ethernet(seen, bytes))
    } else {
        None
    }
}
