//! An INVITE that its sender repeats because nothing came back: what TXN-001 and TXN-002 share.

use std::borrow::Cow;

use siptriage_capture::time::MILLISECOND;
use siptriage_correlate::timers::Grid;
use siptriage_correlate::{Opened, RecordIdx, Sending, TransactionIdx};

use crate::context::Context;
use crate::finding::Evidence;
use crate::schedule::Schedule;
use crate::wording::span;
use crate::{guards, hops};

/// An INVITE over UDP that was repeated on Timer A before any response to it.
#[derive(Clone, Debug)]
pub struct Silence {
    /// The sendings of the vantage that shows most of them.
    pub schedule: Schedule,
    /// Repeats before the first response on any vantage.
    pub unanswered: usize,
    /// The first response on any vantage.
    pub response: Option<RecordIdx>,
}

/// The silence that begins at this hop. A hop below that is silent, too, or whose answers are not
/// heeded, has the cause, so this one has none then.
pub fn of_hop(context: &Context<'_>, at: TransactionIdx) -> Option<Silence> {
    let silence = of(context, at)?;
    let explained = hops::below(context, at).any(|lower| {
        let same =
            of(context, lower).is_some_and(|below| below.unanswered + 1 >= silence.unanswered);
        same || unheeded(context, lower).is_some()
    });
    (!explained).then_some(silence)
}

/// The INVITE's sendings over UDP to one host.
pub fn sendings(context: &Context<'_>, at: TransactionIdx) -> Vec<Sending> {
    let mut sendings = context.case.request_sendings(at);
    sendings.retain(|sending| {
        let flow = context.case.leg.vantage(sending.vantage).flow;
        !flow.transport.is_reliable() && !flow.dst.ip.is_multicast()
    });
    sendings
}

/// An INVITE that its sender repeats although it was answered.
#[derive(Clone, Debug)]
pub struct Unheeded {
    /// The sendings.
    pub schedule: Schedule,
    /// The response that should have ended them.
    pub response: RecordIdx,
    /// Repeats that came too late to have crossed it.
    pub repeats: usize,
}

/// Least repeats after a response that show that it did not arrive.
const UNHEEDED_REPEATS: usize = 2;
/// A repeat this soon after the response crossed it.
const CROSSING: i64 = 200 * MILLISECOND;

/// An answered INVITE that goes on being sent, unless this hop says nothing about it.
pub fn unheeded(context: &Context<'_>, at: TransactionIdx) -> Option<Unheeded> {
    if !is_repeated(context, at) {
        return None;
    }
    let (response, _) = context.case.responses(at).next()?;
    let answered = context.time(response);
    let mut most: Option<Unheeded> = None;
    for sending in sendings(context, at) {
        let Some(schedule) = Schedule::of(context, &sending, Grid::Doubling) else {
            continue;
        };
        // Without one the capture begins in the middle, or two clocks that differ stamped the two.
        let Some(sent) = schedule.times.iter().rev().find(|sent| **sent <= answered) else {
            continue;
        };
        let crossing = CROSSING.max(answered.since(*sent).saturating_mul(2));
        let repeats = schedule.repeats_after(answered.plus(crossing));
        if repeats >= UNHEEDED_REPEATS && most.as_ref().is_none_or(|known| known.repeats < repeats)
        {
            most = Some(Unheeded {
                schedule,
                response,
                repeats,
            });
        }
    }
    most
}

/// The frames of the sendings.
pub fn evidence(context: &Context<'_>, schedule: &Schedule) -> Vec<Evidence> {
    let mut evidence = Vec::with_capacity(schedule.records.len());
    for (record, time) in schedule.records.iter().zip(&schedule.times) {
        let note = match time.since(schedule.first()) {
            0 => Cow::Borrowed("INVITE sent"),
            later => format!("INVITE sent again, {} after the first", span(later)).into(),
        };
        evidence.push(context.evidence(*record, note));
    }
    evidence
}

fn of(context: &Context<'_>, at: TransactionIdx) -> Option<Silence> {
    if !is_repeated(context, at) {
        return None;
    }
    let response = context.case.responses(at).next().map(|(record, _)| record);
    let answered = response.map(|record| context.time(record));
    let mut longest: Option<Silence> = None;
    for sending in sendings(context, at) {
        let Some(schedule) = Schedule::of(context, &sending, Grid::Doubling) else {
            continue;
        };
        let unanswered = match answered {
            Some(answered) => schedule.repeats_before(answered),
            None => schedule.repeats(),
        };
        if unanswered > 0
            && longest
                .as_ref()
                .is_none_or(|known| known.unanswered < unanswered)
        {
            longest = Some(Silence {
                schedule,
                unanswered,
                response,
            });
        }
    }
    longest
}

fn is_repeated(context: &Context<'_>, at: TransactionIdx) -> bool {
    let invite = context.transaction(at);
    invite.retransmissions > 0
        && invite.opened == Opened::Request
        && guards::clock(context, at) == guards::Verdict::Holds
}
