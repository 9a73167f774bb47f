//! TXN-002: an INVITE had to be sent again because its first response was late or missing.

use siptriage_correlate::{RecordIdx, TransactionIdx};

use super::refused::Refusal;
use super::silence::{self, Silence};
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::guards::{self, Verdict};
use crate::hops;
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "TXN-002",
    name: "invite-retransmitted-before-first-response",
    severity: Severity::Warning,
    spec: &["RFC 3261 17.1.1.2", "RFC 3261 17.2.1"],
    summary: "an INVITE was sent again because no response came in time",
    finds: "At least two retransmissions of an INVITE over UDP on the grid of Timer A before any \
            response to it. One retransmission is reported as info. The message says how it went \
            on: a late first response, a caller that gave up, or the end of the capture. \
            A missing 100 alone is never a finding: another provisional response does as well.",
    why: "Each retransmission means that the next hop, which must answer within 200 ms, is slow, \
          overloaded or behind a lossy path; the caller hears nothing all the while.",
    not_when: &[
        "the INVITE went through all of Timer A: TXN-001",
        "the repeats follow a response that was captured: TXN-003",
        "the copies are duplicates by the capture",
        "a hop below is as silent: it is reported there, where the silence begins",
    ],
    check_first: "load of the next hop, DNS or number look-ups that it does before it sends 100, \
                  packet loss on the way",
    hides: &[],
    check: Check::Invite(Sign::Repeated, check),
};

/// Repeats from which on it is more than a single lost packet.
const PROVING_REPEATS: usize = 2;

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let Some(silence) = silence::of_hop(context, at) else {
        return;
    };
    let schedule = &silence.schedule;
    let mut evidence = silence::evidence(context, schedule);
    let refusal = Refusal::of(context, schedule);
    evidence.extend(refusal.map(|refusal| refusal.evidence()));
    let sent = times(silence.unanswered + 1);
    let ending = Ending::of(context, at, &silence);
    let told = match ending {
        Ending::Answered(record) => {
            let late = context.time(record).since(schedule.first());
            evidence.push(context.evidence(record, "first response"));
            format!(
                "sent {sent} before the first response, which came after {}",
                span(late)
            )
        }
        Ending::Cancelled(record) => {
            let late = context.time(record).since(schedule.first());
            evidence.push(context.evidence(record, "CANCEL"));
            format!(
                "sent {sent} without a response, the caller gave up after {}",
                span(late)
            )
        }
        Ending::DecidedBeside(record) => {
            evidence.push(context.evidence(record, "the response on another branch"));
            format!("sent {sent} without a response, then another branch decided")
        }
        Ending::DecidedAbove(record) => {
            evidence.push(context.evidence(record, "the response of the hop above"));
            let server = context.flow(record).src;
            format!("sent {sent} without a response, then {server} answered in its place")
        }
        Ending::TriedElsewhere(record) => {
            evidence.push(context.evidence(record, "the next attempt"));
            format!("sent {sent} without a response, then tried anew")
        }
        Ending::GaveUp => {
            let length = span(schedule.length());
            format!("sent {sent} in {length} without a response, then the caller gave up")
        }
        Ending::CaptureEnds => {
            let length = span(schedule.length());
            format!("sent {sent} in {length}, no response until the end of the capture")
        }
    };
    let alone = silence.unanswered < PROVING_REPEATS;
    let charge = Charge {
        severity: if alone { Severity::Info } else { RULE.severity },
        confidence: Confidence::Certain,
        time: schedule.first(),
        message: format!(
            "INVITE to {} {told}{}",
            schedule.flow.dst,
            refusal.map(|refusal| refusal.told()).unwrap_or_default(),
        ),
        evidence,
    };
    docket.find(&RULE, Subject::Transaction(at), charge);
}

/// How the silence ended.
enum Ending {
    Answered(RecordIdx),
    Cancelled(RecordIdx),
    DecidedBeside(RecordIdx),
    DecidedAbove(RecordIdx),
    TriedElsewhere(RecordIdx),
    GaveUp,
    CaptureEnds,
}

impl Ending {
    fn of(context: &Context<'_>, at: TransactionIdx, silence: &Silence) -> Ending {
        let schedule = &silence.schedule;
        if let Some(response) = silence.response {
            return Ending::Answered(response);
        }
        if let Some(cancel) = context.transaction(at).cancelled_by {
            return Ending::Cancelled(context.transaction(cancel).first);
        }
        let attempt = context.case.attempt_of(at);
        let decided = attempt.and_then(|attempt| attempt.final_response);
        if let Some(decided) = decided.filter(|record| context.time(*record) > schedule.last()) {
            return Ending::decided(context, at, decided);
        }
        let attempts = context.case.attempts.iter();
        let mut later = attempts.filter(|attempt| attempt.start > schedule.last());
        if let Some(next) = later.find(|attempt| !attempt.transactions.contains(&at)) {
            return Ending::TriedElsewhere(context.transaction(next.root()).first);
        }
        let patience = schedule.next_gap.saturating_add(schedule.next_gap / 5);
        match guards::window(context, schedule.last(), patience) {
            Verdict::Holds => Ending::GaveUp,
            Verdict::Fails | Verdict::Unknown(_) => Ending::CaptureEnds,
        }
    }

    /// By a final response of the attempt: a proxy that has no other branch made it up itself
    /// (RFC 3261 16.7, 16.8).
    fn decided(context: &Context<'_>, at: TransactionIdx, decided: RecordIdx) -> Ending {
        let mut uppers = hops::above(context, at);
        let alone = |upper| hops::below(context, upper).all(|branch| branch == at);
        let is_above = uppers.any(|upper| {
            context.transaction(upper).final_response == Some(decided) && alone(upper)
        });
        if is_above {
            Ending::DecidedAbove(decided)
        } else {
            Ending::DecidedBeside(decided)
        }
    }
}
