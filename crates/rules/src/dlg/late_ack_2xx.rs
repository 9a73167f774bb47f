//! DLG-020: the ACK came late, after the 2xx had to be repeated.

use super::answer;
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "DLG-020",
    name: "late-ack-2xx",
    severity: Severity::Info,
    spec: &["RFC 3261 13.2.2.4"],
    summary: "the ACK to a 2xx came only after retransmissions",
    finds: "At least two retransmissions of a 2xx to an INVITE on the grid of 13.3.1.4 before its \
            ACK, which then ends them. Probable where the capture missed the ACK: the \
            retransmissions end long before 32 s, and the dialog lives on.",
    why: "The call goes on. The delay shows a caller that is slow, or a path that loses packets: \
          the next ACK may not come in time.",
    not_when: &[
        "a single retransmission before the ACK",
        "the retransmissions go on after the ACK: DLG-003",
        "no ACK at all, and no sign of one: DLG-001",
    ],
    check_first: "packet loss between caller and callee, load of the caller",
    hides: &[],
    check: Check::Answer(Sign::Repeated, check),
};

fn check(context: &Context<'_>, number: usize, docket: &mut Docket) {
    let answer = &context.case.answers[number];
    let Some(schedule) = answer::repeats(context, answer) else {
        return;
    };
    let ack = answer.acks.first().copied();
    let repeats = match ack {
        Some(ack) => schedule.repeats_before(context.time(ack)),
        None if answer::was_heard(context, answer, &schedule) => schedule.repeats(),
        None => 0,
    };
    if repeats < answer::PROVING_REPEATS {
        return;
    }
    let code = answer::code(context, answer);
    let request = answer::request(context, answer);
    let mut evidence = answer::evidence(context, &code, &schedule);
    let (confidence, message) = match ack {
        Some(ack) => {
            evidence.push(context.evidence(ack, "ACK"));
            let late = span(context.time(ack).since(schedule.first()));
            let told = format!(
                "ACK late by {late}: the {code} to {request} was sent again {} before it",
                times(repeats)
            );
            (Confidence::Certain, told)
        }
        None => {
            let told = format!(
                "ACK late by {} or more, and not captured: the {code} to {request} was sent again {}, \
                 then no more",
                span(schedule.length()),
                times(repeats)
            );
            (Confidence::Probable, told)
        }
    };
    let charge = Charge {
        severity: RULE.severity,
        confidence,
        time: schedule.first(),
        message,
        evidence,
    };
    docket.find(&RULE, Subject::Dialog(number), charge);
}
