//! DLG-003: the ACK was sent, and the 2xx is repeated all the same.

use super::answer;
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "DLG-003",
    name: "ack-sent-but-2xx-repeated",
    severity: Severity::Error,
    spec: &["RFC 3261 13.3.1.4"],
    summary: "the ACK to a 2xx does not reach the callee",
    finds: "A matching ACK was captured, and at least two retransmissions of its 2xx on the grid \
            of 13.3.1.4 follow, each later than 200 ms after that ACK.",
    why: "The callee does not get the ACK and will end the call after 32 s, though the caller does \
          everything right.",
    not_when: &[
        "a single retransmission that crossed the ACK",
        "the ACK came late and ended the retransmissions: DLG-020",
    ],
    check_first: "compare the ACK's destination with the Contact and Record-Route of the 2xx; an \
                  expired NAT pinhole or a firewall between the capture point and the callee",
    hides: &["DLG-001", "DLG-020"],
    check: Check::Answer(Sign::Repeated, check),
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
    let repeats = schedule.repeats_after(acknowledged.plus(answer::CROSSING));
    if repeats < answer::PROVING_REPEATS {
        return;
    }
    let code = answer::code(context, answer);
    let mut evidence = answer::evidence(context, &code, &schedule);
    evidence.push(context.evidence(ack, "the first ACK"));
    let mut message = format!(
        "{code} to {} from {} sent again {} after its ACK went to {}, up to {} later",
        answer::request(context, answer),
        schedule.flow.src,
        times(repeats),
        context.flow(ack).dst,
        span(schedule.last().since(acknowledged)),
    );
    if let Some((bye, ended)) = answer::torn_down(context, answer) {
        let late = span(ended.since(schedule.first()));
        evidence.push(context.evidence(bye, "BYE by the callee"));
        message.push_str(&format!(
            "; the callee ends the call {late} after the {code}"
        ));
    }
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Certain,
        time: acknowledged,
        message,
        evidence,
    };
    docket.find(&RULE, Subject::Dialog(number), charge);
}
