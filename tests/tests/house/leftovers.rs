//! Words that must not stay behind: unfinished work, disarmed tests, traces of the place and the
//! way in which a file was written.

use siptriage_tests::TextFile;

use super::{assert_none, rust_files, sample};

/// Unfinished work and disarmed tests. A `~` is taken out before a word is looked for, so that
/// this list does not find itself.
const UNFINISHED: [&str; 10] = [
    "TO~DO",
    "FIX~ME",
    "XX~X",
    "HA~CK",
    "to~do!(",
    "unimple~mented!(",
    "db~g!(",
    "#[ig~nore",
    "assert!(tr~ue",
    "thread::sl~eep",
];

/// Folders of one machine.
const MACHINE_PATHS: [&str; 6] = [
    "/wo~rk/", "/fa~rm/", "/ro~ot/", "/tm~p/", "/ho~me/", "/Us~ers/",
];

/// Words about how a text came to be; the project speaks of itself alone.
const ORIGIN: [&str; 4] = ["cla~ude", "anthro~pic", "l~lm", "as an ~ai"];

#[test]
fn no_unfinished_work() {
    assert_none(&unfinished(&rust_files()));
}

#[test]
fn no_trace_of_a_machine_or_an_origin() {
    let files = siptriage_tests::text_files("").expect("the tree is readable");
    assert_none(&foreign(&files));
}

#[test]
fn a_leftover_is_seen() {
    let [leftover, macro_call] = [UNFINISHED[0], UNFINISHED[6]].map(plain);
    let [path, word] = [MACHINE_PATHS[0], ORIGIN[2]].map(plain);
    let file = sample(
        "a.rs",
        &format!("// {leftover}: later\n{macro_call}1);\n\"{leftover}-1\"\n"),
    );
    let found = [
        format!("a.rs:1: {leftover}"),
        format!("a.rs:2: {macro_call}"),
    ];
    assert_eq!(unfinished(&[file]), found);

    let text = format!(
        "see {path}x\nnetwork{path}x\nhe{word}o\nan {} too\n",
        word.to_uppercase()
    );
    let found = [format!("b.md:1: {path}"), format!("b.md:4: {word}")];
    assert_eq!(
        foreign(&[sample("b.md", &text), sample("Cargo.lock", &text)]),
        found
    );
}

fn unfinished(files: &[TextFile]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let found = UNFINISHED
                .map(plain)
                .into_iter()
                .find(|word| has_word(line, word));
            violations.extend(found.map(|word| format!("{}:{}: {word}", file.path, index + 1)));
        }
    }
    violations
}

fn foreign(files: &[TextFile]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.extension() != "lock") {
        for (index, line) in file.text.lines().enumerate() {
            let lower = line.to_lowercase();
            let path = MACHINE_PATHS
                .map(plain)
                .into_iter()
                .find(|path| has_word(line, path));
            let word = ORIGIN
                .map(plain)
                .into_iter()
                .find(|word| has_word(&lower, word));
            let found = path.into_iter().chain(word);
            violations.extend(found.map(|word| format!("{}:{}: {word}", file.path, index + 1)));
        }
    }
    violations
}

fn plain(word: &str) -> String {
    word.replace('~', "")
}

/// Whether `word` stands in the line with nothing that makes a longer word of it on either side.
fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let open_end = word.ends_with(|c: char| !c.is_alphanumeric());
        !before.is_some_and(joins) && (open_end || !after.is_some_and(joins))
    })
}
