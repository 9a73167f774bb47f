//! IP protocols: UDP (RFC 768), TCP (RFC 9293) and whatever else IP may carry.

use std::net::IpAddr;

use etherparse::{TcpSlice, UdpHeaderSlice};

use crate::decode::{Decoded, Segment, Sighting};
use crate::decode::{esp, gre, icmp, ip, l2tp, link, mpls, reason, sctp, tunnel};
use crate::{Endpoint, Flow, Transport};

const ICMP: u8 = 1;
const IPV4: u8 = 4;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
const IPV6: u8 = 41;
const GRE: u8 = 47;
const ESP: u8 = 50;
const AUTHENTICATION: u8 = 51;
const ICMPV6: u8 = 58;
const DESTINATION_OPTIONS: u8 = 60;
const ETHERNET_IN_IP: u8 = 97;
const IP_COMPRESSION: u8 = 108;
const L2TP: u8 = 115;
const SCTP: u8 = 132;
const MPLS_IN_IP: u8 = 137;
const ETHERNET: u8 = 143;

const KIND: u32 = 12;

/// Dispatches on the IP protocol number.
///
/// UDP is inlined into the caller: its addresses then stay in registers on their way into the
/// payload, which halves the time of a media packet.
#[inline(always)]
pub(super) fn protocol<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    number: u8,
    bytes: &'a [u8],
) -> Decoded<'a> {
    match number {
        UDP => udp(seen, src, dst, bytes),
        _ => others(seen, src, dst, number, bytes),
    }
}

/// All other protocols. The numbers that stay silent are routing and signalling protocols that
/// cannot carry SIP.
#[inline(never)]
fn others<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    mut number: u8,
    mut bytes: &'a [u8],
) -> Decoded<'a> {
    loop {
        let step = match number {
            UDP => return udp(seen, src, dst, bytes),
            TCP => return tcp(seen, src, dst, bytes),
            ICMP => return icmp::version4(seen, src, dst, bytes),
            ICMPV6 => return icmp::version6(seen, src, dst, bytes),
            // RFC 4302 2.2: counted in words of 4 bytes, less 2.
            AUTHENTICATION => after(bytes, 4, 2),
            // RFC 8200 4.6: at the head of a reassembled datagram.
            DESTINATION_OPTIONS => after(bytes, 8, 1),
            SCTP => return sctp::packet(seen, src, dst, bytes),
            GRE => return gre::packet(seen, src, dst, bytes),
            ESP => return esp::packet(seen, src, dst, bytes),
            L2TP => return l2tp::over_ip(seen, src, dst, bytes),
            IPV4 | IPV6 | ETHERNET_IN_IP | MPLS_IN_IP | ETHERNET => {
                return nested(seen, src, dst, number, bytes);
            }
            IP_COMPRESSION => return Decoded::Skipped(reason::IP_COMPRESSED),
            // IGMP, EGP, IGP, RSVP, no next header, EIGRP, OSPF, PIM, VRRP, IS-IS, UDP-Lite.
            2 | 8 | 9 | 46 | 59 | 88 | 89 | 103 | 112 | 124 | 136 => return Decoded::Other,
            _ => return Decoded::Skipped(reason::UNKNOWN_IP_PROTOCOL),
        };
        let Some(next) = step else {
            return seen.short(reason::MALFORMED_IP);
        };
        (number, bytes) = next;
    }
}

/// A packet in a packet without a tunnel header of its own: RFC 2003, RFC 4213, RFC 2473,
/// RFC 3378, RFC 4023, RFC 8986.
fn nested<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    number: u8,
    bytes: &'a [u8],
) -> Decoded<'a> {
    if let Err(reason) = seen.enter(KIND, Sighting::between(src, dst, u32::from(number))) {
        return Decoded::Skipped(reason);
    }
    match (number, bytes) {
        (IPV4, _) => ip::version4(seen, bytes),
        (IPV6, _) => ip::version6(seen, bytes),
        (MPLS_IN_IP, _) => mpls::stack(seen, bytes),
        (ETHERNET, _) => link::ethernet(seen, bytes),
        (ETHERNET_IN_IP, [0x30, 0x00, frame @ ..]) => link::ethernet(seen, frame),
        _ => seen.short(reason::MALFORMED_TUNNEL),
    }
}

/// Steps over a header that counts its own length in units, beyond the first few.
fn after(bytes: &[u8], unit: usize, uncounted: usize) -> Option<(u8, &[u8])> {
    let &[next, units, ..] = bytes else {
        return None;
    };
    Some((next, bytes.get((usize::from(units) + uncounted) * unit..)?))
}

#[inline(always)]
fn udp<'a>(seen: &mut Sighting, src: IpAddr, dst: IpAddr, bytes: &'a [u8]) -> Decoded<'a> {
    let Ok(header) = UdpHeaderSlice::from_slice(bytes) else {
        return seen.short(reason::MALFORMED_UDP);
    };
    let length = usize::from(header.length());
    // A length below the header's own means "the rest": offload or a jumbogram (RFC 2675 4).
    let datagram = if length < header.slice().len() {
        bytes
    } else {
        seen.clip(bytes, length)
    };
    let payload = datagram.get(header.slice().len()..).unwrap_or_default();
    let flow = Flow {
        src: Endpoint::new(src, header.source_port()),
        dst: Endpoint::new(dst, header.destination_port()),
        transport: Transport::Udp,
    };
    if tunnel::is_likely(flow.src.port, flow.dst.port, payload)
        && let Some(inner) = tunnel::inside(*seen, flow, payload)
    {
        return inner;
    }
    Decoded::Datagram(seen.payload(flow, payload))
}

fn tcp<'a>(seen: &mut Sighting, src: IpAddr, dst: IpAddr, bytes: &'a [u8]) -> Decoded<'a> {
    let Ok(header) = TcpSlice::from_slice(bytes) else {
        return seen.short(reason::MALFORMED_TCP);
    };
    Decoded::Segment(Segment {
        seen: *seen,
        flow: Flow {
            src: Endpoint::new(src, header.source_port()),
            dst: Endpoint::new(dst, header.destination_port()),
            transport: Transport::Tcp,
        },
        seq: header.sequence_number(),
        ack: header.acknowledgment_number(),
        flags: header.header_slice()[13],
        window: header.window_size(),
        bytes: bytes.get(header.header_slice().len()..).unwrap_or_default(),
    })
}
