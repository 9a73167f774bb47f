//! One finding for each root cause: a rule hides those that have nothing to add to it.

use crate::docket::Entry;
use crate::finding::{Finding, Incomplete, Judged};

/// Leaves out what a finding on the same subject hides ([`crate::Rule::hides`]), and every open
/// verdict of a rule that has a finding there. Hidden findings hide, too.
pub fn apply(findings: Vec<Entry<Finding>>, incomplete: Vec<Entry<Incomplete>>) -> Judged {
    let hidden: Vec<bool> = findings
        .iter()
        .map(|entry| findings.iter().any(|other| hides(other, entry.leg, entry)))
        .collect();
    let open = incomplete.into_iter().filter(|entry| {
        !findings.iter().any(|other| {
            other.leg == entry.leg
                && other.subject == entry.subject
                && (other.verdict.rule.code == entry.verdict.rule.code
                    || other.verdict.rule.hides.contains(&entry.verdict.rule.code))
        })
    });
    let incomplete = open.map(|entry| entry.verdict).collect();
    let kept = findings
        .into_iter()
        .zip(hidden)
        .filter(|(_, hidden)| !hidden);
    Judged {
        findings: kept.map(|(entry, _)| entry.verdict).collect(),
        incomplete,
    }
}

fn hides(other: &Entry<Finding>, leg: usize, entry: &Entry<Finding>) -> bool {
    other.leg == leg
        && other.subject == entry.subject
        && other.verdict.rule.hides.contains(&entry.verdict.rule.code)
}
