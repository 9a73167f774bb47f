//! Captures of real programs: what `analyze` says of each, held against the page beside it.

use std::fs;

use siptriage_testkit::Expect;
use siptriage_tests::document::Document;
use siptriage_tests::expectation::mismatches;
use siptriage_tests::fixtures::analyze_file;
use siptriage_tests::{root, text_files};

/// The page: a heading with the name of each capture, and its expect block.
const PAGE: &str = "fixtures/captures/sipp.md";

#[test]
fn every_capture_is_what_its_page_says() {
    let sections = sections();
    assert_eq!(sections.len(), 4);
    for (name, expect) in sections {
        let document = analyze(&name);
        let lines = mismatches(&Expect::parse(&expect).expect(&name), &document);
        assert!(lines.is_empty(), "{name}:\n{}", lines.join("\n"));
    }
}

#[test]
fn a_page_that_says_something_else_does_not_hold() {
    let document = analyze("sipp-cancelled");
    let expect = Expect::parse("call answered 200\nmetric ner 0/1\n").expect("an expect block");
    assert_eq!(mismatches(&expect, &document).len(), 3);
}

fn analyze(name: &str) -> Document {
    let path = root().join(format!("fixtures/captures/{name}.pcap"));
    let run = analyze_file(&fs::read(path).expect(name)).expect(name);
    assert_eq!(run.code, 0, "{name}: {}", run.err);
    Document::parse(&run.out).expect(name)
}

/// Name and expect block of every section.
fn sections() -> Vec<(String, String)> {
    let page = text_files("fixtures/captures").expect("the fixtures are readable");
    let page = page.iter().find(|file| file.path == PAGE).expect(PAGE);
    let sections = page.text.split("\n## ").skip(1);
    let section = |text: &str| {
        let (name, rest) = text.split_once('\n').expect("a line under the heading");
        let block = rest.split("```expect\n").nth(1).expect("an expect block");
        let block = block.split("```").next().unwrap_or_default();
        (name.to_owned(), block.to_owned())
    };
    sections.map(section).collect()
}
