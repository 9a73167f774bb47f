//! Whether the caller gave up before the answer, when, and what its CANCEL says about why.

use siptriage_capture::Time;
use siptriage_sip::Method;

use super::{Attempt, Case, Judgement};
use crate::leg::NoteKind;
use crate::outcome::{Certainty, Outcome, Side};
use crate::record::{Role, TransactionIdx};

/// When the caller gave up: its CANCEL on the hop nearest to it, or its BYE before a final
/// response.
pub(super) fn time(case: &Case, attempt: &Attempt) -> Option<Time> {
    cancelled(case, attempt).or_else(|| early_bye(case, attempt))
}

/// When its CANCEL was sent on the hop nearest to it.
pub(super) fn cancelled(case: &Case, attempt: &Attempt) -> Option<Time> {
    cancels(case, attempt).map(|at| first_time(case, at)).min()
}

/// Whether the other side answered the CANCEL or BYE by which the caller gave up: it was there.
pub(super) fn was_heard(case: &Case, attempt: &Attempt) -> bool {
    let invite = case.leg.transaction(attempt.root());
    let byes = case.transactions(Method::Bye);
    let own = byes.filter(|(_, bye)| case.leg.is_of_sender(invite, bye));
    let mut requests = cancels(case, attempt).chain(own.map(|(at, _)| at));
    requests.any(|at| case.responses(at).next().is_some())
}

/// Takes a call for abandoned at a time.
pub(super) fn abandon(judgement: &mut Judgement, at: Time) {
    judgement.outcome = Outcome::Abandoned;
    judgement.gave_up = Some(at);
    judgement.ended = Some(at);
    judgement.ended_by = Some(Side::Caller);
}

/// Judges a call that was given up before any final response but 487.
pub(super) fn judge(case: &Case, attempt: &Attempt, at: Time, judgement: &mut Judgement) {
    abandon(judgement, at);
    match cause(case, attempt) {
        Cause::Unsaid => {}
        Cause::NoAnswer if judgement.ringing.is_some() => judgement.outcome = Outcome::NoAnswer,
        Cause::Unseen | Cause::NoAnswer => judgement.certainty = Certainty::Inferred,
        Cause::AnsweredElsewhere => {
            judgement.outcome = Outcome::Answered;
            judgement.certainty = Certainty::Inferred;
            judgement.status = None;
            judgement.gave_up = None;
            judgement.ended = None;
            judgement.ended_by = None;
        }
    }
}

/// What a CANCEL says about why it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// Nothing that tells it from a person who hangs up.
    Unsaid,
    /// Only its response is in the capture.
    Unseen,
    /// Nobody picked up.
    NoAnswer,
    /// Another branch was answered: this one is no call of its own (RFC 3326 3.1).
    AnsweredElsewhere,
}

fn cause(case: &Case, attempt: &Attempt) -> Cause {
    let Some(cancel) = cancels(case, attempt).next() else {
        return Cause::Unsaid;
    };
    let first = case.leg.transaction(cancel).first;
    if case.leg.record(first).role != Role::Request {
        return Cause::Unseen;
    }
    case.leg
        .note(first, NoteKind::Reason)
        .map_or(Cause::Unsaid, cause_of)
}

/// The first value of a Reason header that tells something.
fn cause_of(reason: &[u8]) -> Cause {
    let values = reason.split(|byte| *byte == b',');
    let causes = values.filter_map(|value| {
        let mut parts = value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let protocol = parts.next()?;
        let code = parts.find_map(|part| part.strip_prefix(b"cause="))?;
        match (protocol.to_ascii_uppercase().as_slice(), code) {
            (b"SIP", b"200") => Some(Cause::AnsweredElsewhere),
            // 26 is "non-selected user clearing" (ITU-T Q.850).
            (b"Q.850", b"26") => Some(Cause::AnsweredElsewhere),
            // 18 is "no user responding", 19 "no answer from user" (RFC 3398 7.2.4.1).
            (b"Q.850", b"18" | b"19") | (b"SIP", b"408" | b"480") => Some(Cause::NoAnswer),
            _ => None,
        }
    });
    causes.into_iter().next().unwrap_or(Cause::Unsaid)
}

/// The CANCELs of the hops nearest to the caller.
fn cancels<'c>(
    case: &'c Case,
    attempt: &'c Attempt,
) -> impl Iterator<Item = TransactionIdx> + use<'c> {
    let roots = attempt.roots.iter();
    roots.filter_map(|root| case.leg.transaction(*root).cancelled_by)
}

/// A BYE of the caller before the INVITE's final response, which then has to be 487
/// (RFC 3261 15.1.2).
fn early_bye(case: &Case, attempt: &Attempt) -> Option<Time> {
    let end = attempt.final_response.map(|at| case.leg.record(at));
    let is_terminated = |status: siptriage_sip::StatusCode| status.0 == 487;
    if end.is_some_and(|end| !end.role.status().is_some_and(is_terminated)) {
        return None;
    }
    let invite = case.leg.transaction(attempt.root());
    let byes = case.transactions(Method::Bye);
    let own = byes.filter(|(_, bye)| case.leg.is_of_sender(invite, bye));
    let times = own.map(|(at, _)| first_time(case, at));
    times
        .filter(|time| end.is_none_or(|end| *time <= end.time))
        .min()
}

fn first_time(case: &Case, at: TransactionIdx) -> Time {
    case.leg.record(case.leg.transaction(at).first).time
}

#[cfg(test)]
mod tests {
    use super::{Cause, cause_of};

    #[test]
    fn a_reason_tells_why() {
        for (reason, cause) in [
            (
                &b"SIP;cause=200;text=\"Call completed elsewhere\""[..],
                Cause::AnsweredElsewhere,
            ),
            (b"sip ; cause=200", Cause::AnsweredElsewhere),
            (b"Q.850;cause=16, SIP;cause=200", Cause::AnsweredElsewhere),
            (b"Q.850;text=\"No answer\";cause=19", Cause::NoAnswer),
            (b"SIP;cause=2000", Cause::Unsaid),
            (b"Q.850;cause=200", Cause::Unsaid),
            (b"SIP", Cause::Unsaid),
            (b"", Cause::Unsaid),
        ] {
            assert_eq!(
                cause_of(reason),
                cause,
                "{}",
                String::from_utf8_lossy(reason)
            );
        }
    }
}
