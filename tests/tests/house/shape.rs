//! The shape of a file: its first line, its length, and what a lib.rs may hold.

use siptriage_tests::TextFile;

use super::{assert_none, rust_files, sample};

/// A file longer than this is split by noun.
const LONGEST_FILE_LINES: usize = 500;

#[test]
fn a_file_says_first_what_it_is_for() {
    assert_none(&without_sentence(&rust_files()));
}

#[test]
fn a_file_is_not_too_long() {
    assert_none(&too_long(&rust_files()));
}

#[test]
fn a_lib_holds_no_logic() {
    assert_none(&logic_in_lib(&rust_files()));
}

#[test]
fn a_misshapen_file_is_seen() {
    let long = "//! Much.\n".repeat(LONGEST_FILE_LINES + 1);
    let files = [
        sample(
            "crates/sip/src/lib.rs",
            "//! A promise.\n/// fn\npub fn work() {}\n",
        ),
        sample("crates/sip/src/empty.rs", "//!\n"),
        sample("crates/sip/src/code.rs", "use std::fs;\n"),
        sample("crates/sip/src/open.rs", "//! A sentence without an end\n"),
        sample(
            "crates/sip/src/wrapped.rs",
            "//! A sentence on\n//! two lines: fine.\n",
        ),
        sample("crates/sip/src/long.rs", &long),
    ];
    let silent = ["src/empty.rs", "src/code.rs", "src/open.rs"];
    assert_eq!(
        without_sentence(&files),
        silent.map(|path| format!("crates/sip/{path}"))
    );
    assert_eq!(too_long(&files), ["crates/sip/src/long.rs: 501 lines"]);
    assert_eq!(
        logic_in_lib(&files),
        ["crates/sip/src/lib.rs:3: pub fn work() {}"]
    );
}

/// Files whose first lines are not a `//!` sentence.
fn without_sentence(files: &[TextFile]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files {
        let opening = file.text.lines().map_while(|line| line.strip_prefix("//!"));
        let paragraph: Vec<&str> = opening
            .map(str::trim)
            .take_while(|line| !line.is_empty())
            .collect();
        let sentence = paragraph.join(" ");
        if !sentence.ends_with(['.', ':']) {
            violations.push(file.path.clone());
        }
    }
    violations
}

fn too_long(files: &[TextFile]) -> Vec<String> {
    let counted = files.iter().map(|file| (file, file.text.lines().count()));
    counted
        .filter(|(_, lines)| *lines > LONGEST_FILE_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect()
}

/// Functions in the lib.rs of a crate, which holds modules and re-exports only.
fn logic_in_lib(files: &[TextFile]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.ends_with("src/lib.rs"))
    {
        for (index, line) in file.text.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") && code.split_whitespace().any(|word| word == "fn") {
                violations.push(format!("{}:{}: {code}", file.path, index + 1));
            }
        }
    }
    violations
}
