//! Tunnels around an Ethernet frame or its IP packet, as Ethernet frames.

use siptriage_testkit::Packet;

use super::{Wrap, at, datagram, ip, length16, payload};

/// A tunnel.
#[derive(Clone, Copy, Debug)]
pub struct Tunnel {
    /// What it is.
    pub name: &'static str,
    /// The frame around it.
    pub wrap: Wrap,
}

const fn tunnel(name: &'static str, wrap: Wrap) -> Tunnel {
    Tunnel { name, wrap }
}

/// Tunnels with IPv4 in them.
pub const OF_IPV4: [Tunnel; 29] = [
    tunnel("IP in IP", |packet| in_ip(4, &[ip(packet)])),
    tunnel("Ethernet in IP", |packet| {
        in_ip(97, &[&[0x30, 0], &packet.bytes])
    }),
    tunnel("MPLS in IP", |packet| {
        in_ip(137, &[&[0, 1, 1, 64], ip(packet)])
    }),
    tunnel("MPLS in UDP", |packet| {
        in_udp(6635, &[&[0, 1, 1, 64], ip(packet)])
    }),
    tunnel("GRE", gre),
    tunnel("GRE with a key", |packet| {
        in_ip(47, &[&[0x20, 0, 8, 0], &[1; 4], ip(packet)])
    }),
    tunnel("GRE with all fields", |packet| {
        in_ip(47, &[&[0xb0, 0, 8, 0], &[1; 12], ip(packet)])
    }),
    tunnel("GRE with Ethernet", |packet| {
        in_ip(47, &[&[0x20, 0, 0x65, 0x58], &[1; 4], &packet.bytes])
    }),
    tunnel("GRE in UDP", |packet| {
        in_udp(4754, &[&[0x20, 0, 8, 0], &[1; 4], ip(packet)])
    }),
    tunnel("PPTP", |packet| {
        let length = length16(ip(packet).len() + 4);
        let header = [&[0x30, 0x81, 0x88, 0x0b], &length[..], &[1; 10]].concat();
        in_ip(47, &[&header, &[0xff, 3, 0, 0x21], ip(packet)])
    }),
    tunnel("ERSPAN type I", |packet| {
        in_ip(47, &[&[0, 0, 0x88, 0xbe], &packet.bytes])
    }),
    tunnel("ERSPAN type II", |packet| {
        let header = [0x10, 0, 0x88, 0xbe, 0, 0, 0, 7, 0x10, 1, 0, 2, 0, 0, 0, 3];
        in_ip(47, &[&header, &packet.bytes])
    }),
    tunnel("ERSPAN type III", |packet| {
        let header = [0x10, 0, 0x22, 0xeb, 0, 0, 0, 7];
        in_ip(47, &[&header, &[0x20; 10], &[0, 0], &packet.bytes])
    }),
    tunnel("ERSPAN type III with a subheader", |packet| {
        let header = [0x10, 0, 0x22, 0xeb, 0, 0, 0, 7];
        in_ip(47, &[&header, &[0x20; 10], &[0, 1], &[0; 8], &packet.bytes])
    }),
    tunnel("VXLAN", vxlan),
    tunnel("VXLAN-GPE", |packet| {
        in_udp(4790, &[&[0x0c, 0, 0, 1, 0, 0, 9, 0], ip(packet)])
    }),
    tunnel("Geneve", |packet| {
        in_udp(6081, &[&[0, 0, 0x65, 0x58, 0, 0, 9, 0], &packet.bytes])
    }),
    tunnel("Geneve with options", |packet| {
        in_udp(
            6081,
            &[&[1, 0, 0x65, 0x58, 0, 0, 9, 0, 1, 2, 3, 4], &packet.bytes],
        )
    }),
    tunnel("GTP-U", |packet| {
        let length = length16(ip(packet).len());
        in_udp(2152, &[&[0x30, 255], &length, &[0, 0, 0, 5], ip(packet)])
    }),
    tunnel("GTP-U with an extension", |packet| {
        let length = length16(ip(packet).len() + 8);
        let extension = [0, 0, 0, 0x85, 1, 0x10, 0, 0];
        in_udp(
            2152,
            &[&[0x34, 255], &length, &[0, 0, 0, 5], &extension, ip(packet)],
        )
    }),
    tunnel("L2TP version 2", |packet| {
        in_udp(1701, &[&[0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21], ip(packet)])
    }),
    tunnel("L2TP version 3 in UDP", |packet| {
        in_udp(1701, &[&[0, 3, 0, 0, 0, 0, 0, 9], &[7; 4], &packet.bytes])
    }),
    tunnel("L2TP version 3 in IP", |packet| {
        in_ip(115, &[&[0, 0, 0, 9], &[7; 8], &packet.bytes])
    }),
    tunnel("ESP without encryption, tunnel mode", |packet| {
        in_ip(50, &[&unencrypted(4, ip(packet))])
    }),
    tunnel("ESP without encryption, transport mode", |packet| {
        let (frame, inner) = (&packet.bytes, unencrypted(17, datagram(packet)));
        let addresses = &frame[26..34];
        [&frame[..14], &header(50, inner.len(), addresses), &inner].concat()
    }),
    tunnel("HEP version 3", hep3),
    tunnel("TZSP", |packet| {
        in_udp(37_008, &[&[1, 0, 0, 1, 10, 1, 9, 0, 1], &packet.bytes])
    }),
    tunnel("VXLAN in GRE", |packet| {
        gre(&at(packet.time_ns, vxlan(packet)))
    }),
    tunnel("GRE in VXLAN in GRE", |packet| {
        let inner = vxlan(&at(packet.time_ns, gre(packet)));
        gre(&at(packet.time_ns, inner))
    }),
];

/// Tunnels with IPv6 in them.
pub const OF_IPV6: [Tunnel; 3] = [
    tunnel("IPv6 in IPv4", |packet| in_ip(41, &[ip(packet)])),
    tunnel("GRE, IPv6", |packet| {
        in_ip(47, &[&[0, 0, 0x86, 0xdd], ip(packet)])
    }),
    tunnel("GTP-U, IPv6", |packet| {
        let length = length16(ip(packet).len());
        in_udp(2152, &[&[0x30, 255], &length, &[0, 0, 0, 5], ip(packet)])
    }),
];

fn gre(packet: &Packet) -> Vec<u8> {
    in_ip(47, &[&[0, 0, 8, 0], ip(packet)])
}

fn vxlan(packet: &Packet) -> Vec<u8> {
    in_udp(4789, &[&[8, 0, 0, 0, 0, 0, 9, 0], &packet.bytes])
}

/// The message alone, with its ends and time in chunks of HEP.
fn hep3(packet: &Packet) -> Vec<u8> {
    let chunk =
        |kind: u8, value: &[u8]| [&[0, 0, 0, kind], &length16(value.len() + 6)[..], value].concat();
    let (ip, ports) = (ip(packet), datagram(packet));
    let seconds = (packet.time_ns / 1_000_000_000) as u32;
    let microseconds = (packet.time_ns % 1_000_000_000 / 1000) as u32;
    let chunks = [
        chunk(1, &[2]),
        chunk(2, &[17]),
        chunk(3, &ip[12..16]),
        chunk(4, &ip[16..20]),
        chunk(7, &ports[..2]),
        chunk(8, &ports[2..4]),
        chunk(9, &seconds.to_be_bytes()),
        chunk(10, &microseconds.to_be_bytes()),
        chunk(11, &[1]),
        chunk(15, payload(packet)),
    ];
    let body = chunks.concat();
    in_udp(9060, &[b"HEP3", &length16(body.len() + 6), &body])
}

/// RFC 4303 with the NULL cipher and a check of 12 bytes.
fn unencrypted(next: u8, inner: &[u8]) -> Vec<u8> {
    let padding: Vec<u8> = (1..=((4 - (inner.len() + 2) % 4) % 4) as u8).collect();
    let trailer = [padding.len() as u8, next];
    [
        &[0, 0, 1, 2, 0, 0, 0, 1],
        inner,
        &padding,
        &trailer,
        &[0xee; 12],
    ]
    .concat()
}

fn in_udp(port: u16, parts: &[&[u8]]) -> Vec<u8> {
    let inner = parts.concat();
    let header = [
        40_000_u16.to_be_bytes(),
        port.to_be_bytes(),
        length16(inner.len() + 8),
        [0; 2],
    ];
    in_ip(17, &[&header.concat(), &inner])
}

/// An Ethernet frame between two routers.
fn in_ip(protocol: u8, parts: &[&[u8]]) -> Vec<u8> {
    const ROUTERS: [u8; 8] = [203, 0, 113, 9, 203, 0, 113, 10];
    let inner = parts.concat();
    let stations = [2, 0, 203, 0, 113, 10, 2, 0, 203, 0, 113, 9, 8, 0];
    [
        &stations,
        &header(protocol, inner.len(), &ROUTERS)[..],
        &inner,
    ]
    .concat()
}

/// An IPv4 header.
fn header(protocol: u8, length: usize, addresses: &[u8]) -> Vec<u8> {
    let length = length16(length + 20);
    let fields = [
        0x45, 0, length[0], length[1], 0x12, 0x34, 0, 0, 63, protocol, 0, 0,
    ];
    let mut header = [&fields, addresses].concat();
    let words = header
        .chunks(2)
        .map(|word| u32::from(word[0]) << 8 | u32::from(word[1]));
    let mut sum: u32 = words.sum();
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    header[10..12].copy_from_slice(&(!sum as u16).to_be_bytes());
    header
}
