//! Which crate may import which: every arrow points down.

use std::collections::BTreeSet;
use std::fs;

use toml::{Table, Value};

use super::assert_none;

/// Each folder of `crates/` with the folders it may import.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("capture", &[]),
    ("sip", &[]),
    ("correlate", &["capture", "sip"]),
    ("rules", &["capture", "sip", "correlate"]),
    ("report", &["capture", "sip", "correlate", "rules"]),
    ("cli", &["capture", "sip", "correlate", "rules", "report"]),
    ("testkit", &[]),
];

/// What a crate's own tests may import above that.
const FOR_TESTS: &str = "testkit";

#[test]
fn every_arrow_points_down() {
    let mut violations = Vec::new();
    for (folder, allowed) in ALLOWED {
        let path = siptriage_tests::root()
            .join("crates")
            .join(folder)
            .join("Cargo.toml");
        let text = fs::read_to_string(&path).expect("every crate of the table has a Cargo.toml");
        violations.extend(forbidden_arrows(folder, &text, allowed));
    }
    assert_none(&violations);
}

#[test]
fn every_crate_has_its_place() {
    let crates = siptriage_tests::root().join("crates");
    let folders: BTreeSet<String> = fs::read_dir(crates)
        .expect("crates/ is readable")
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let known: BTreeSet<String> = ALLOWED
        .iter()
        .map(|(folder, _)| (*folder).to_owned())
        .collect();
    assert_eq!(folders, known);
}

#[test]
fn an_arrow_upwards_is_seen() {
    let text = "[dependencies]\nsiptriage-report.workspace = true\nmemchr.workspace = true\n\
                [dev-dependencies]\nsiptriage-testkit.workspace = true\nsiptriage = \"1\"\n\
                [target.'cfg(unix)'.dependencies]\nrenamed = { package = \"siptriage-rules\" }\n";
    let expected = [
        "sip -> report (dependencies)",
        "sip -> cli (dev-dependencies)",
        "sip -> rules (target)",
    ];
    assert_eq!(forbidden_arrows("sip", text, &[]), expected);
}

/// The arrows of one Cargo.toml that are not allowed, as `from -> to (section)`.
fn forbidden_arrows(folder: &str, text: &str, allowed: &[&str]) -> Vec<String> {
    let manifest: Table = text.parse().expect("a Cargo.toml is TOML");
    let mut arrows = Vec::new();
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        for target in imports(manifest.get(section)) {
            if section != "dev-dependencies" || target != FOR_TESTS {
                arrows.push((target, section));
            }
        }
    }
    let platforms = manifest.get("target").and_then(Value::as_table);
    for platform in platforms.into_iter().flat_map(Table::values) {
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            arrows.extend(
                imports(platform.get(section))
                    .into_iter()
                    .map(|to| (to, "target")),
            );
        }
    }
    arrows.retain(|(target, _)| !allowed.contains(&target.as_str()));
    arrows
        .iter()
        .map(|(target, section)| format!("{folder} -> {target} ({section})"))
        .collect()
}

/// The folders of our own crates among the dependencies of one section.
fn imports(section: Option<&Value>) -> Vec<String> {
    let dependencies = section.and_then(Value::as_table);
    let mut folders = Vec::new();
    for (name, dependency) in dependencies.into_iter().flatten() {
        let package = dependency
            .get("package")
            .and_then(Value::as_str)
            .unwrap_or(name);
        match package.strip_prefix("siptriage") {
            Some("") => folders.push("cli".to_owned()),
            Some(rest) => folders.push(rest.trim_start_matches('-').to_owned()),
            None => {}
        }
    }
    folders
}
