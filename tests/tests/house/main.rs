//! The rules of the house that no compiler checks, read off the source tree.

mod arrows;
mod leftovers;
mod manual;
mod names;
mod shape;

use siptriage_tests::TextFile;

/// The Rust files of the workspace.
fn rust_files() -> Vec<TextFile> {
    let mut files = siptriage_tests::text_files("crates").expect("crates/ is readable");
    files.extend(siptriage_tests::text_files("tests").expect("tests/ is readable"));
    files.retain(|file| file.extension() == "rs");
    assert!(!files.is_empty(), "no Rust file found");
    files
}

/// A Rust file that exists only in a test of a check.
fn sample(path: &str, text: &str) -> TextFile {
    TextFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// Fails with one line for each violation.
fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}
