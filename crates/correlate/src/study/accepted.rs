//! Calls that a 2xx answered: kept, dropped or released at once.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_sip::Method;
use smallvec::SmallVec;

use super::answer::{may_be_second, other_tag};
use super::talk::{self, Talk};
use super::{Answer, Attempt, Case, Decided, Dialog, EndedBy, Judgement, giving_up};
use crate::outcome::{Certainty, Outcome, Side};
use crate::record::{RecordIdx, Role, TransactionIdx};
use crate::text::TextId;
use crate::timers::{ACK_PATIENCE, TIMEOUT};
use crate::transaction::Opened;

/// A BYE this soon after a 2xx that crossed the CANCEL releases the call at once; two of one host this
/// near to each other release both sides of it.
pub(super) const RELEASE_WINDOW: i64 = 2 * SECOND;
/// Retransmissions of a 2xx that prove, with a BYE from its sender, that no ACK arrived.
const PROVING_REPEATS: usize = 3;
/// The same where ACKs were seen: so many in a row are not lost by chance, they go astray.
const ASTRAY_REPEATS: usize = 6;
/// Fewer, which may be lost by chance.
const DOUBTFUL_REPEATS: usize = 2;

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
    let answers = answers_to_caller(case);
    if answers.is_empty() {
        return;
    }
    judgement.gave_up = judgement.gave_up.or(hung_up_before(case, &answers));
    let is_dropped = answers.iter().all(|answer| is_dropped(case, answer));
    let is_doubtful = || answers.iter().all(|answer| may_be_unheard(case, answer));
    let beside = talk::beside(case, &answers);
    if beside.is_some() || !is_dropped && is_doubtful() {
        judgement.certainty = Certainty::Inferred;
    }
    if is_dropped && beside.as_ref().is_none_or(|talk| talk.ended.is_none()) {
        judgement.outcome = Outcome::AnsweredDropped;
    }
    end(case, &answers, judgement);
    if let Some(talk) = beside {
        outlast(&talk, judgement);
    }
    release(judgement);
    if may_be_given_up(case, &answers, judgement) {
        judgement.certainty = Certainty::Inferred;
    }
}

/// Whether the caller may have given up before the answer, as far as the capture shows: it has the
/// CANCEL and no release, or a release at once of which the BYE was missed.
fn may_be_given_up(case: &Case, answers: &[&Answer], judgement: &Judgement) -> bool {
    let Some(answered) = judgement
        .answered
        .filter(|_| judgement.outcome == Outcome::Answered)
    else {
        return false;
    };
    match (judgement.gave_up, judgement.ended) {
        (Some(gave_up), None) => gave_up <= answered.plus(RELEASE_WINDOW),
        (None, Some(ended)) => {
            let talked = ended.since(answered);
            let endings = answers.iter().filter_map(|answer| answer.ending);
            let mut byes = endings.map(|ending| case.leg.transaction(ending.bye));
            let mut is_unseen = || byes.any(|bye| bye.opened == Opened::Response);
            talked < RELEASE_WINDOW && is_unseen()
        }
        (Some(_), Some(_)) | (None, None) => false,
    }
}

/// Takes the end of a session of which no 2xx was captured for that of the call, unless another one
/// lasted longer.
fn outlast(talk: &Talk, judgement: &mut Judgement) {
    let Some((side, time)) = talk.ended else {
        return;
    };
    if judgement.ended.is_some_and(|ended| ended < time) {
        judgement.ended = Some(time);
        judgement.ended_by = side;
    }
}

/// The answers that the hop nearest to the caller shows, of every attempt; where it shows none, all.
fn answers_to_caller(case: &Case) -> SmallVec<[&Answer; 4]> {
    let is_initial = |at: &TransactionIdx| case.leg.transaction(*at).is_initial_invite();
    let own = case.answers.iter();
    let initial = own.filter(|answer| is_initial(&answer.invite));
    let is_root = |hop: &TransactionIdx| {
        let mut attempts = case.attempts.iter();
        attempts.any(|attempt| attempt.roots.contains(hop))
    };
    let reaches_caller = |answer: &&Answer| answer.hops.iter().any(is_root);
    let mut answers: SmallVec<[&Answer; 4]> = initial.clone().filter(reaches_caller).collect();
    if answers.is_empty() {
        answers.extend(initial);
    }
    answers
}

/// When the caller hung up on dialogs that were still early, each answered only behind its BYE
/// (RFC 3261 15, RFC 5407 3.1.3).
fn hung_up_before(case: &Case, answers: &[&Answer]) -> Option<Time> {
    let mut first: Option<Time> = None;
    for answer in answers {
        let bye = early_bye(case, answer)?;
        first = Some(first.map_or(bye, |known| known.min(bye)));
    }
    first
}

fn early_bye(case: &Case, answer: &Answer) -> Option<Time> {
    let byes = case.transactions(Method::Bye);
    let early = byes.filter(|(_, bye)| {
        let is_early =
            bye.first < answer.first && answer.acks.first().is_none_or(|ack| bye.first < *ack);
        is_early
            && case.leg.same_tag(bye.from_tag, answer.from_tag)
            && case
                .leg
                .same_tag(other_tag(case, bye, bye.first), answer.to_tag)
    });
    early.map(|(_, bye)| case.leg.record(bye.first).time).min()
}

/// The end of the last dialog; none while one that was acknowledged is still up.
fn end(case: &Case, answers: &[&Answer], judgement: &mut Judgement) {
    let dialogs = if answers.iter().all(|answer| answer.ending.is_some()) {
        Vec::new()
    } else {
        case.shared_dialogs()
    };
    let mut last: Option<(RecordIdx, Option<Side>)> = None;
    for answer in answers {
        let end = match answer.ending {
            Some(ending) => {
                let bye = case.leg.transaction(ending.bye);
                let is_known = !is_of_neither(case, answer) && !may_be_second(case, bye);
                let side = Some(ending.side).filter(|_| is_known);
                Some((ending.record, side))
            }
            None => lost(case, &dialogs, answer).map(|record| (record, None)),
        };
        match end {
            None if answer.acks.is_empty() => {}
            None => return,
            Some(end) => {
                last = match last {
                    Some(known) if known.0 >= end.0 => Some(known),
                    _ => Some(end),
                };
            }
        }
    }
    if let Some((record, side)) = last {
        judgement.ended = Some(case.leg.record(record).time);
        judgement.ended_by = side;
    }
}

/// Whether a host in between released the dialog: it sent each side a BYE of its own in the name of
/// the other one.
fn is_of_neither(case: &Case, answer: &Answer) -> bool {
    if case.transactions(Method::Bye).nth(1).is_none() {
        return false;
    }
    let of = |from: TextId, to: TextId| {
        let mut byes = case.transactions(Method::Bye).filter(|(_, bye)| {
            let is_first_hop =
                case.leg.record(bye.first).role == Role::Request && bye.via_count == 1;
            is_first_hop
                && case.leg.same_tag(bye.from_tag, from)
                && case.leg.same_tag(bye.request_to_tag, to)
        });
        byes.next().map(|(_, bye)| bye.first)
    };
    let of_caller = of(answer.from_tag, answer.to_tag);
    let (Some(one), Some(other)) = (of_caller, of(answer.to_tag, answer.from_tag)) else {
        return false;
    };
    let apart = case.leg.record(one).time.since(case.leg.record(other).time);
    let (one, other) = (case.leg.flow(one), case.leg.flow(other));
    apart.abs() <= RELEASE_WINDOW && one.src.ip == other.src.ip && one.dst.ip != other.dst.ip
}

/// What ended the session of an answer where nobody said BYE: a failed request inside it by which
/// it was lost (RFC 3261 12.2.1.2, RFC 5057 5), when nothing else came for 64*T1.
fn lost(case: &Case, dialogs: &[Dialog<'_>], answer: &Answer) -> Option<RecordIdx> {
    let own = dialogs.iter().find(|dialog| {
        case.leg.same_tag(dialog.from_tag, answer.from_tag)
            && case.leg.same_tag(dialog.to_tag, answer.to_tag)
    });
    let end = own?.invite()?.ended?;
    let is_lost = match end.by {
        EndedBy::Failure(status) => matches!(status.0, 408 | 481),
        EndedBy::Silence => true,
        EndedBy::Bye
        | EndedBy::Refusal(_)
        | EndedBy::OtherAnswer
        | EndedBy::Notify
        | EndedBy::Unsubscribe => false,
    };
    let time = case.leg.record(end.record).time;
    (is_lost && case.leg.seen_until.since(time) >= TIMEOUT).then_some(end.record)
}

/// A CANCEL or BYE that crossed the 2xx, and the dialog released at once: the caller had given up
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
        giving_up::abandon(judgement, gave_up);
        judgement.status = None;
        judgement.answered = None;
    }
}

/// A 2xx that was repeated because no ACK reached its sender, and torn down by it.
fn is_dropped(case: &Case, answer: &Answer) -> bool {
    let Some(ending) = answer.ending else {
        return false;
    };
    let ended = case.leg.record(ending.record).time;
    let age = ended.since(case.leg.record(answer.first).time);
    ending.side == Side::Callee && ACK_PATIENCE.contains(&age) && is_unheard(case, answer)
}

/// Whether a 2xx was repeated so often that no ACK can have reached its sender.
fn is_unheard(case: &Case, answer: &Answer) -> bool {
    match answer.acks.first() {
        None => repeats(case, answer, answer.first) >= PROVING_REPEATS,
        Some(ack) => repeats(case, answer, *ack) >= ASTRAY_REPEATS,
    }
}

/// Whether that may be so: a 2xx was repeated of which the capture shows no ACK, or behind its ACK, and
/// the call did not last long enough to tell that its sender got one.
fn may_be_unheard(case: &Case, answer: &Answer) -> bool {
    let end = answer
        .ending
        .map(|ending| case.leg.record(ending.record).time);
    let shown = end.unwrap_or(case.leg.seen_until);
    let age = shown.since(case.leg.record(answer.first).time);
    match answer.acks.first() {
        None => repeats(case, answer, answer.first) > 0,
        Some(ack) => {
            let repeats = repeats(case, answer, *ack);
            repeats >= ASTRAY_REPEATS || age < *ACK_PATIENCE.end() && repeats >= DOUBTFUL_REPEATS
        }
    }
}

/// Repeats of a 2xx after a record: the greatest number on one vantage.
fn repeats(case: &Case, answer: &Answer, since: RecordIdx) -> usize {
    let accepted = |hop| {
        case.responses(hop)
            .filter(|(_, status)| status.is_success())
    };
    let goes_on = |hop: &TransactionIdx| case.leg.transaction(*hop).last > since;
    if !answer.hops.iter().any(goes_on) {
        return 0;
    }
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
