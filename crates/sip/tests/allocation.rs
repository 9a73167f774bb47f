//! The fast path allocates nothing, whatever the message.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use allocation_counter::measure;
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
