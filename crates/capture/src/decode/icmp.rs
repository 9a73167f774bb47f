//! ICMP (RFC 792) and ICMPv6 (RFC 4443): who refused which packet.

use std::net::IpAddr;

use crate::decode::{Cause, Decoded, Refusal, Sighting, ip};
use crate::{Endpoint, Flow, Transport};

/// An ICMP message. Anything but an error is [`Decoded::Other`].
pub(super) fn version4<'a>(
    seen: &Sighting,
    reporter: IpAddr,
    told: IpAddr,
    bytes: &'a [u8],
) -> Decoded<'a> {
    match bytes.split_first_chunk::<8>() {
        Some((&[kind @ (3 | 4 | 11 | 12), code, ..], quoted)) => {
            refusal(seen, reporter, told, Cause::V4 { kind, code }, quoted)
        }
        Some(_) | None => Decoded::Other,
    }
}

/// An ICMPv6 message. Anything but an error is [`Decoded::Other`].
pub(super) fn version6<'a>(
    seen: &Sighting,
    reporter: IpAddr,
    told: IpAddr,
    bytes: &'a [u8],
) -> Decoded<'a> {
    match bytes.split_first_chunk::<8>() {
        Some((&[kind @ 1..=4, code, ..], quoted)) => {
            refusal(seen, reporter, told, Cause::V6 { kind, code }, quoted)
        }
        Some(_) | None => Decoded::Other,
    }
}

/// Reads the quoted packet, of which at least 8 bytes after its IP header are promised
/// (RFC 792 "Internet Header + 64 bits of Original Data Datagram").
fn refusal<'a>(
    seen: &Sighting,
    reporter: IpAddr,
    told: IpAddr,
    cause: Cause,
    packet: &'a [u8],
) -> Decoded<'a> {
    let Some((src, dst, protocol, rest)) = ip::quoted(packet) else {
        return Decoded::Other;
    };
    let (transport, header_length) = match protocol {
        6 => (Transport::Tcp, 4),
        17 => (Transport::Udp, 8),
        132 => (Transport::Sctp, 4),
        _ => return Decoded::Other,
    };
    let &[a, b, c, d, ..] = rest else {
        return Decoded::Other;
    };
    let flow = Flow {
        src: Endpoint::new(src, u16::from_be_bytes([a, b])),
        dst: Endpoint::new(dst, u16::from_be_bytes([c, d])),
        transport,
    };
    let quoted = rest.get(header_length..).unwrap_or_default();
    Decoded::Refusal(Refusal {
        seen: *seen,
        reporter,
        told,
        cause,
        flow,
        quoted,
    })
}
