//! A call: the human attempt as a whole, with its legs.

use siptriage_capture::time::SECOND;
use siptriage_capture::{Flow, Time};
use siptriage_sip::StatusCode;
use smallvec::SmallVec;

use crate::clocks;
use crate::leg::Leg;
use crate::link::{Cause, Caused, LinkReason};
use crate::outcome::{Outcome, Side};
use crate::record::{FrameRef, Role, TransactionIdx};
use crate::skews::Skews;
use crate::study::{Attempt, Case, Judgement};

/// The human attempt as a whole.
#[derive(Debug)]
pub struct Call {
    /// Number in order of first frame, from 1.
    pub number: u32,
    legs: CallLegs,
    parts: SmallVec<[Part; 4]>,
    caused: Vec<Caused>,
    main: usize,
    /// How the call ended, where its main leg alone does not tell.
    judgement: Option<Judgement>,
}

/// A leg of a call.
#[derive(Debug)]
pub struct CallLeg {
    /// The leg.
    pub case: Box<Case>,
    /// What links it to the legs before it; absent for the one that opened the call.
    pub link: Option<LinkReason>,
    /// The REFER that asked for it, if one did.
    pub cause: Option<Cause>,
}

/// The legs of a call, which most often are one.
pub type CallLegs = SmallVec<[CallLeg; 1]>;

/// A host that releases both sides of a call does it within this time.
const RELEASE_WINDOW: i64 = 2 * SECOND;

/// What a leg is to its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It tells how the call ended.
    Main,
    /// The caller sent it as well: before a redirection or to a target that was not to be the one.
    Superseded,
    /// A leg further on, behind a back-to-back user agent.
    Below,
}

impl Call {
    /// A call of legs, and what its REFERs caused; `None` when none of the legs is a call's.
    ///
    /// Legs from the host that opened the call are its attempts. The one that was answered tells
    /// how the call ended, else the last one.
    ///
    /// The clock of a call is that of its main leg.
    pub fn new(
        number: u32,
        mut legs: CallLegs,
        caused: Vec<Caused>,
        skews: &Skews,
    ) -> Option<Call> {
        legs.retain(|leg| leg.case.judgement.is_some());
        let (main, parts, judgement) = if legs.len() == 1 {
            (0, SmallVec::from_slice(&[Part::Main]), None)
        } else {
            let clock = clocks::reference(&legs.first()?.case.leg)?;
            legs.sort_by_key(|leg| (start(&leg.case, clock, skews), leg.case.leg.id()));
            let (main, parts) = parts(&legs)?;
            let judgement = judgement(&legs, &parts, main, skews)?;
            (main, parts, Some(judgement))
        };
        Some(Call {
            number,
            legs,
            parts,
            caused,
            main,
            judgement,
        })
    }

    /// The legs in the order of their first frames.
    pub fn legs(&self) -> impl Iterator<Item = &Case> + Clone {
        self.legs.iter().map(|leg| &*leg.case)
    }

    /// The legs, when nothing more is asked of the call.
    pub fn into_legs(self) -> impl Iterator<Item = Box<Leg>> {
        self.legs.into_iter().map(|leg| leg.case.leg)
    }

    /// What links each leg to those before it, in the order of [`Call::legs`].
    pub fn links(&self) -> impl Iterator<Item = Option<LinkReason>> + '_ {
        self.legs.iter().map(|leg| leg.link)
    }

    /// What each leg is to the call, in the order of [`Call::legs`].
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        self.parts.iter().copied()
    }

    /// The REFER in another call that asked for this one.
    pub fn cause(&self) -> Option<Cause> {
        self.legs.first()?.cause
    }

    /// What the REFERs of this call caused: other calls, or legs of them.
    pub fn caused(&self) -> &[Caused] {
        &self.caused
    }

    /// The leg that tells how the call ended: the caller's.
    pub fn main_leg(&self) -> &Case {
        &self.legs[self.main].case
    }

    /// How the call ended. Records are those of the main leg.
    pub fn judgement(&self) -> &Judgement {
        let own = self.main_leg().judgement.as_ref();
        let known = self.judgement.as_ref().or(own);
        known.expect("legs without one were left out")
    }

    /// How the call ended, in a word.
    pub fn outcome(&self) -> Outcome {
        self.judgement().outcome
    }

    /// INVITEs that the caller sent: attempts of the main leg, and of those that it superseded.
    pub fn attempts(&self) -> usize {
        let legs = self.legs().zip(self.parts());
        let own = legs.filter(|(_, part)| *part != Part::Below);
        own.map(|(leg, _)| leg.attempts.len()).sum()
    }

    /// Those of them that did not decide how the call ended, by their first messages.
    pub fn superseded(&self) -> Vec<(&Case, &Attempt)> {
        let legs = self.legs().zip(self.parts());
        let own = legs.filter(|(_, part)| *part != Part::Below);
        let mut superseded: Vec<(&Case, &Attempt)> = own
            .flat_map(|(case, part)| {
                let deciding = self.judgement().attempt.filter(|_| part == Part::Main);
                let attempts = case.attempts.iter().enumerate();
                let others = attempts.filter(move |(number, _)| Some(*number) != deciding);
                others.map(move |(_, attempt)| (case, attempt))
            })
            .collect();
        superseded.sort_by_key(|(case, attempt)| {
            case.leg
                .record(case.leg.transaction(attempt.root()).first)
                .frame
        });
        superseded
    }

    /// The first frame of the call.
    pub fn first_frame(&self) -> FrameRef {
        self.legs[0].case.leg.first_frame()
    }
}

/// When a leg began, by the clock of an interface.
fn start(case: &Case, clock: u32, skews: &Skews) -> Option<Time> {
    let own = clocks::reference(&case.leg)?;
    Some(skews.carried(case.judgement.as_ref()?.start, own, clock))
}

/// How a call of several legs ended.
fn judgement(legs: &[CallLeg], parts: &[Part], main: usize, skews: &Skews) -> Option<Judgement> {
    let clock = clocks::reference(&legs[main].case.leg)?;
    let start = start(&legs[0].case, clock, skews)?;
    let own = || legs[main].case.judgement.clone();
    let mut judgement = Judgement {
        start,
        ..picked_up(legs, main, skews).or_else(own)?
    };
    if is_released_between(legs, parts, main, skews) {
        judgement.ended_by = None;
    }
    Some(judgement)
}

/// Which leg is the main one, and what each is to the call.
fn parts(legs: &[CallLeg]) -> Option<(usize, SmallVec<[Part; 4]>)> {
    let caller = source(&legs.first()?.case)?;
    let is_own = |leg: &CallLeg| source(&leg.case).is_some_and(|other| same_host(other, caller));
    let own: Vec<bool> = legs.iter().map(is_own).collect();
    let first = |wanted: fn(&Judgement) -> bool| {
        let judgements = legs.iter().map(|leg| leg.case.judgement.as_ref());
        let mut candidates = judgements.zip(&own);
        candidates.position(|(judgement, own)| *own && judgement.is_some_and(wanted))
    };
    let main = first(|leg| leg.outcome.is_answered() && leg.answered.is_some())
        .or_else(|| first(|leg| leg.outcome.is_answered()))
        .or_else(|| own.iter().rposition(|own| *own))
        .unwrap_or(0);
    let part = |(number, own): (usize, &bool)| match own {
        _ if number == main => Part::Main,
        true => Part::Superseded,
        false => Part::Below,
    };
    Some((main, own.iter().enumerate().map(part).collect()))
}

/// How a call went on that was taken over while it rang: another phone sent the caller an INVITE that
/// replaces the early dialog, the caller accepted it and cancelled its own (RFC 3891 3).
fn picked_up(legs: &[CallLeg], main: usize, skews: &Skews) -> Option<Judgement> {
    let own = &legs[main].case;
    let judgement = own.judgement.as_ref()?;
    let terminated = own.leg.record(judgement.deciding?).time;
    let (caller, clock) = (source(own)?, clocks::reference(&own.leg)?);
    let replacing = legs.iter().filter(|leg| {
        let mut hops = leg
            .case
            .attempts
            .iter()
            .flat_map(|known| &known.transactions);
        leg.link == Some(LinkReason::Replaces) && hops.any(|at| is_sent_to(&leg.case, *at, caller))
    });
    let mut answers = replacing.filter_map(|leg| {
        let other = leg.case.judgement.as_ref()?;
        let own_clock = clocks::reference(&leg.case.leg)?;
        let carried = |time: Time| skews.carried(time, own_clock, clock);
        let answered = carried(other.answered?);
        let is_for_it = (judgement.start..=terminated).contains(&answered);
        (other.outcome.is_answered() && is_for_it).then(|| Judgement {
            outcome: other.outcome,
            status: other.status,
            deciding: None,
            certainty: other.certainty,
            answered: Some(answered),
            gave_up: None,
            ended: other.ended.map(carried),
            ended_by: other.ended_by.map(Side::other),
            ..judgement.clone()
        })
    });
    let is_terminated = own.leg.record(judgement.deciding?).role.status() == Some(StatusCode(487));
    answers.next().filter(|_| is_terminated)
}

/// Whether the host between two legs released both: it sent the caller the BYE, and also each one who
/// was called for it, at the same time.
fn is_released_between(legs: &[CallLeg], parts: &[Part], main: usize, skews: &Skews) -> bool {
    let end = |leg: &CallLeg, clock: u32| {
        let judgement = leg.case.judgement.as_ref()?;
        let own = clocks::reference(&leg.case.leg)?;
        let ended = skews.carried(judgement.ended?, own, clock);
        Some((judgement.outcome, ended, judgement.ended_by?))
    };
    let Some(clock) = clocks::reference(&legs[main].case.leg) else {
        return false;
    };
    let Some((Outcome::Answered, released, Side::Callee)) = end(&legs[main], clock) else {
        return false;
    };
    let below = legs
        .iter()
        .zip(parts)
        .filter(|(_, part)| **part == Part::Below);
    let mut answered = below
        .filter_map(|(leg, _)| end(leg, clock))
        .filter(|(outcome, ended, _)| {
            *outcome == Outcome::Answered && released.since(*ended).abs() <= RELEASE_WINDOW
        })
        .peekable();
    answered.peek().is_some() && answered.all(|(_, _, by)| by == Side::Caller)
}

/// Whether a request went to where another one came from.
fn is_sent_to(case: &Case, request: TransactionIdx, other: Flow) -> bool {
    let first = case.leg.transaction(request).first;
    let is_request = case.leg.record(first).role == Role::Request;
    is_request && same_host(case.leg.flow(first).reversed(), other)
}

/// The addresses between which the leg's first INVITE, or whatever came first, went.
fn source(case: &Case) -> Option<Flow> {
    let opening = case.judgement.as_ref()?.opening;
    let first = case.leg.transaction(opening).first;
    let flow = case.leg.flow(first);
    match case.leg.record(first).role {
        Role::Request | Role::Ack => Some(flow),
        Role::Response(_) => Some(flow.reversed()),
    }
}

/// Whether two requests come from one host. Programs that share one address are told apart by
/// their ports.
fn same_host(one: Flow, other: Flow) -> bool {
    let is_local = |flow: Flow| flow.src.ip == flow.dst.ip;
    one.src == other.src || one.src.ip == other.src.ip && !is_local(one) && !is_local(other)
}
