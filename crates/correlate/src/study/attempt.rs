//! INVITE attempts: the hops and branches that belong together, and what each came to.

use siptriage_capture::Time;
use siptriage_sip::StatusCode;

use super::Case;
use crate::record::{RecordIdx, Role, TransactionIdx};
use crate::transaction::Transaction;

/// One INVITE of the caller, with all hops and forked branches that the capture shows of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The hop nearest to the caller. Several only where a proxy's branches were captured and the
    /// INVITE that they come from was not.
    pub roots: Vec<TransactionIdx>,
    /// All hops and branches, roots included, by their first message.
    pub transactions: Vec<TransactionIdx>,
    /// The final response that decided the attempt.
    pub final_response: Option<RecordIdx>,
    /// When its INVITE was first seen.
    pub start: Time,
}

impl Attempt {
    /// The hop nearest to the caller that was seen first.
    pub fn root(&self) -> TransactionIdx {
        self.roots[0]
    }
}

/// Initial INVITE transactions considered of one leg: more than any honest leg has.
const INVITES: usize = 256;

/// Groups the initial INVITE transactions of a leg into attempts.
pub(super) fn attempts(case: &Case) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let initial = case
        .leg
        .transaction_indices()
        .filter(|at| is_initial(case.leg.transaction(*at)));
    for at in initial.take(INVITES) {
        match attempts
            .iter()
            .position(|attempt| belongs(case, attempt, at))
        {
            Some(known) => join(case, &mut attempts[known], at),
            None => attempts.push(Attempt {
                roots: vec![at],
                transactions: vec![at],
                final_response: None,
                start: case.leg.record(case.leg.transaction(at).first).time,
            }),
        }
    }
    for attempt in &mut attempts {
        attempt.final_response = decide(case, &attempt.roots);
    }
    attempts
}

fn is_initial(transaction: &Transaction) -> bool {
    transaction.is_initial_invite()
}

fn belongs(case: &Case, attempt: &Attempt, at: TransactionIdx) -> bool {
    let leg = &case.leg;
    let invite = leg.transaction(at);
    let is_relative = attempt.transactions.iter().any(|known| {
        let known = leg.transaction(*known);
        known.cseq == invite.cseq
            && (is_child(invite, known) || is_child(known, invite) || is_sibling(known, invite))
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

/// A host that received the INVITE and sends one on with the same Call-ID, as some back-to-back
/// user agents do.
fn is_next_hop(case: &Case, attempt: &Attempt, at: TransactionIdx) -> bool {
    let leg = &case.leg;
    let record = leg.record(leg.transaction(at).first);
    let flow = leg.vantage(record.vantage).flow;
    record.role == Role::Request
        && attempt.transactions.iter().any(|known| {
            let known = leg.transaction(*known);
            let first = leg.record(known.first);
            let over = known
                .final_response
                .is_some_and(|last| leg.record(last).time <= record.time);
            !over
                && first.role == Role::Request
                && leg.vantage(first.vantage).flow.dst.ip == flow.src.ip
                && flow.src.ip != flow.dst.ip
        })
}

/// A caller that tries several targets at once: the earlier INVITE is being worked on and neither
/// final nor cancelled.
fn is_parallel(case: &Case, attempt: &Attempt, at: TransactionIdx) -> bool {
    let leg = &case.leg;
    let invite = leg.transaction(at);
    let start = leg.record(invite.first).time;
    let root = leg.transaction(attempt.root());
    let before = |record: Option<RecordIdx>| record.is_some_and(|at| leg.record(at).time <= start);
    let cancel = root
        .cancelled_by
        .map(|cancel| leg.transaction(cancel).first);
    root.cseq == invite.cseq
        && root.from_tag == invite.from_tag
        && before(root.first_provisional)
        && !before(root.final_response)
        && !before(cancel)
}

fn join(case: &Case, attempt: &mut Attempt, at: TransactionIdx) {
    let leg = &case.leg;
    let invite = leg.transaction(at);
    let has_parent = attempt
        .transactions
        .iter()
        .any(|known| is_child(invite, leg.transaction(*known)));
    let topmost = !has_parent && !is_next_hop(case, attempt, at);
    attempt
        .roots
        .retain(|root| !is_child(leg.transaction(*root), invite));
    if topmost {
        attempt.roots.push(at);
    } else if attempt.roots.is_empty() {
        attempt.roots.push(at);
    }
    attempt.transactions.push(at);
}

/// The final response of an attempt: a 2xx if there is one; otherwise, when every root has a
/// final, a 6xx, or the last that does not merely close a losing branch.
fn decide(case: &Case, roots: &[TransactionIdx]) -> Option<RecordIdx> {
    let mut best: Option<(u8, Time, RecordIdx)> = None;
    let mut pending = false;
    for root in roots {
        if let Some(answer) = success(case, *root) {
            return Some(answer);
        }
        match case.leg.transaction(*root).final_response {
            None => pending = true,
            Some(at) => {
                let record = case.leg.record(at);
                let candidate = (rank(record.role.status()), record.time, at);
                best = Some(best.map_or(candidate, |best| best.max(candidate)));
            }
        }
    }
    if pending {
        None
    } else {
        best.map(|(_, _, at)| at)
    }
}

fn success(case: &Case, at: TransactionIdx) -> Option<RecordIdx> {
    case.responses(at)
        .find(|(_, status)| status.is_success())
        .map(|(record, _)| record)
}

fn rank(status: Option<StatusCode>) -> u8 {
    match status.map_or(0, |status| status.0) {
        600..=699 => 2,
        487 | 503 => 0,
        _ => 1,
    }
}
