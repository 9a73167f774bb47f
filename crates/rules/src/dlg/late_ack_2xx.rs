//! DLG-020: the ACK came late, after the 2xx had to be repeated.

use super::answer;
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::rule::{Check, Rule};
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "DLG-020",
    name: "late-ack-2xx",
    severity: Severity::Info,
    spec: &["RFC 3261 13.2.2.4"],
    summary: "the ACK to a 2xx came only after retransmissions",
    finds: "At least two retransmissions of a 2xx to an INVITE on the grid of 13.3.1.4 before its \
            ACK, which then ends them.",
    why: "The call goes on. The delay shows a caller that is slow, or a path that loses packets: \
          the next ACK may not come in time.",
    not_when: &[
        "a single retransmission before the ACK",
        "the retransmissions go on after the ACK: DLG-003",
        "no ACK at all: DLG-001",
    ],
    check_first: "packet loss between caller and callee, load of the caller",
    hides: &[],
    check: Check::Answer(check),
};

fn check(context: &Context<'_>, number: usize, docket: &mut Docket) {
    let answer = &context.case.answers[number];
    let Some(ack) = answer.acks.first().copied() else {
        return;
    };
    let Some(schedule) = answer::repeats(context, answer) else {
        return;
    };
    let acknowledged = context.time(ack);
    let repeats = schedule.repeats_before(acknowledged);
    if repeats < answer::PROVING_REPEATS {
        return;
    }
    let code = answer::code(context, answer);
    let mut evidence = answer::evidence(context, &code, &schedule);
    evidence.push(context.evidence(ack, "ACK"));
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Certain,
        time: schedule.first(),
        message: format!(
            "ACK late by {}: the {code} to {} was sent again {} before it",
            span(acknowledged.since(schedule.first())),
            answer::request(context, answer),
            times(repeats),
        ),
        evidence,
    };
    docket.find(&RULE, Subject::Dialog(number), charge);
}
