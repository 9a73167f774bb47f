//! Link layers, each around the same message.

use siptriage_capture::Transport;
use siptriage_capture::decode::{Decoded, reason};

use crate::wire::*;

#[test]
fn ethernet_with_and_without_tags() {
    let plain = holds_message(ETHERNET, &ethernet_message());
    assert_eq!(plain.tunnel, 0);
    assert_eq!((plain.ip_id, plain.ttl), (0x1234, 63));
    let mut links = vec![plain.link];
    for tags in [&[0x8100][..], &[0x88a8, 0x8100], &[0x9100, 0x8100, 0x8100]] {
        let mut inner = ip_message();
        let mut ethertype: u16 = 0x0800;
        for tag in tags.iter().rev() {
            inner = join(&[&[0x20, 0x05], &ethertype.to_be_bytes(), &inner]);
            ethertype = *tag;
        }
        links.push(holds_message(ETHERNET, &ethernet(ethertype, &inner)).link);
    }
    links.sort_unstable();
    links.dedup();
    assert_eq!(links.len(), 4, "every stack of tags is a link of its own");
}

#[test]
fn ethernet_version_6() {
    holds_message(ETHERNET, &ethernet(0x86dd, &ipv6(UDP, &udp_message())));
}

#[test]
fn ieee_802_3_with_snap() {
    let snap = join(&[&[0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00], &ip_message()]);
    holds_message(
        ETHERNET,
        &join(&[&ethernet(snap.len() as u16, &snap), &[0; 9]]),
    );
}

#[test]
fn linux_cooked_captures() {
    let address = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
    holds_message(113, &join(&[&address, &[0x08, 0x00], &ip_message()]));
    let header = [
        0x08, 0x00, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0,
    ];
    holds_message(276, &join(&[&header, &ip_message()]));
    let tagged = join(&[&[0, 9, 0x08, 0x00], &ip_message()]);
    holds_message(113, &join(&[&address, &[0x81, 0x00], &tagged]));
}

#[test]
fn bsd_loopback_in_both_byte_orders() {
    for family in [[2, 0, 0, 0], [0, 0, 0, 2]] {
        holds_message(0, &join(&[&family, &ip_message()]));
        holds_message(108, &join(&[&family, &ip_message()]));
    }
    for number in [10, 24, 28, 30] {
        let packet = ipv6(UDP, &udp_message());
        holds_message(0, &join(&[&[number, 0, 0, 0], &packet]));
        holds_message(0, &join(&[&[0, 0, 0, number], &packet]));
    }
}

#[test]
fn raw_ip() {
    for link in [RAW, 12, 14, 228] {
        holds_message(link, &ip_message());
    }
    holds_message(229, &ipv6(UDP, &udp_message()));
}

#[test]
fn point_to_point() {
    let packet = ip_message();
    holds_message(9, &join(&[&[0xff, 0x03, 0x00, 0x21], &packet]));
    holds_message(9, &join(&[&[0x21], &packet]));
    holds_message(
        50,
        &join(&[&[0xff, 0x03, 0x00, 0x57], &ipv6(UDP, &udp_message())]),
    );
    holds_message(104, &join(&[&[0x0f, 0x00, 0x08, 0x00], &packet]));
    let length = (packet.len() + 2) as u16;
    let session = join(&[
        &[0x11, 0, 0, 7],
        &length.to_be_bytes(),
        &[0x00, 0x21],
        &packet,
    ]);
    holds_message(ETHERNET, &ethernet(0x8864, &join(&[&session, &[0; 4]])));
}

#[test]
fn mpls_with_ip_and_with_pseudowires() {
    let labels = [0x00, 0x01, 0x00, 0x40, 0x00, 0x02, 0x01, 0x40];
    let stack = |inner: &[u8]| ethernet(0x8847, &join(&[&labels, inner]));
    holds_message(ETHERNET, &stack(&ip_message()));
    holds_message(ETHERNET, &stack(&ipv6(UDP, &udp_message())));
    assert_ne!(
        holds_message(ETHERNET, &stack(&ethernet_message())).tunnel,
        0
    );
    holds_message(ETHERNET, &stack(&join(&[&[0; 4], &ethernet_message()])));
    let packet = ip_message();
    let length = (packet.len() + 2) as u16;
    let head = join(&[&[0x11, 0, 0, 7], &length.to_be_bytes(), &[0x00, 0x21]]);
    let session = ethernet(0x8864, &join(&[&head, &packet]));
    holds_message(ETHERNET, &stack(&session));
    holds_message(
        ETHERNET,
        &stack(&ethernet(0x8847, &join(&[&labels, &packet]))),
    );
}

#[test]
fn a_hardware_address_that_looks_like_ip_is_still_one() {
    let mut frame = ethernet_message();
    frame[..6].copy_from_slice(&[0x45, 0, 0, 60, 0, 1]);
    holds_message(
        ETHERNET,
        &ethernet(0x8847, &join(&[&[0, 1, 1, 64], &frame])),
    );
}

#[test]
fn frames_in_frames() {
    holds_message(ETHERNET, &ethernet(0x6558, &ethernet_message()));
    holds_message(
        ETHERNET,
        &ethernet(0x88e7, &join(&[&[0, 0, 0, 9], &ethernet_message()])),
    );
    holds_message(
        ETHERNET,
        &ethernet(0x8926, &join(&[&[0, 1, 0, 2, 8, 0], &ip_message()])),
    );
}

#[test]
fn netfilter_log() {
    let packet = ip_message();
    for little in [true, false] {
        let number = |n: u16| {
            if little {
                n.to_le_bytes()
            } else {
                n.to_be_bytes()
            }
        };
        let prefix = join(&[&number(5), &number(10), &[b'x', 0, 0, 0]]);
        let length = (packet.len() + 4) as u16;
        let payload = join(&[&number(length), &number(9), &packet]);
        holds_message(239, &join(&[&[2, 0, 0, 0], &prefix, &payload]));
    }
}

#[test]
fn wlan_frame() {
    let snap = join(&[&[0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00], &ip_message()]);
    let quality = join(&[&[0x88, 0x01], &[0; 24], &snap]);
    holds_message(105, &quality);
    holds_message(127, &join(&[&[0, 0, 10, 0], &[0; 6], &quality]));
    let encrypted = join(&[&[0x88, 0x41], &[0; 24], &snap]);
    assert_eq!(skipped(105, &encrypted), reason::WLAN_ENCRYPTED);
}

#[test]
fn other_loggers() {
    holds_message(109, &join(&[&[2, 0, 0, 0], &[0; 8], &ip_message()]));
    holds_message(117, &join(&[&[61, 2], &[0; 62], &ip_message()]));
    let record = join(&[
        &[0; 8],
        &[0x82],
        &[0; 7],
        &[0; 8],
        &[0, 0],
        &ethernet_message(),
    ]);
    holds_message(197, &record);
}

#[test]
fn exported_messages() {
    let tag = |number: u16, value: &[u8]| {
        join(&[
            &number.to_be_bytes(),
            &(value.len() as u16).to_be_bytes(),
            value,
        ])
    };
    let exported = |name: &[u8], kind: u8, payload: &[u8]| {
        let tags = [
            tag(12, name),
            tag(20, &ALICE.octets()),
            tag(21, &BOB.octets()),
            tag(24, &[0, 0, 0, kind]),
            tag(25, &[0, 0, 0x13, 0xc4]),
            tag(26, &[0, 0, 0x13, 0xc6]),
            tag(0, &[]),
        ];
        join(&[&tags.concat(), payload])
    };
    holds_message(252, &exported(b"sip\0", 3, MESSAGE));
    holds_message(252, &exported(b"udp\0", 3, &udp_message()));
    holds_message(252, &exported(b"ip\0\0", 3, &ip_message()));
    let over_tcp = exported(b"sip\0", 2, MESSAGE);
    let Decoded::Datagram(payload) = decode(252, &over_tcp) else {
        panic!("no message")
    };
    assert_eq!(payload.flow.transport, Transport::Tcp);
    assert!(matches!(
        decode(252, &exported(b"rtp\0", 3, MESSAGE)),
        Decoded::Other
    ));
}

#[test]
fn unknown_layers_are_named() {
    assert_eq!(skipped(65_000, &ip_message()), reason::UNKNOWN_LINK_TYPE);
    assert_eq!(
        skipped(ETHERNET, &ethernet(0x7777, &[0; 40])),
        reason::UNKNOWN_ETHERTYPE
    );
    assert_eq!(
        skipped(RAW, &ipv4(253, &[0; 8])),
        reason::UNKNOWN_IP_PROTOCOL
    );
    assert!(matches!(
        decode(ETHERNET, &ethernet(0x0806, &[0; 28])),
        Decoded::Other
    ));
}
