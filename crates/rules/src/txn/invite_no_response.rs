//! TXN-001: an INVITE went through all of Timer A and nothing came back.

use siptriage_correlate::TransactionIdx;

use super::refused::Refusal;
use super::silence::{self, Silence};
use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::guards::{self, Verdict};
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::{span, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "TXN-001",
    name: "invite-no-response",
    severity: Severity::Critical,
    spec: &["RFC 3261 17.1.1.2"],
    summary: "an INVITE was repeated to the end of its timer and never answered",
    finds: "An INVITE over UDP that its sender sent seven times on the grid of Timer A (0, 0.5, \
            1.5, 3.5, 7.5, 15.5 and 31.5 s with a T1 of 500 ms; the sender's own T1 is taken from \
            its first gap), without any response to it on any vantage, 100 included, until half \
            a T1 after the last. One gap may span two steps, as when the capture missed a packet. \
            The sender's own retransmissions prove the silence, so no other condition is needed.",
    why: "Timer B ends the transaction after 64*T1: the call fails after half a minute in which \
          the caller heard nothing.",
    not_when: &[
        "fewer sendings, or the capture ends before an eighth could be expected: TXN-002",
        "a response was captured on another vantage: TXN-003",
        "the copies come within milliseconds: the capture holds every packet several times",
        "the destination is a multicast address",
        "a hop below is silent, too: it is reported there, where the silence begins",
    ],
    check_first: "what ICMP says, if there is an error among the evidence; is the next hop's address \
                  and port right, is it up and listening, does a firewall or an expired NAT \
                  binding drop the request or its responses; capture at the next hop to tell the \
                  two apart",
    hides: &["TXN-002", "OUT-001", "OUT-002"],
    check: Check::Invite(Sign::Repeated, check),
};

/// Steps of Timer A until Timer B ends the transaction.
const STEPS: usize = 6;
/// Least repeats that must themselves have been captured.
const SEEN_REPEATS: usize = 4;

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let Some(silence) = silence::of_hop(context, at) else {
        return;
    };
    if !is_exhausted(context, &silence) {
        return;
    }
    let schedule = &silence.schedule;
    let refusal = Refusal::of(context, schedule);
    let message = format!(
        "INVITE to {} sent {} in {}, no response at all{}",
        schedule.flow.dst,
        times(schedule.records.len()),
        span(schedule.length()),
        refusal.map(|refusal| refusal.told()).unwrap_or_default(),
    );
    let mut evidence = silence::evidence(context, schedule);
    evidence.extend(refusal.map(|refusal| refusal.evidence()));
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Certain,
        time: schedule.first(),
        message,
        evidence,
    };
    docket.find(&RULE, Subject::Transaction(at), charge);
}

fn is_exhausted(context: &Context<'_>, silence: &Silence) -> bool {
    let schedule = &silence.schedule;
    silence.response.is_none()
        && schedule.steps >= STEPS
        && schedule.repeats() >= SEEN_REPEATS
        && guards::window(context, schedule.last(), schedule.t1 / 2) == Verdict::Holds
}
