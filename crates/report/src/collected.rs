//! What is kept of calls and verdicts for a document that is sorted before it is written.

use std::cmp::Reverse;

use serde::Serialize;
use siptriage_correlate::{Series, Traffic};
use siptriage_rules::{Finding, Incomplete};

use crate::order::Order;
use crate::row::{CallRow, PackedCalls};

/// Calls, series, findings and undecided verdicts, each up to a limit.
#[derive(Debug)]
pub struct Collected {
    calls: PackedCalls,
    series: Vec<Series>,
    findings: Vec<Finding>,
    incomplete: Vec<Incomplete>,
    left_out: LeftOut,
    limit: usize,
}

/// What came after a limit was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Calls.
    pub calls: u64,
    /// Findings.
    pub findings: u64,
    /// Undecided verdicts.
    pub incomplete: u64,
    /// Call-IDs that were closed early.
    pub legs: u64,
    /// Messages of Call-IDs with too many.
    pub messages: u64,
    /// Messages of pairs of hosts past the limit.
    pub pairs: u64,
    /// ICMP refusals past the limit.
    pub refusals: u64,
    /// Scans of hosts past the limit.
    pub scans: u64,
    /// Series, or what came after they were closed early.
    pub series: u64,
}

impl Collected {
    /// Keeps at most `limit` of each.
    pub fn new(limit: usize) -> Collected {
        Collected {
            calls: PackedCalls::default(),
            series: Vec::new(),
            findings: Vec::new(),
            incomplete: Vec::new(),
            left_out: LeftOut::default(),
            limit,
        }
    }

    /// Keeps a call.
    pub fn add_call(&mut self, row: &CallRow<'_>) {
        if self.calls.len() < self.limit {
            self.calls.push(row);
        } else {
            self.left_out.calls += 1;
        }
    }

    /// Keeps a series.
    pub fn add_series(&mut self, series: &Series) {
        if self.series.len() < self.limit {
            self.series.push(series.clone());
        } else {
            self.left_out.series += 1;
        }
    }

    /// Keeps a finding.
    pub fn add_finding(&mut self, finding: &Finding) {
        if self.findings.len() < self.limit {
            self.findings.push(finding.clone());
        } else {
            self.left_out.findings += 1;
        }
    }

    /// Keeps an undecided verdict.
    pub fn add_incomplete(&mut self, incomplete: &Incomplete) {
        if self.incomplete.len() < self.limit {
            self.incomplete.push(incomplete.clone());
        } else {
            self.left_out.incomplete += 1;
        }
    }

    /// Puts everything in the order of documents: calls by number, series by their first messages,
    /// findings in `order`, undecided verdicts by call and rule.
    pub fn sort(&mut self, order: Order) {
        self.calls.sort();
        self.series.sort_by(|one, other| {
            let frames = || one.frames.kept().cmp(other.frames.kept());
            one.first.cmp(&other.first).then_with(frames)
        });
        self.findings
            .sort_by_cached_key(|finding| order.key(finding));
        self.incomplete.sort_by_cached_key(|incomplete| {
            (
                Reverse(incomplete.call.is_some()),
                incomplete.call,
                incomplete.rule.code,
            )
        });
    }

    /// The calls.
    pub fn calls(&self) -> &PackedCalls {
        &self.calls
    }

    /// The series.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// The findings.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The undecided verdicts.
    pub fn incomplete(&self) -> &[Incomplete] {
        &self.incomplete
    }

    /// What was left out, of rows and of `traffic`.
    pub fn left_out(&self, traffic: &Traffic) -> LeftOut {
        LeftOut {
            legs: traffic.closed_early,
            messages: traffic.overflow,
            pairs: traffic.unpaired,
            refusals: traffic.refusals_overflow,
            scans: traffic.scans_overflow,
            series: self.left_out.series + traffic.series_closed_early,
            ..self.left_out
        }
    }
}
