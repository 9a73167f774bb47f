//! INVITE attempts: the hops and branches that belong together, and what each came to.

use siptriage_capture::Time;
use siptriage_capture::time::MILLISECOND;
use siptriage_sip::StatusCode;
use smallvec::{SmallVec, smallvec};

use super::{Case, inside};
use crate::leg::Leg;
use crate::record::{RecordIdx, Role, TransactionIdx};
use crate::timers::T1;
use crate::transaction::{Opened, Transaction};

/// One INVITE of the caller, with all hops and forked branches that the capture shows of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The hop nearest to the caller. Several only where a proxy's branches were captured and the
    /// INVITE that they come from was not.
    pub roots: SmallVec<[TransactionIdx; 4]>,
    /// All hops and branches, roots included, by their first message.
    pub transactions: SmallVec<[TransactionIdx; 4]>,
    /// The final response that decided the attempt.
    pub final_response: Option<RecordIdx>,
    /// Where that was seen.
    pub decided: Decided,
    /// When its INVITE was first seen.
    pub start: Time,
}

/// The hop that shows how an attempt was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// The one nearest to the caller.
    AtRoot,
    /// One further on: what the caller itself received is not in the capture.
    Below,
}

impl Attempt {
    /// The hop nearest to the caller that was seen first.
    pub fn root(&self) -> TransactionIdx {
        self.roots[0]
    }
}

/// Copies of one INVITE on both sides of a device come within this time.
const COPY_WINDOW: i64 = 200 * MILLISECOND;
/// Initial INVITE transactions considered of one leg: more than any honest leg has.
const INVITES: usize = 256;

/// Groups the initial INVITE transactions of a leg into attempts.
pub(super) fn attempts(case: &Case) -> SmallVec<[Attempt; 2]> {
    let mut attempts: SmallVec<[Attempt; 2]> = SmallVec::new();
    let initial = case
        .leg
        .transaction_indices()
        .filter(|at| is_initial(case, *at));
    for at in initial.take(INVITES) {
        match attempts
            .iter()
            .position(|attempt| belongs(case, attempt, at))
        {
            Some(known) => join(case, &mut attempts[known], at),
            None => attempts.push(Attempt {
                roots: smallvec![at],
                transactions: smallvec![at],
                final_response: None,
                decided: Decided::AtRoot,
                start: case.leg.record(case.leg.transaction(at).first).time,
            }),
        }
    }
    for attempt in &mut attempts {
        (attempt.final_response, attempt.decided) = decision(case, attempt);
    }
    attempts
}

/// Whether a transaction is an INVITE that opens a call.
fn is_initial(case: &Case, at: TransactionIdx) -> bool {
    let invite = case.leg.transaction(at);
    let is_whole = invite.opened == Opened::Request;
    invite.is_initial_invite() && (is_whole || !inside::is_inside(case, at))
}

fn belongs(case: &Case, attempt: &Attempt, at: TransactionIdx) -> bool {
    let leg = &case.leg;
    let invite = leg.transaction(at);
    let is_relative = attempt.transactions.iter().any(|known| {
        let known = leg.transaction(*known);
        known.cseq == invite.cseq
            && (is_child(invite, known)
                || is_child(known, invite)
                || is_sibling(known, invite)
                || is_copy(leg, invite, known))
    });
    is_relative || is_next_hop(case, attempt, at) || is_parallel(case, attempt, at)
}

/// A proxy adds its Via on top: the parent's branch stands below (RFC 3261 16.6).
fn is_child(invite: &Transaction, parent: &Transaction) -> bool {
    invite.parent_branch != 0 && invite.parent_branch == parent.branch
}

/// Branches of one proxy whose own INVITE was not captured.
fn is_sibling(one: &Transaction, other: &Transaction) -> bool {
    one.parent_branch != 0 && one.parent_branch == other.parent_branch
}

/// The same INVITE past a device that rewrites addresses in it: the branch stays, and little time
/// passes.
fn is_copy(leg: &Leg, invite: &Transaction, known: &Transaction) -> bool {
    let gap = leg
        .record(invite.first)
        .time
        .since(leg.record(known.first).time);
    invite.branch != 0
        && invite.branch == known.branch
        && leg.same_tag(invite.from_tag, known.from_tag)
        && gap.abs() <= COPY_WINDOW
}

/// A host that received the INVITE and sends one on with the same Call-ID, as some back-to-back
/// user agents do.
fn is_next_hop(case: &Case, attempt: &Attempt, at: TransactionIdx) -> bool {
    let leg = &case.leg;
    let first = leg.transaction(at).first;
    let flow = leg.flow(first);
    leg.record(first).role == Role::Request
        && attempt.transactions.iter().any(|known| {
            let known = leg.transaction(*known);
            let over = known
                .final_response
                .is_some_and(|last| precedes(leg, last, first));
            !over
                && leg.record(known.first).role == Role::Request
                && flow.is_same_host(leg.flow(known.first).dst, flow.src)
                && !flow.is_same_host(flow.src, flow.dst)
        })
}

/// A caller that tries several targets at once, or a proxy that hides where it does so for: the
/// earlier INVITE is neither final nor cancelled, and being worked on, or so young that nobody could
/// have given it up for dead.
fn is_parallel(case: &Case, attempt: &Attempt, at: TransactionIdx) -> bool {
    let leg = &case.leg;
    let invite = leg.transaction(at);
    let start = leg.record(invite.first).time;
    let root = leg.transaction(attempt.root());
    let before =
        |record: Option<RecordIdx>| record.is_some_and(|at| precedes(leg, at, invite.first));
    let cancel = root
        .cancelled_by
        .map(|cancel| leg.transaction(cancel).first);
    let is_at_once = start.since(attempt.start) < T1;
    let is_alive = root.first_provisional.or(root.final_response).is_some();
    root.cseq == invite.cseq
        && root.from_tag == invite.from_tag
        && (before(root.first_provisional) || is_at_once && is_alive)
        && !before(root.final_response)
        && !before(cancel)
}

/// Whether a message was captured before another one: by their order in the file, which no clock that is
/// set changes; in different files by their times.
fn precedes(leg: &Leg, one: RecordIdx, other: RecordIdx) -> bool {
    let (earlier, later) = (leg.record(one), leg.record(other));
    if earlier.frame.file() == later.frame.file() {
        one < other
    } else {
        earlier.time <= later.time
    }
}

fn join(case: &Case, attempt: &mut Attempt, at: TransactionIdx) {
    let leg = &case.leg;
    let invite = leg.transaction(at);
    let has_parent = attempt
        .transactions
        .iter()
        .any(|known| is_child(invite, leg.transaction(*known)));
    let is_copied = attempt
        .transactions
        .iter()
        .any(|known| is_copy(leg, invite, leg.transaction(*known)));
    let topmost = !has_parent && !is_copied && !is_next_hop(case, attempt, at);
    attempt
        .roots
        .retain(|root| !is_child(leg.transaction(*root), invite));
    if topmost || attempt.roots.is_empty() {
        attempt.roots.push(at);
    }
    attempt.transactions.push(at);
}

/// The final response of an attempt: that of the roots; where the capture missed it, that of the
/// hops below. A proxy sends every 2xx on (RFC 3261 16.7); another final response only when its
/// last branch had one, and the ACK shows that it did.
fn decision(case: &Case, attempt: &Attempt) -> (Option<RecordIdx>, Decided) {
    if let Some(at) = best(case, &attempt.roots) {
        return (Some(at), Decided::AtRoot);
    }
    let below: Vec<TransactionIdx> = attempt
        .transactions
        .iter()
        .copied()
        .filter(|at| !attempt.roots.contains(at))
        .collect();
    let answer = below.iter().find_map(|at| success(case, *at));
    if answer.is_some() {
        return (answer, Decided::Below);
    }
    let acknowledged = attempt
        .roots
        .iter()
        .any(|root| case.acks(*root).next().is_some());
    let refusal = best(case, &below).filter(|_| acknowledged);
    (refusal, Decided::Below)
}

/// The final response that decides among branches: a 2xx if there is one; otherwise, when every
/// branch has a final, a 6xx, or the last that does not merely close a losing branch.
fn best(case: &Case, branches: &[TransactionIdx]) -> Option<RecordIdx> {
    let mut best: Option<(u8, RecordIdx)> = None;
    let mut pending = false;
    for branch in branches {
        if let Some(answer) = success(case, *branch) {
            return Some(answer);
        }
        match case.leg.transaction(*branch).final_response {
            None => pending = true,
            Some(at) => {
                let rank = rank(case.leg.record(at).role.status());
                let is_better = |(known, before): (u8, RecordIdx)| {
                    rank > known || rank == known && precedes(&case.leg, before, at)
                };
                if best.is_none_or(is_better) {
                    best = Some((rank, at));
                }
            }
        }
    }
    best.filter(|_| !pending).map(|(_, at)| at)
}

fn success(case: &Case, at: TransactionIdx) -> Option<RecordIdx> {
    let last = case.leg.transaction(at).final_response?;
    let status = case.leg.record(last).role.status()?;
    if status.is_success() {
        return Some(last);
    }
    let mut responses = case.responses(at);
    let answer = responses.find(|(_, status)| status.is_success());
    answer.map(|(record, _)| record)
}

fn rank(status: Option<StatusCode>) -> u8 {
    match status.map_or(0, |status| status.0) {
        600..=699 => 2,
        487 | 503 => 0,
        _ => 1,
    }
}
