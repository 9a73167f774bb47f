//! How the call of a leg ended, and when what happened.

use siptriage_capture::Time;
use siptriage_sip::{Method, StatusCode};

use super::{Attempt, Case, accepted, giving_up, refused, talk, unanswered};
use crate::outcome::{Certainty, Outcome, Side};
use crate::record::{RecordIdx, Role, TransactionIdx};
use crate::transaction::Opened;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Of a call of which nothing is known but how it began.
    pub(crate) fn begun(opening: TransactionIdx, start: Time) -> Judgement {
        Judgement {
            outcome: Outcome::InProgress,
            status: None,
            deciding: None,
            certainty: Certainty::Inferred,
            attempt: None,
            opening,
            start,
            progress: None,
            ringing: None,
            answered: None,
            gave_up: None,
            ended: None,
            ended_by: None,
        }
    }

    /// Takes note of when a response to the INVITE came, be it progress or the answer.
    pub(crate) fn hear(&mut self, status: StatusCode, time: Time) {
        let earliest = |known: Option<Time>| Some(known.map_or(time, |known| known.min(time)));
        if status.is_provisional() && status.0 != 100 {
            self.progress = earliest(self.progress);
        }
        if (180..190).contains(&status.0) {
            self.ringing = earliest(self.ringing);
        }
        if status.is_success() {
            self.answered = earliest(self.answered);
        }
    }

    /// First INVITE to the first provisional response other than 100, in nanoseconds.
    pub fn post_dial_delay(&self) -> Option<i64> {
        span(self.start, self.progress?)
    }

    /// First INVITE to the 2xx, in nanoseconds.
    pub fn setup_time(&self) -> Option<i64> {
        span(self.start, self.answered?)
    }

    /// First 18x to whatever ended the ringing, in nanoseconds.
    pub fn ring_time(&self) -> Option<i64> {
        let end = self.answered.or(self.gave_up).or(self.ended)?;
        span(self.ringing?, end)
    }

    /// 2xx to BYE, in nanoseconds; only of a call that was answered and acknowledged, and of
    /// which both ends were seen.
    pub fn talk_time(&self) -> Option<i64> {
        if self.outcome != Outcome::Answered {
            return None;
        }
        span(self.answered?, self.ended?)
    }
}

/// Nanoseconds between two moments; `None` where the capture shows them the wrong way round, and
/// so does not tell.
fn span(from: Time, to: Time) -> Option<i64> {
    let span = to.since(from);
    (span >= 0).then_some(span)
}

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
    let mut judgement = Judgement {
        attempt: Some(deciding),
        ..Judgement::begun(first.root(), first.start)
    };
    progress(case, attempt, &mut judgement);
    judgement.gave_up = giving_up::time(case, attempt);
    match attempt.final_response {
        Some(at) if final_is_success(case, attempt) => {
            accepted::judge(case, attempt, at, &mut judgement);
        }
        Some(at) => match talk::later(case, attempt) {
            Some(talk) if talk.ended.is_some() => {
                unanswered::answered(case, attempt, &talk, &mut judgement);
            }
            later => {
                refused::judge(case, attempt, at, &mut judgement);
                if later.is_some() {
                    judgement.certainty = Certainty::Unknown;
                }
            }
        },
        None => unanswered::judge(case, attempt, &mut judgement),
    }
    Some(judgement)
}

/// Whether the capture shows that the INVITE was sent, on whichever hop.
fn was_sent(case: &Case, attempt: &Attempt) -> bool {
    let mut hops = attempt.transactions.iter();
    hops.any(|at| case.leg.transaction(*at).opened == Opened::Request)
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
    let start = case.leg.record(case.leg.transaction(opening).first).time;
    Some(Judgement {
        outcome: Outcome::Partial,
        certainty: Certainty::Unknown,
        ended: bye,
        ..Judgement::begun(opening, start)
    })
}

/// When the call made progress. A provisional response behind the final one, as captured and as
/// stamped, came too late to be any.
fn progress(case: &Case, attempt: &Attempt, judgement: &mut Judgement) {
    for root in &attempt.roots {
        let end = case.leg.transaction(*root).final_response;
        let end = end.map(|at| (at, case.leg.record(at).time));
        for (at, record) in case.records(*root) {
            let Role::Response(status) = record.role else {
                continue;
            };
            let is_late = end.is_some_and(|(end, ended)| at > end && record.time > ended);
            if !is_late || status.is_success() {
                judgement.hear(status, record.time);
            }
        }
    }
}
