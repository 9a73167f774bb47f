//! TXN-003: an INVITE goes on being sent although it was answered.

use siptriage_correlate::TransactionIdx;

use super::silence::{self, Unheeded};
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::hops;
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::{span, status, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "TXN-003",
    name: "invite-retransmitted-after-response",
    severity: Severity::Warning,
    spec: &["RFC 3261 17.1.1.2", "RFC 3261 18.2.2", "RFC 3581 4"],
    summary: "responses to an INVITE do not reach its sender",
    finds: "At least two retransmissions of an INVITE over UDP on the grid of Timer A, each more \
            than 200 ms and more than two round trips after a response to it was captured. The \
            message says where the response went.",
    why: "A client stops repeating its INVITE when the first response arrives (17.1.1.2). One \
          that goes on did not get it: the call will fail although the far end answers.",
    not_when: &[
        "a single retransmission that crossed the response",
        "the response is stamped before every INVITE: the capture begins in the middle, or two clocks \
         that differ stamped it",
        "the same is seen on a hop nearer to the caller: it is reported there",
    ],
    check_first: "NAT and rport, the sent-by of the top Via, a firewall between the capture point \
                  and the caller",
    hides: &["TXN-002", "TXN-004"],
    check: Check::Invite(Sign::Repeated, check),
};

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let Some(unheeded) = silence::unheeded(context, at) else {
        return;
    };
    if hops::above(context, at).any(|upper| silence::unheeded(context, upper).is_some()) {
        return;
    }
    let schedule = &unheeded.schedule;
    let mut evidence = silence::evidence(context, schedule);
    evidence.push(context.evidence(unheeded.response, "the response"));
    let role = context.case.leg.record(unheeded.response).role;
    let answer = role
        .status()
        .map_or_else(|| "response".to_owned(), |code| status(code, None));
    let message = format!(
        "INVITE to {} sent again {} after the {answer}, up to {} later: {}",
        schedule.flow.dst,
        times(unheeded.repeats),
        span(schedule.last().since(context.time(unheeded.response))),
        whereabouts(context, at, &unheeded),
    );
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Certain,
        time: context.time(unheeded.response),
        message,
        evidence,
    };
    docket.find(&RULE, Subject::Transaction(at), charge);
}

/// Where the response was seen, compared with where the INVITE came from.
fn whereabouts(context: &Context<'_>, at: TransactionIdx, unheeded: &Unheeded) -> String {
    let sent = unheeded.schedule.flow;
    let response = context.flow(unheeded.response);
    if response == sent.reversed() {
        return "it passed here and is lost beyond the capture point".to_owned();
    }
    let mut senders = context
        .case
        .messages(at)
        .map(|record| context.flow(record).src);
    if senders.any(|sender| sender == response.dst) {
        return format!(
            "it was captured on its way to {} only and is lost beyond",
            response.dst
        );
    }
    format!(
        "it went to {}, but the INVITE came from {}",
        response.dst, sent.src
    )
}
