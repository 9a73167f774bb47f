//! Builds packets from the inside out, and takes them apart again.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::{Flow, Frame, Limits, LinkType, Passage, Time};

pub const ETHERNET: u16 = 1;
pub const RAW: u16 = 101;
pub const TCP: u8 = 6;
pub const UDP: u8 = 17;
pub const MESSAGE: &[u8] = b"OPTIONS sip:bob@example.com SIP/2.0\r\nContent-Length: 4\r\n\r\nbody";

pub const ALICE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
pub const BOB: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);
const OUTER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 9);
pub const ALICE6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
pub const BOB6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

pub fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

pub fn frame(link: u16, bytes: &[u8]) -> Frame<'_> {
    Frame {
        file: 0,
        number: 7,
        time: Time(1_000_000_000),
        time_digits: 6,
        interface: 0,
        link: LinkType(link),
        bytes,
        original_len: bytes.len() as u32,
    }
}

pub fn decode(link: u16, bytes: &[u8]) -> Decoded<'_> {
    Decoder::new(&Limits::default()).decode(&frame(link, bytes))
}

/// The message that every test sends, from 5060 to 5062.
pub fn udp_message() -> Vec<u8> {
    udp(5060, 5062, MESSAGE)
}

/// The same in an IPv4 packet from Alice to Bob.
pub fn ip_message() -> Vec<u8> {
    ipv4(UDP, &udp_message())
}

/// The same in an Ethernet frame.
pub fn ethernet_message() -> Vec<u8> {
    ethernet(0x0800, &ip_message())
}

pub fn udp(src: u16, dst: u16, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() + 8) as u16;
    let ports = join(&[&src.to_be_bytes(), &dst.to_be_bytes()]);
    join(&[&ports, &length.to_be_bytes(), &[0, 0], payload])
}

pub fn tcp(src: u16, dst: u16, seq: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let ports = join(&[&src.to_be_bytes(), &dst.to_be_bytes()]);
    let numbers = join(&[&seq.to_be_bytes(), &0u32.to_be_bytes()]);
    join(&[
        &ports,
        &numbers,
        &[0x50, flags, 0xff, 0xff, 0, 0, 0, 0],
        payload,
    ])
}

pub fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ipv4_between(ALICE, BOB, protocol, payload)
}

/// A packet between routers, around whatever is tunnelled.
pub fn outer(protocol: u8, payload: &[u8]) -> Vec<u8> {
    ipv4_between(OUTER, OUTER, protocol, payload)
}

/// A tunnel inside UDP, down to the Ethernet header.
pub fn over_udp(port: u16, payload: &[u8]) -> Vec<u8> {
    ethernet(0x0800, &outer(UDP, &udp(40_000, port, payload)))
}

fn ipv4_between(src: Ipv4Addr, dst: Ipv4Addr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() + 20) as u16;
    let mut packet = vec![0x45, 0];
    packet.extend(length.to_be_bytes());
    packet.extend([0x12, 0x34, 0, 0, 63, protocol, 0, 0]);
    packet.extend(src.octets());
    packet.extend(dst.octets());
    checksum(&mut packet);
    packet.extend(payload);
    packet
}

/// Writes the checksum of an IPv4 header (RFC 1071).
pub fn checksum(header: &mut [u8]) {
    header[10..12].fill(0);
    let mut sum = 0u32;
    for word in header.chunks(2) {
        sum += u32::from(u16::from_be_bytes([word[0], word[1]]));
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    header[10..12].copy_from_slice(&(!sum as u16).to_be_bytes());
}

pub fn ipv6(next: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend((payload.len() as u16).to_be_bytes());
    packet.extend([next, 63]);
    packet.extend(ALICE6.octets());
    packet.extend(BOB6.octets());
    packet.extend(payload);
    packet
}

pub fn ethernet(ethertype: u16, payload: &[u8]) -> Vec<u8> {
    join(&[
        &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1],
        &ethertype.to_be_bytes(),
        payload,
    ])
}

/// Requires that the frame holds [`MESSAGE`] from Alice to Bob, and says how it passed.
#[track_caller]
pub fn holds_message(link: u16, bytes: &[u8]) -> Passage {
    match decode(link, bytes) {
        Decoded::Datagram(payload) => {
            assert_eq!(payload.bytes, MESSAGE);
            assert!(!payload.truncated);
            assert_ends(payload.flow);
            payload.passage
        }
        other => panic!("no datagram: {other:?}"),
    }
}

#[track_caller]
pub fn assert_ends(flow: Flow) {
    let is_between = |a: IpAddr, b: IpAddr| flow.src.ip == a && flow.dst.ip == b;
    assert!(is_between(ALICE.into(), BOB.into()) || is_between(ALICE6.into(), BOB6.into()));
    assert_eq!((flow.src.port, flow.dst.port), (5060, 5062));
}

/// Requires that the frame is skipped, and says why.
#[track_caller]
pub fn skipped(link: u16, bytes: &[u8]) -> &'static str {
    match decode(link, bytes) {
        Decoded::Skipped(reason) => reason,
        other => panic!("not skipped: {other:?}"),
    }
}
