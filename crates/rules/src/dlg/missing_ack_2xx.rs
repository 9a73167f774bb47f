//! DLG-001: an answered INVITE was never acknowledged.

use siptriage_correlate::timers::TIMEOUT;
use siptriage_correlate::{Answer, Opened};

use super::answer;
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::guards::{self, Verdict};
use crate::rule::{Check, Rule};
use crate::schedule::Schedule;
use crate::sign::Sign;
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "DLG-001",
    name: "missing-ack-2xx",
    severity: Severity::Error,
    spec: &["RFC 3261 13.2.2.4", "RFC 3261 13.3.1.4"],
    summary: "a 2xx to an INVITE was repeated for want of an ACK",
    finds: "A 2xx to an INVITE or re-INVITE, one for each To tag, without an ACK that carries its \
            Call-ID, CSeq number and tags, and at least two retransmissions of the 2xx on the grid \
            of 13.3.1.4 (0.5, 1, 2, 4, 4 s ...), on any transport, when the capture shows 200 ms \
            after the second: an ACK on its way would have arrived. Without retransmissions the \
            absence of the ACK in 32 s is only a possible finding, since a callee without its ACK \
            would have repeated the 2xx.",
    why: "The callee ends the call when its patience of 32 s runs out: the users talk, or one of \
          them hears nothing, and then the call drops.",
    not_when: &[
        "a matching ACK was captured on any vantage, with tags of another letter case, or late: \
         DLG-020 or DLG-003",
        "the caller sends a BYE or another request of the dialog before the second retransmission",
        "the 2xx is repeated because the INVITE was",
        "the capture shows less than 32 s after the 2xx and no retransmissions: the verdict is open",
        "the retransmissions end early, and the dialog lives on: an ACK came that the capture missed, \
         DLG-020",
        "the retransmissions end early, and nothing more is seen of the dialog: the finding is only \
         probable, and possible where the ACK need not pass the capture point",
    ],
    check_first: "who should have sent the ACK and where to: the Contact of the 2xx (a private \
                  address?), the Route set, a change of transport, a one-sided firewall",
    hides: &[],
    check: Check::Answer(Sign::Unacknowledged, check),
};

fn check(context: &Context<'_>, number: usize, docket: &mut Docket) {
    let answer = &context.case.answers[number];
    if !answer.acks.is_empty() {
        return;
    }
    let Some(schedule) = answer::unacknowledged(context, answer) else {
        return judge_absence(context, number, docket);
    };
    if answer::was_heard(context, answer, &schedule) {
        return;
    }
    let subject = Subject::Dialog(number);
    let proven = schedule.times[answer::PROVING_REPEATS];
    match guards::window(context, proven, answer::CROSSING) {
        Verdict::Unknown(why) => {
            docket.leave_open(&RULE, subject, why.sentence("the repeated 2xx"))
        }
        Verdict::Fails => {}
        Verdict::Holds => docket.find(&RULE, subject, charge(context, answer, &schedule)),
    }
}

fn charge(context: &Context<'_>, answer: &Answer, schedule: &Schedule) -> Charge {
    let code = answer::code(context, answer);
    Charge {
        severity: RULE.severity,
        confidence: confidence(context, answer, schedule),
        time: schedule.first(),
        message: format!(
            "{code} to {} from {} sent {} in {}, no ACK",
            answer::request(context, answer),
            schedule.flow.src,
            times(schedule.records.len()),
            span(schedule.length()),
        ),
        evidence: answer::evidence(context, &code, schedule),
    }
}

/// A sender that stops long before 64*T1 got its ACK, most likely. Where that need not pass the capture
/// point, it did so out of sight.
fn confidence(context: &Context<'_>, answer: &Answer, schedule: &Schedule) -> Confidence {
    if !answer::has_stopped(context, answer, schedule) {
        return Confidence::Certain;
    }
    let in_sight = guards::path(context, answer)
        .and(|| guards::both_ways(context, context.flow(answer.first), schedule.first()));
    match in_sight {
        Verdict::Holds => Confidence::Probable,
        Verdict::Fails | Verdict::Unknown(_) => Confidence::Possible,
    }
}

/// Nothing but the ACK is missing: it may have escaped the capture alone.
fn judge_absence(context: &Context<'_>, number: usize, docket: &mut Docket) {
    let answer = &context.case.answers[number];
    if answer::caller_moved_on(context, answer).is_some() {
        return;
    }
    let subject = Subject::Dialog(number);
    let code = answer::code(context, answer);
    let (flow, answered) = (context.flow(answer.first), context.time(answer.first));
    let window = guards::window(context, answered, TIMEOUT)
        .and(|| guards::start(context, answer.invite))
        .and(|| guards::both_ways(context, flow, answered))
        .and(|| guards::path(context, answer))
        .and(|| guards::whole(context, answer.first))
        .and(|| guards::lossless(context, flow, answered, answered.plus(TIMEOUT)));
    if let Verdict::Unknown(why) = window {
        if context.transaction(answer.invite).opened == Opened::Request {
            docket.leave_open(&RULE, subject, why.sentence(&format!("the {code}")));
        }
        return;
    }
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Possible,
        time: answered,
        message: format!(
            "{code} to {} from {} without an ACK in {}, and not repeated",
            answer::request(context, answer),
            context.flow(answer.first).src,
            span(TIMEOUT),
        ),
        evidence: vec![context.evidence(answer.first, format!("{code} sent"))],
    };
    docket.find(&RULE, subject, charge);
}
