//! Verdicts as the first screen needs them: grouped by rule, a few examples of each.

use std::collections::{BTreeMap, BTreeSet};

use siptriage_rules::{Confidence, Finding, Incomplete, Rule, Severity};

use crate::order::Order;

/// Verdicts grouped by rule. Its size depends on the number of rules only.
pub struct Triage {
    order: Order,
    findings: BTreeMap<&'static str, Findings>,
    incomplete: BTreeMap<&'static str, Undecided>,
}

/// All findings of one rule.
pub(super) struct Findings {
    /// The rule.
    pub rule: &'static Rule,
    /// The gravest of them.
    pub severity: Severity,
    /// How many.
    pub count: u64,
    /// How many of them are only possible.
    pub possible: u64,
    /// The calls concerned.
    pub calls: FirstCalls,
    /// The first of the gravest and surest.
    pub example: Finding,
}

/// All undecided verdicts of one rule.
pub(super) struct Undecided {
    /// How many.
    pub count: u64,
    /// The calls concerned.
    pub calls: FirstCalls,
    /// What the capture lacked for the first of them.
    pub why: String,
}

/// The lowest call numbers, and how many there are.
#[derive(Default)]
pub(super) struct FirstCalls {
    /// At most [`FirstCalls::SHOWN`] numbers.
    pub first: BTreeSet<u32>,
    /// Calls past them.
    pub more: u64,
    /// The call added last: verdicts on one call come one after the other.
    latest: Option<u32>,
}

impl Triage {
    /// No verdicts yet; the first finding of a rule is the first in `order`.
    pub fn new(order: Order) -> Triage {
        Triage {
            order,
            findings: BTreeMap::new(),
            incomplete: BTreeMap::new(),
        }
    }

    /// Takes a finding.
    pub fn add_finding(&mut self, finding: &Finding) {
        let group = self
            .findings
            .entry(finding.rule.code)
            .or_insert_with(|| Findings {
                rule: finding.rule,
                severity: finding.severity,
                count: 0,
                possible: 0,
                calls: FirstCalls::default(),
                example: finding.clone(),
            });
        group.count += 1;
        group.possible += u64::from(finding.confidence == Confidence::Possible);
        group.severity = group.severity.max(finding.severity);
        group.calls.add(finding.call);
        if rank(finding, self.order) < rank(&group.example, self.order) {
            group.example = finding.clone();
        }
    }

    /// Takes an undecided verdict.
    pub fn add_incomplete(&mut self, incomplete: &Incomplete) {
        let group = self
            .incomplete
            .entry(incomplete.rule.code)
            .or_insert_with(|| Undecided {
                count: 0,
                calls: FirstCalls::default(),
                why: incomplete.why.clone(),
            });
        group.count += 1;
        let lowest = group.calls.first.first().copied();
        if incomplete
            .call
            .is_some_and(|call| lowest.is_none_or(|lowest| call < lowest))
        {
            group.why = incomplete.why.clone();
        }
        group.calls.add(incomplete.call);
    }

    /// The groups of findings, the gravest first, then the most frequent.
    pub(super) fn findings(&self) -> Vec<&Findings> {
        let mut groups: Vec<&Findings> = self.findings.values().collect();
        groups.sort_by_key(|group| {
            (
                std::cmp::Reverse((group.severity, group.count)),
                group.rule.code,
            )
        });
        groups
    }

    /// The groups of undecided verdicts by code of their rule.
    pub(super) fn incomplete(&self) -> impl Iterator<Item = (&'static str, &Undecided)> {
        self.incomplete.iter().map(|(code, group)| (*code, group))
    }
}

/// The example is the gravest finding, the surest of those, the first of those.
fn rank(finding: &Finding, order: Order) -> impl Ord + use<> {
    (
        std::cmp::Reverse((finding.severity, finding.confidence)),
        order.key(finding),
    )
}

impl FirstCalls {
    /// Numbers kept.
    const SHOWN: usize = 6;

    fn add(&mut self, call: Option<u32>) {
        let Some(call) = call.filter(|call| Some(*call) != self.latest) else {
            return;
        };
        self.latest = Some(call);
        if !self.first.insert(call) || self.first.len() <= Self::SHOWN {
            return;
        }
        self.first.pop_last();
        self.more += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_calls_are_shown_and_all_are_counted() {
        let mut calls = FirstCalls::default();
        for call in [9, 8, 8, 7, 6, 5, 4, 3, 3, 10] {
            calls.add(Some(call));
        }
        assert_eq!(
            calls.first.iter().copied().collect::<Vec<_>>(),
            [3, 4, 5, 6, 7, 8]
        );
        assert_eq!(calls.more, 2);
    }
}
