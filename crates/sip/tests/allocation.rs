//! The fast path allocates nothing, whatever the message.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

mod shapes;

use allocation_counter::measure;
use shapes::{SHAPES, nested_multiparts};
use siptriage_sip::{framing, parse, recognise, scan};

#[test]
fn recognising_framing_and_scanning_allocate_nothing() {
    let messages = messages();
    assert!(messages.len() > 60, "the fixtures are there");
    for bytes in &messages {
        let counted = measure(|| {
            black_box(recognise(black_box(bytes)));
            black_box(framing::cut(black_box(bytes)));
            black_box(scan(black_box(bytes)));
        });
        assert_eq!(counted.count_total, 0, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn scanning_what_attackers_send_allocates_nothing() {
    let mut multipart = b"SIP/2.0 200 OK\r\nc: Multipart / mixed;boundary=b9\r\n\r\n".to_vec();
    multipart.extend(nested_multiparts(10));
    multipart.extend(b"c: application /\r\n sdp");
    let shapes = SHAPES.iter().map(|(_, shape)| shape(500));
    for bytes in shapes.chain([multipart]) {
        let counted = measure(|| {
            black_box(framing::cut(black_box(&bytes)));
            black_box(scan(black_box(&bytes)));
        });
        assert_eq!(counted.count_total, 0, "{}", bytes[..80].escape_ascii());
    }
}

/// Shows that the counter counts.
#[test]
fn parsing_in_full_does_allocate() {
    let messages = messages();
    let counted = measure(|| {
        for bytes in &messages {
            black_box(parse(black_box(bytes)));
        }
    });
    assert!(counted.count_total > 0);
}

fn messages() -> Vec<Vec<u8>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/messages");
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in ["bench", "torture"] {
        let entries = fs::read_dir(fixtures.join(folder)).expect("the folder is there");
        files.extend(entries.map(|entry| entry.expect("readable").path()));
    }
    files
        .iter()
        .map(|file| fs::read(file).expect("readable"))
        .collect()
}
