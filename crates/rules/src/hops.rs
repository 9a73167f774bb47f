//! The hops of one INVITE through proxies: what was sent on, and by whom it was received.

use siptriage_correlate::{Opened, TransactionIdx};

use crate::context::Context;

/// The transactions by which the receiver of `at` sent its INVITE on.
pub fn below<'a>(
    context: &'a Context<'_>,
    at: TransactionIdx,
) -> impl Iterator<Item = TransactionIdx> + 'a {
    of_attempt(context, at).filter(move |hop| is_below(context, *hop, at))
}

/// The transaction by which the sender of `at` had received its INVITE.
pub fn above<'a>(
    context: &'a Context<'_>,
    at: TransactionIdx,
) -> impl Iterator<Item = TransactionIdx> + 'a {
    of_attempt(context, at).filter(move |hop| is_below(context, at, *hop))
}

/// All transactions of the attempt that `at` belongs to.
fn of_attempt<'a>(
    context: &'a Context<'_>,
    at: TransactionIdx,
) -> impl Iterator<Item = TransactionIdx> + 'a {
    let attempt = context.case.attempt_of(at);
    let hops = attempt.map_or(&[][..], |attempt| &attempt.transactions);
    hops.iter().copied()
}

/// By the Via values (RFC 3261 16.6); where a device rewrites them, by the host that received the
/// one and sent the other.
fn is_below(context: &Context<'_>, lower: TransactionIdx, upper: TransactionIdx) -> bool {
    if lower == upper {
        return false;
    }
    let (down, up) = (context.transaction(lower), context.transaction(upper));
    if down.is_below(up) {
        return true;
    }
    let seen = down.opened == Opened::Request && up.opened == Opened::Request;
    let (down_flow, up_flow) = (context.flow(down.first), context.flow(up.first));
    seen && down.first > up.first
        && !up.is_below(down)
        && up_flow.dst.ip == down_flow.src.ip
        && down_flow.src.ip != down_flow.dst.ip
        && down_flow.dst.ip != up_flow.src.ip
}
