//! TXN-004: an INVITE was taken on, and then nothing more was heard of it.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_correlate::call::Part;
use siptriage_correlate::timers::{TIMEOUT, TIMER_C};
use siptriage_correlate::{Case, RecordIdx, TransactionIdx};
use siptriage_sip::StatusCode;

use super::settled;
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::guards::{self, Verdict};
use crate::hops;
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::span;

/// The rule.
pub static RULE: Rule = Rule {
    code: "TXN-004",
    name: "provisional-then-silence",
    severity: Severity::Error,
    spec: &["RFC 3261 13.3.1.1", "RFC 3261 16.7", "RFC 3261 16.8"],
    summary: "an INVITE got provisional responses and never a final one",
    finds: "An INVITE with a provisional response and no final response in the whole capture, no \
            CANCEL within three minutes and no BYE, when the capture shows 198 s (Timer C and \
            10 %) after the last provisional response, and other traffic of both hosts in that \
            time. Warning when 100 is all that ever came and the capture shows 37 s (64*T1 and \
            5 s): the next hop's own Timer B should have produced an answer.",
    why: "The caller waits for ever. Every proxy must end such a call with a 408 or a CANCEL \
          after Timer C; that nobody did means that something lost its state.",
    not_when: &[
        "the capture ends earlier: the verdict is open",
        "provisional responses are repeated, as a queue does: each begins a new window",
        "the caller cancelled, or a BYE ended the early dialog",
        "an ACK shows that there was a final response that the capture missed",
        "a hop below has no final response either: it is reported there",
    ],
    check_first: "the lowest hop that has no final response: the node below it stopped",
    hides: &["TXN-008"],
    check: Check::Invite(Sign::Pending, check),
};

/// Timer C and a tenth.
const PATIENCE: i64 = TIMER_C + TIMER_C / 10;
/// The next hop's Timer B, and time for its answer to come up.
const TRYING_PATIENCE: i64 = TIMEOUT + 5 * SECOND;
/// Taken on, and nothing known of what became of it.
const TRYING: StatusCode = StatusCode(100);

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let invite = context.transaction(at);
    let pending = invite.final_response.is_none() && invite.first_provisional.is_some();
    if !pending || settled::is_settled(context, at) {
        return;
    }
    let Some(last) = Last::of(context, at) else {
        return;
    };
    let open_below = hops::below(context, at).any(|hop| is_open(context.case, hop));
    if gave_up(context, at, last) || open_below || is_open_further_on(context) {
        return;
    }
    let subject = Subject::Transaction(at);
    let window = guards::window(context, last.time, last.patience());
    match window.and(|| guards::clock(context, at)) {
        Verdict::Unknown(why) => docket.leave_open(&RULE, subject, why.sentence(&last.name())),
        Verdict::Fails => {}
        Verdict::Holds => docket.find(&RULE, subject, charge(context, at, last)),
    }
}

fn charge(context: &Context<'_>, at: TransactionIdx, last: Last) -> Charge {
    let flow = context.flow(last.record);
    let until = last.time.plus(last.patience());
    let heard = match last.status {
        TRYING => guards::both_ways(context, flow, last.time),
        _ => guards::alive(context, flow, last.time, until),
    };
    let proof = heard
        .and(|| guards::start(context, at))
        .and(|| guards::lossless(context, flow, last.time, until));
    let cancelled = match context.transaction(at).cancelled_by {
        Some(_) => "CANCEL only after Timer C",
        None => "no CANCEL",
    };
    Charge {
        severity: if last.status == TRYING {
            Severity::Warning
        } else {
            RULE.severity
        },
        confidence: match proof {
            Verdict::Holds => Confidence::Probable,
            Verdict::Fails | Verdict::Unknown(_) => Confidence::Possible,
        },
        time: last.time,
        message: format!(
            "INVITE to {} got a {}, then neither a final response within {} nor a BYE, {cancelled}",
            flow.src,
            last.status.0,
            span(last.patience()),
        ),
        evidence: vec![
            context.evidence(context.transaction(at).first, "INVITE"),
            context.evidence(last.record, format!("{}, the last response", last.status.0)),
        ],
    }
}

/// The last provisional response.
#[derive(Clone, Copy)]
struct Last {
    record: RecordIdx,
    time: Time,
    status: StatusCode,
}

impl Last {
    /// The last one that tells more than 100, or 100 where nothing else came.
    fn of(context: &Context<'_>, at: TransactionIdx) -> Option<Last> {
        let provisional = context
            .case
            .responses(at)
            .filter(|(_, status)| status.is_provisional());
        let (record, status) = provisional
            .max_by_key(|(record, status)| (*status != TRYING, context.time(*record)))?;
        Some(Last {
            record,
            time: context.time(record),
            status,
        })
    }

    /// How long silence after it is normal, in nanoseconds.
    fn patience(self) -> i64 {
        if self.status == TRYING {
            TRYING_PATIENCE
        } else {
            PATIENCE
        }
    }

    fn name(self) -> String {
        format!("the {}", self.status.0)
    }
}

fn is_open(case: &Case, at: TransactionIdx) -> bool {
    case.leg.transaction(at).final_response.is_none() && case.acks(at).next().is_none()
}

/// Whether a leg that began after this one, behind a back-to-back user agent, waits for a final
/// response: it has the cause.
fn is_open_further_on(context: &Context<'_>) -> bool {
    let Some(call) = context.call else {
        return false;
    };
    let legs = call.legs().zip(call.parts());
    let mut later = legs
        .skip_while(|(leg, _)| !std::ptr::eq(*leg, context.case))
        .skip(1);
    later.any(|(leg, part)| {
        let last = leg.attempts.last();
        part == Part::Below && last.is_some_and(|attempt| is_open(leg, attempt.root()))
    })
}

/// A CANCEL in time; one after Timer C only shows that a proxy lost patience (16.8).
fn gave_up(context: &Context<'_>, at: TransactionIdx, last: Last) -> bool {
    let cancel = context.transaction(at).cancelled_by;
    cancel.is_some_and(|cancel| {
        context
            .time(context.transaction(cancel).first)
            .since(last.time)
            < TIMER_C
    })
}
