//! Every rule has its file, its fixture with all kinds of cases, and an up-to-date manual page.

use std::collections::BTreeSet;

use siptriage_rules::{RULES, Rule, manual};
use siptriage_testkit::{Case, Fixture, Kind};
use siptriage_tests::{TextFile, text_files};

use super::{assert_none, sample};

#[test]
fn every_rule_has_its_file_and_is_listed() {
    let files = text_files("crates/rules/src").expect("the rules are readable");
    let rules = files
        .iter()
        .filter(|file| file.text.contains("pub static RULE: Rule ="));
    let files: BTreeSet<&str> = rules.filter_map(|file| declared_name(&file.text)).collect();
    let listed: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(files, listed);
}

#[test]
fn every_rule_has_its_fixture() {
    let files = text_files("fixtures/rules").expect("the fixtures are readable");
    let mut violations = Vec::new();
    for rule in RULES {
        match files.iter().find(|file| stem(file) == rule.name) {
            Some(file) => violations.extend(missing_cases(rule, file)),
            None => violations.push(format!("fixtures/rules/{}.md is missing", rule.name)),
        }
    }
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    let strays = files.iter().filter(|file| !names.contains(stem(file)));
    violations.extend(strays.map(|file| format!("{} belongs to no rule", file.path)));
    assert_none(&violations);
}

#[test]
fn the_manual_is_as_the_rules_say() {
    let mut files = text_files("docs/rules").expect("the manual is readable");
    let mut violations = Vec::new();
    for page in manual::pages() {
        let path = format!("docs/rules/{}", page.name);
        match files.iter().position(|file| file.path == path) {
            Some(place) if files[place].text == page.text => drop(files.swap_remove(place)),
            Some(place) => violations.push(format!("{} is stale", files.swap_remove(place).path)),
            None => violations.push(format!("{path} is missing")),
        }
    }
    violations.extend(
        files
            .iter()
            .map(|file| format!("{} belongs to no rule", file.path)),
    );
    assert_none(&violations);
}

#[test]
fn a_missing_case_is_seen() {
    let case = |kind: &str, expect: &str| {
        format!("## {kind}: x\n```trace\n0 alice -> bob INVITE\n```\n```expect\n{expect}\n```\n")
    };
    let rule = RULES[0];
    let hit = format!("finding {}", rule.code);
    let text = case("fires", "no findings") + &case("silent", &hit) + &case("fires", &hit);
    let file = sample("fixtures/rules/x.md", &text);
    let violations = [
        "fixtures/rules/x.md:1: fires, but expects no finding of the rule",
        "fixtures/rules/x.md:8: silent, but expects a finding of the rule",
        "fixtures/rules/x.md: no `boundary` case",
    ];
    assert_eq!(missing_cases(rule, &file), violations);
}

/// What a rule's fixture lacks: a kind of case, or cases that show what they say.
fn missing_cases(rule: &Rule, file: &TextFile) -> Vec<String> {
    let path = &file.path;
    let cases = match Fixture::parse(&file.text) {
        Ok(fixture) => fixture.cases,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let mut violations = Vec::new();
    for case in &cases {
        let found = case
            .expect
            .findings
            .iter()
            .any(|finding| finding.rule == rule.code);
        let line = case.line;
        match (case.kind, found) {
            (Kind::Fires, false) => {
                violations.push(format!(
                    "{path}:{line}: fires, but expects no finding of the rule"
                ));
            }
            (Kind::Silent, true) => {
                violations.push(format!(
                    "{path}:{line}: silent, but expects a finding of the rule"
                ));
            }
            (Kind::Fires | Kind::Boundary | Kind::Other, true)
            | (Kind::Silent | Kind::Boundary | Kind::Other, false) => {}
        }
    }
    for (kind, word) in [
        (Kind::Fires, "fires"),
        (Kind::Silent, "silent"),
        (Kind::Boundary, "boundary"),
    ] {
        if !cases.iter().any(|case: &Case| case.kind == kind) {
            violations.push(format!("{path}: no `{word}` case"));
        }
    }
    violations
}

/// The name that a rule's file gives to it.
fn declared_name(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("name: \"")?;
    Some(after.split_once('"')?.0)
}

/// The name of a file without its folder and ending.
fn stem(file: &TextFile) -> &str {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}
