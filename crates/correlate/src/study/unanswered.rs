//! Calls without a final response in the capture: what the rest of it tells.

use siptriage_capture::time::SECOND;
use siptriage_capture::{Flow, Time, Transport};

use super::accepted::RELEASE_WINDOW;
use super::talk::{self, Talk};
use super::{Attempt, Case, Judgement, giving_up};
use crate::leg::Closed;
use crate::outcome::{Certainty, Outcome};
use crate::record::RecordIdx;
use crate::scene::{Coverage, Scene};
use crate::timers::{Grid, TIMEOUT, TIMER_C, on_grid};

/// Judges a call whose deciding attempt has no final response in the capture.
pub(super) fn judge(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    if let Some(talk) = talk::unseen(case, attempt) {
        return answered(case, attempt, &talk, judgement);
    }
    let is_refused = refusal(case, attempt).is_some();
    if let Some(gave_up) = judgement.gave_up
        && (is_refused || has_response(case, attempt) || giving_up::was_heard(case, attempt))
    {
        giving_up::judge(case, attempt, gave_up, judgement);
        judgement.certainty = Certainty::Inferred;
        return;
    }
    if is_refused {
        judgement.outcome = Outcome::ClientError;
        judgement.certainty = Certainty::Unknown;
        return;
    }
    silent(case, attempt, judgement);
}

/// Judges a call that was answered out of sight. A CANCEL shortly before its end crossed the answer:
/// the caller had given up.
pub(super) fn answered(case: &Case, attempt: &Attempt, talk: &Talk, judgement: &mut Judgement) {
    judgement.outcome = Outcome::Answered;
    judgement.gave_up = None;
    judgement.ended = talk.ended.map(|(_, time)| time);
    judgement.ended_by = talk.ended.and_then(|(side, _)| side);
    let cancelled = giving_up::cancelled(case, attempt);
    let (Some(gave_up), Some(ended)) = (cancelled, judgement.ended) else {
        return;
    };
    if (0..RELEASE_WINDOW).contains(&ended.since(gave_up)) {
        giving_up::abandon(judgement, gave_up);
    }
}

/// The ACK that ends a refused INVITE has its branch (RFC 3261 17.1.1.3): there was a final
/// response, whichever.
fn refusal(case: &Case, attempt: &Attempt) -> Option<RecordIdx> {
    let mut roots = attempt.roots.iter();
    roots.find_map(|root| case.acks(*root).next())
}

fn has_response(case: &Case, attempt: &Attempt) -> bool {
    attempt
        .transactions
        .iter()
        .any(|at| case.responses(*at).next().is_some())
}

/// Nothing more came: whether the capture shows enough of that.
fn silent(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    let silence = silence(case, attempt);
    let covered = case.leg.seen_until.since(silence.since) >= silence.patience;
    if silence.proven {
        judgement.outcome = silence.outcome;
        judgement.certainty = Certainty::Certain;
    } else if case.leg.closed == Closed::Limit {
        judgement.certainty = Certainty::Unknown;
    } else if covered {
        judgement.outcome = silence.outcome;
        if silence.outcome == Outcome::Unreachable && !is_repeated(case, attempt) {
            judgement.certainty = Certainty::Unknown;
        }
    }
}

struct Silence {
    outcome: Outcome,
    /// Begin of the silence.
    since: Time,
    /// How much of it the capture must show, in nanoseconds.
    patience: i64,
    /// The sender's own retransmissions prove it.
    proven: bool,
}

fn silence(case: &Case, attempt: &Attempt) -> Silence {
    let responses = attempt.roots.iter().flat_map(|root| case.responses(*root));
    let last = responses.max_by_key(|(at, _)| case.leg.record(*at).time);
    let Some((at, _)) = last else {
        let proven = has_response(case, attempt).then_some(false);
        return Silence {
            outcome: if proven.is_some() {
                Outcome::Timeout
            } else {
                Outcome::Unreachable
            },
            since: attempt.start,
            patience: TIMEOUT,
            proven: proven.unwrap_or_else(|| is_exhausted(case, attempt)),
        };
    };
    let only_trying = attempt
        .roots
        .iter()
        .all(|root| case.responses(*root).all(|(_, status)| status.0 == 100));
    let patience = if only_trying {
        TIMEOUT + 5 * SECOND
    } else {
        TIMER_C + TIMER_C / 10
    };
    Silence {
        outcome: Outcome::Timeout,
        since: case.leg.record(at).time,
        patience,
        proven: false,
    }
}

/// Whether a call that is said to have ended in silence was watched for so long that the silence
/// is known, by a capture point that shows it.
pub(super) fn is_watched(case: &Case, scene: &Scene) -> bool {
    let Some(judgement) = &case.judgement else {
        return true;
    };
    let attempt = judgement
        .attempt
        .and_then(|number| case.attempts.get(number));
    let in_silence = judgement.deciding.is_none()
        && matches!(judgement.outcome, Outcome::Timeout | Outcome::Unreachable);
    let Some(attempt) = attempt.filter(|_| in_silence) else {
        return true;
    };
    let silence = silence(case, attempt);
    silence.proven
        || match scene.coverage(case, silence.since, silence.patience) {
            Coverage::Full => true,
            Coverage::EndsAfter(_) | Coverage::SilentAfter(_) => false,
        }
}

/// Whether an INVITE was sent again, as its sender does over UDP until a response comes
/// (RFC 3261 17.1.1.2). One that was not may have been answered past the capture.
fn is_repeated(case: &Case, attempt: &Attempt) -> bool {
    let mut hops = attempt.transactions.iter();
    let is_reliable = |flow: Flow| flow.transport != Transport::Udp;
    hops.any(|at| {
        let invite = case.leg.transaction(*at);
        invite.retransmissions > 0 || is_reliable(case.leg.flow(invite.first))
    })
}

/// Seven sendings on the grid of Timer A: the sender itself went through its whole schedule.
fn is_exhausted(case: &Case, attempt: &Attempt) -> bool {
    let sendings = attempt
        .roots
        .iter()
        .flat_map(|root| case.request_sendings(*root));
    let mut requests = sendings;
    requests.any(|sending| on_grid(&sending.times(&case.leg), Grid::Doubling) >= 6)
}
