//! Calls that a 2xx answered: kept, dropped or released at once.

use siptriage_capture::time::SECOND;

use super::{Answer, Attempt, Case, Decided, Judgement};
use crate::outcome::{Certainty, Outcome, Side};
use crate::record::{RecordIdx, TransactionIdx};

/// A BYE this soon after a 2xx that crossed the CANCEL releases the call at once.
const RELEASE_WINDOW: i64 = 2 * SECOND;
/// Retransmissions of a 2xx that prove, with a BYE from its sender, that no ACK arrived.
const PROVING_REPEATS: usize = 3;
/// The same where ACKs were seen: so many in a row are not lost by chance, they go astray.
const ASTRAY_REPEATS: usize = 6;
/// A sender of an unacknowledged 2xx gives up after 64*T1; vendors between these.
const GIVE_UP: std::ops::RangeInclusive<i64> = 4 * SECOND..=40 * SECOND;

/// Judges a call by the 2xx at `at` and the dialogs that 2xx responses opened.
pub(super) fn judge(case: &Case, attempt: &Attempt, at: RecordIdx, judgement: &mut Judgement) {
    let record = case.leg.record(at);
    judgement.outcome = Outcome::Answered;
    judgement.status = record.role.status();
    judgement.deciding = Some(at);
    judgement.answered = judgement.answered.or(Some(record.time));
    judgement.progress = judgement.progress.or(judgement.answered);
    judgement.certainty = match attempt.decided {
        Decided::AtRoot => Certainty::Certain,
        Decided::Below => Certainty::Inferred,
    };
    let answers = answers_to_caller(case, attempt);
    if answers.is_empty() {
        return;
    }
    if answers.iter().all(|answer| is_dropped(case, answer)) {
        judgement.outcome = Outcome::AnsweredDropped;
    } else if answers.iter().all(|answer| is_unheard(case, answer)) {
        judgement.certainty = Certainty::Inferred;
    }
    end(case, &answers, judgement);
    release(judgement);
}

/// The answers that the hop nearest to the caller shows; where it shows none, all.
fn answers_to_caller<'c>(case: &'c Case, attempt: &Attempt) -> Vec<&'c Answer> {
    let is_initial = |at: &TransactionIdx| case.leg.transaction(*at).is_initial_invite();
    let mut answers: Vec<&Answer> = case.answers.iter().collect();
    answers.retain(|answer| is_initial(&answer.invite));
    let reaches_caller =
        |answer: &&Answer| answer.hops.iter().any(|hop| attempt.roots.contains(hop));
    if answers.iter().any(reaches_caller) {
        answers.retain(reaches_caller);
    }
    answers
}

/// The BYE that ended the last dialog; none while one that was acknowledged is still up.
fn end(case: &Case, answers: &[&Answer], judgement: &mut Judgement) {
    let is_up = |answer: &&&Answer| answer.ending.is_none() && !answer.acks.is_empty();
    if answers.iter().any(|answer| is_up(&answer)) {
        return;
    }
    let endings = answers.iter().filter_map(|answer| answer.ending);
    if let Some(ending) = endings.max_by_key(|ending| ending.record) {
        judgement.ended = Some(case.leg.record(ending.record).time);
        judgement.ended_by = Some(ending.side);
    }
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
    if at_once && crossing {
        judgement.outcome = Outcome::Abandoned;
        judgement.status = None;
        judgement.answered = None;
        judgement.ended = Some(gave_up);
        judgement.ended_by = Some(Side::Caller);
    }
}

/// A 2xx that was repeated because no ACK reached its sender, and torn down by it.
fn is_dropped(case: &Case, answer: &Answer) -> bool {
    let Some(ending) = answer.ending else {
        return false;
    };
    let ended = case.leg.record(ending.record).time;
    let age = ended.since(case.leg.record(answer.first).time);
    ending.side == Side::Callee && GIVE_UP.contains(&age) && is_unheard(case, answer)
}

/// Whether a 2xx was repeated so often that no ACK can have reached its sender.
fn is_unheard(case: &Case, answer: &Answer) -> bool {
    match answer.acks.first() {
        None => repeats(case, answer, answer.first) >= PROVING_REPEATS,
        Some(ack) => repeats(case, answer, *ack) >= ASTRAY_REPEATS,
    }
}

/// Repeats of a 2xx after a record: the greatest number on one vantage.
fn repeats(case: &Case, answer: &Answer, since: RecordIdx) -> usize {
    let accepted = |hop| {
        case.responses(hop)
            .filter(|(_, status)| status.is_success())
    };
    let repeated = answer
        .hops
        .iter()
        .filter(|hop| accepted(**hop).nth(1).is_some());
    let sendings = repeated.flat_map(|hop| case.response_sendings(*hop));
    let answers = sendings.filter(|sending| {
        let status = sending.role.status();
        status.is_some_and(|status| status.is_success())
            && case.leg.same_tag(sending.to_tag, answer.to_tag)
    });
    let later = |record: &&RecordIdx| **record > since;
    answers
        .map(|sending| sending.records.iter().skip(1).filter(later).count())
        .max()
        .unwrap_or(0)
}
