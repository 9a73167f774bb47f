//! What captures do to IP packets: offload, padding, lies about lengths, cuts, refusals.

use siptriage_capture::decode::{Cause, Decoded, Segment, reason};
use siptriage_capture::{Frame, Limits, Transport};

use crate::wire::*;

/// The frame as a capture with a snap length of `length` has it.
fn cut(bytes: &[u8], length: usize) -> Frame<'_> {
    let original_len = bytes.len() as u32;
    Frame {
        original_len,
        ..frame(ETHERNET, &bytes[..length])
    }
}

#[test]
fn the_trailer_of_a_frame_is_no_payload() {
    holds_message(ETHERNET, &join(&[&ethernet_message(), &[0; 6]]));
    let packet = ipv6(UDP, &udp_message());
    holds_message(ETHERNET, &join(&[&ethernet(0x86dd, &packet), &[0; 6]]));
}

#[test]
fn offload_leaves_lengths_and_checksums_unset() {
    let mut packet = ip_message();
    packet[2..4].fill(0);
    packet[10..12].fill(0xff);
    packet[24..26].fill(0);
    holds_message(RAW, &packet);
    let mut packet = ipv6(UDP, &udp_message());
    packet[4..6].fill(0);
    packet[44..46].fill(0);
    holds_message(RAW, &packet);
}

#[test]
fn options_and_extension_headers_are_stepped_over() {
    let mut packet = ip_message();
    packet[0] = 0x46;
    packet[3] += 4;
    packet.splice(20..20, [1, 1, 1, 0]);
    holds_message(RAW, &packet);
    let message = udp_message();
    let authenticated = join(&[&[UDP, 4], &[0; 22], &message]);
    holds_message(RAW, &ipv4(51, &authenticated));
    let authenticated = join(&[&[51, 0], &[0; 6], &authenticated]);
    let routed = join(&[&[60, 2], &[0; 22], &authenticated]);
    let atomic = join(&[&[43, 0, 0, 0, 0, 0, 0, 9], &routed]);
    holds_message(RAW, &ipv6(0, &join(&[&[44, 0], &[0; 6], &atomic])));
}

#[test]
fn a_udp_length_that_lies() {
    let with_length = |length: u16| {
        let mut packet = ip_message();
        packet[24..26].copy_from_slice(&length.to_be_bytes());
        packet
    };
    let longer = with_length(60_000);
    holds_message(RAW, &longer);
    let shorter = with_length(8 + 10);
    let Decoded::Datagram(payload) = decode(RAW, &shorter) else {
        panic!("no datagram")
    };
    assert_eq!(payload.bytes, &MESSAGE[..10]);
}

#[test]
fn a_cut_payload_is_marked() {
    let bytes = ethernet_message();
    let decoder = siptriage_capture::decode::Decoder::new(&Limits::default());
    for length in 42..bytes.len() {
        let Decoded::Datagram(payload) = decoder.decode(&cut(&bytes, length)) else {
            panic!("no datagram at {length}")
        };
        assert_eq!(payload.bytes, &MESSAGE[..length - 42]);
        assert!(payload.truncated);
    }
    for length in 14..42 {
        let Decoded::Skipped(reason) = decoder.decode(&cut(&bytes, length)) else {
            panic!("not skipped at {length}")
        };
        assert_eq!(reason, reason::TRUNCATED);
    }
    let padded = join(&[&bytes, &[0; 6]]);
    let Decoded::Datagram(payload) = decoder.decode(&cut(&padded, bytes.len())) else {
        panic!("no datagram")
    };
    assert!(!payload.truncated, "only padding was cut");
}

#[test]
fn a_cut_segment_says_how_much_is_missing() {
    let bytes = ethernet(0x0800, &ipv4(TCP, &tcp(5060, 5062, 9, 0x18, MESSAGE)));
    let decoder = siptriage_capture::decode::Decoder::new(&Limits::default());
    let Decoded::Segment(segment) = decoder.decode(&cut(&bytes, bytes.len() - 5)) else {
        panic!("no segment")
    };
    assert_eq!(segment.seen.missing, 5);
    assert_eq!((segment.seq, segment.bytes.len()), (9, MESSAGE.len() - 5));
    assert!(segment.has(Segment::ACK) && !segment.has(Segment::SYN));
}

#[test]
fn malformed_headers_are_named() {
    assert_eq!(skipped(RAW, &ip_message()[..19]), reason::MALFORMED_IP);
    assert_eq!(skipped(RAW, &ipv4(UDP, &[0; 7])), reason::MALFORMED_UDP);
    assert_eq!(skipped(RAW, &ipv4(TCP, &[0; 24])), reason::MALFORMED_TCP);
    assert_eq!(skipped(RAW, &ipv6(0, &[17, 9, 0, 0])), reason::MALFORMED_IP);
    assert_eq!(skipped(ETHERNET, &[0; 13]), reason::MALFORMED_LINK);
}

#[test]
fn a_refusal_names_the_flow_and_quotes() {
    let quoted = ip_message();
    let packet = outer(1, &join(&[&[3, 3, 0, 0, 0, 0, 0, 0], &quoted[..40]]));
    let Decoded::Refusal(refusal) = decode(RAW, &packet) else {
        panic!("no refusal")
    };
    assert_eq!(refusal.cause, Cause::V4 { kind: 3, code: 3 });
    assert_ends(refusal.flow);
    assert_eq!(refusal.flow.transport, Transport::Udp);
    assert_eq!(refusal.quoted, &MESSAGE[..12]);

    let quoted = ipv6(TCP, &tcp(5060, 5062, 1, 2, &[]));
    let packet = ipv6(58, &join(&[&[1, 4, 0, 0, 0, 0, 0, 0], &quoted]));
    let Decoded::Refusal(refusal) = decode(RAW, &packet) else {
        panic!("no refusal")
    };
    assert_eq!(refusal.cause, Cause::V6 { kind: 1, code: 4 });
    assert_ends(refusal.flow);

    let refused = |packet: &[u8]| ipv6(58, &join(&[&[1, 4, 0, 0, 0, 0, 0, 0], packet]));
    let options = ipv6(60, &join(&[&[UDP, 0], &[0; 6], &udp_message()]));
    let first = ipv6(44, &join(&[&[UDP, 0, 0, 1, 0, 0, 0, 9], &udp_message()]));
    for quoted in [options, first] {
        let packet = refused(&quoted);
        let Decoded::Refusal(refusal) = decode(RAW, &packet) else {
            panic!("no refusal")
        };
        assert_ends(refusal.flow);
        assert_eq!(refusal.quoted, MESSAGE);
    }
    let later = ipv6(44, &join(&[&[UDP, 0, 0, 8, 0, 0, 0, 9], &udp_message()]));
    assert!(matches!(decode(RAW, &refused(&later)), Decoded::Other));

    let echo = ipv4(1, &[8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    assert!(matches!(decode(RAW, &echo), Decoded::Other));
}
