//! The first screen of the README is what the program prints.

use std::ffi::OsString;
use std::path::Path;

#[test]
fn the_readme_shows_the_output_of_its_command() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, rest) = readme
        .split_once("<!-- output of the command above -->\n```text\n")
        .unwrap();
    let (shown, _) = rest.split_once("```\n<!-- end of output -->").unwrap();
    let (_, command) = readme.split_once("$ cargo run --release -- ").unwrap();
    let command = command.lines().next().unwrap();
    std::env::set_current_dir(&root).unwrap();
    let mut out = Vec::new();
    let arguments = command.split(' ').map(OsString::from).collect();
    siptriage::run(arguments, &mut out, &mut Vec::new());
    let printed = String::from_utf8(out).unwrap();
    assert!(shown == printed, "the README should show:\n{printed}");
}
