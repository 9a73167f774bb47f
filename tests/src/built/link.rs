//! Link layers around the IP packet of an Ethernet frame.

use siptriage_testkit::Packet;

use super::format::ETHERNET;
use super::{Wrap, datagram, ip, length16, payload};

/// A link layer.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// What it is.
    pub name: &'static str,
    /// Its LINKTYPE number.
    pub number: u16,
    /// The frame.
    pub wrap: Wrap,
}

const fn link(name: &'static str, number: u16, wrap: Wrap) -> Link {
    Link { name, number, wrap }
}

/// Link layers with IPv4 in them.
pub const OF_IPV4: [Link; 31] = [
    link("Ethernet", ETHERNET, |packet| packet.bytes.clone()),
    link("802.1Q", ETHERNET, |packet| tagged(packet, &[0x8100])),
    link("802.1ad", ETHERNET, |packet| {
        tagged(packet, &[0x88a8, 0x8100])
    }),
    link("three tags", ETHERNET, |packet| {
        tagged(packet, &[0x9100, 0x9100, 0x8100])
    }),
    link("802.3 with SNAP", ETHERNET, |packet| {
        let snap = [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0], ip(packet)].concat();
        [&packet.bytes[..12], &length16(snap.len()), &snap].concat()
    }),
    link("MPLS", ETHERNET, |packet| {
        ethernet(packet, 0x8847, &[&LABELS, ip(packet)])
    }),
    link("MPLS pseudowire", ETHERNET, |packet| {
        ethernet(packet, 0x8847, &[&LABELS, &[0; 4], &packet.bytes])
    }),
    link("PPPoE", ETHERNET, |packet| {
        let length = length16(ip(packet).len() + 2);
        ethernet(
            packet,
            0x8864,
            &[&[0x11, 0, 0, 7], &length, &[0, 0x21], ip(packet)],
        )
    }),
    link("PPP", 9, |packet| {
        [&[0xff, 3, 0, 0x21], ip(packet)].concat()
    }),
    link("PPP with compressed fields", 9, |packet| {
        [&[0x21], ip(packet)].concat()
    }),
    link("PPP in HDLC", 50, |packet| {
        [&[0xff, 3, 0, 0x21], ip(packet)].concat()
    }),
    link("Cisco HDLC", 104, |packet| {
        [&[0x0f, 0, 8, 0], ip(packet)].concat()
    }),
    link("SLL", 113, |packet| {
        [
            &[0, 0, 0, 1, 0, 6],
            &packet.bytes[6..12],
            &[0, 0, 8, 0],
            ip(packet),
        ]
        .concat()
    }),
    link("SLL with a tag", 113, |packet| {
        let tag = [0, 0, 0x81, 0, 0, 9, 8, 0];
        [&[0, 0, 0, 1, 0, 6], &packet.bytes[6..12], &tag, ip(packet)].concat()
    }),
    link("SLL2", 276, |packet| {
        let head = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6];
        [&head, &packet.bytes[6..12], &[0, 0], ip(packet)].concat()
    }),
    link("null, little-endian", 0, |packet| {
        [&[2, 0, 0, 0], ip(packet)].concat()
    }),
    link("null, big-endian", 0, |packet| {
        [&[0, 0, 0, 2], ip(packet)].concat()
    }),
    link("loop", 108, |packet| [&[0, 0, 0, 2], ip(packet)].concat()),
    link("raw", 101, |packet| ip(packet).to_vec()),
    link("raw as BSD numbers it", 12, |packet| ip(packet).to_vec()),
    link("raw as OpenBSD numbers it", 14, |packet| {
        ip(packet).to_vec()
    }),
    link("IPv4", 228, |packet| ip(packet).to_vec()),
    link("exported SIP", 252, |packet| {
        exported(packet, b"sip\0", payload(packet))
    }),
    link("exported UDP", 252, |packet| {
        exported(packet, b"udp\0", datagram(packet))
    }),
    link("exported IP", 252, |packet| {
        exported(packet, b"ip\0\0", ip(packet))
    }),
    link("NFLOG, little-endian", 239, |packet| {
        let length = u16::try_from(ip(packet).len() + 4).unwrap_or(u16::MAX);
        let prefix = [2, 0, 0, 0, 5, 0, 10, 0, b'x', 0, 0, 0];
        [&prefix, &length.to_le_bytes()[..], &[9, 0], ip(packet)].concat()
    }),
    link("NFLOG, big-endian", 239, |packet| {
        let prefix = [2, 0, 0, 0, 0, 5, 0, 10, b'x', 0, 0, 0];
        [
            &prefix,
            &length16(ip(packet).len() + 4)[..],
            &[0, 9],
            ip(packet),
        ]
        .concat()
    }),
    link("802.11", 105, wlan),
    link("802.11 with radiotap", 127, |packet| {
        [&[0, 0, 10, 0, 0, 0, 0, 0, 0, 0], &wlan(packet)[..]].concat()
    }),
    link("OpenBSD enc", 109, |packet| {
        [&[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], ip(packet)].concat()
    }),
    link("OpenBSD pflog", 117, |packet| {
        [&[61, 2], &[0; 62][..], ip(packet)].concat()
    }),
];

/// Link layers with IPv6 in them.
pub const OF_IPV6: [Link; 8] = [
    link("Ethernet, IPv6", ETHERNET, |packet| packet.bytes.clone()),
    link("PPP, IPv6", 9, |packet| {
        [&[0xff, 3, 0, 0x57], ip(packet)].concat()
    }),
    link("MPLS, IPv6", ETHERNET, |packet| {
        ethernet(packet, 0x8847, &[&LABELS, ip(packet)])
    }),
    link("raw, IPv6", 101, |packet| ip(packet).to_vec()),
    link("IPv6", 229, |packet| ip(packet).to_vec()),
    link("null of FreeBSD, IPv6", 0, |packet| {
        [&[28, 0, 0, 0], ip(packet)].concat()
    }),
    link("loop of Darwin, IPv6", 108, |packet| {
        [&[0, 0, 0, 30], ip(packet)].concat()
    }),
    link("SLL2, IPv6", 276, |packet| {
        let head = [0x86, 0xdd, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6];
        [&head, &packet.bytes[6..12], &[0, 0], ip(packet)].concat()
    }),
];

/// Two labels, the second at the bottom of the stack (RFC 3032 section 2.1).
const LABELS: [u8; 8] = [0, 1, 0, 64, 0, 2, 1, 64];

/// A frame between the same stations with another EtherType.
fn ethernet(packet: &Packet, ether_type: u16, parts: &[&[u8]]) -> Vec<u8> {
    [
        &packet.bytes[..12],
        &ether_type.to_be_bytes(),
        &parts.concat(),
    ]
    .concat()
}

fn tagged(packet: &Packet, tags: &[u16]) -> Vec<u8> {
    let mut frame = packet.bytes[..12].to_vec();
    for tag in tags {
        frame.extend(tag.to_be_bytes());
        frame.extend([0x20, 5]);
    }
    frame.extend(&packet.bytes[12..]);
    frame
}

/// A QoS data frame of IEEE 802.11 from a station, without encryption.
fn wlan(packet: &Packet) -> Vec<u8> {
    let snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    [&[0x88, 1], &[0; 24][..], &snap, ip(packet)].concat()
}

/// A message as a dissector of Wireshark exports it: tags that name the dissector and the ends.
fn exported(packet: &Packet, dissector: &[u8], payload: &[u8]) -> Vec<u8> {
    let tag = |number: u16, value: &[u8]| {
        [&number.to_be_bytes(), &length16(value.len())[..], value].concat()
    };
    let (ip, ports) = (ip(packet), datagram(packet));
    let tags = [
        tag(12, dissector),
        tag(20, &ip[12..16]),
        tag(21, &ip[16..20]),
        tag(24, &[0, 0, 0, 3]),
        tag(25, &[0, 0, ports[0], ports[1]]),
        tag(26, &[0, 0, ports[2], ports[3]]),
        tag(0, &[]),
    ];
    [&tags.concat(), payload].concat()
}
