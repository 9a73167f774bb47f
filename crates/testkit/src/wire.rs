//! Ethernet, IP and UDP around a payload, written independently of the decoder under test.

use crate::script::Unreachable;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

const PROTOCOL_ICMP: u8 = 1;
const PROTOCOL_TCP: u8 = 6;
const PROTOCOL_UDP: u8 = 17;
const PROTOCOL_IPV6_FRAGMENT: u8 = 44;
const PROTOCOL_ICMPV6: u8 = 58;
const TIME_TO_LIVE: u8 = 64;

/// What the IP header carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Icmp,
    Icmpv6,
    Tcp,
    Udp,
}

impl Protocol {
    fn number(self) -> u8 {
        match self {
            Protocol::Icmp => PROTOCOL_ICMP,
            Protocol::Icmpv6 => PROTOCOL_ICMPV6,
            Protocol::Tcp => PROTOCOL_TCP,
            Protocol::Udp => PROTOCOL_UDP,
        }
    }
}

/// How IP packets become Ethernet frames.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    /// Longest IP packet; a longer one is cut into fragments.
    pub(crate) mtu_bytes: usize,
    pub(crate) vlan: Option<u16>,
}

/// A UDP datagram (RFC 768) with its checksum.
pub(crate) fn udp(src: SocketAddr, dst: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let length = clamped(8 + payload.len());
    let mut datagram = Vec::with_capacity(8 + payload.len());
    datagram.extend_from_slice(&src.port().to_be_bytes());
    datagram.extend_from_slice(&dst.port().to_be_bytes());
    datagram.extend_from_slice(&length.to_be_bytes());
    datagram.extend_from_slice(&[0, 0]);
    datagram.extend_from_slice(payload);
    let sum = match transport_checksum(src.ip(), dst.ip(), Protocol::Udp, &datagram) {
        0 => 0xffff,
        sum => sum,
    };
    datagram[6..8].copy_from_slice(&sum.to_be_bytes());
    datagram
}

/// An ICMP or ICMPv6 message (RFC 792, RFC 4443) about a packet, which it quotes.
pub(crate) fn unreachable(
    src: IpAddr,
    dst: IpAddr,
    reason: Unreachable,
    quoted: &[u8],
) -> (Protocol, Vec<u8>) {
    const QUOTED_BYTES: usize = 528;
    let (protocol, kind, code) = match src {
        IpAddr::V4(_) => (Protocol::Icmp, 3, reason.icmp_code()),
        IpAddr::V6(_) => (Protocol::Icmpv6, 1, reason.icmpv6_code()),
    };
    let mut message = vec![kind, code, 0, 0, 0, 0, 0, 0];
    message.extend_from_slice(&quoted[..quoted.len().min(QUOTED_BYTES)]);
    let checksum = match protocol {
        Protocol::Icmpv6 => transport_checksum(src, dst, protocol, &message),
        Protocol::Icmp | Protocol::Tcp | Protocol::Udp => !folded(sum(&message)),
    };
    message[2..4].copy_from_slice(&checksum.to_be_bytes());
    (protocol, message)
}

/// The checksum of a UDP datagram, TCP segment or ICMPv6 message whose checksum field is zero (RFC 9293
/// section 3.1, RFC 8200 section 8.1).
pub(crate) fn transport_checksum(
    src: IpAddr,
    dst: IpAddr,
    protocol: Protocol,
    bytes: &[u8],
) -> u16 {
    let mut pseudo = address_bytes(src);
    pseudo.extend(address_bytes(dst));
    pseudo.extend_from_slice(&[0, protocol.number()]);
    pseudo.extend_from_slice(&clamped(bytes.len()).to_be_bytes());
    !folded(sum(&pseudo) + sum(bytes))
}

/// The frames that carry one transport packet: one, or its fragments.
pub(crate) fn frames(
    link: Link,
    src: IpAddr,
    dst: IpAddr,
    protocol: Protocol,
    id: u16,
    packet: &[u8],
) -> Vec<Vec<u8>> {
    match (src, dst) {
        (IpAddr::V6(src), IpAddr::V6(dst)) => ipv6_frames(link, src, dst, protocol, id, packet),
        (src, dst) => ipv4_frames(link, src, dst, protocol, id, packet),
    }
}

fn ipv4_frames(
    link: Link,
    src: IpAddr,
    dst: IpAddr,
    protocol: Protocol,
    id: u16,
    packet: &[u8],
) -> Vec<Vec<u8>> {
    const HEADER_BYTES: usize = 20;
    const MORE_FRAGMENTS: u16 = 0x2000;
    let pieces = pieces(packet, link.mtu_bytes, HEADER_BYTES, HEADER_BYTES);
    let last = pieces.len() - 1;
    let frame = |(number, (offset, piece)): (usize, (usize, &[u8]))| {
        let more = if number < last { MORE_FRAGMENTS } else { 0 };
        let mut header = vec![0x45, 0];
        header.extend_from_slice(&clamped(HEADER_BYTES + piece.len()).to_be_bytes());
        header.extend_from_slice(&id.to_be_bytes());
        header.extend_from_slice(&(clamped(offset / 8) | more).to_be_bytes());
        header.extend_from_slice(&[TIME_TO_LIVE, protocol.number(), 0, 0]);
        header.extend(address_bytes(src));
        header.extend(address_bytes(dst));
        let sum = !folded(sum(&header));
        header[10..12].copy_from_slice(&sum.to_be_bytes());
        ethernet(link, src, dst, 0x0800, &header, piece)
    };
    pieces.into_iter().enumerate().map(frame).collect()
}

fn ipv6_frames(
    link: Link,
    src: Ipv6Addr,
    dst: Ipv6Addr,
    protocol: Protocol,
    id: u16,
    packet: &[u8],
) -> Vec<Vec<u8>> {
    const HEADER_BYTES: usize = 40;
    const FRAGMENT_HEADER_BYTES: usize = 8;
    let fragmented = HEADER_BYTES + FRAGMENT_HEADER_BYTES;
    let pieces = pieces(packet, link.mtu_bytes, HEADER_BYTES, fragmented);
    let last = pieces.len() - 1;
    let frame = |(number, (offset, piece)): (usize, (usize, &[u8]))| {
        let mut extension = Vec::new();
        let mut next = protocol.number();
        if last > 0 {
            let more = u16::from(number < last);
            extension.extend_from_slice(&[next, 0]);
            extension.extend_from_slice(&(clamped(offset) | more).to_be_bytes());
            extension.extend_from_slice(&u32::from(id).to_be_bytes());
            next = PROTOCOL_IPV6_FRAGMENT;
        }
        let mut header = vec![0x60, 0, 0, 0];
        header.extend_from_slice(&clamped(extension.len() + piece.len()).to_be_bytes());
        header.extend_from_slice(&[next, TIME_TO_LIVE]);
        header.extend_from_slice(&src.octets());
        header.extend_from_slice(&dst.octets());
        header.extend(extension);
        ethernet(
            link,
            IpAddr::V6(src),
            IpAddr::V6(dst),
            0x86dd,
            &header,
            piece,
        )
    };
    pieces.into_iter().enumerate().map(frame).collect()
}

/// The packet whole when it fits after `header` bytes, else pieces with their offsets, each a
/// multiple of 8 bytes long that fits after `fragment_header` bytes (RFC 791 section 3.2).
fn pieces(packet: &[u8], mtu: usize, header: usize, fragment_header: usize) -> Vec<(usize, &[u8])> {
    if packet.len() + header <= mtu {
        return vec![(0, packet)];
    }
    let length = (mtu.saturating_sub(fragment_header) / 8 * 8).max(8);
    packet
        .chunks(length)
        .enumerate()
        .map(|(number, piece)| (number * length, piece))
        .collect()
}

fn ethernet(
    link: Link,
    src: IpAddr,
    dst: IpAddr,
    ether_type: u16,
    header: &[u8],
    piece: &[u8],
) -> Vec<u8> {
    const VLAN_TYPE: u16 = 0x8100;
    let mut frame = Vec::with_capacity(18 + header.len() + piece.len());
    frame.extend_from_slice(&mac(dst));
    frame.extend_from_slice(&mac(src));
    if let Some(vlan) = link.vlan {
        frame.extend_from_slice(&VLAN_TYPE.to_be_bytes());
        frame.extend_from_slice(&(vlan & 0x0fff).to_be_bytes());
    }
    frame.extend_from_slice(&ether_type.to_be_bytes());
    frame.extend_from_slice(header);
    frame.extend_from_slice(piece);
    frame
}

/// The IP packet in a frame made with this link.
pub(crate) fn ip_packet(link: Link, frame: &[u8]) -> &[u8] {
    let header_bytes = if link.vlan.is_some() { 18 } else { 14 };
    frame.get(header_bytes..).unwrap_or_default()
}

/// A locally administered MAC address that ends in the last four bytes of the IP address.
fn mac(ip: IpAddr) -> [u8; 6] {
    let bytes = address_bytes(ip);
    let mut mac = [2, 0, 0, 0, 0, 0];
    mac[2..].copy_from_slice(&bytes[bytes.len() - 4..]);
    mac
}

fn address_bytes(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn sum(bytes: &[u8]) -> u64 {
    let word = |pair: &[u8]| u64::from(pair[0]) << 8 | u64::from(pair.get(1).copied().unwrap_or(0));
    bytes.chunks(2).map(word).sum()
}

/// The ones' complement sum of 16-bit words (RFC 1071).
fn folded(sum: u64) -> u16 {
    let mut sum = sum;
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    u16::try_from(sum).unwrap_or(u16::MAX)
}

fn clamped(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}
