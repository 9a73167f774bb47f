//! The manual of the rules: one page each and an index, rendered from the registry.

use crate::registry::RULES;
use crate::rule::Rule;

/// Width of plain text, in columns.
const COLUMNS: usize = 80;

/// One file of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// File name: `DLG-001.md`, `README.md`.
    pub name: String,
    /// Markdown.
    pub text: String,
}

/// Every file of the manual: the index first.
pub fn pages() -> Vec<Page> {
    let mut pages = vec![Page {
        name: "README.md".to_owned(),
        text: index(),
    }];
    for rule in RULES {
        pages.push(Page {
            name: format!("{}.md", rule.code),
            text: markdown(rule),
        });
    }
    pages
}

/// The page of a rule as Markdown.
pub fn markdown(rule: &Rule) -> String {
    let mut text = format!(
        "# {} {}\n\n{}\n\n",
        rule.code,
        rule.name,
        sentence(rule.summary)
    );
    text.push_str(&format!("Severity: {}  \n", rule.severity.name()));
    if !rule.spec.is_empty() {
        text.push_str(&format!("Specification: {}\n", rule.spec.join(", ")));
    }
    section(&mut text, "What it finds", rule.finds);
    section(&mut text, "Why it matters", rule.why);
    text.push_str("\n## What does not trigger it\n\n");
    for innocent in rule.not_when {
        text.push_str(&format!("* {innocent}\n"));
    }
    section(&mut text, "Check first", &sentence(rule.check_first));
    if !rule.hides.is_empty() {
        let hidden = rule.hides.iter().map(|code| format!("[{code}]({code}.md)"));
        let hidden: Vec<String> = hidden.collect();
        let told = format!("For the same transaction or dialog: {}.", hidden.join(", "));
        section(&mut text, "Hides", &told);
    }
    text
}

/// The page of a rule as plain text, for a terminal.
pub fn plain(rule: &Rule) -> String {
    let mut text = format!("{} {} ({})\n", rule.code, rule.name, rule.severity.name());
    paragraph(&mut text, "", &sentence(rule.summary));
    heading(&mut text, "What it finds");
    paragraph(&mut text, "  ", rule.finds);
    heading(&mut text, "Why it matters");
    paragraph(&mut text, "  ", rule.why);
    heading(&mut text, "What does not trigger it");
    for innocent in rule.not_when {
        item(&mut text, innocent);
    }
    heading(&mut text, "Check first");
    paragraph(&mut text, "  ", &sentence(rule.check_first));
    if !rule.hides.is_empty() {
        heading(&mut text, "Hides for the same transaction or dialog");
        paragraph(&mut text, "  ", &rule.hides.join(", "));
    }
    if !rule.spec.is_empty() {
        heading(&mut text, "Specification");
        paragraph(&mut text, "  ", &rule.spec.join(", "));
    }
    text
}

/// The list of all rules as Markdown.
fn index() -> String {
    let mut text = "# Rules\n\nRendered from the registry of `crates/rules` by \
                    `cargo run -p siptriage-rules --example manual`; do not edit.\n\n\
                    | rule | name | severity | finds |\n|---|---|---|---|\n"
        .to_owned();
    for rule in RULES {
        let (code, name, severity) = (rule.code, rule.name, rule.severity.name());
        text.push_str(&format!(
            "| [{code}]({code}.md) | {name} | {severity} | {} |\n",
            rule.summary
        ));
    }
    text
}

fn section(text: &mut String, title: &str, body: &str) {
    text.push_str(&format!("\n## {title}\n\n{body}\n"));
}

fn heading(text: &mut String, title: &str) {
    text.push_str(&format!("\n{title}:\n"));
}

fn item(text: &mut String, body: &str) {
    wrap(text, "  * ", "    ", body);
}

fn paragraph(text: &mut String, indent: &str, body: &str) {
    wrap(text, indent, indent, body);
}

/// Breaks between words so that no line is longer than [`COLUMNS`], unless one word is.
fn wrap(text: &mut String, first: &str, others: &str, body: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in body.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            text.push_str(&line);
            text.push('\n');
            line = others.to_owned();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    text.push_str(&line);
    text.push('\n');
}

/// Upper case in front, a full stop at the end.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let mut sentence = String::with_capacity(words.len() + 1);
    sentence.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
    sentence.push_str(letters.as_str());
    sentence.push('.');
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_and_the_index_names_it() {
        let pages = pages();
        assert_eq!(pages.len(), RULES.len() + 1);
        for rule in RULES {
            assert!(pages[0].text.contains(&format!("[{0}]({0}.md)", rule.code)));
            assert!(markdown(rule).contains("## Check first"));
        }
    }

    #[test]
    fn plain_text_fits_a_terminal() {
        for rule in RULES {
            for line in plain(rule).lines() {
                assert!(line.chars().count() <= COLUMNS, "{}: {line}", rule.code);
            }
        }
    }
}
