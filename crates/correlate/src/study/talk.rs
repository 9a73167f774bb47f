//! Calls that were answered though the capture missed the 2xx: what shows it, and who ended them.

use siptriage_capture::Time;
use siptriage_sip::{Method, StatusCode};
use smallvec::SmallVec;

use super::{Answer, Attempt, Case, answer, inside};
use crate::outcome::Side;
use crate::record::TransactionIdx;
use crate::text::TextId;
use crate::transaction::{Opened, Transaction};

/// A session that was confirmed by other messages than its 2xx.
pub(super) struct Talk {
    /// Who ended it and when, if somebody did.
    pub(super) ended: Option<End>,
}

/// Who ended a session, where that is known, and when.
type End = (Option<Side>, Time);

/// The session of an attempt of which no 2xx at all was captured. An ACK in a dialog shows it, a
/// re-INVITE, or a BYE that only a confirmed dialog allows. The callee must not send one in an early
/// dialog (RFC 3261 15); the caller's follows an ACK, be it one that keeps the INVITE's branch.
pub(super) fn unseen(case: &Case, attempt: &Attempt) -> Option<Talk> {
    let invite = case.leg.transaction(attempt.root());
    let confirmed = confirmed(case, invite, &[]);
    let mut acks = attempt
        .roots
        .iter()
        .filter_map(|root| case.acks(*root).next());
    let own_ack = acks.next();
    if !confirmed.is_empty() {
        let ended = last_end(case, invite, &confirmed);
        return Some(Talk { ended });
    }
    let ended = first_bye(case, invite, |bye, side| match side {
        Side::Callee => true,
        Side::Caller => own_ack.is_some_and(|ack| ack < bye.first),
    })?;
    Some(Talk { ended: Some(ended) })
}

/// The session of another dialog than those of the `answers` to an INVITE: a branch of its fork whose
/// 2xx was not captured.
pub(super) fn beside(case: &Case, answers: &[&Answer]) -> Option<Talk> {
    let mut requests = case.leg.transactions.iter();
    if !requests.any(|request| is_of_other(request, answers)) {
        return None;
    }
    let invite = case.leg.transaction(answers.first()?.invite);
    let confirmed = confirmed(case, invite, answers);
    (!confirmed.is_empty()).then(|| Talk {
        ended: last_end(case, invite, &confirmed),
    })
}

/// What became of a later INVITE of the caller than a refused one, when the capture has nothing of it
/// but the ACK: it may have been answered.
pub(super) fn later(case: &Case, refused: &Attempt) -> Option<Talk> {
    let invite = case.leg.transaction(refused.root());
    let is_later = |ack: &Transaction| {
        ack.cseq > invite.cseq
            && !ack.request_to_tag.is_none()
            && case.leg.same_tag(ack.from_tag, invite.from_tag)
    };
    let acks = case.transactions(Method::Ack).map(|(_, ack)| ack);
    let later = acks.filter(|ack| is_later(ack));
    let tags: SmallVec<[TextId; 2]> = later.map(|ack| ack.request_to_tag).collect();
    (!tags.is_empty()).then(|| Talk {
        ended: last_end(case, invite, &tags),
    })
}

/// Tags of the callee in dialogs that an ACK, a re-INVITE or the callee's BYE confirms, other than those
/// of `answers`.
fn confirmed(case: &Case, invite: &Transaction, answers: &[&Answer]) -> SmallVec<[TextId; 2]> {
    let numbered = case.leg.transaction_indices().zip(&case.leg.transactions);
    let others = numbered.filter(|(_, request)| is_of_other(request, answers));
    let confirming = others.filter(|(at, request)| match request.method {
        Method::Ack => !request.request_to_tag.is_none(),
        Method::Invite => is_renegotiated(case, *at),
        Method::Bye => answer::sender(case, invite, request) == Side::Callee,
        _ => false,
    });
    let tags = confirming.map(|(_, request)| peer_tag(case, invite, request));
    let is_answered = |tag: &TextId| {
        let mut answers = answers.iter();
        answers.any(|answer| answer.to_tag.is_none() || case.leg.same_tag(answer.to_tag, *tag))
    };
    tags.filter(|tag| !is_answered(tag)).collect()
}

/// Whether a request may be of a dialog, and bears the tags of no answer as they were written there.
fn is_of_other(request: &Transaction, answers: &[&Answer]) -> bool {
    let may_be_inside = match request.method {
        Method::Ack | Method::Bye => true,
        Method::Invite => !request.request_to_tag.is_none() || request.opened == Opened::Response,
        _ => false,
    };
    let is_of = |tag| tag == request.from_tag || tag == request.request_to_tag;
    may_be_inside && !answers.iter().any(|answer| is_of(answer.to_tag))
}

/// Whether an INVITE inside a dialog shows that the one before it was answered: nobody sends one
/// while another is in progress (RFC 3261 14.1), and who gets one all the same refuses it for that
/// (RFC 3261 14.2).
fn is_renegotiated(case: &Case, at: TransactionIdx) -> bool {
    let is_out_of_turn = |status: StatusCode| matches!(status.0, 481 | 491 | 500);
    let status = case.final_status(at);
    status.is_some_and(|status| !is_out_of_turn(status)) && inside::is_inside(case, at)
}

/// The callee's tag in a request of a dialog, by whichever side.
fn peer_tag(case: &Case, invite: &Transaction, request: &Transaction) -> TextId {
    if case.leg.same_tag(request.from_tag, invite.from_tag) {
        answer::other_tag(case, request, request.first)
    } else {
        request.from_tag
    }
}

/// The first BYE that proves something: who sent it, where that is known, and when.
fn first_bye(
    case: &Case,
    invite: &Transaction,
    is_proving: impl Fn(&Transaction, Side) -> bool,
) -> Option<End> {
    let byes = case.transactions(Method::Bye).map(|(_, bye)| bye);
    let sides = byes.map(|bye| (answer::sender(case, invite, bye), bye));
    let proving = sides.filter(|(side, bye)| is_proving(bye, *side));
    let (side, bye) = proving.min_by_key(|(_, bye)| bye.first)?;
    let side = Some(side).filter(|_| !answer::may_be_second(case, bye));
    Some((side, case.leg.record(bye.first).time))
}

/// The last of the first BYEs of each dialog: the call lasts as long as one of them.
fn last_end(case: &Case, invite: &Transaction, tags: &[TextId]) -> Option<End> {
    let ends = tags.iter().filter_map(|tag| {
        first_bye(case, invite, |bye, _| {
            case.leg.same_tag(peer_tag(case, invite, bye), *tag)
        })
    });
    ends.max_by_key(|(_, time)| *time)
}
