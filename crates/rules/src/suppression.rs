//! One finding for each root cause: a rule hides those that have nothing to add to it.

use crate::docket::Entry;
use crate::finding::{Finding, Incomplete, Judged};

/// Leaves out what a finding on the same subject hides ([`crate::Rule::hides`]), and every open
/// verdict of a rule that has a finding there. Hidden findings hide, too.
pub fn apply(findings: Vec<Entry<Finding>>, incomplete: Vec<Entry<Incomplete>>) -> Judged {
    if findings.len() + incomplete.len() == 1 {
        let findings = findings.into_iter().map(|entry| entry.verdict);
        let incomplete = incomplete.into_iter().map(|entry| entry.verdict);
        return Judged {
            findings: findings.collect(),
            incomplete: incomplete.collect(),
        };
    }
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

#[cfg(test)]
mod tests {
    use siptriage_correlate::TransactionIdx;

    use super::*;
    use crate::docket::Subject;
    use crate::finding::Confidence;
    use crate::registry::rule;

    const ONE: Subject = Subject::Transaction(TransactionIdx(0));
    const OTHER: Subject = Subject::Transaction(TransactionIdx(1));

    fn finding(code: &str, leg: usize, subject: Subject) -> Entry<Finding> {
        let rule = rule(code).expect("a rule of the registry");
        let verdict = Finding {
            rule,
            severity: rule.severity,
            confidence: Confidence::Certain,
            call: Some(1),
            time: Default::default(),
            message: String::new(),
            evidence: Vec::new(),
        };
        Entry {
            leg,
            subject,
            verdict,
        }
    }

    fn open(code: &str, subject: Subject) -> Entry<Incomplete> {
        let rule = rule(code).expect("a rule of the registry");
        let verdict = Incomplete {
            rule,
            call: Some(1),
            why: String::new(),
        };
        Entry {
            leg: 0,
            subject,
            verdict,
        }
    }

    fn codes(judged: &Judged) -> Vec<&str> {
        judged
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .collect()
    }

    #[test]
    fn the_cause_hides_its_effects_on_the_same_subject_only() {
        let findings = vec![
            finding("TXN-001", 0, ONE),
            finding("TXN-002", 0, ONE),
            finding("TXN-002", 0, OTHER),
            finding("TXN-002", 1, ONE),
        ];
        assert_eq!(
            codes(&apply(findings, Vec::new())),
            ["TXN-001", "TXN-002", "TXN-002"]
        );
    }

    #[test]
    fn a_hidden_finding_hides_too() {
        let dialog = Subject::Dialog(0);
        let findings = vec![
            finding("DLG-001", 0, dialog),
            finding("DLG-002", 0, dialog),
            finding("DLG-003", 0, dialog),
            finding("DLG-020", 0, dialog),
        ];
        assert_eq!(codes(&apply(findings, Vec::new())), ["DLG-002"]);
    }

    #[test]
    fn a_finding_closes_what_is_open() {
        let findings = vec![finding("TXN-003", 0, ONE)];
        let incomplete = vec![
            open("TXN-004", ONE),
            open("TXN-004", OTHER),
            open("TXN-003", ONE),
        ];
        let judged = apply(findings, incomplete);
        assert_eq!((judged.findings.len(), judged.incomplete.len()), (1, 1));
    }
}
