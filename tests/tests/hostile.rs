//! Captures made to exhaust a reader: each ends, within its limits, and says what was given up.

use std::io::Write;

use serde_json::Value;
use siptriage_testkit::Packet;
use siptriage_testkit::capture::write_pcap;
use siptriage_tests::fixtures::analyze_file;
use siptriage_tests::folder::Folder;

const UDP: u8 = 17;
const TCP: u8 = 6;

#[test]
fn zeros_without_end_are_given_up() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let piece = vec![0; 1 << 20];
    packer.write_all(&write_pcap(&[])).expect("memory");
    for _ in 0..8 {
        packer.write_all(&piece).expect("memory");
    }
    let packed = packer.finish().expect("memory");
    let run = Seen::of(&packed);
    assert_eq!(run.code, 3);
    assert_eq!(run.skipped("garbage-at-end"), 1);
    assert!(!run.capture["complete"].as_bool().expect("a boolean"));
}

#[test]
fn an_expansion_past_its_limit_is_named() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&write_pcap(&[])).expect("memory");
    let piece = vec![0; 1 << 20];
    for _ in 0..80 {
        packer.write_all(&piece).expect("memory");
    }
    let packed = packer.finish().expect("memory");
    let folder = Folder::of(&[("zeros.gz", &packed)]).expect("a file");
    let run = folder.run(&["analyze"], &["zeros.gz"]);
    assert_eq!(run.code, 3);
    for said in [&run.out, &run.err] {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("the limit `expansion` stopped reading"),
            "{said}"
        );
        assert!(!said.contains("in the middle of a record"), "{said}");
    }
}

#[test]
fn a_block_that_claims_four_gigabytes_is_passed_over() {
    let packet = datagram([192, 0, 2, 1], &message(1, "OPTIONS", ""));
    let mut file = vec![];
    let section = [0x1a2b_3c4d, 1, u32::MAX, u32::MAX];
    write_block(&mut file, 0x0a0d_0d0a, &section, &[]);
    write_block(&mut file, 1, &[1, 0], &[]);
    let length = packet.len() as u32;
    let head = [0, 0, 0, length, length];
    write_block(&mut file, 6, &head, &packet);
    file.extend(
        [6, u32::MAX - 3, 0, 0, 0, u32::MAX, u32::MAX]
            .map(u32::to_le_bytes)
            .concat(),
    );
    file.extend([0x55; 1_000]);
    write_block(&mut file, 6, &head, &packet);
    let run = Seen::of(&file);
    assert_eq!(run.skipped("resynchronised"), 1);
    assert_eq!(run.capture["sip_messages"], 2);
}

#[test]
fn streams_that_never_get_on_are_evicted() {
    let begin = b"INVITE sip:bob@example.com SIP/2.0\r\nVia: ";
    let run = Seen::of(&capture(66_000, |number| segment(number, 1, begin)));
    assert_eq!(run.skipped("stream-evicted"), 66_000 - 65_536);
    assert_eq!(run.skipped("stream-message-unfinished"), 65_536);
}

#[test]
fn streams_that_are_only_opened_are_evicted() {
    let run = Seen::of(&capture(66_000, |number| {
        let mut packet = segment(number, 1, b"");
        const FLAGS: usize = IPV4 + 20 + 13;
        const SYN: u8 = 2;
        packet[FLAGS] = SYN;
        packet
    }));
    assert_eq!(run.skipped("stream-evicted"), 66_000 - 65_536);
    assert_eq!(run.skipped("stream-message-unfinished"), 0);
}

#[test]
fn fragments_without_company_are_evicted() {
    let run = Seen::of(&capture(5_000, |number| {
        let mut packet = packet(host(1), UDP, &[0x79; 64]);
        let [.., high, low] = number.to_be_bytes();
        // Identification, and the flag that more fragments follow.
        packet[IPV4 + 4..IPV4 + 7].copy_from_slice(&[high, low, 0x20]);
        packet
    }));
    assert_eq!(run.skipped("fragments-evicted"), 5_000 - 4_096);
    assert_eq!(run.skipped("fragments-incomplete"), 4_096);
}

#[test]
fn a_call_without_end_is_counted_beyond_what_is_kept() {
    let run = Seen::of(&capture(10_050, |number| {
        datagram(host(1), &message(1, "INFO", &format!("X: {number}\r\n")))
    }));
    assert_eq!(run.capture["sip_messages"], 10_050);
    assert_eq!(run.document["metrics"]["traffic"]["not_kept"], 50);
}

#[test]
fn a_scan_of_many_call_ids_is_read_to_its_end() {
    let run = Seen::of(&capture(5_000, |number| {
        datagram(host(number), &message(number, "OPTIONS", ""))
    }));
    assert_eq!(run.capture["sip_messages"], 5_000);
}

#[test]
fn headers_without_end_are_still_one_message() {
    let run = Seen::of(&capture(20, |number| {
        datagram(
            host(1),
            &message(number, "INVITE", &"v:1\r\n".repeat(12_000)),
        )
    }));
    assert_eq!(run.capture["sip_messages"], 20);
}

#[test]
fn a_head_that_does_not_end_is_given_up() {
    const LINES: [u8; 1_000] = [b'z'; 1_000];
    let begin = b"INVITE sip:bob@example.com SIP/2.0\r\nX: ";
    let mut next = 1;
    let run = Seen::of(&capture(3_000, |number| {
        let bytes: &[u8] = if number == 0 { begin } else { &LINES };
        let packet = segment(1, next, bytes);
        next += bytes.len() as u32;
        packet
    }));
    assert_eq!(run.capture["sip_messages"], 0);
    assert!(run.skipped("stream-message-too-long") > 0);
}

/// What `analyze` says of a file.
struct Seen {
    code: u8,
    document: Value,
    capture: Value,
}

impl Seen {
    fn of(file: &[u8]) -> Seen {
        let run = analyze_file(file).expect("a file");
        let document: Value = serde_json::from_str(&run.out).expect("a document");
        let capture = document["captures"][0].clone();
        Seen {
            code: run.code,
            document,
            capture,
        }
    }

    /// How often something was not understood for `reason`.
    fn skipped(&self, reason: &str) -> u64 {
        let skipped = self.capture["skipped"].as_array().expect("a list");
        let entry = skipped.iter().find(|entry| entry["reason"] == reason);
        entry.map_or(0, |entry| entry["count"].as_u64().expect("a number"))
    }
}

/// A capture of so many packets, a tenth of a millisecond apart.
fn capture(packets: u32, mut packet: impl FnMut(u32) -> Vec<u8>) -> Vec<u8> {
    let packets = (0..packets).map(|number| {
        let bytes = packet(number);
        Packet {
            time_ns: 1_700_000_000_000_000_000 + u64::from(number) * 100_000,
            original_length_bytes: bytes.len(),
            bytes,
        }
    });
    write_pcap(&packets.collect::<Vec<_>>())
}

fn message(call: u32, method: &str, headers: &str) -> Vec<u8> {
    let text = format!(
        "{method} sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{call}\r\n\
         From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n\
         Call-ID: {call}@example.com\r\nCSeq: 1 {method}\r\n{headers}Content-Length: 0\r\n\r\n"
    );
    text.into_bytes()
}

/// A host for 4,096 numbers.
fn host(number: u32) -> [u8; 4] {
    [192, 0, 2, (number >> 12) as u8]
}

fn datagram(src: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16 + 8).to_be_bytes();
    let header = [&[0x13, 0xc4, 0x13, 0xc4], &length[..], &[0, 0]].concat();
    packet(src, UDP, &[&header, payload].concat())
}

fn segment(number: u32, seq: u32, payload: &[u8]) -> Vec<u8> {
    let port = 40_000 + (number & 0xfff) as u16;
    let mut header = [port.to_be_bytes(), 5_060_u16.to_be_bytes()].concat();
    header.extend(seq.to_be_bytes());
    header.extend([0, 0, 0, 0, 0x50, 0x10, 0xff, 0xff, 0, 0, 0, 0]);
    packet(host(number), TCP, &[&header, payload].concat())
}

/// Where the IPv4 header begins in a packet.
const IPV4: usize = 14;

fn packet(src: [u8; 4], protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00, 0x45, 0];
    bytes.extend((payload.len() as u16 + 20).to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, protocol, 0, 0]);
    bytes.extend(src);
    bytes.extend([203, 0, 113, 5]);
    bytes.extend(payload);
    bytes
}

/// A pcapng block of words and bytes, padded to a word.
fn write_block(file: &mut Vec<u8>, kind: u32, words: &[u32], bytes: &[u8]) {
    let padding = bytes.len().wrapping_neg() % 4;
    let length = (12 + words.len() * 4 + bytes.len() + padding) as u32;
    file.extend([kind, length].map(u32::to_le_bytes).concat());
    words
        .iter()
        .for_each(|word| file.extend(word.to_le_bytes()));
    file.extend(bytes);
    file.extend(&[0; 3][..padding]);
    file.extend(length.to_le_bytes());
}
