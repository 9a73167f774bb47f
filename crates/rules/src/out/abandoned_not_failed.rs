//! OUT-001: the caller gave up, which is no failure.

use siptriage_correlate::{Call, Judgement, Outcome, RecordIdx};
use siptriage_sip::StatusCode;

use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::rule::{Check, Rule};
use crate::wording::span;

/// The rule.
pub static RULE: Rule = Rule {
    code: "OUT-001",
    name: "abandoned-not-failed",
    severity: Severity::Info,
    spec: &["RFC 3261 9", "RFC 3261 21.4.25", "RFC 3326"],
    summary: "a 487 after the caller's own CANCEL is no failure",
    finds: "A call whose final response is 487 after a CANCEL, or a BYE on the early dialog, from \
            the caller's side. The message tells how long the caller waited, and how much of \
            that it rang.",
    why: "Counted as failures, abandoned calls make a healthy trunk look ill. They stay in the \
          denominator of the answer ratio and out of the failure rate.",
    not_when: &[
        "a CANCEL with `Reason: SIP;cause=200`: the call was answered elsewhere, and its outcome says \
         so",
        "nobody cancelled: OUT-002",
        "a 2xx crossed the CANCEL: TXN-010",
    ],
    check_first: "nothing to repair; look at how long callers wait and at the post-dial delay",
    hides: &[],
    check: Check::Call(check),
};

fn check(context: &Context<'_>, docket: &mut Docket) {
    let Some(judgement) = context.call.map(Call::judgement) else {
        return;
    };
    if judgement.outcome != Outcome::Abandoned || judgement.status != Some(StatusCode(487)) {
        return;
    }
    let (Some(gave_up), Some(deciding)) = (judgement.gave_up, judgement.deciding) else {
        return;
    };
    let cancel = cancel(context, judgement);
    let waited = span(gave_up.since(judgement.start));
    let message = match judgement.ringing {
        Some(ringing) => {
            let patience = span(gave_up.since(ringing));
            format!("the caller gave up after {waited}, {patience} of it ringing")
        }
        None => format!("the caller gave up after {waited}, before it rang"),
    };
    let mut evidence = vec![context.evidence(deciding, "487")];
    evidence.extend(cancel.map(|record| context.evidence(record, "CANCEL")));
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Certain,
        time: gave_up,
        message: format!("{message}: abandoned, not failed"),
        evidence,
    };
    let decided = context.case.leg.record(deciding).transaction;
    docket.find(&RULE, Subject::Transaction(decided), charge);
}

fn cancel(context: &Context<'_>, judgement: &Judgement) -> Option<RecordIdx> {
    let attempt = context.case.attempts.get(judgement.attempt?)?;
    let cancels = attempt
        .roots
        .iter()
        .filter_map(|root| context.transaction(*root).cancelled_by);
    cancels
        .map(|cancel| context.transaction(cancel).first)
        .min()
}
