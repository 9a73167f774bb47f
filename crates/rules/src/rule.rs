//! A rule: its name, its manual page and its check, as plain values.

use siptriage_correlate::{Metrics, Scene, Traffic, TransactionIdx};

use crate::context::Context;
use crate::docket::Docket;
use crate::finding::Severity;
use crate::sign::Sign;

/// One rule. Data, not behaviour: [`crate::RULES`] lists them all.
#[derive(Debug)]
pub struct Rule {
    /// Stable for ever: group and number, `DLG-001`.
    pub code: &'static str,
    /// The code in words, as in the name of its fixture: `missing-ack-2xx`.
    pub name: &'static str,
    /// Severity of a finding unless the manual page says otherwise.
    pub severity: Severity,
    /// Sections of the specifications that are violated: `RFC 3261 13.2.2.4`.
    pub spec: &'static [&'static str],
    /// The rule in half a sentence, for lists.
    pub summary: &'static str,
    /// Manual page: what exactly is found, with every threshold.
    pub finds: &'static str,
    /// Manual page: why it matters.
    pub why: &'static str,
    /// Manual page: what looks alike and is not reported.
    pub not_when: &'static [&'static str],
    /// What to look at first; printed with every finding.
    pub check_first: &'static str,
    /// Codes of the rules that have nothing to add where this one has a finding.
    pub hides: &'static [&'static str],
    /// What judges.
    pub check: Check,
}

/// What a rule judges, and how.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Each INVITE transaction of a leg that shows the sign.
    Invite(Sign, fn(&Context<'_>, TransactionIdx, &mut Docket)),
    /// Each 2xx to an INVITE of a leg that shows the sign, by its position in
    /// [`siptriage_correlate::Case::answers`].
    Answer(Sign, fn(&Context<'_>, usize, &mut Docket)),
    /// A call as a whole, seen from its main leg.
    Call(fn(&Context<'_>, &mut Docket)),
    /// The capture as a whole.
    Capture(fn(&Totals<'_>, &mut Docket)),
}

/// The capture as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Totals<'a> {
    /// Numbers of all calls.
    pub metrics: &'a Metrics,
    /// Numbers of all messages.
    pub traffic: &'a Traffic,
    /// What the capture can prove.
    pub scene: &'a Scene,
}
