//! An INVITE whose final response the capture does not have, but whose end it shows.

use siptriage_correlate::TransactionIdx;
use siptriage_sip::Method;

use crate::context::Context;

/// Whether other messages show that there was a final response: it need not have been captured.
pub fn is_settled(context: &Context<'_>, at: TransactionIdx) -> bool {
    let invite = context.transaction(at);
    let decided = context
        .case
        .attempt_of(at)
        .is_some_and(|attempt| attempt.final_response.is_some());
    let mut others = context.case.leg.transactions.iter();
    decided
        || context.case.acks(at).next().is_some()
        || others.any(|other| {
            let later = other.first > invite.first;
            let in_dialog = !other.request_to_tag.is_none();
            (other.method == Method::Ack && other.cseq == invite.cseq)
                || (other.method == Method::Bye && later)
                || (other.method == Method::Invite && later && in_dialog)
        })
}
