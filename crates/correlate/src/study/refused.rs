//! Calls that a final response other than 2xx ended.

use siptriage_capture::time::SECOND;
use siptriage_sip::codes::{self, RouteAdvance};
use siptriage_sip::header::Expires;
use siptriage_sip::{HeaderValue, StatusCode};

use super::{Attempt, Case, Decided, Judgement, giving_up};
use crate::leg::NoteKind;
use crate::outcome::{Before, Certainty, Outcome, of_status};
use crate::record::{RecordIdx, TransactionIdx};
use crate::scene::{Coverage, Scene};

/// A caller that is asked to try again does so within this time.
const FOLLOW_UP: i64 = 5 * SECOND;

/// A refusal sooner than this comes from a phone that had no time to ring; later, the ringing may
/// only be missing from the capture.
const FASTEST_RING: i64 = SECOND;

/// A recipient counts the seconds of an Expires from a time of its own.
const EXPIRY_TOLERANCE: i64 = SECOND;

/// Judges a call by the final response at `at`.
pub(super) fn judge(case: &Case, attempt: &Attempt, at: RecordIdx, judgement: &mut Judgement) {
    let record = case.leg.record(at);
    let Some(status) = record.role.status() else {
        return;
    };
    let phrase = case.leg.note(at, NoteKind::Phrase).unwrap_or_default();
    let before = Before {
        rang: judgement.ringing.is_some(),
        network_blocked: phrase.trim_ascii().eq_ignore_ascii_case(b"Network Blocked"),
    };
    judgement.outcome = of_status(status, before);
    judgement.status = Some(status);
    judgement.deciding = Some(at);
    judgement.ended = Some(record.time);
    judgement.certainty = match attempt.decided {
        Decided::AtRoot => certainty(status, case.leg.seen_until.since(record.time)),
        Decided::Below => Certainty::Inferred,
    };
    let may_have_rung = !before.rang && record.time.since(attempt.start) >= FASTEST_RING;
    if matches!(status.0, 408 | 480) && may_have_rung {
        judgement.certainty = Certainty::Inferred;
    }
    if status.0 == 487 {
        terminated(case, attempt, judgement);
    }
}

/// That nothing followed is a fact of the capture, and of the call only when the capture had time
/// to show it. A redirection may be followed with another Call-ID, by another route.
fn certainty(status: StatusCode, shown: i64) -> Certainty {
    match status.0 {
        300..=399 => Certainty::Inferred,
        _ if shown >= FOLLOW_UP => Certainty::Certain,
        _ if asks_again(status) => Certainty::Unknown,
        _ if may_advance(status) => Certainty::Inferred,
        _ => Certainty::Certain,
    }
}

/// Whether the capture would have shown what follows a refusal that asks for another try.
pub(super) fn is_watched(case: &Case, scene: &Scene) -> bool {
    let judgement = case.judgement.as_ref();
    let deciding = judgement.and_then(|judgement| judgement.deciding);
    let Some(record) = deciding.map(|at| case.leg.record(at)) else {
        return true;
    };
    !record.role.status().is_some_and(asks_again)
        || scene.coverage(case, record.time, FOLLOW_UP) == Coverage::Full
}

/// Final responses that ask the caller to try again in another way (RFC 3261 8.1.3.5, 22.2;
/// RFC 4028 6; RFC 3329 2.3.1; RFC 3263 4.3), or with more digits (RFC 3261 21.4.19).
fn asks_again(status: StatusCode) -> bool {
    matches!(
        status.0,
        401 | 407 | 413 | 415 | 416 | 420 | 421 | 422 | 428 | 484 | 491 | 494 | 503
    )
}

/// Final responses after which a caller, or whoever hunts for it, may try the next number or route.
fn may_advance(status: StatusCode) -> bool {
    let advance = codes::lookup(status).map(|code| code.route_advance);
    advance.is_some_and(|advance| advance != RouteAdvance::Stop)
}

/// 487 says that the request was terminated, not by whom: the caller's CANCEL or BYE does.
fn terminated(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    if let Some(gave_up) = judgement.gave_up {
        giving_up::judge(case, attempt, gave_up, judgement);
        return;
    }
    if attempt.roots.iter().any(|root| has_expired(case, *root)) {
        judgement.outcome = Outcome::NoAnswer;
        return;
    }
    let branch_cancelled = attempt
        .transactions
        .iter()
        .any(|at| case.leg.transaction(*at).cancelled_by.is_some());
    judgement.certainty = match (branch_cancelled, judgement.ringing) {
        (_, None) | (true, Some(_)) => Certainty::Inferred,
        (false, Some(_)) => Certainty::Unknown,
    };
    if judgement.ringing.is_some() {
        judgement.outcome = Outcome::NoAnswer;
    }
}

/// Whether the final response to an INVITE came when the time was over that the caller gave it in
/// Expires: then nobody has to cancel for a 487 (RFC 3261 13.3.1).
pub(super) fn has_expired(case: &Case, invite: TransactionIdx) -> bool {
    let transaction = case.leg.transaction(invite);
    let said = case.leg.note(transaction.first, NoteKind::Expires);
    let seconds = said.and_then(|value| Expires::parse(value).ok());
    let (Some(Expires { seconds }), Some(last)) = (seconds, transaction.final_response) else {
        return false;
    };
    let waited = case
        .leg
        .record(last)
        .time
        .since(case.leg.record(transaction.first).time);
    waited >= i64::from(seconds) * SECOND - EXPIRY_TOLERANCE
}
