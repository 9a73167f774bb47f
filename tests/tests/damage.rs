//! Damaged captures: whatever is in a file, the program says what it could read and returns.

use siptriage_testkit::{Variation, capture};
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
