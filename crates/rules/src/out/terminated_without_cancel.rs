//! OUT-002: a 487 that nobody asked for.

use siptriage_correlate::{Case, Transaction, TransactionIdx};
use siptriage_sip::{Method, StatusCode};

use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::guards::{self, Verdict};
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::span;

/// The rule.
pub static RULE: Rule = Rule {
    code: "OUT-002",
    name: "487-without-cancel",
    severity: Severity::Warning,
    spec: &["RFC 3261 21.4.25"],
    summary: "a 487 although nobody cancelled",
    finds: "A 487 to an INVITE, on the hop nearest to the caller, without a CANCEL or BYE for it \
            on any vantage, when both directions and the INVITE itself were captured. Info when \
            another leg of the same call was cancelled.",
    why: "487 says that the request was terminated by a BYE or CANCEL. Sent for a timer or by an \
          administrator it hides a failure among the abandoned calls.",
    not_when: &[
        "a CANCEL is visible, be it on another hop or by its response alone",
        "the INVITE has an Expires, and that time is over (13.3.1)",
        "a BYE ended the dialog while a re-INVITE was pending (15.1.2)",
    ],
    check_first: "the callee's side: a ring timer or an administrative release that is coded as \
                  487",
    hides: &[],
    check: Check::Invite(Sign::Refused, check),
};

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let invite = context.transaction(at);
    let Some(terminated) = invite.final_response else {
        return;
    };
    let fits = context.case.final_status(at) == Some(StatusCode(487))
        && guards::root(context, at) == Verdict::Holds;
    if !fits || is_given_up(context.case, invite) || context.case.has_expired(at) {
        return;
    }
    let subject = Subject::Transaction(at);
    let flow = context.flow(terminated);
    let (begin, end) = (context.time(invite.first), context.time(terminated));
    let seen = guards::start(context, at)
        .and(|| guards::both_ways(context, flow, end))
        .and(|| guards::clock(context, at));
    if let Verdict::Unknown(why) = seen {
        return docket.leave_open(&RULE, subject, why.sentence("the 487"));
    }
    let later = span(end.since(begin));
    let charge = Charge {
        severity: if is_other_leg_cancelled(context) {
            Severity::Info
        } else {
            RULE.severity
        },
        confidence: match guards::lossless(context, flow, begin, end) {
            Verdict::Holds => Confidence::Probable,
            Verdict::Fails | Verdict::Unknown(_) => Confidence::Possible,
        },
        time: end,
        message: format!(
            "487 from {} {later} after the INVITE, which nobody cancelled",
            flow.src
        ),
        evidence: vec![
            context.evidence(invite.first, "INVITE"),
            context.evidence(terminated, "487"),
        ],
    };
    docket.find(&RULE, subject, charge);
}

/// The CANCEL of the INVITE, one with its CSeq number on any hop or one that fits no INVITE, or any BYE
/// of the leg.
fn is_given_up(case: &Case, invite: &Transaction) -> bool {
    let is_cancel = |other: &Transaction| {
        other.method == Method::Cancel && (other.cseq == invite.cseq || other.cancels.is_none())
    };
    let mut others = case.leg.transactions.iter();
    invite.cancelled_by.is_some()
        || others.any(|other| other.method == Method::Bye || is_cancel(other))
}

fn is_other_leg_cancelled(context: &Context<'_>) -> bool {
    let legs = context.call.into_iter().flat_map(|call| call.legs());
    let others = legs.filter(|leg| !std::ptr::eq(*leg, context.case));
    let mut transactions = others.flat_map(|leg| &leg.leg.transactions);
    transactions.any(|transaction| transaction.method == Method::Cancel)
}
