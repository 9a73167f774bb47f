//! Tunnels, each around the same message.

use siptriage_capture::decode::{Decoded, Decoder, reason};
use siptriage_capture::{Limits, Time, Transport};

use crate::wire::*;

#[track_caller]
fn tunnelled(bytes: &[u8]) {
    assert_ne!(holds_message(ETHERNET, bytes).tunnel, 0);
}

#[track_caller]
fn tunnelled_in_ip(protocol: u8, payload: &[u8]) {
    tunnelled(&ethernet(0x0800, &outer(protocol, payload)));
}

#[test]
fn ip_in_ip() {
    tunnelled_in_ip(4, &ip_message());
    tunnelled_in_ip(41, &ipv6(UDP, &udp_message()));
    tunnelled_in_ip(97, &join(&[&[0x30, 0], &ethernet_message()]));
    tunnelled_in_ip(137, &join(&[&[0, 1, 1, 64], &ip_message()]));
    tunnelled_in_ip(143, &ethernet_message());
}

#[test]
fn generic_routing_encapsulation() {
    let fields = |flags: [u8; 2], protocol: [u8; 2], optional: &[u8], inner: &[u8]| {
        join(&[&flags, &protocol, optional, inner])
    };
    let (ip, ethernet) = (ip_message(), ethernet_message());
    tunnelled_in_ip(47, &fields([0, 0], [0x08, 0], &[], &ip));
    tunnelled_in_ip(47, &fields([0xb0, 0], [0x08, 0], &[1; 12], &ip));
    tunnelled_in_ip(47, &fields([0x20, 0], [0x65, 0x58], &[1; 4], &ethernet));
    let sources = join(&[&[0; 4], &[0x08, 0, 0, 4, 203, 0, 113, 9], &[0; 4]]);
    tunnelled_in_ip(47, &fields([0x40, 0], [0x08, 0], &sources, &ip));
    let pptp = fields(
        [0x30, 0x81],
        [0x88, 0x0b],
        &[1; 12],
        &[0xff, 0x03, 0x00, 0x21],
    );
    tunnelled_in_ip(47, &join(&[&pptp, &ip]));
    tunnelled(&over_udp(4754, &fields([0x20, 0], [0x08, 0], &[1; 4], &ip)));
}

#[test]
fn mirrored_frames() {
    let ethernet = ethernet_message();
    let first = [0, 0, 0x88, 0xbe];
    let second = join(&[&[0x10, 0, 0x88, 0xbe], &[0; 4], &[0x10; 8]]);
    let third = join(&[&[0x10, 0, 0x22, 0xeb], &[0; 4], &[0x20; 10]]);
    tunnelled_in_ip(47, &join(&[&first, &ethernet]));
    tunnelled_in_ip(47, &join(&[&second, &ethernet]));
    tunnelled_in_ip(47, &join(&[&third, &[0, 0], &ethernet]));
    tunnelled_in_ip(47, &join(&[&third, &[0, 1], &[0; 8], &ethernet]));
    tunnelled_in_ip(47, &join(&[&third, &[8, 0], &ip_message()]));
    let sniffer = [1, 0, 0, 1, 10, 1, 9, 0, 1];
    tunnelled(&over_udp(37_008, &join(&[&sniffer, &ethernet])));
}

#[test]
fn overlays() {
    let ethernet = ethernet_message();
    for port in [4789, 8472] {
        tunnelled(&over_udp(
            port,
            &join(&[&[8, 0, 0, 0, 0, 0, 9, 0], &ethernet]),
        ));
    }
    tunnelled(&over_udp(
        4790,
        &join(&[&[0x0c, 0, 0, 1, 0, 0, 9, 0], &ip_message()]),
    ));
    let options = [1, 0, 0x65, 0x58, 0, 0, 9, 0, 1, 2, 3, 4];
    tunnelled(&over_udp(6081, &join(&[&options, &ethernet])));
    tunnelled(&over_udp(
        6081,
        &join(&[&[0, 0, 0x08, 0, 0, 0, 9, 0], &ip_message()]),
    ));
    tunnelled(&over_udp(6635, &join(&[&[0, 1, 1, 64], &ip_message()])));
}

fn gtp(extension: &[u8], inner: &[u8]) -> Vec<u8> {
    let flags = if extension.is_empty() { 0x30 } else { 0x34 };
    let length = (extension.len() + inner.len()) as u16;
    join(&[
        &[flags, 255],
        &length.to_be_bytes(),
        &[0, 0, 0, 5],
        extension,
        inner,
    ])
}

#[test]
fn mobile_user_plane() {
    tunnelled(&over_udp(2152, &gtp(&[], &ip_message())));
    let extension = [0, 0, 0, 0x85, 1, 0x10, 0, 0];
    tunnelled(&over_udp(
        2152,
        &gtp(&extension, &ipv6(UDP, &udp_message())),
    ));
    let twice = outer(UDP, &udp(2152, 2152, &gtp(&[], &ip_message())));
    tunnelled(&over_udp(2152, &gtp(&[], &twice)));
    let echo = over_udp(2152, &[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]);
    assert!(matches!(decode(ETHERNET, &echo), Decoded::Other));
}

#[test]
fn layer_2_tunnelling() {
    let ppp = join(&[&[0xff, 0x03, 0x00, 0x21], &ip_message()]);
    tunnelled(&over_udp(1701, &join(&[&[0, 2, 0, 1, 0, 2], &ppp])));
    let length = (ppp.len() + 14) as u16;
    let full = join(&[
        &[0x4a, 2],
        &length.to_be_bytes(),
        &[0, 1, 0, 2, 0, 0, 0, 0, 0, 0],
        &ppp,
    ]);
    tunnelled(&over_udp(1701, &full));
    tunnelled(&over_udp(
        1701,
        &join(&[&[0, 3, 0, 0, 0, 0, 0, 9], &[7; 4], &ethernet_message()]),
    ));
    tunnelled_in_ip(115, &join(&[&[0, 0, 0, 9], &[7; 8], &ethernet_message()]));
}

fn esp(next: u8, inner: &[u8], check_bytes: usize) -> Vec<u8> {
    let padding: Vec<u8> = (1..=((4 - (inner.len() + 2) % 4) % 4) as u8).collect();
    let trailer = [padding.len() as u8, next];
    let check = vec![0xee; check_bytes];
    join(&[&[0, 0, 1, 2, 0, 0, 0, 1], inner, &padding, &trailer, &check])
}

#[test]
fn esp_that_does_not_encrypt() {
    for check_bytes in [0, 12, 16, 32] {
        let packet = ipv4(50, &esp(UDP, &udp_message(), check_bytes));
        tunnelled(&ethernet(0x0800, &packet));
    }
    tunnelled_in_ip(50, &esp(4, &ip_message(), 12));
    let segment = tcp(5060, 5062, 1, 0x18, MESSAGE);
    let packet = ipv4(50, &esp(TCP, &segment, 12));
    let Decoded::Segment(found) = decode(RAW, &packet) else {
        panic!("no segment")
    };
    assert_eq!(found.bytes, MESSAGE);
}

#[test]
fn esp_that_encrypts_is_named() {
    let noise: Vec<u8> = (0..120u32).map(|n| (n * 151 % 251) as u8).collect();
    assert_eq!(skipped(RAW, &ipv4(50, &noise)), reason::ESP_ENCRYPTED);
    let mut padded = esp(UDP, &udp(5060, 5062, b"abcde"), 12);
    let padding = padded.len() - 12 - 2 - 1;
    padded[padding] ^= 0xff;
    assert_eq!(skipped(RAW, &ipv4(50, &padded)), reason::ESP_ENCRYPTED);
}

fn hep3(chunks: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in chunks {
        let length = (value.len() + 6) as u16;
        body.extend(join(&[
            &[0, 0],
            &kind.to_be_bytes(),
            &length.to_be_bytes(),
            value,
        ]));
    }
    join(&[b"HEP3", &((body.len() + 6) as u16).to_be_bytes(), &body])
}

#[test]
fn homer_version_3() {
    let (src, dst) = (ALICE.octets(), BOB.octets());
    let chunks: [(u16, &[u8]); 9] = [
        (1, &[2]),
        (2, &[6]),
        (3, &src),
        (4, &dst),
        (7, &[0x13, 0xc4]),
        (8, &[0x13, 0xc6]),
        (9, &[0, 0, 0, 5]),
        (10, &[0, 0, 0, 7]),
        (11, &[1]),
    ];
    let with = |payload: (u16, &'static [u8])| hep3(&[&chunks[..], &[payload]].concat());
    let bytes = over_udp(9060, &with((15, MESSAGE)));
    let passage = holds_message(ETHERNET, &bytes);
    assert_ne!(passage.tunnel, 0);
    let Decoded::Datagram(payload) = decode(ETHERNET, &bytes) else {
        panic!("no datagram")
    };
    assert_eq!(payload.flow.transport, Transport::Tcp);
    assert_eq!(payload.time, Time(5_000_007_000));
    let bytes = over_udp(9060, &with((16, b"zip")));
    assert_eq!(skipped(ETHERNET, &bytes), reason::HEP_COMPRESSED);
}

#[test]
fn homer_versions_1_and_2() {
    let addresses = join(&[&ALICE.octets(), &BOB.octets()]);
    let ports = [0x13, 0xc4, 0x13, 0xc6];
    let first = join(&[&[1, 16, 2, UDP], &ports, &addresses, MESSAGE]);
    tunnelled(&over_udp(9060, &first));
    let time = join(&[&7u32.to_le_bytes(), &9u32.to_le_bytes(), &[1, 0]]);
    let second = join(&[&[2, 26, 2, UDP], &ports, &addresses, &time, MESSAGE]);
    let bytes = over_udp(9060, &second);
    tunnelled(&bytes);
    let Decoded::Datagram(payload) = decode(ETHERNET, &bytes) else {
        panic!("no datagram")
    };
    assert_eq!(payload.time, Time(7_000_009_000));
    let short = join(&[&[2, 25, 2, UDP], &ports, &addresses, &time, MESSAGE]);
    let bytes = over_udp(9060, &short);
    let Decoded::Datagram(payload) = decode(ETHERNET, &bytes) else {
        panic!("no datagram")
    };
    assert_eq!(
        payload.passage.tunnel, 0,
        "its header does not hold the time"
    );
}

#[test]
fn what_only_uses_the_port_of_a_tunnel_is_a_datagram() {
    for port in [
        1701, 2152, 4500, 4754, 4789, 4790, 6081, 6635, 8472, 9060, 9899, 37_008,
    ] {
        let bytes = ethernet(0x0800, &ipv4(UDP, &udp(5060, port, MESSAGE)));
        let Decoded::Datagram(payload) = decode(ETHERNET, &bytes) else {
            panic!("port {port}: no datagram")
        };
        assert_eq!(payload.bytes, MESSAGE, "port {port}");
        assert_eq!(payload.passage.tunnel, 0, "port {port}");
    }
}

#[test]
fn tunnels_are_told_apart() {
    let with = |key: u8| {
        let bytes = join(&[&[0x20, 0, 8, 0, 0, 0, 0, key], &ip_message()]);
        holds_message(RAW, &outer(47, &bytes)).tunnel
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
}

#[test]
fn nesting_has_a_limit() {
    let nested = |tunnels: usize| {
        let mut packet = ip_message();
        for _ in 0..tunnels {
            packet = outer(4, &packet);
        }
        packet
    };
    let limits = Limits {
        nesting: 3,
        ..Limits::default()
    };
    let decoder = Decoder::new(&limits);
    assert!(matches!(
        decoder.decode(&frame(RAW, &nested(3))),
        Decoded::Datagram(_)
    ));
    let deeper = nested(4);
    let Decoded::Skipped(reason) = decoder.decode(&frame(RAW, &deeper)) else {
        panic!("entered")
    };
    assert_eq!(reason, reason::NESTED_TOO_DEEP);
}
