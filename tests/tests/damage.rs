//! Damaged captures: whatever is in a file, the program says what it could read and returns.

use serde_json::Value;
use siptriage_testkit::{Variation, capture};
use siptriage_tests::built::transport::{Cutting, stream};
use siptriage_tests::fixtures::{analyze_file, cases};

/// Done, not read to its end, no SIP in it.
const ALLOWED: [u8; 3] = [0, 3, 4];

#[test]
fn a_file_cut_at_any_byte() {
    for file in files() {
        for length in (0..file.len()).step_by(61) {
            let run = analyze_file(&file[..length]).expect("a file");
            assert!(
                ALLOWED.contains(&run.code),
                "{length} bytes: {} {}",
                run.code,
                run.err
            );
        }
    }
}

#[test]
fn a_file_with_any_byte_turned_over() {
    for file in files() {
        for place in (0..file.len()).step_by(53) {
            let mut file = file.clone();
            file[place] ^= 0xff;
            let run = analyze_file(&file).expect("a file");
            assert!(
                ALLOWED.contains(&run.code),
                "byte {place}: {} {}",
                run.code,
                run.err
            );
        }
    }
}

/// A body that is said to be longer than it is ends with the bytes of the next message, which here
/// follows only when the call is over.
#[test]
fn no_time_is_negative_whatever_order_messages_end_in() {
    let mut packets = stream(Cutting::of(10_000)).packets();
    let answer = packets.iter_mut().find(|packet| {
        let finds = |word: &[u8]| packet.bytes.windows(word.len()).any(|part| part == word);
        finds(b"SIP/2.0 200") && finds(b"INVITE") && finds(b"v=0")
    });
    let bytes = &mut answer.expect("a 200 with a body").bytes;
    let name = b"Content-Length: ";
    let at = bytes.windows(name.len()).position(|part| part == name);
    bytes[at.expect("the header") + name.len()] += 1;
    let file = capture::write_pcap(&packets);
    let run = analyze_file(&file).expect("a file");
    let document: Value = serde_json::from_str(&run.out).expect("JSON");
    let call = &document["calls"][0];
    assert_eq!(call["outcome"], "answered", "{call}");
    for time in ["setup_ms", "ring_ms", "pdd_ms", "talk_ms"] {
        assert!(call[time].as_f64().is_none_or(|time| time >= 0.0), "{call}");
    }
}

/// One TCP call as pcap and as pcapng.
fn files() -> [Vec<u8>; 2] {
    let cases = cases("fixtures/calls").expect("the fixtures are readable");
    let case = cases
        .iter()
        .find(|placed| placed.name.contains("TCP"))
        .expect("a case with TCP");
    let packets = case.case.trace.packets(&Variation::default());
    [
        capture::write_pcap(&packets),
        capture::write_pcapng(&packets),
    ]
}
