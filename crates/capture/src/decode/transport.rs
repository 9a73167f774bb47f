//! IP protocols: UDP (RFC 768), TCP (RFC 9293) and whatever else IP may carry.

use std::net::IpAddr;

use etherparse::{TcpSlice, UdpHeaderSlice};

use crate::decode::{Decoded, Segment, Sighting, icmp, reason};
use crate::{Endpoint, Flow, Transport};

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const AUTHENTICATION: u8 = 51;
const ICMPV6: u8 = 58;
const DESTINATION_OPTIONS: u8 = 60;
const UDP_LITE: u8 = 136;

/// Dispatches on the IP protocol number. The numbers that stay silent are routing and
/// signalling protocols that cannot carry SIP.
#[inline]
pub(super) fn protocol<'a>(
    seen: &mut Sighting,
    src: IpAddr,
    dst: IpAddr,
    mut number: u8,
    mut bytes: &'a [u8],
) -> Decoded<'a> {
    loop {
        let step = match number {
            UDP | UDP_LITE => return udp(seen, src, dst, bytes),
            TCP => return tcp(seen, src, dst, bytes),
            ICMP => return icmp::version4(seen, src, dst, bytes),
            ICMPV6 => return icmp::version6(seen, src, dst, bytes),
            // RFC 4302 2.2: counted in words of 4 bytes, less 2.
            AUTHENTICATION => after(bytes, 4, 2),
            // RFC 8200 4.6: at the head of a reassembled datagram.
            DESTINATION_OPTIONS => after(bytes, 8, 1),
            // IGMP, EGP, IGP, RSVP, no next header, EIGRP, OSPF, PIM, VRRP, IS-IS.
            2 | 8 | 9 | 46 | 59 | 88 | 89 | 103 | 112 | 124 => return Decoded::Other,
            _ => return Decoded::Skipped(reason::UNKNOWN_IP_PROTOCOL),
        };
        let Some(next) = step else {
            return seen.short(reason::MALFORMED_IP);
        };
        (number, bytes) = next;
    }
}

/// Steps over a header that counts its own length in units, beyond the first few.
fn after(bytes: &[u8], unit: usize, uncounted: usize) -> Option<(u8, &[u8])> {
    let &[next, units, ..] = bytes else {
        return None;
    };
    Some((next, bytes.get((usize::from(units) + uncounted) * unit..)?))
}

#[inline]
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
        src: Endpoint {
            ip: src,
            port: header.source_port(),
        },
        dst: Endpoint {
            ip: dst,
            port: header.destination_port(),
        },
        transport: Transport::Udp,
    };
    Decoded::Datagram(seen.payload(flow, payload))
}

fn tcp<'a>(seen: &mut Sighting, src: IpAddr, dst: IpAddr, bytes: &'a [u8]) -> Decoded<'a> {
    let Ok(header) = TcpSlice::from_slice(bytes) else {
        return seen.short(reason::MALFORMED_TCP);
    };
    Decoded::Segment(Segment {
        seen: *seen,
        flow: Flow {
            src: Endpoint {
                ip: src,
                port: header.source_port(),
            },
            dst: Endpoint {
                ip: dst,
                port: header.destination_port(),
            },
            transport: Transport::Tcp,
        },
        seq: header.sequence_number(),
        ack: header.acknowledgment_number(),
        flags: header.header_slice()[13],
        window: header.window_size(),
        bytes: bytes.get(header.header_slice().len()..).unwrap_or_default(),
    })
}
