//! How the call of a leg ended, and when what happened.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_sip::{Method, StatusCode};

use super::{Answer, Attempt, Case};
use crate::leg::{Closed, NoteKind};
use crate::outcome::{Before, Certainty, Outcome, Side, of_status};
use crate::record::{RecordIdx, Role, TransactionIdx};
use crate::timers::{Grid, TIMEOUT, TIMER_C, on_grid};
use crate::transaction::Opened;

/// How a call ended.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// How it ended.
    pub outcome: Outcome,
    /// The final status that decided it.
    pub status: Option<StatusCode>,
    /// The message that decided it.
    pub deciding: Option<RecordIdx>,
    /// How sure that is.
    pub certainty: Certainty,
    /// The attempt that decided it; those before it were superseded. Absent for a partial call.
    pub attempt: Option<usize>,
    /// The INVITE that the caller sent first, or whatever was seen first.
    pub opening: TransactionIdx,
    /// When that was.
    pub start: Time,
    /// First provisional response other than 100, or the answer when there was none.
    pub progress: Option<Time>,
    /// First 18x.
    pub ringing: Option<Time>,
    /// First 2xx.
    pub answered: Option<Time>,
    /// When the caller gave up: its CANCEL, or its BYE on an early dialog.
    pub gave_up: Option<Time>,
    /// When the call ended: the BYE, the CANCEL, or the final response that refused it.
    pub ended: Option<Time>,
    /// Who ended it.
    pub ended_by: Option<Side>,
}

impl Judgement {
    /// First INVITE to the first provisional response other than 100, in nanoseconds.
    pub fn post_dial_delay(&self) -> Option<i64> {
        self.progress.map(|progress| progress.since(self.start))
    }

    /// First INVITE to the 2xx, in nanoseconds.
    pub fn setup_time(&self) -> Option<i64> {
        self.answered.map(|answered| answered.since(self.start))
    }

    /// First 18x to whatever ended the ringing, in nanoseconds.
    pub fn ring_time(&self) -> Option<i64> {
        let end = self.answered.or(self.gave_up).or(self.ended)?;
        self.ringing.map(|ringing| end.since(ringing))
    }

    /// 2xx to BYE, in nanoseconds; only of a call that was answered and acknowledged, and of
    /// which both ends were seen.
    pub fn talk_time(&self) -> Option<i64> {
        if self.outcome != Outcome::Answered {
            return None;
        }
        Some(self.ended?.since(self.answered?))
    }
}

/// A BYE by the caller this soon after a 2xx that crossed its CANCEL releases the call at once.
const RELEASE_WINDOW: i64 = 2 * SECOND;
/// Retransmissions of a 2xx that prove, with a BYE from its sender, that no ACK arrived.
const PROVING_REPEATS: usize = 3;
/// A sender of an unacknowledged 2xx gives up after 64*T1; vendors between these.
const GIVE_UP: std::ops::RangeInclusive<i64> = 4 * SECOND..=40 * SECOND;

/// Judges a leg; `None` when it is no call.
pub(super) fn judge(case: &Case) -> Option<Judgement> {
    let opened = case.attempts.iter().find(|attempt| was_sent(case, attempt));
    let Some(first) = opened else {
        return partial(case);
    };
    let answered = case
        .attempts
        .iter()
        .position(|attempt| final_is_success(case, attempt));
    let deciding = answered.unwrap_or(case.attempts.len() - 1);
    let attempt = &case.attempts[deciding];
    let opening = first.root();
    let mut judgement = Judgement {
        outcome: Outcome::InProgress,
        status: None,
        deciding: None,
        certainty: Certainty::Certain,
        attempt: Some(deciding),
        opening,
        start: first.start,
        progress: None,
        ringing: None,
        answered: None,
        gave_up: None,
        ended: None,
        ended_by: None,
    };
    progress(case, attempt, &mut judgement);
    judgement.gave_up = gave_up(case, attempt);
    match attempt.final_response {
        Some(at) if final_is_success(case, attempt) => accepted(case, at, &mut judgement),
        Some(at) => refused(case, attempt, at, &mut judgement),
        None => unanswered(case, attempt, &mut judgement),
    }
    Some(judgement)
}

fn was_sent(case: &Case, attempt: &Attempt) -> bool {
    case.leg.transaction(attempt.root()).opened == Opened::Request
}

fn final_is_success(case: &Case, attempt: &Attempt) -> bool {
    let status = attempt
        .final_response
        .and_then(|at| case.leg.record(at).role.status());
    status.is_some_and(|status| status.is_success())
}

/// A call of which only a later part was captured: something that belongs to a call, but no INVITE
/// that opened it.
fn partial(case: &Case) -> Option<Judgement> {
    let mut transactions = case.leg.transaction_indices();
    let opening = transactions.find(|at| case.leg.transaction(*at).belongs_to_call())?;
    let bye = case
        .transactions(Method::Bye)
        .next()
        .map(|(_, bye)| case.leg.record(bye.first).time);
    Some(Judgement {
        outcome: Outcome::Partial,
        status: None,
        deciding: None,
        certainty: Certainty::Unknown,
        attempt: None,
        opening,
        start: case.leg.record(case.leg.transaction(opening).first).time,
        progress: None,
        ringing: None,
        answered: None,
        gave_up: None,
        ended: bye,
        ended_by: None,
    })
}

fn progress(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    for root in &attempt.roots {
        for (at, status) in case.responses(*root) {
            let time = case.leg.record(at).time;
            let earliest = |known: Option<Time>| Some(known.map_or(time, |known| known.min(time)));
            if status.is_provisional() && status.0 != 100 {
                judgement.progress = earliest(judgement.progress);
            }
            if (180..190).contains(&status.0) {
                judgement.ringing = earliest(judgement.ringing);
            }
            if status.is_success() {
                judgement.answered = earliest(judgement.answered);
            }
        }
    }
    judgement.progress = judgement.progress.or(judgement.answered);
}

/// The caller's CANCEL on the hop nearest to it, or its BYE before a final response.
fn gave_up(case: &Case, attempt: &Attempt) -> Option<Time> {
    let cancels = attempt
        .roots
        .iter()
        .filter_map(|root| case.leg.transaction(*root).cancelled_by);
    let cancelled = cancels
        .map(|at| case.leg.record(case.leg.transaction(at).first).time)
        .min();
    cancelled.or_else(|| {
        let invite = case.leg.transaction(attempt.root());
        let end = attempt.final_response.map(|at| case.leg.record(at).time);
        let byes = case
            .transactions(Method::Bye)
            .filter(|(_, bye)| bye.from_tag == invite.from_tag);
        let times = byes.map(|(_, bye)| case.leg.record(bye.first).time);
        let early = |time: &Time| end.is_none_or(|end| *time <= end);
        if attempt.final_response.is_some_and(|at| {
            case.leg
                .record(at)
                .role
                .status()
                .is_some_and(|status| status.0 != 487)
        }) {
            return None;
        }
        times.filter(early).min()
    })
}

fn accepted(case: &Case, at: RecordIdx, judgement: &mut Judgement) {
    judgement.outcome = Outcome::Answered;
    judgement.status = case.leg.record(at).role.status();
    judgement.deciding = Some(at);
    let initial = case
        .answers
        .iter()
        .filter(|answer| case.leg.transaction(answer.invite).is_initial_invite());
    let mut answers: Vec<&Answer> = initial.collect();
    answers.sort_by_key(|answer| answer.acks.is_empty());
    let Some(answer) = answers.first() else {
        return;
    };
    if answers.iter().all(|answer| is_dropped(case, answer)) {
        judgement.outcome = Outcome::AnsweredDropped;
    }
    let live = answers
        .iter()
        .any(|answer| answer.ending.is_none() && !answer.acks.is_empty());
    let endings = answers.iter().filter_map(|answer| answer.ending);
    let last = endings
        .max_by_key(|ending| ending.record)
        .filter(|_| !live)
        .or(answer.ending);
    if let Some(ending) = last.filter(|_| !live) {
        judgement.ended = Some(case.leg.record(ending.record).time);
        judgement.ended_by = Some(ending.side);
    }
    release(judgement);
}

/// A CANCEL that crossed the 2xx, and a BYE at once: the caller had given up
/// (RFC 3261 9.1, RFC 5407 3.1.2).
fn release(judgement: &mut Judgement) {
    let (Some(gave_up), Some(answered), Some(ended)) =
        (judgement.gave_up, judgement.answered, judgement.ended)
    else {
        return;
    };
    let at_once = ended.since(answered) < RELEASE_WINDOW;
    let crossing = gave_up <= answered.plus(RELEASE_WINDOW);
    if judgement.ended_by == Some(Side::Caller) && at_once && crossing {
        judgement.outcome = Outcome::Abandoned;
        judgement.status = None;
        judgement.answered = None;
        judgement.ended = Some(gave_up);
    }
}

/// A 2xx that was repeated, never acknowledged, and torn down by its sender.
fn is_dropped(case: &Case, answer: &Answer) -> bool {
    let Some(ending) = answer.ending else {
        return false;
    };
    if !answer.acks.is_empty() || ending.side != Side::Callee {
        return false;
    }
    let age = case
        .leg
        .record(ending.record)
        .time
        .since(case.leg.record(answer.first).time);
    GIVE_UP.contains(&age) && repeats(case, answer) >= PROVING_REPEATS
}

fn repeats(case: &Case, answer: &Answer) -> usize {
    let sendings = answer
        .hops
        .iter()
        .flat_map(|hop| case.response_sendings(*hop));
    let answers = sendings.filter(|sending| {
        sending.to_tag == answer.to_tag
            && sending
                .role
                .status()
                .is_some_and(|status| status.is_success())
    });
    answers
        .map(|sending| sending.records.len().saturating_sub(1))
        .max()
        .unwrap_or(0)
}

fn refused(case: &Case, attempt: &Attempt, at: RecordIdx, judgement: &mut Judgement) {
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
    if status.0 == 487 {
        terminated(case, attempt, judgement);
    }
}

/// 487 says that the request was terminated, not by whom: the caller's CANCEL or BYE does.
fn terminated(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    if let Some(gave_up) = judgement.gave_up {
        judgement.ended = Some(gave_up);
        judgement.ended_by = Some(Side::Caller);
        return;
    }
    let branch_cancelled = attempt
        .transactions
        .iter()
        .any(|at| case.leg.transaction(*at).cancelled_by.is_some());
    if branch_cancelled || judgement.ringing.is_none() {
        judgement.certainty = Certainty::Inferred;
    } else {
        judgement.outcome = Outcome::NoAnswer;
        judgement.certainty = Certainty::Unknown;
    }
}

/// No final response in the capture: what the rest of it tells.
fn unanswered(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    if let Some(side) = talked(case) {
        judgement.outcome = Outcome::Answered;
        judgement.certainty = Certainty::Inferred;
        judgement.ended = side.map(|(_, time)| time);
        judgement.ended_by = side.map(|(side, _)| side);
        return;
    }
    if judgement.gave_up.is_some() && has_response(case, attempt) {
        judgement.outcome = Outcome::Abandoned;
        judgement.certainty = Certainty::Inferred;
        judgement.ended = judgement.gave_up;
        judgement.ended_by = Some(Side::Caller);
        return;
    }
    let silence = silence(case, attempt);
    let covered = case.leg.seen_until.since(silence.since) >= silence.patience;
    if !covered && !silence.proven {
        return;
    }
    judgement.outcome = silence.outcome;
    judgement.certainty = if silence.proven {
        Certainty::Certain
    } else {
        Certainty::Inferred
    };
    if case.leg.closed == Closed::Limit && !silence.proven {
        judgement.outcome = Outcome::InProgress;
        judgement.certainty = Certainty::Unknown;
    }
}

/// In a capture of one direction the caller's ACK and BYE, which name the To tag of a 2xx, show
/// that the call was answered. Yields who ended it and when, if somebody did.
fn talked(case: &Case) -> Option<Option<(Side, Time)>> {
    let bye = case
        .transactions(Method::Bye)
        .find(|(_, bye)| !bye.request_to_tag.is_none());
    let ack = case
        .transactions(Method::Ack)
        .find(|(_, ack)| !ack.request_to_tag.is_none());
    let invite = case
        .attempts
        .last()
        .map(|attempt| case.leg.transaction(attempt.root()))?;
    ack?;
    Some(bye.map(|(_, bye)| {
        let side = if bye.from_tag == invite.from_tag {
            Side::Caller
        } else {
            Side::Callee
        };
        (side, case.leg.record(bye.first).time)
    }))
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

fn has_response(case: &Case, attempt: &Attempt) -> bool {
    attempt
        .transactions
        .iter()
        .any(|at| case.responses(*at).next().is_some())
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

/// Seven sendings on the grid of Timer A: the sender itself went through its whole schedule.
fn is_exhausted(case: &Case, attempt: &Attempt) -> bool {
    let sendings = attempt
        .roots
        .iter()
        .flat_map(|root| case.request_sendings(*root));
    let mut requests = sendings.filter(|sending| sending.role == Role::Request);
    requests.any(|sending| on_grid(&sending.times(&case.leg), Grid::Doubling) >= 6)
}
