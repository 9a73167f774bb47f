//! The classes that ratios count by.

use siptriage_capture::time::MILLISECOND;

use crate::outcome::Outcome;
use crate::study::{Case, Judgement};

/// What a call counts as. Every call whose end is known is in exactly one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Answered, kept or dropped.
    Answered,
    /// The caller gave up.
    Abandoned,
    /// 486, 600.
    Busy,
    /// Rang until a timer ended it.
    NoAnswer,
    /// 603 by the called party, 607.
    Declined,
    /// 480 without ringing.
    Unavailable,
    /// Anything else.
    Failed,
}

impl Class {
    /// Every class, in the order of reports.
    pub const ALL: [Class; 7] = [
        Class::Answered,
        Class::Abandoned,
        Class::Busy,
        Class::NoAnswer,
        Class::Declined,
        Class::Unavailable,
        Class::Failed,
    ];

    /// A 603 sooner than this, without ringing, is a machine's.
    const FASTEST_DECLINE: i64 = 300 * MILLISECOND;

    /// The class of a call whose end is known.
    pub fn of(case: &Case, judgement: &Judgement) -> Class {
        match judgement.outcome {
            Outcome::Answered | Outcome::AnsweredDropped => Class::Answered,
            Outcome::Abandoned => Class::Abandoned,
            Outcome::Busy => Class::Busy,
            Outcome::NoAnswer => Class::NoAnswer,
            Outcome::Declined | Outcome::Blocked => declined(case, judgement),
            Outcome::Unavailable => Class::Unavailable,
            Outcome::Rejected
            | Outcome::NotFound
            | Outcome::MediaMismatch
            | Outcome::AuthFailed
            | Outcome::Redirected
            | Outcome::ClientError
            | Outcome::ServerError
            | Outcome::Overload
            | Outcome::Timeout
            | Outcome::Unreachable
            | Outcome::InProgress
            | Outcome::Partial => Class::Failed,
        }
    }
}

fn declined(case: &Case, judgement: &Judgement) -> Class {
    let status = judgement.status.map_or(0, |status| status.0);
    let attempt = judgement
        .attempt
        .and_then(|number| case.attempts.get(number));
    let decided = judgement.deciding.map(|at| case.leg.record(at).time);
    let by_person = match (decided, attempt) {
        (Some(decided), Some(attempt)) => {
            judgement.ringing.is_some() || decided.since(attempt.start) > Class::FASTEST_DECLINE
        }
        _ => false,
    };
    match status {
        607 => Class::Declined,
        603 if by_person && judgement.outcome == Outcome::Declined => Class::Declined,
        _ => Class::Failed,
    }
}
