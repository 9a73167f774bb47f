//! TXN-008: a CANCEL was accepted, and the INVITE never ended.

use siptriage_correlate::timers::TIMEOUT;
use siptriage_correlate::{RecordIdx, TransactionIdx};

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
    code: "TXN-008",
    name: "cancel-without-487",
    severity: Severity::Warning,
    spec: &["RFC 3261 9.1", "RFC 3261 9.2", "RFC 3261 15.1.2"],
    summary: "a CANCEL was accepted, but its INVITE got no final response",
    finds: "A CANCEL answered 2xx whose INVITE has no final response, when the capture shows 32 s \
            (64*T1) after the CANCEL, both directions, and the INVITE itself. Error when the far \
            end goes on ringing: a 18x later than the answer to the CANCEL. Info when the INVITE \
            has no RFC 3261 branch: servers of RFC 2543 never send 487.",
    why: "The server leaks a pending transaction. The called phone may ring on, and billing may \
          run, for a caller that is gone.",
    not_when: &[
        "any final response to the INVITE arrives, whatever its code",
        "an ACK or a BYE shows that there was one that the capture missed",
        "the capture ends within 32 s: the verdict is open",
        "a hop below was cancelled without effect, too: it is reported there",
    ],
    check_first: "does the node that accepted the CANCEL pass it on, and is it the one that got \
                  the INVITE",
    hides: &[],
    check: Check::Invite(Sign::Pending, check),
};

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let Some(cancelled) = Cancelled::of(context, at) else {
        return;
    };
    if hops::below(context, at).any(|lower| Cancelled::of(context, lower).is_some()) {
        return;
    }
    let subject = Subject::Transaction(at);
    let sent = context.time(cancelled.request);
    let window = guards::window(context, sent, TIMEOUT).and(|| guards::clock(context, at));
    if let Verdict::Unknown(why) = window {
        return docket.leave_open(&RULE, subject, why.sentence("the CANCEL"));
    }
    let flow = context.flow(cancelled.request);
    let proof = guards::both_ways(context, flow, sent)
        .and(|| guards::start(context, at))
        .and(|| guards::lossless(context, flow, sent, sent.plus(TIMEOUT)));
    let ringing = rings_on(context, at, cancelled.accepted);
    let mut evidence = vec![
        context.evidence(context.transaction(at).first, "INVITE"),
        context.evidence(cancelled.request, "CANCEL"),
        context.evidence(cancelled.accepted, "the CANCEL is accepted"),
    ];
    evidence.extend(ringing.map(|record| context.evidence(record, "it still rings")));
    let charge = Charge {
        severity: match ringing {
            Some(_) => Severity::Error,
            None if context.transaction(at).rfc2543 => Severity::Info,
            None => RULE.severity,
        },
        confidence: match proof {
            Verdict::Holds => Confidence::Probable,
            Verdict::Fails | Verdict::Unknown(_) => Confidence::Possible,
        },
        time: sent,
        message: format!(
            "CANCEL accepted by {}, but the INVITE got no final response within {}{}",
            context.flow(cancelled.accepted).src,
            span(TIMEOUT),
            if ringing.is_some() {
                " and rings on"
            } else {
                ""
            },
        ),
        evidence,
    };
    docket.find(&RULE, subject, charge);
}

/// An INVITE without final response whose CANCEL was accepted.
struct Cancelled {
    request: RecordIdx,
    accepted: RecordIdx,
}

impl Cancelled {
    fn of(context: &Context<'_>, at: TransactionIdx) -> Option<Cancelled> {
        let invite = context.transaction(at);
        if invite.final_response.is_some() {
            return None;
        }
        let cancel = invite.cancelled_by?;
        let accepted = context.transaction(cancel).final_response?;
        let success = context.case.final_status(cancel)?.is_success();
        let request = context.transaction(cancel).first;
        (success && !settled::is_settled(context, at)).then_some(Cancelled { request, accepted })
    }
}

fn rings_on(context: &Context<'_>, at: TransactionIdx, accepted: RecordIdx) -> Option<RecordIdx> {
    let mut responses = context.case.responses(at);
    let late = |record: &RecordIdx| context.time(*record) > context.time(accepted);
    let ringing = responses.find(|(record, status)| (180..190).contains(&status.0) && late(record));
    ringing.map(|(record, _)| record)
}
