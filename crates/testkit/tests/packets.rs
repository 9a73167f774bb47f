//! What the packets of a trace look like below SIP.

use siptriage_testkit::{Packet, Trace, Variation};

fn packets(trace: &str, variation: &Variation) -> Vec<Packet> {
    Trace::parse(trace)
        .expect("the trace makes sense")
        .packets(variation)
}

fn word(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
}

fn ip_id(packet: &Packet) -> usize {
    word(&packet.bytes, 18)
}

/// The ones' complement sum, 0xffff over anything with a right checksum (RFC 1071).
fn ones_sum(bytes: &[u8]) -> usize {
    let padded = [bytes, &[0][..bytes.len() % 2]].concat();
    let mut sum: usize = padded.chunks(2).map(|pair| word(pair, 0)).sum();
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum
}

const CALL: &str = "0 alice -> bob INVITE sdp\n1 bob -> alice 200 sdp\n1.1 alice -> bob ACK\n";

#[test]
fn checksums_are_right_in_both_families_and_transports() {
    for transport in ["", "transport tcp\n"] {
        for ipv6 in [false, true] {
            let variation = Variation {
                ipv6,
                ..Variation::default()
            };
            for packet in packets(&format!("{transport}{CALL}"), &variation) {
                let (addresses, header_end) = if ipv6 { (22..54, 54) } else { (26..34, 34) };
                let protocol = if ipv6 {
                    packet.bytes[20]
                } else {
                    packet.bytes[23]
                };
                if !ipv6 {
                    assert_eq!(ones_sum(&packet.bytes[14..34]), 0xffff);
                }
                let segment = &packet.bytes[header_end..];
                let length = u16::try_from(segment.len()).unwrap().to_be_bytes();
                let pseudo = [&packet.bytes[addresses], &[0, protocol], &length].concat();
                assert_eq!(ones_sum(&[pseudo.as_slice(), segment].concat()), 0xffff);
            }
        }
    }
}

#[test]
fn a_duplicate_has_the_same_ip_id_and_a_resend_has_not() {
    let sent = packets(
        "0 0.5 a -> b INVITE\n1 b -> a 100 dup=0.0003\n",
        &Variation::default(),
    );
    assert_eq!(sent.len(), 4);
    assert_ne!(ip_id(&sent[0]), ip_id(&sent[1]));
    assert_eq!(sent[2].bytes, sent[3].bytes);
    assert_eq!(sent[3].time_ns - sent[2].time_ns, 300_000);
    let all = Variation {
        duplicate_after: Some(1000),
        ..Variation::default()
    };
    assert_eq!(packets(CALL, &all).len(), 6);
}

#[test]
fn truncation_keeps_the_length_on_the_wire() {
    let sent = packets("0 a -> b INVITE truncate=200\n", &Variation::default());
    assert_eq!(sent[0].bytes.len(), 200);
    assert_eq!(sent[0].original_length_bytes, word(&sent[0].bytes, 16) + 14);
}

#[test]
fn a_lost_packet_is_missing_and_its_message_happened() {
    let sent = packets(
        "0 a -> b INVITE lost\n1 b -> a 200\n",
        &Variation::default(),
    );
    assert_eq!(sent.len(), 1);
}

#[test]
fn addresses_of_one_packet_can_be_others() {
    let trace = "host a 192.0.2.1\n0 a -> b INVITE from=198.51.100.1:1024 to=203.0.113.5\n";
    let sent = packets(trace, &Variation::default());
    assert_eq!(
        sent[0].bytes[26..38],
        [198, 51, 100, 1, 203, 0, 113, 5, 4, 0, 0x13, 0xc4]
    );
    let text = String::from_utf8_lossy(&sent[0].bytes);
    assert!(text.contains("Via: SIP/2.0/UDP 192.0.2.1:5060"));
}

#[test]
fn the_end_of_the_capture_is_a_packet() {
    let sent = packets("end 96.0\n0 a -> b OPTIONS\n", &Variation::default());
    assert_eq!(sent[1].time_ns - sent[0].time_ns, 96_000_000_000);
}

#[test]
fn streams_open_and_count_their_bytes() {
    let trace = "transport tcp\n0 a -> b OPTIONS split=100\n1 b -> a 200\n";
    let sent = packets(trace, &Variation::default());
    let flags: Vec<u8> = sent.iter().map(|packet| packet.bytes[47]).collect();
    assert_eq!(flags[..3], [0x02, 0x12, 0x10]);
    let sequence = |packet: &Packet| u32::from_be_bytes(packet.bytes[38..42].try_into().unwrap());
    let mut expected = sequence(&sent[0]) + 1;
    let pieces = &sent[3..sent.len() - 1];
    for packet in pieces {
        assert_eq!(sequence(packet), expected);
        expected += u32::try_from(packet.bytes.len()).unwrap() - 54;
    }
    assert!(pieces.len() > 2);
    let answer = &sent[sent.len() - 1];
    assert_eq!(answer.bytes[42..46], expected.to_be_bytes());
    let holed = packets(&trace.replace("split", "lost split"), &Variation::default());
    assert_eq!(holed.len(), sent.len() - 1);
    assert_eq!(sequence(&holed[4]) - sequence(&holed[3]), 200);
}

#[test]
fn the_message_is_complete_at_the_time_of_its_line() {
    let udp = packets(CALL, &Variation::default());
    let tcp = packets(&format!("transport tcp\n{CALL}"), &Variation::default());
    let (first, last) = (udp[0].time_ns, udp[2].time_ns);
    assert_eq!((tcp[3].time_ns, tcp[tcp.len() - 1].time_ns), (first, last));
}

#[test]
fn long_datagrams_are_fragmented_at_the_mtu() {
    let variation = Variation {
        mtu_bytes: Some(300),
        ..Variation::default()
    };
    for ipv6 in [false, true] {
        let variation = Variation {
            ipv6,
            ..variation.clone()
        };
        let whole = packets(
            CALL,
            &Variation {
                ipv6,
                ..Variation::default()
            },
        );
        let sent = packets(CALL, &variation);
        let header = if ipv6 { 62 } else { 34 };
        let first: Vec<&Packet> = sent
            .iter()
            .filter(|packet| packet.time_ns <= whole[0].time_ns)
            .collect();
        assert!(first.len() > 1);
        assert!(first.iter().all(|packet| packet.bytes.len() <= 314));
        let joined: Vec<u8> = first
            .iter()
            .flat_map(|packet| packet.bytes[header..].to_vec())
            .collect();
        let expected = if ipv6 { 54 } else { 34 };
        assert_eq!(joined, whole[0].bytes[expected..]);
    }
}

#[test]
fn variations_change_names_tags_and_calls() {
    let sent = packets(
        CALL,
        &Variation {
            compact: true,
            vlan: Some(7),
            call_suffix: "-b".to_owned(),
            ..Variation::default()
        },
    );
    assert_eq!(sent[0].bytes[12..18], [0x81, 0, 0, 7, 8, 0]);
    let text = String::from_utf8_lossy(&sent[0].bytes);
    assert!(text.contains("\r\ni: 1-b@example.com\r\n") && text.contains("\r\nv: SIP/2.0/UDP "));
}

#[test]
fn loss_is_a_matter_of_the_seed() {
    let lossy = |share, seed| Variation {
        drop: Some((share, seed)),
        ..Variation::default()
    };
    let times: String = (0..1000).map(|second| format!("{second} ")).collect();
    let trace = format!("{times} a -> b OPTIONS\n");
    let kept = packets(&trace, &lossy(0.3, 1));
    assert!((650..750).contains(&kept.len()), "{}", kept.len());
    assert_eq!(kept, packets(&trace, &lossy(0.3, 1)));
    assert_ne!(kept, packets(&trace, &lossy(0.3, 2)));
    assert_eq!(packets(&trace, &lossy(1.0, 1)).len(), 0);
}

#[test]
fn an_icmp_error_quotes_the_packet_that_did_not_arrive() {
    let trace = "0 a -> b INVITE\n0.1 b -> a icmp port-unreachable\n";
    let sent = packets(trace, &Variation::default());
    assert_eq!(
        (sent[1].bytes[23], &sent[1].bytes[34..36]),
        (1, &[3, 3][..])
    );
    assert_eq!(sent[1].bytes[42..100], sent[0].bytes[14..72]);
    assert_eq!(ones_sum(&sent[1].bytes[34..]), 0xffff);
    let sent = packets(
        trace,
        &Variation {
            ipv6: true,
            ..Variation::default()
        },
    );
    assert_eq!(
        (sent[1].bytes[20], &sent[1].bytes[54..56]),
        (58, &[1, 4][..])
    );
    assert_eq!(
        Trace::parse("0 b -> a icmp port-unreachable\n")
            .unwrap_err()
            .line,
        1
    );
}

#[test]
fn media_flows_between_the_ports_of_the_session() {
    let trace = "0 a -> b INVITE sdp\n1 b -> a 200 sdp\n2 b -> a rtp until=3\n";
    let sent = packets(trace, &Variation::default());
    assert_eq!(sent.len(), 2 + 51);
    assert_eq!(
        (word(&sent[2].bytes, 34), word(&sent[2].bytes, 36)),
        (10_002, 10_000)
    );
    assert_eq!(sent[52].time_ns - sent[2].time_ns, 1_000_000_000);
    assert_eq!(
        (word(&sent[2].bytes, 44), word(&sent[52].bytes, 44)),
        (0, 50)
    );
}

#[test]
fn attempts_are_repeated_refused_and_closed() {
    let trace = "transport tcp\n0 1 3 a -> b syn\n4 b -> a rst\n5 a -> b OPTIONS\n\
                 6 b -> a tcp-ack\n7 b -> a fin\n8 a -> b OPTIONS\n";
    let sent = packets(trace, &Variation::default());
    let flags: Vec<u8> = sent.iter().map(|packet| packet.bytes[47]).collect();
    let connected = [0x02, 0x12, 0x10, 0x18];
    let expected = [&[2, 2, 2, 0x14][..], &connected, &[0x10, 0x11], &connected].concat();
    assert_eq!(flags, expected);
    assert_eq!(sent[0].bytes[34..46], sent[2].bytes[34..46]);
    assert_ne!(word(&sent[4].bytes, 34), word(&sent[0].bytes, 34));
    assert_ne!(word(&sent[10].bytes, 34), word(&sent[4].bytes, 34));
}
