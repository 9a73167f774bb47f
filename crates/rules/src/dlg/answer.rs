//! A 2xx to an INVITE and its repeats: what the rules on its ACK share.

use siptriage_capture::Time;
use siptriage_capture::time::MILLISECOND;
use siptriage_correlate::timers::{ACK_PATIENCE, Grid, TIMEOUT};
use siptriage_correlate::{Answer, RecordIdx, Side, TransactionIdx};
use siptriage_sip::Method;

use crate::context::Context;
use crate::finding::Evidence;
use crate::guards::{self, Verdict};
use crate::schedule::Schedule;
use crate::wording::span;

/// Retransmissions of a 2xx that prove that its sender got no ACK.
pub const PROVING_REPEATS: usize = 2;

/// A 2xx and an ACK closer than this crossed each other, in nanoseconds.
pub const CROSSING: i64 = 200 * MILLISECOND;

/// The repeats of a 2xx on the hop and vantage that shows most of them; absent when it was sent
/// once.
pub fn repeats(context: &Context<'_>, answer: &Answer) -> Option<Schedule> {
    let repeated = |hop: &&TransactionIdx| context.transaction(**hop).retransmissions > 0;
    let hops = answer.hops.iter().filter(repeated);
    let sane = hops.filter(|hop| guards::clock(context, **hop) == Verdict::Holds);
    let sendings = sane.flat_map(|hop| context.case.response_sendings(*hop));
    let answers = sendings.filter(|sending| {
        sending.to_tag == answer.to_tag
            && sending
                .role
                .status()
                .is_some_and(|status| status.is_success())
    });
    Schedule::longest(context, answers, Grid::Capped)
}

/// The repeats, when there are enough of them to prove that no ACK arrived, before the caller
/// itself ended the dialog.
pub fn unacknowledged(context: &Context<'_>, answer: &Answer) -> Option<Schedule> {
    if !answer.acks.is_empty() {
        return None;
    }
    let schedule = repeats(context, answer)?;
    let proving = match caller_moved_on(context, answer) {
        Some(record) => schedule.repeats_before(context.time(record)),
        None => schedule.repeats(),
    };
    (proving >= PROVING_REPEATS).then_some(schedule)
}

/// Whether the sender of a repeated 2xx stopped long before 64*T1 though it did not end the dialog:
/// so does one that got its ACK.
pub fn has_stopped(context: &Context<'_>, answer: &Answer, schedule: &Schedule) -> bool {
    let next = schedule.next_gap.saturating_add(schedule.next_gap / 5);
    schedule.length().saturating_add(schedule.next_gap) < TIMEOUT
        && guards::window(context, schedule.last(), next) == Verdict::Holds
        && torn_down(context, answer)
            .is_none_or(|(_, ended)| ended.since(schedule.first()) > *ACK_PATIENCE.end())
}

/// Whether that was for an ACK that the capture missed: the dialog lived on.
pub fn was_heard(context: &Context<'_>, answer: &Answer, schedule: &Schedule) -> bool {
    let mut requests = guards::in_dialog_requests(context.case, answer);
    let is_later = |record: RecordIdx| context.time(record) > schedule.last();
    let lives_on = answer.ending.is_some_and(|ending| is_later(ending.record))
        || requests.any(|at| {
            let request = context.transaction(at);
            request.method != Method::Ack && is_later(request.first)
        });
    lives_on && has_stopped(context, answer, schedule)
}

/// The first request that the caller sent in the dialog after the 2xx: whoever sends one has the
/// 2xx. An ACK that fits no INVITE does not count: it acknowledges nothing.
pub fn caller_moved_on(context: &Context<'_>, answer: &Answer) -> Option<RecordIdx> {
    let requests = guards::in_dialog_requests(context.case, answer);
    let mut own = requests.filter(|at| {
        let request = context.transaction(*at);
        request.from_tag == answer.from_tag && request.method != Method::Ack
    });
    own.next().map(|at| context.transaction(at).first)
}

/// The BYE by which the sender of the 2xx ended the dialog.
pub fn torn_down(context: &Context<'_>, answer: &Answer) -> Option<(RecordIdx, Time)> {
    let ending = answer.ending.filter(|ending| ending.side == Side::Callee)?;
    Some((ending.record, context.time(ending.record)))
}

/// `2xx` with its very code: `200`.
pub fn code(context: &Context<'_>, answer: &Answer) -> String {
    let status = context.case.leg.record(answer.first).role.status();
    status.map_or_else(|| "2xx".to_owned(), |status| status.0.to_string())
}

/// `INVITE` or `re-INVITE`.
pub fn request(context: &Context<'_>, answer: &Answer) -> &'static str {
    if context.transaction(answer.invite).is_initial_invite() {
        "INVITE"
    } else {
        "re-INVITE"
    }
}

/// The frames of the 2xx.
pub fn evidence(context: &Context<'_>, code: &str, schedule: &Schedule) -> Vec<Evidence> {
    let mut evidence = Vec::with_capacity(schedule.records.len() + 2);
    for (record, time) in schedule.records.iter().zip(&schedule.times) {
        let note = match time.since(schedule.first()) {
            0 => format!("{code} sent"),
            later => format!("{code} sent again, {} after the first", span(later)),
        };
        evidence.push(context.evidence(*record, note));
    }
    evidence
}
