//! The conditions under which something that was not seen did not happen.
//!
//! A passive observer misses packets. Before a rule takes an absence for a fault, it asks the
//! guards; each either holds or names what the capture lacks.

use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Flow, Time};
use siptriage_correlate::{Answer, Case, Coverage, Facts, Opened, RecordIdx, TransactionIdx};

use crate::context::Context;
use crate::wording::span;

/// A guard's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The condition is proven.
    Holds,
    /// The condition is proven not to hold: the rule has no say here.
    Fails,
    /// The capture does not tell.
    Unknown(Why),
}

/// What a capture lacks to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It ends this many nanoseconds after the event.
    EndsAfter(i64),
    /// It is silent from this many nanoseconds after the event.
    SilentAfter(i64),
    /// Nothing of the other direction was captured.
    OneDirection,
    /// The request itself was not captured.
    BeginningUnseen,
    /// The missing message need not have passed this capture point.
    OtherPath,
    /// Packets were lost while capturing.
    Loss,
    /// The message was cut by the capture.
    Cut,
    /// The clock of the capture stepped back.
    Clock,
    /// The hosts exchanged nothing else at that time that would prove that they were heard.
    NobodyElse,
}

impl Verdict {
    /// The first that does not hold, of this one and `other`.
    #[must_use]
    pub fn and(self, other: impl FnOnce() -> Verdict) -> Verdict {
        match self {
            Verdict::Holds => other(),
            Verdict::Fails | Verdict::Unknown(_) => self,
        }
    }
}

impl Why {
    /// What the capture lacks, as a sentence without a full stop; `event` names what the window
    /// begins with: `the 200`.
    pub fn sentence(self, event: &str) -> String {
        match self {
            Why::EndsAfter(after) => format!("capture ends {} after {event}", span(after)),
            Why::SilentAfter(after) => {
                format!("capture is silent from {} after {event}", span(after))
            }
            Why::OneDirection => {
                format!("only one direction between the hosts of {event} was captured")
            }
            Why::BeginningUnseen => format!("the request that {event} belongs to was not captured"),
            Why::OtherPath => {
                format!("what follows {event} need not pass the point of this capture")
            }
            Why::Loss => format!("packets were lost while {event} was captured"),
            Why::Cut => format!("{event} was cut by the capture"),
            Why::Clock => format!("the clock of the capture steps back around {event}"),
            Why::NobodyElse => {
                format!("the hosts of {event} are not heard again, so they may not be in reach")
            }
        }
    }
}

/// G-WIN: the capture shows `nanoseconds` after `from`.
pub fn window(context: &Context<'_>, from: Time, nanoseconds: i64) -> Verdict {
    match context.scene.coverage(context.case, from, nanoseconds) {
        Coverage::Full => Verdict::Holds,
        Coverage::EndsAfter(after) => Verdict::Unknown(Why::EndsAfter(after)),
        Coverage::SilentAfter(after) => Verdict::Unknown(Why::SilentAfter(after)),
    }
}

/// G-START: the request that opened the transaction was captured.
pub fn start(context: &Context<'_>, at: TransactionIdx) -> Verdict {
    match context.transaction(at).opened {
        Opened::Request => Verdict::Holds,
        Opened::Response => Verdict::Unknown(Why::BeginningUnseen),
    }
}

/// G-BOTH: both directions between the hosts of `flow` are visible in the stretch of the capture
/// that `around` is in.
pub fn both_ways(context: &Context<'_>, flow: Flow, around: Time) -> Verdict {
    let (scene, leg) = (context.scene, &context.case.leg);
    if scene.hears_both_ways(leg, flow, around) {
        Verdict::Holds
    } else {
        Verdict::Unknown(Why::OneDirection)
    }
}

/// G-BOTH in a stretch of time: the hosts of `flow` are heard, both ways, within it.
pub fn alive(context: &Context<'_>, flow: Flow, from: Time, until: Time) -> Verdict {
    let (src, dst) = (flow.src.ip, flow.dst.ip);
    let pairs = &context.scene.pairs;
    let heard =
        pairs.heard_within(src, dst, from, until) && pairs.heard_within(dst, src, from, until);
    if heard || context.scene.assume_complete {
        Verdict::Holds
    } else {
        Verdict::Unknown(Why::NobodyElse)
    }
}

/// G-PATH: the ACK of a 2xx must cross this capture point. It does next to its sender, where the
/// INVITE has one Via and no proxy is seen to send it on, and where another request of the dialog
/// passed.
pub fn path(context: &Context<'_>, answer: &Answer) -> Verdict {
    let mut hops = answer.hops.iter().map(|hop| context.transaction(*hop));
    if hops.all(|hop| hop.opened == Opened::Request && hop.via_count <= 1) {
        return Verdict::Holds;
    }
    if in_dialog_requests(context.case, answer).next().is_some() {
        return Verdict::Holds;
    }
    Verdict::Unknown(Why::OtherPath)
}

/// G-LOSS: nothing says that packets between the hosts of `flow` were lost while the capture should
/// have shown the message that is missing, between two times; nor does the capture miss many.
pub fn lossless(context: &Context<'_>, flow: Flow, from: Time, until: Time) -> Verdict {
    let (scene, case) = (context.scene, context.case);
    let lossy = scene.disturbances.lose(case, flow, from, until) || scene.misses.are_many();
    if lossy || case.misses_within(&scene.pairs, from, until) {
        return Verdict::Unknown(Why::Loss);
    }
    Verdict::Holds
}

/// G-TRUNC: the message was captured whole.
pub fn whole(context: &Context<'_>, at: RecordIdx) -> Verdict {
    if context.case.leg.record(at).facts.has(Facts::TRUNCATED) {
        return Verdict::Unknown(Why::Cut);
    }
    Verdict::Holds
}

/// G-CLK: no message of the transaction is stamped before the one captured before it, nobody set
/// the clock meanwhile, and the capture points that show it agree on the time, corrected or not.
pub fn clock(context: &Context<'_>, at: TransactionIdx) -> Verdict {
    const STEP: i64 = MILLISECOND;
    let mut latest: Option<Time> = None;
    for record in context.case.messages(at) {
        let time = context.time(record);
        if latest.is_some_and(|latest| latest.since(time) > STEP) {
            return Verdict::Unknown(Why::Clock);
        }
        latest = Some(latest.map_or(time, |latest| latest.max(time)));
    }
    let (scene, leg) = (context.scene, &context.case.leg);
    let clocks = &context.case.clocks;
    let is_skewed = clocks.disagree(leg, context.case.messages(at));
    if is_skewed || scene.disturbances.set_clock(leg) {
        return Verdict::Unknown(Why::Clock);
    }
    Verdict::Holds
}

/// G-ROOT: the transaction is the hop nearest to the caller, or no hop of an attempt at all.
pub fn root(context: &Context<'_>, at: TransactionIdx) -> Verdict {
    match context.case.attempt_of(at) {
        Some(attempt) if !attempt.roots.contains(&at) => Verdict::Fails,
        Some(_) | None => Verdict::Holds,
    }
}

/// G-POP: there are at least `least` samples.
pub fn population(samples: u64, least: u64) -> Verdict {
    if samples >= least {
        Verdict::Holds
    } else {
        Verdict::Fails
    }
}

/// Requests of the dialog other than its ACKs, by either side, that were captured.
pub fn in_dialog_requests<'a>(
    case: &'a Case,
    answer: &'a Answer,
) -> impl Iterator<Item = TransactionIdx> + 'a {
    let first = answer.first;
    case.leg.transaction_indices().filter(move |at| {
        let transaction = case.leg.transaction(*at);
        let of_caller =
            transaction.from_tag == answer.from_tag && transaction.request_to_tag == answer.to_tag;
        let of_callee =
            transaction.from_tag == answer.to_tag && transaction.request_to_tag == answer.from_tag;
        transaction.opened == Opened::Request
            && transaction.first > first
            && !answer.to_tag.is_none()
            && (of_caller || of_callee)
    })
}

#[cfg(test)]
mod tests;
