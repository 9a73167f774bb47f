//! Requests of both sides that cross (RFC 3261 14.1, RFC 3311 5.2).

use siptriage_sip::{Method, StatusCode};

use super::sent;
use crate::record::{Facts, RecordIdx, TransactionIdx};
use crate::study::Case;

/// Two requests that cross: each side sent one while that of the other was pending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glare {
    /// The requests, the one that was seen first at the front. One alone where it was answered 491
    /// and none of the other side is seen to cross it.
    pub requests: Vec<TransactionIdx>,
    /// The 491 responses to them.
    pub refused: Vec<RecordIdx>,
    /// What the sides whose requests were refused sent instead, in the order of the refusals
    /// (RFC 3261 14.1).
    pub retries: Vec<TransactionIdx>,
}

/// Request pending.
const PENDING: StatusCode = StatusCode(491);

/// The glares of a dialog by their first requests.
pub(super) fn glares(case: &Case, requests: &[TransactionIdx]) -> Vec<Glare> {
    let changing: Vec<TransactionIdx> = requests
        .iter()
        .copied()
        .filter(|at| changes(case, *at))
        .collect();
    let mut glares: Vec<Glare> = Vec::new();
    for (number, at) in changing.iter().enumerate() {
        let is_paired = glares.iter().any(|glare| glare.requests.contains(at));
        if is_paired {
            continue;
        }
        let later = &changing[number + 1..];
        let crossing = later.iter().copied().find(|other| cross(case, *at, *other));
        let mut crossed = vec![*at];
        crossed.extend(crossing);
        let refused: Vec<RecordIdx> = crossed.iter().filter_map(|at| refusal(case, *at)).collect();
        if crossing.is_none() && refused.is_empty() {
            continue;
        }
        let retries = crossed
            .iter()
            .filter_map(|at| retry(case, *at, &changing))
            .collect();
        glares.push(Glare {
            requests: crossed,
            refused,
            retries,
        });
    }
    glares
}

/// Whether a request inside a dialog can cross another one: a re-INVITE, or an UPDATE with an
/// offer.
fn changes(case: &Case, at: TransactionIdx) -> bool {
    let request = case.leg.transaction(at);
    if request.request_to_tag.is_none() {
        return false;
    }
    let has_offer =
        || sent(case, at).is_some_and(|record| case.leg.record(record).facts.has(Facts::SDP));
    match request.method {
        Method::Invite => true,
        Method::Update => has_offer(),
        _ => false,
    }
}

/// Whether `later`, of the other side, was sent while `earlier` was pending. An INVITE and an
/// UPDATE may be pending together: they cross where one of them is refused for it.
fn cross(case: &Case, earlier: TransactionIdx, later: TransactionIdx) -> bool {
    let (one, other) = (case.leg.transaction(earlier), case.leg.transaction(later));
    let is_other_side = !case.leg.same_tag(one.from_tag, other.from_tag);
    let is_pending = one.final_response.is_none_or(|end| end > other.first);
    let is_refused = || {
        [earlier, later]
            .iter()
            .any(|at| refusal(case, *at).is_some())
    };
    is_other_side && is_pending && (one.method == other.method || is_refused())
}

fn refusal(case: &Case, at: TransactionIdx) -> Option<RecordIdx> {
    let last = case.leg.transaction(at).final_response?;
    (case.final_status(at) == Some(PENDING)).then_some(last)
}

/// The next request of the same kind by the side whose request was refused.
fn retry(case: &Case, at: TransactionIdx, changing: &[TransactionIdx]) -> Option<TransactionIdx> {
    let refused = refusal(case, at)?;
    let request = case.leg.transaction(at);
    changing.iter().copied().find(|next| {
        let next = case.leg.transaction(*next);
        next.method == request.method
            && next.first > refused
            && case.leg.same_tag(next.from_tag, request.from_tag)
    })
}
