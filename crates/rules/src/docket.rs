//! Where rules write down their verdicts while a call is being judged.

use siptriage_capture::Time;
use siptriage_correlate::TransactionIdx;

use crate::finding::{Confidence, Evidence, Finding, Incomplete, Judged, Severity};
use crate::rule::Rule;
use crate::suppression;

/// What a verdict is about, within one leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A transaction.
    Transaction(TransactionIdx),
    /// A dialog opened by a 2xx, by its position in [`siptriage_correlate::Case::answers`].
    Dialog(usize),
    /// The capture as a whole.
    Capture,
}

/// What a rule has to say of a subject that violates it.
#[derive(Clone, Debug)]
pub struct Charge {
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// When the trouble began.
    pub time: Time,
    /// As [`Finding::message`].
    pub message: String,
    /// In any order; the docket sorts it and keeps [`Docket::EVIDENCE`] frames.
    pub evidence: Vec<Evidence>,
}

/// A verdict together with what it is about.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// Which leg of the call.
    pub leg: usize,
    /// What of it.
    pub subject: Subject,
    /// The verdict.
    pub verdict: T,
}

/// The verdicts on one call, one leg or one capture.
#[derive(Clone, Debug, Default)]
pub struct Docket {
    call: Option<u32>,
    leg: usize,
    findings: Vec<Entry<Finding>>,
    incomplete: Vec<Entry<Incomplete>>,
}

impl Docket {
    /// Frames that one finding points to at most: the first ones and the last.
    pub const EVIDENCE: usize = 16;

    /// An empty docket; `call` is the number of the call, if it is one.
    pub fn new(call: Option<u32>) -> Docket {
        Docket {
            call,
            ..Docket::default()
        }
    }

    /// What follows is about this leg of the call.
    pub fn turn_to(&mut self, leg: usize) {
        self.leg = leg;
    }

    /// The subject violates the rule.
    pub fn find(&mut self, rule: &'static Rule, subject: Subject, charge: Charge) {
        let finding = Finding {
            rule,
            severity: charge.severity,
            confidence: charge.confidence,
            call: self.call,
            time: charge.time,
            message: charge.message,
            evidence: shortened(charge.evidence),
        };
        self.findings.push(Entry {
            leg: self.leg,
            subject,
            verdict: finding,
        });
    }

    /// The capture cannot tell whether the subject violates the rule.
    pub fn leave_open(&mut self, rule: &'static Rule, subject: Subject, why: String) {
        let verdict = Incomplete {
            rule,
            call: self.call,
            why,
        };
        self.incomplete.push(Entry {
            leg: self.leg,
            subject,
            verdict,
        });
    }

    /// One finding for each root cause.
    pub fn close(self) -> Judged {
        if self.findings.is_empty() && self.incomplete.is_empty() {
            return Judged::default();
        }
        suppression::apply(self.findings, self.incomplete)
    }
}

fn shortened(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by_key(|evidence| evidence.frame);
    let surplus = evidence.len().saturating_sub(Docket::EVIDENCE);
    let last = Docket::EVIDENCE - 1;
    if surplus > 0 {
        evidence.drain(last..last + surplus);
    }
    evidence
}

#[cfg(test)]
mod tests {
    use siptriage_correlate::FrameRef;

    use super::*;

    #[test]
    fn long_evidence_keeps_its_first_frames_and_its_last() {
        let numbered = |number| Evidence {
            frame: FrameRef::new(0, number),
            note: "".into(),
        };
        let kept = shortened((1..=40).rev().map(numbered).collect());
        let numbers: Vec<u64> = kept
            .iter()
            .map(|evidence| evidence.frame.number())
            .collect();
        assert_eq!(
            numbers,
            [&(1..=15).collect::<Vec<u64>>()[..], &[40]].concat()
        );
    }
}
