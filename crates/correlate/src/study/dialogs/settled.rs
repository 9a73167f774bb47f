//! Ends of usages that only the whole leg shows.

use siptriage_capture::Transport;
use siptriage_sip::Method;

use super::known::Known;
use super::{Case, EndedBy, Usage, UsageKind, effect};
use crate::leg::NoteKind;
use crate::record::RecordIdx;
use crate::timers::TIMEOUT;
use crate::transaction::{Opened, Transaction};

/// What only the whole leg shows: requests that nobody answered, early sessions that another
/// answer left behind, subscriptions that were given up.
pub(super) fn settle(case: &Case, known: &mut Known<'_>) {
    for dialog in 0..known.dialogs.len() {
        for number in 0..known.dialogs[dialog].usages.len() {
            let usage = &known.dialogs[dialog].usages[number];
            if usage.ended.is_some() {
                continue;
            }
            let end = unanswered(case, usage)
                .map(|record| (record, EndedBy::Silence))
                .or_else(|| Some((left_behind(case, usage)?, EndedBy::OtherAnswer)))
                .or_else(|| Some((unsubscribed(case, usage)?, EndedBy::Unsubscribe)));
            if let Some((record, by)) = end {
                known.end(Some((dialog, number)), record, by);
            }
        }
    }
}

/// The newest request of a usage where nobody answered it and both directions were captured. Over
/// UDP its sender repeats it (RFC 3261 17.1.2.2): one that it sent once was answered, and the
/// capture missed that.
fn unanswered(case: &Case, usage: &Usage<'_>) -> Option<RecordIdx> {
    let leg = &case.leg;
    let newest = usage.requests.last()?;
    let request = leg.transaction(*newest);
    let first = leg.record(request.first);
    let back = leg.flow(request.first).reversed();
    let was_answered = |other: &Transaction| {
        let has_response = other.final_response.is_some() || other.first_provisional.is_some();
        other.cseq == request.cseq
            && leg.same_tag(other.from_tag, request.from_tag)
            && (other.method == request.method && has_response || other.method == Method::Ack)
    };
    let is_unreliable = leg.flow(request.first).transport == Transport::Udp;
    let is_repeated = request.retransmissions > 0 || !is_unreliable;
    let is_silent = effect::silence_ends(request.method)
        && !request.request_to_tag.is_none()
        && request.opened == Opened::Request
        && leg.seen_until.since(first.time) >= TIMEOUT
        && is_repeated
        && case.acks(*newest).next().is_none()
        && !leg.transactions.iter().any(was_answered)
        && leg.vantages.iter().any(|vantage| vantage.flow == back);
    is_silent.then_some(request.first)
}

/// The 2xx by which another dialog was confirmed more than 64*T1 ago.
fn left_behind(case: &Case, usage: &Usage<'_>) -> Option<RecordIdx> {
    let leg = &case.leg;
    if usage.kind != (UsageKind::Invite { confirmed: None }) {
        return None;
    }
    let answers = usage.requests.iter().filter_map(|at| {
        let answer = leg.transaction(*at).final_response?;
        let is_success = leg.record(answer).role.status()?.is_success();
        is_success.then_some(answer)
    });
    let first = answers.min()?;
    (leg.seen_until.since(leg.record(first).time) >= TIMEOUT).then_some(first)
}

/// The 2xx to the SUBSCRIBE by which a subscription was given up (RFC 6665 4.1.2.3).
pub(super) fn unsubscribed(case: &Case, usage: &Usage<'_>) -> Option<RecordIdx> {
    let leg = &case.leg;
    let requests = usage.requests.iter().rev();
    let mut refreshes = requests
        .map(|at| leg.transaction(*at))
        .filter(|request| request.method == Method::Subscribe);
    let newest = refreshes.next()?;
    let gives_up = leg.note(newest.first, NoteKind::Expires) == Some(b"0");
    let answer = newest
        .final_response
        .filter(|_| gives_up && !newest.request_to_tag.is_none())?;
    let is_success = leg.record(answer).role.status()?.is_success();
    is_success.then_some(answer)
}
