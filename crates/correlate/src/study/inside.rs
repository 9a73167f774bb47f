//! Whether an INVITE was sent inside a dialog, and so opens no call.

use siptriage_sip::{Method, StatusCode};

use super::Case;
use crate::leg::Leg;
use crate::record::TransactionIdx;
use crate::text::TextId;
use crate::transaction::{Opened, Transaction};

/// Transactions looked at for a dialog: more than any honest leg has.
const TRANSACTIONS: usize = 256;
/// Responses looked at of each for the dialogs that they make.
const RESPONSES: usize = 16;

/// Whether an INVITE was sent inside a dialog. Where its request was not captured, the tags of its
/// response tell, when anything else shows that there was a dialog of them.
pub(super) fn is_inside(case: &Case, at: TransactionIdx) -> bool {
    let invite = case.leg.transaction(at);
    if invite.opened == Opened::Request {
        return !invite.request_to_tag.is_none();
    }
    let tags = Tags {
        leg: &case.leg,
        from: invite.from_tag,
        to: case.leg.record(invite.first).to_tag,
    };
    if tags.to.is_none() {
        return false;
    }
    let mut earlier = (0..at.0).map(TransactionIdx).take(TRANSACTIONS);
    let follows_dialog = earlier.any(|known| {
        makes_dialog(case, known, invite, tags) || is_sent_inside(case, known, invite, tags)
    });
    follows_dialog || is_refused_inside(case, invite, tags)
}

/// The tags of the INVITE in question.
#[derive(Clone, Copy)]
struct Tags<'l> {
    leg: &'l Leg,
    from: TextId,
    to: TextId,
}

impl Tags<'_> {
    /// Whether a message from one tag to the other goes the same way.
    fn are(self, from: TextId, to: TextId) -> bool {
        self.leg.same_tag(from, self.from) && self.leg.same_tag(to, self.to)
    }

    /// Whether it goes the other way.
    fn are_reversed(self, from: TextId, to: TextId) -> bool {
        self.are(to, from)
    }
}

/// Whether another INVITE made the dialog: its responses do, or its sender is who takes this one.
fn makes_dialog(case: &Case, at: TransactionIdx, invite: &Transaction, tags: Tags<'_>) -> bool {
    let leg = &case.leg;
    let known = leg.transaction(at);
    let is_itself = known.cseq == invite.cseq && leg.same_tag(known.from_tag, tags.from);
    if known.method != Method::Invite || is_itself {
        return false;
    }
    let is_sent_by_other =
        leg.same_tag(known.from_tag, tags.to) && !leg.same_tag(tags.from, tags.to);
    let mut responses = case.responses(at).take(RESPONSES);
    is_sent_by_other
        || responses.any(|(record, status)| {
            let to_tag = leg.record(record).to_tag;
            let is_same =
                tags.are(known.from_tag, to_tag) || tags.are_reversed(known.from_tag, to_tag);
            (101..300).contains(&status.0) && is_same
        })
}

/// Whether a request was sent inside the dialog, and shows that the INVITE was, too: it is older by its
/// number, or one of the other side that only a confirmed dialog has.
fn is_sent_inside(case: &Case, at: TransactionIdx, invite: &Transaction, tags: Tags<'_>) -> bool {
    let known = case.leg.transaction(at);
    let (from, to) = (known.from_tag, known.request_to_tag);
    let needs_confirmation = matches!(known.method, Method::Invite | Method::Ack | Method::Bye);
    !to.is_none()
        && (tags.are(from, to) && known.cseq < invite.cseq
            || tags.are_reversed(from, to) && needs_confirmation)
}

/// Whether the INVITE was refused and its dialog is hung up later: there was one before.
fn is_refused_inside(case: &Case, invite: &Transaction, tags: Tags<'_>) -> bool {
    let is_failure = |status: StatusCode| status.is_failure();
    let last = invite.final_response.map(|last| case.leg.record(last).role);
    if !last.and_then(|role| role.status()).is_some_and(is_failure) {
        return false;
    }
    case.transactions(Method::Bye).any(|(at, bye)| {
        let (from, to) = (bye.from_tag, bye.request_to_tag);
        Some(bye.first) > invite.final_response
            && (tags.are(from, to) || tags.are_reversed(from, to))
            && case.final_status(at).is_some_and(StatusCode::is_success)
    })
}
