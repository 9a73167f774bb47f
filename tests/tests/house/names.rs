//! Names that say nothing: of modules, accessors and items.

use siptriage_tests::TextFile;

use super::{assert_none, rust_files, sample};

/// A module called so collects what belongs nowhere.
const EMPTY_MODULES: [&str; 8] = [
    "util", "utils", "common", "misc", "helper", "helpers", "types", "shared",
];

/// The words that introduce the name of an item.
const ITEMS: [&str; 8] = [
    "fn", "struct", "enum", "trait", "type", "mod", "const", "static",
];

/// What may stand before them.
const MODIFIERS: [&str; 6] = ["pub", "crate", "super", "in", "async", "unsafe"];

/// What a name ends in that only repeats that it is a thing.
const EMPTY_ENDINGS: [&str; 6] = ["_data", "_manager", "_helper", "Data", "Manager", "Helper"];

/// As empty, except where SIP itself says so: Call-Info, Alert-Info, userinfo.
const INFO_ENDINGS: [&str; 2] = ["_info", "Info"];

/// Where headers and parts of URIs keep the names that the specifications give them.
const SIP_NAMES: &str = "crates/sip/src/";

#[test]
fn a_module_is_named_for_what_it_holds() {
    assert_none(&empty_modules(&rust_files()));
}

#[test]
fn an_item_is_named_for_what_it_is() {
    assert_none(&empty_items(&rust_files()));
}

#[test]
fn an_empty_name_is_seen() {
    let text = "mod misc {\n    fn get_port() {}\n    pub(crate) struct CallInfo;\n    \
                // fn get_it()\n    const fn target() {}\n    let get = mod_info;\n}\n";
    let files = [
        sample("crates/capture/src/util.rs", text),
        sample("crates/sip/src/common/mod.rs", ""),
        sample(
            "crates/sip/src/header/call_info.rs",
            "pub struct CallInfo;\n",
        ),
    ];
    let modules = [
        "crates/capture/src/util.rs: module `util`",
        "crates/sip/src/common/mod.rs: module `common`",
    ];
    assert_eq!(empty_modules(&files), modules);
    let items = [
        "crates/capture/src/util.rs:1: `misc`",
        "crates/capture/src/util.rs:2: `get_port`",
        "crates/capture/src/util.rs:3: `CallInfo`",
    ];
    assert_eq!(empty_items(&files), items);
}

/// Files and folders with the name of an empty module.
fn empty_modules(files: &[TextFile]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if EMPTY_MODULES.contains(&part) {
                violations.push(format!("{}: module `{part}`", file.path));
            }
        }
    }
    violations
}

/// Items that are accessors called `get_`, end in an empty word, or are empty modules.
fn empty_items(files: &[TextFile]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let Some(name) = item_name(line) else {
                continue;
            };
            let empty = name.starts_with("get_")
                || EMPTY_MODULES.contains(&name)
                || EMPTY_ENDINGS.iter().any(|ending| name.ends_with(ending))
                || (!file.path.starts_with(SIP_NAMES)
                    && INFO_ENDINGS.iter().any(|ending| name.ends_with(ending)));
            if empty {
                violations.push(format!("{}:{}: `{name}`", file.path, index + 1));
            }
        }
    }
    violations
}

/// The name of the item that a line of code introduces.
fn item_name(line: &str) -> Option<&str> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let mut words = words.skip_while(|word| word.is_empty() || MODIFIERS.contains(word));
    if line.trim_start().starts_with(['/', '"']) || !ITEMS.contains(&words.next()?) {
        return None;
    }
    words.find(|word| !word.is_empty() && !ITEMS.contains(word))
}
