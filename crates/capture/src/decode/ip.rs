//! IPv4 (RFC 791) and IPv6 (RFC 8200) headers, up to the transport or a fragment.

use std::net::IpAddr;

use etherparse::{Ipv4HeaderSlice, Ipv6HeaderSlice};

use crate::decode::{Decoded, Fragment, Place, Sighting, reason, transport};

/// IPv4 or IPv6, by the version nibble.
pub(super) fn any<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    match bytes.first().map(|first| first >> 4) {
        Some(4) => version4(seen, bytes),
        Some(6) => version6(seen, bytes),
        Some(_) | None => seen.short(reason::MALFORMED_IP),
    }
}

/// An IPv4 packet. Checksums are not looked at: capture offload leaves them wrong.
#[inline(never)]
pub(super) fn version4<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    version4_inlined(seen, bytes)
}

/// The same, inlined into its caller, where nearly all packets come by.
#[inline(always)]
pub(super) fn version4_inlined<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Ok(header) = Ipv4HeaderSlice::from_slice(bytes) else {
        return seen.short(reason::MALFORMED_IP);
    };
    let header_length = header.slice().len();
    let total_length = usize::from(header.total_len());
    // Segmentation offload hands packets to the capture before their length is filled in.
    let packet = if total_length < header_length {
        bytes
    } else {
        seen.clip(bytes, total_length)
    };
    let payload = packet.get(header_length..).unwrap_or_default();
    let (src, dst) = (
        IpAddr::V4(header.source_addr()),
        IpAddr::V4(header.destination_addr()),
    );
    seen.passage.ip_id = header.identification();
    seen.passage.ttl = header.ttl();
    if header.is_fragmenting_payload() {
        return Decoded::Fragment(Fragment {
            seen: *seen,
            src,
            dst,
            protocol: header.protocol().0,
            id: u32::from(header.identification()),
            offset: usize::from(header.fragments_offset().value()) * 8,
            place: if header.more_fragments() {
                Place::Inner
            } else {
                Place::Last
            },
            bytes: payload,
        });
    }
    transport::protocol(seen, src, dst, header.protocol().0, payload)
}

/// An IPv6 packet with its extension headers.
pub(super) fn version6<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Ok(header) = Ipv6HeaderSlice::from_slice(bytes) else {
        return seen.short(reason::MALFORMED_IP);
    };
    let header_length = header.slice().len();
    let payload_length = usize::from(header.payload_length());
    // Zero: a jumbogram (RFC 2675) or segmentation offload.
    let packet = if payload_length == 0 {
        bytes
    } else {
        seen.clip(bytes, header_length + payload_length)
    };
    let payload = packet.get(header_length..).unwrap_or_default();
    let src = IpAddr::V6(header.source_addr());
    let dst = IpAddr::V6(header.destination_addr());
    seen.passage.ip_id = 0;
    seen.passage.ttl = header.hop_limit();
    match walk(header.next_header().0, payload) {
        Some(Chain::Whole(protocol, bytes)) => transport::protocol(seen, src, dst, protocol, bytes),
        Some(Chain::Part {
            protocol,
            id,
            offset,
            place,
            bytes,
        }) => Decoded::Fragment(Fragment {
            seen: *seen,
            src,
            dst,
            protocol,
            id,
            offset,
            place,
            bytes,
        }),
        None => seen.short(reason::MALFORMED_IP),
    }
}

const HOP_BY_HOP: u8 = 0;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const DESTINATION_OPTIONS: u8 = 60;
const MOBILITY: u8 = 135;
const HOST_IDENTITY: u8 = 139;
const SHIM6: u8 = 140;

/// What the extension headers lead to.
enum Chain<'a> {
    /// The payload of a whole packet, with its protocol.
    Whole(u8, &'a [u8]),
    /// A part of one.
    Part {
        protocol: u8,
        id: u32,
        offset: usize,
        place: Place,
        bytes: &'a [u8],
    },
}

/// Walks the chain of extension headers (RFC 8200 4) in whatever order it comes; `None` where it
/// ends early.
///
/// The walk ends at the first fragment header: what follows the header of a later fragment is
/// payload, whatever the "next header" says.
#[inline]
fn walk(mut next: u8, mut bytes: &[u8]) -> Option<Chain<'_>> {
    loop {
        match next {
            HOP_BY_HOP | ROUTING | DESTINATION_OPTIONS | MOBILITY | HOST_IDENTITY | SHIM6 => {
                let &[following, eights, ..] = bytes else {
                    return None;
                };
                (next, bytes) = (following, bytes.get(usize::from(eights) * 8 + 8..)?);
            }
            FRAGMENT => {
                let (&[following, _, high, low, a, b, c, d], rest) =
                    bytes.split_first_chunk::<8>()?;
                let bits = u16::from_be_bytes([high, low]);
                let (offset, more) = (usize::from(bits & !7), bits & 1 == 1);
                if offset > 0 || more {
                    return Some(Chain::Part {
                        protocol: following,
                        id: u32::from_be_bytes([a, b, c, d]),
                        offset,
                        place: if more { Place::Inner } else { Place::Last },
                        bytes: rest,
                    });
                }
                // An atomic fragment (RFC 6946) is a whole datagram.
                (next, bytes) = (following, rest);
            }
            protocol => return Some(Chain::Whole(protocol, bytes)),
        }
    }
}

/// Addresses, protocol and payload of a packet that an ICMP error quotes, cut or not; `None`
/// where the quote is no IP packet, a later fragment, or cut before the payload.
pub(super) fn quoted(bytes: &[u8]) -> Option<(IpAddr, IpAddr, u8, &[u8])> {
    match bytes.first()? >> 4 {
        4 => {
            let header = Ipv4HeaderSlice::from_slice(bytes).ok()?;
            if header.fragments_offset().value() > 0 {
                return None;
            }
            let (src, dst) = (header.source_addr(), header.destination_addr());
            let rest = bytes.get(header.slice().len()..)?;
            Some((IpAddr::V4(src), IpAddr::V4(dst), header.protocol().0, rest))
        }
        6 => {
            let header = Ipv6HeaderSlice::from_slice(bytes).ok()?;
            let src = IpAddr::V6(header.source_addr());
            let dst = IpAddr::V6(header.destination_addr());
            let rest = bytes.get(header.slice().len()..)?;
            match walk(header.next_header().0, rest)? {
                Chain::Whole(protocol, bytes)
                | Chain::Part {
                    protocol,
                    offset: 0,
                    bytes,
                    ..
                } => Some((src, dst, protocol, bytes)),
                Chain::Part { .. } => None,
            }
        }
        _ => None,
    }
}
