//! The inputs that fuzzing kept, each through its law again.

use std::fs;
use std::path::PathBuf;

use siptriage_tests::fuzz_targets::{TARGETS, Target};

/// What one target may keep, in files and in bytes.
const FILES: usize = 200;
const BYTES: usize = 300 * 1024;

#[test]
fn every_kept_input_keeps_its_law() {
    for target in TARGETS {
        for (path, bytes) in inputs(&target) {
            let outcome = std::panic::catch_unwind(|| (target.check)(&bytes));
            assert!(outcome.is_ok(), "{} breaks the law above", path.display());
        }
    }
}

#[test]
fn the_inputs_of_a_target_are_few_and_small() {
    for target in TARGETS {
        let inputs = inputs(&target);
        let bytes: usize = inputs.iter().map(|(_, bytes)| bytes.len()).sum();
        let name = target.name;
        assert!(!inputs.is_empty(), "{name} has no input");
        assert!(inputs.len() <= FILES, "{name} has {} inputs", inputs.len());
        assert!(bytes <= BYTES, "{name} has {bytes} bytes of inputs");
    }
}

/// The inputs of a target, by name.
fn inputs(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = siptriage_tests::root()
        .join("tests/fuzz/corpus")
        .join(target.name);
    let entries = fs::read_dir(&folder).expect("every target has a folder of inputs");
    let paths = entries.map(|entry| entry.expect("the folder is readable").path());
    let mut paths: Vec<PathBuf> = paths.collect();
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).expect("an input is readable");
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}
