//! DLG-002: a call dropped half a minute after its answer because no ACK arrived.

use siptriage_correlate::timers::ACK_PATIENCE;
use siptriage_correlate::{Answer, RecordIdx};

use super::answer;
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::rule::{Check, Rule};
use crate::schedule::Schedule;
use crate::sign::Sign;
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "DLG-002",
    name: "unacked-2xx-torn-down",
    severity: Severity::Critical,
    spec: &["RFC 3261 13.3.1.4", "RFC 3261 14.2"],
    summary: "an answered call was torn down by the callee because no ACK arrived",
    finds: "DLG-001 with its retransmissions, and a BYE from the sender of the 2xx between 0.9 and \
            1.15 times 64*T1 after the first 2xx: 28.8 s to 36.8 s with a T1 of 500 ms. Callees \
            with less or more patience are taken as well, as probable: a BYE 4 s to 40 s after \
            the first 2xx when at least three retransmissions came before it. Warning when another dialog of \
            the same INVITE is confirmed: then it is the loser of a fork that was left to time out.",
    why: "The users' complaint is \"the call answers and drops after 30 seconds\". The call counts \
          as answered, and is billed, though nobody could use it.",
    not_when: &[
        "the caller sent the BYE",
        "an ACK was captured before the BYE: DLG-003",
        "a normal BYE, by chance at 32 s, in a call that was acknowledged",
    ],
    check_first: "who should have sent the ACK and where to: the Contact of the 2xx (a private \
                  address?), the Route set, a change of transport, a one-sided firewall",
    hides: &["DLG-001", "DLG-003", "DLG-020"],
    check: Check::Answer(Sign::Unacknowledged, check),
};

/// 64 times a sender's T1.
const TIMEOUT_T1S: i64 = 64;
/// Of the sender's own timeout, in thousandths.
const IN_TIME: std::ops::RangeInclusive<i64> = 900..=1150;
/// Retransmissions that such a callee must have sent.
const OTHER_REPEATS: usize = 3;

fn check(context: &Context<'_>, number: usize, docket: &mut Docket) {
    let answer = &context.case.answers[number];
    let Some((bye, ended)) = answer::torn_down(context, answer) else {
        return;
    };
    let Some(schedule) = answer::unacknowledged(context, answer) else {
        return;
    };
    let patience = ended.since(schedule.first());
    let Some(confidence) = confidence(patience, &schedule, schedule.repeats_before(ended)) else {
        return;
    };
    docket.find(
        &RULE,
        Subject::Dialog(number),
        charge(context, answer, &schedule, bye, patience, confidence),
    );
}

fn confidence(patience: i64, schedule: &Schedule, repeats: usize) -> Option<Confidence> {
    let timeout = schedule.t1.saturating_mul(TIMEOUT_T1S).max(1);
    let thousandths = patience.saturating_mul(1000) / timeout;
    if IN_TIME.contains(&thousandths) && repeats >= answer::PROVING_REPEATS {
        return Some(Confidence::Certain);
    }
    let other = ACK_PATIENCE.contains(&patience) && repeats >= OTHER_REPEATS;
    other.then_some(Confidence::Probable)
}

fn charge(
    context: &Context<'_>,
    answer: &Answer,
    schedule: &Schedule,
    bye: RecordIdx,
    patience: i64,
    confidence: Confidence,
) -> Charge {
    let code = answer::code(context, answer);
    let mut evidence = answer::evidence(context, &code, schedule);
    evidence.push(context.evidence(
        bye,
        format!("BYE by the callee, {} after the {code}", span(patience)),
    ));
    let loser = has_other_dialog(context, answer);
    let consequence = if loser {
        "another branch of the fork lives on"
    } else {
        "the call is lost"
    };
    Charge {
        severity: if loser {
            Severity::Warning
        } else {
            RULE.severity
        },
        confidence,
        time: schedule.first(),
        message: format!(
            "{code} to {} sent {} without an ACK, then BYE from {} after {}: {consequence}",
            answer::request(context, answer),
            times(schedule.records.len()),
            context.flow(bye).src,
            span(patience),
        ),
        evidence,
    }
}

/// Another 2xx of the same INVITE was acknowledged, be it one that the capture missed.
fn has_other_dialog(context: &Context<'_>, answer: &Answer) -> bool {
    let is_initial = context.transaction(answer.invite).is_initial_invite();
    is_initial && context.case.has_unseen_session() || has_other_answer(context, answer)
}

fn has_other_answer(context: &Context<'_>, answer: &Answer) -> bool {
    let cseq = context.transaction(answer.invite).cseq;
    context.case.answers.iter().any(|other| {
        other.from_tag == answer.from_tag
            && other.to_tag != answer.to_tag
            && context.transaction(other.invite).cseq == cseq
            && !other.acks.is_empty()
    })
}
