//! The words for how a call ended.

use siptriage_sip::StatusCode;

/// How a call ended. An outcome never contradicts the status that decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A 2xx opened the session.
    Answered,
    /// A 2xx that was never acknowledged, torn down by its sender (RFC 3261 13.3.1.4).
    AnsweredDropped,
    /// The caller gave up before the answer (RFC 3261 9, 15.1.2).
    Abandoned,
    /// It rang, then a timer ended it.
    NoAnswer,
    /// 486 or 600.
    Busy,
    /// 603, or a 6xx without a word of its own.
    Declined,
    /// 607, 608, or 603 by call analytics.
    Blocked,
    /// Refused by policy, as 403.
    Rejected,
    /// No such user or number, as 404.
    NotFound,
    /// 480 without ringing.
    Unavailable,
    /// The session description was refused, as 488.
    MediaMismatch,
    /// A challenge that was never met: 401, 407, 494.
    AuthFailed,
    /// A redirection that was not followed.
    Redirected,
    /// Another 4xx.
    ClientError,
    /// Another 5xx.
    ServerError,
    /// 503.
    Overload,
    /// 408 or 504, or silence after a provisional response.
    Timeout,
    /// No response at all.
    Unreachable,
    /// The capture ends before any final response.
    InProgress,
    /// The capture begins too late to know.
    Partial,
}

impl Outcome {
    /// Every outcome, in the order of reports.
    pub const ALL: [Outcome; 20] = [
        Outcome::Answered,
        Outcome::AnsweredDropped,
        Outcome::Abandoned,
        Outcome::NoAnswer,
        Outcome::Busy,
        Outcome::Declined,
        Outcome::Blocked,
        Outcome::Rejected,
        Outcome::NotFound,
        Outcome::Unavailable,
        Outcome::MediaMismatch,
        Outcome::AuthFailed,
        Outcome::Redirected,
        Outcome::ClientError,
        Outcome::ServerError,
        Outcome::Overload,
        Outcome::Timeout,
        Outcome::Unreachable,
        Outcome::InProgress,
        Outcome::Partial,
    ];

    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::AnsweredDropped => "answered-dropped",
            Outcome::Abandoned => "abandoned",
            Outcome::NoAnswer => "no-answer",
            Outcome::Busy => "busy",
            Outcome::Declined => "declined",
            Outcome::Blocked => "blocked",
            Outcome::Rejected => "rejected",
            Outcome::NotFound => "not-found",
            Outcome::Unavailable => "unavailable",
            Outcome::MediaMismatch => "media-mismatch",
            Outcome::AuthFailed => "auth-failed",
            Outcome::Redirected => "redirected",
            Outcome::ClientError => "client-error",
            Outcome::ServerError => "server-error",
            Outcome::Overload => "overload",
            Outcome::Timeout => "timeout",
            Outcome::Unreachable => "unreachable",
            Outcome::InProgress => "in-progress",
            Outcome::Partial => "partial",
        }
    }

    /// Whether a 2xx opened the session, kept or not.
    pub fn is_answered(self) -> bool {
        matches!(self, Outcome::Answered | Outcome::AnsweredDropped)
    }

    /// Whether the capture shows how the call ended: only then it is part of a ratio.
    pub fn is_known(self) -> bool {
        !matches!(self, Outcome::InProgress | Outcome::Partial)
    }
}

/// How sure an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The deciding message was seen.
    Certain,
    /// It follows from other messages.
    Inferred,
    /// The capture allows another reading.
    Unknown,
}

impl Certainty {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Inferred => "inferred",
            Certainty::Unknown => "unknown",
        }
    }
}

/// One side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The sender of the initial INVITE.
    Caller,
    /// Its recipient.
    Callee,
}

impl Side {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Side::Caller => "caller",
            Side::Callee => "callee",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Caller => Side::Callee,
            Side::Callee => Side::Caller,
        }
    }
}

/// What came before a final response and colours its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Whether an 18x was seen.
    pub rang: bool,
    /// Whether the phrase is that of call analytics, "Network Blocked" (ATIS-1000099).
    pub network_blocked: bool,
}

/// The outcome that a final response to the initial INVITE decides. 487 is decided by its CANCEL,
/// not here.
pub fn of_status(status: StatusCode, before: Before) -> Outcome {
    match status.0 {
        200..=299 => Outcome::Answered,
        300..=399 => Outcome::Redirected,
        401 | 407 | 494 => Outcome::AuthFailed,
        402 | 403 | 433 | 470 => Outcome::Rejected,
        404 | 410 | 484 | 485 | 604 => Outcome::NotFound,
        408 | 480 if before.rang => Outcome::NoAnswer,
        408 | 504 => Outcome::Timeout,
        415 | 488 | 580 | 606 => Outcome::MediaMismatch,
        480 => Outcome::Unavailable,
        486 | 600 => Outcome::Busy,
        487 => Outcome::Abandoned,
        503 => Outcome::Overload,
        603 if before.network_blocked => Outcome::Blocked,
        607 | 608 => Outcome::Blocked,
        500..=599 => Outcome::ServerError,
        600..=699 => Outcome::Declined,
        _ => Outcome::ClientError,
    }
}
