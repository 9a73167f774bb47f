//! What rules say: findings with their evidence, and verdicts that the capture leaves open.

use std::borrow::Cow;

use siptriage_capture::Time;
use siptriage_correlate::FrameRef;

use crate::rule::Rule;

/// How much a finding matters to whoever runs the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// An explanation.
    Info,
    /// It works, but wrong or at risk.
    Warning,
    /// A call was lost or dropped.
    Error,
    /// A service is lost as long as this lasts.
    Critical,
}

impl Severity {
    /// Every severity, the gravest first.
    pub const ALL: [Severity; 4] = [
        Severity::Critical,
        Severity::Error,
        Severity::Warning,
        Severity::Info,
    ];

    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Something is missing, and one of the conditions that would prove it is itself unproven.
    Possible,
    /// Something is missing from a window that the capture shows in full, both ways.
    Probable,
    /// The fault itself is on the wire: retransmissions on the timer's grid, a code, a header.
    Certain,
}

impl Confidence {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Certain => "certain",
            Confidence::Probable => "probable",
            Confidence::Possible => "possible",
        }
    }
}

/// A frame that proves something, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The frame.
    pub frame: FrameRef,
    /// What it shows, safe to print.
    pub note: Cow<'static, str>,
}

/// A rule that is violated.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// May differ from the rule's own where the rule's manual says so.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Number of the call; absent for legs that are no call and for the capture as a whole.
    pub call: Option<u32>,
    /// When the trouble began.
    pub time: Time,
    /// What happened, in a sentence without a full stop, safe to print.
    pub message: String,
    /// Frames in capture order.
    pub evidence: Vec<Evidence>,
}

/// A rule that the capture neither shows to be violated nor satisfied.
#[derive(Clone, Debug)]
pub struct Incomplete {
    /// The rule.
    pub rule: &'static Rule,
    /// Number of the call, as in [`Finding::call`].
    pub call: Option<u32>,
    /// What the capture lacks, safe to print.
    pub why: String,
}

/// What all rules say of one subject.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// One finding for each root cause, in the order of the rules.
    pub findings: Vec<Finding>,
    /// Verdicts left open.
    pub incomplete: Vec<Incomplete>,
}
