//! The part of a leg that passed between two hosts.

use std::borrow::Cow;

use siptriage_capture::{Endpoint, Flow, Time};
use siptriage_sip::StatusCode;
use smallvec::{SmallVec, smallvec};

use super::Seizure;
use crate::outcome::{Before, Outcome, of_status};
use crate::record::TransactionIdx;
use crate::scene::Scene;
use crate::study::{Case, Judgement};
use crate::transaction::Opened;

/// The part of a leg that passed between two hosts: what a trunk sees of a call.
pub(super) struct Hop {
    /// The host that sent the INVITEs.
    pub(super) src: Endpoint,
    /// The host that they went to.
    pub(super) dst: Endpoint,
    /// Its INVITE transactions by their first message.
    pub(super) transactions: SmallVec<[TransactionIdx; 4]>,
}

/// Pairs of hosts told apart in one leg: more than any honest leg has.
const PAIRS: usize = 64;

/// The hops of a leg in the order of their first messages, branches of forks among them.
pub(super) fn hops(case: &Case) -> SmallVec<[Hop; 1]> {
    let mut hops: SmallVec<[Hop; 1]> = SmallVec::new();
    for attempt in &case.attempts {
        for at in &attempt.transactions {
            let Flow { src, dst, .. } = request_flow(case, *at);
            let known = hops
                .iter()
                .position(|known| (known.src.ip, known.dst.ip) == (src.ip, dst.ip));
            match known {
                Some(known) => hops[known].transactions.push(*at),
                None if hops.len() >= PAIRS => {}
                None => hops.push(Hop {
                    src,
                    dst,
                    transactions: smallvec![*at],
                }),
            }
        }
    }
    hops
}

impl Hop {
    /// What it counts as; `None` where it was superseded and that is no failure: a challenge or a
    /// redirection that was followed.
    ///
    /// Where the attempt that decided how the leg ended passed, it counts as the leg does. Elsewhere
    /// the last INVITE between the two hosts counts: a failover to another host leaves a failure at the
    /// first one. `whole` is how the call ended and what it counts as, if the leg is its main one.
    pub(super) fn seizure<'a>(
        &self,
        case: &Case,
        whole: Option<(&Judgement, &'a Seizure)>,
        scene: &Scene,
    ) -> Option<Cow<'a, Seizure>> {
        let judgement = case.judgement.as_ref()?;
        let passed = &self.transactions;
        let start = begin(case, passed)?;
        let deciding = judgement
            .attempt
            .and_then(|number| case.attempts.get(number));
        let is_deciding =
            deciding.is_some_and(|attempt| attempt.roots.iter().any(|root| passed.contains(root)));
        if is_deciding || deciding.is_none() {
            // Most calls pass one hop, which counts as they do.
            let is_whole = |whole: &Judgement| {
                let is_same = std::ptr::eq(whole, judgement) || whole == judgement;
                whole.start == start && is_same
            };
            if let Some((_, seizure)) = whole.filter(|(whole, _)| is_whole(whole)) {
                return Some(Cow::Borrowed(seizure));
            }
            let own = Judgement {
                start,
                ..judgement.clone()
            };
            let roots = deciding.map_or(&[][..], |attempt| &attempt.roots);
            return Some(Cow::Owned(Seizure::judged(case, &own, roots, scene)));
        }
        let last = *passed.last()?;
        let own = own_judgement(case, judgement, passed, last, start)?;
        let answered = passed
            .iter()
            .copied()
            .find(|at| own.answered.is_some() && has_success(case, *at));
        let root = answered.unwrap_or(last);
        Some(Cow::Owned(Seizure::judged(case, &own, &[root], scene)))
    }
}

/// From whom to whom the request of a transaction went.
#[inline]
pub(crate) fn request_flow(case: &Case, at: TransactionIdx) -> Flow {
    let transaction = case.leg.transaction(at);
    let flow = case.leg.flow(transaction.first);
    match transaction.opened {
        Opened::Request => flow,
        Opened::Response => flow.reversed(),
    }
}

fn begin(case: &Case, passed: &[TransactionIdx]) -> Option<Time> {
    let times = passed
        .iter()
        .map(|at| case.leg.record(case.leg.transaction(*at).first).time);
    times.min()
}

fn has_success(case: &Case, at: TransactionIdx) -> bool {
    case.responses(at).any(|(_, status)| status.is_success())
}

/// How it ended between two hosts that the deciding attempt of the caller did not pass.
fn own_judgement(
    case: &Case,
    leg: &Judgement,
    passed: &[TransactionIdx],
    last: TransactionIdx,
    start: Time,
) -> Option<Judgement> {
    let mut own = Judgement {
        attempt: attempt_number(case, last),
        ..Judgement::begun(last, start)
    };
    for at in passed {
        for (record, status) in case.responses(*at) {
            own.hear(status, case.leg.record(record).time);
            if status.is_success() {
                own.status = Some(status);
                own.deciding = Some(record);
            }
        }
    }
    own.progress = own.progress.or(own.answered);
    let cancel = case.leg.transaction(last).cancelled_by;
    own.gave_up = cancel.map(|at| case.leg.record(case.leg.transaction(at).first).time);
    if own.answered.is_some() {
        own.outcome = if leg.outcome.is_answered() {
            leg.outcome
        } else {
            Outcome::Answered
        };
        own.ended = leg.ended;
        own.ended_by = leg.ended_by;
        return Some(own);
    }
    let is_superseded = own.attempt != leg.attempt || leg.outcome.is_answered();
    match case.final_status(last) {
        Some(status) if is_superseded && is_followed(status) => return None,
        Some(status) => {
            let rang = own.ringing.is_some();
            let before = Before {
                rang,
                network_blocked: leg.outcome == Outcome::Blocked,
            };
            own.outcome = of_status(status, before);
            own.status = Some(status);
            own.deciding = case.leg.transaction(last).final_response;
            own.ended = own.deciding.map(|at| case.leg.record(at).time);
        }
        None if own.gave_up.is_some() => {
            own.outcome = Outcome::Abandoned;
            own.ended = own.gave_up;
        }
        None if is_superseded || leg.outcome.is_known() => {
            own.outcome = match case.responses(last).next() {
                Some(_) => Outcome::Timeout,
                None => Outcome::Unreachable,
            };
        }
        None => {}
    }
    Some(own)
}

/// Responses that ask the client to go on elsewhere or with more.
fn is_followed(status: StatusCode) -> bool {
    status.is_challenge() || status.0 / 100 == 3
}

fn attempt_number(case: &Case, at: TransactionIdx) -> Option<usize> {
    case.attempts
        .iter()
        .position(|attempt| attempt.transactions.contains(&at))
}
