//! The classes that ratios count by.

use siptriage_capture::time::MILLISECOND;
use siptriage_sip::StatusCode;

use crate::outcome::Outcome;

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

/// What decides the class of a refusal besides its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The final status.
    pub status: Option<StatusCode>,
    /// Whether it rang before.
    pub rang: bool,
    /// Nanoseconds from the INVITE to the refusal.
    pub after: Option<i64>,
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

    /// The word used in every output and in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Class::Answered => "answered",
            Class::Abandoned => "abandoned",
            Class::Busy => "busy",
            Class::NoAnswer => "no-answer",
            Class::Declined => "declined",
            Class::Unavailable => "unavailable",
            Class::Failed => "failed",
        }
    }

    /// The class of a call; `None` where its end is not known.
    pub fn of(outcome: Outcome, refusal: Refusal) -> Option<Class> {
        match outcome {
            Outcome::Answered | Outcome::AnsweredDropped => Some(Class::Answered),
            Outcome::Abandoned => Some(Class::Abandoned),
            Outcome::Busy => Some(Class::Busy),
            Outcome::NoAnswer => Some(Class::NoAnswer),
            Outcome::Declined | Outcome::Blocked => Some(declined(outcome, refusal)),
            Outcome::Unavailable => Some(Class::Unavailable),
            Outcome::Rejected
            | Outcome::NotFound
            | Outcome::MediaMismatch
            | Outcome::AuthFailed
            | Outcome::Redirected
            | Outcome::ClientError
            | Outcome::ServerError
            | Outcome::Overload
            | Outcome::Timeout
            | Outcome::Unreachable => Some(Class::Failed),
            Outcome::InProgress | Outcome::Partial => None,
        }
    }
}

fn declined(outcome: Outcome, refusal: Refusal) -> Class {
    let by_person = refusal.rang
        || refusal
            .after
            .is_some_and(|after| after > Class::FASTEST_DECLINE);
    match refusal.status.map_or(0, |status| status.0) {
        607 => Class::Declined,
        603 if by_person && outcome == Outcome::Declined => Class::Declined,
        _ => Class::Failed,
    }
}
