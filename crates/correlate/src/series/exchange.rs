//! The requests of a leg that belong to series, each at the hop nearest to its sender.

use std::net::IpAddr;
use std::sync::Arc;

use siptriage_capture::{Flow, Time};
use siptriage_sip::header::SubscriptionState;
use siptriage_sip::{HeaderValue, Method, StatusCode};

use super::{SeriesEnd, SeriesKind};
use crate::leg::NoteKind;
use crate::metrics::request_flow;
use crate::points::POINT_SHIFT;
use crate::record::{FrameRef, TransactionIdx};
use crate::scene::{Coverage, Scene};
use crate::study::{Case, Dialog, EndedBy, EventName, Origin, Usage, UsageKind};
use crate::timers::TIMEOUT;
use crate::transaction::Transaction;

/// A request and what came of it.
pub(super) struct Exchange<'c> {
    pub(super) kind: SeriesKind,
    /// The name of its series.
    pub(super) key: Key,
    /// The name that its series has where nothing better was known of it before.
    pub(super) early_key: Option<Key>,
    /// The name that its series has from now on.
    pub(super) next_key: Option<Key>,
    pub(super) role: Role,
    pub(super) call_id: &'c [u8],
    pub(super) from: &'c [u8],
    pub(super) to: &'c [u8],
    pub(super) event: &'c [u8],
    pub(super) flow: Flow,
    pub(super) point: u16,
    pub(super) first: Time,
    pub(super) last: Time,
    pub(super) answer: Answer,
    pub(super) granted: Option<u32>,
    /// The end that it makes of the series, whatever the answer.
    pub(super) end: Option<(SeriesEnd, Option<StatusCode>)>,
    pub(super) frames: [Option<FrameRef>; 2],
}

/// What a request is to its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It keeps the series alive, or begins it.
    Refresh,
    /// It takes back what the series keeps.
    Removal,
    /// It reports.
    Notify,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Final(StatusCode),
    Nobody,
    /// The capture does not show it.
    Unknown,
}

/// What tells one series from all others.
pub(super) type Key = Arc<[u8]>;

/// Repeats of a request that prove that its sender got no response.
const PROVING_REPEATS: u16 = 3;
/// REGISTER, SUBSCRIBE and other transactions considered at a time for which hop is nearest.
const NEIGHBOURS: usize = 16;

/// The exchanges of a leg, in the order of their first messages within each series.
pub(super) fn exchanges<'c>(case: &'c Case, scene: &Scene) -> Vec<Exchange<'c>> {
    let mut found = Vec::new();
    if !concerns(case) {
        return found;
    }
    let own: Vec<TransactionIdx> = outermost(case);
    let dialogs = case.shared_dialogs();
    for at in &own {
        let request = case.leg.transaction(*at);
        found.extend(match request.method {
            Method::Register => Some(register(case, scene, *at)),
            Method::Publish => Some(publish(case, scene, *at)),
            Method::Message if request.request_to_tag.is_none() => Some(message(case, scene, *at)),
            Method::Options if request.request_to_tag.is_none() => Some(ping(case, scene, *at)),
            Method::Subscribe if !dialogs.iter().any(|dialog| uses(dialog, *at)) => {
                Some(early_subscribe(case, scene, *at))
            }
            _ => None,
        });
    }
    for dialog in &dialogs {
        for usage in &dialog.usages {
            subscription(case, scene, dialog, usage, &own, &mut found);
        }
    }
    found
}

/// Whether any request of a leg can belong to a series.
pub fn concerns(case: &Case) -> bool {
    case.leg.transactions.iter().any(is_concerned)
}

fn is_concerned(request: &Transaction) -> bool {
    matches!(
        request.method,
        Method::Register
            | Method::Subscribe
            | Method::Notify
            | Method::Publish
            | Method::Message
            | Method::Options
            | Method::Refer
    )
}

/// The transactions concerned that no other one is the upper hop of.
fn outermost(case: &Case) -> Vec<TransactionIdx> {
    let indices = case.leg.transaction_indices();
    let all: Vec<TransactionIdx> = indices
        .filter(|at| is_concerned(case.leg.transaction(*at)))
        .collect();
    let is_below = |place: usize| {
        let from = place.saturating_sub(NEIGHBOURS);
        let near = &all[from..(place + NEIGHBOURS).min(all.len())];
        let request = case.leg.transaction(all[place]);
        let mut near = near.iter();
        near.any(|upper| request.is_below(case.leg.transaction(*upper)))
    };
    let places = 0..all.len();
    places
        .filter(|place| !is_below(*place))
        .map(|place| all[place])
        .collect()
}

fn uses(dialog: &Dialog<'_>, at: TransactionIdx) -> bool {
    let mut usages = dialog.usages.iter();
    usages.any(|usage| usage.requests.binary_search(&at).is_ok())
}

fn register<'c>(case: &'c Case, scene: &Scene, at: TransactionIdx) -> Exchange<'c> {
    let to = case.leg.text(case.leg.transaction(at).to_uri);
    let key = key(SeriesKind::Registration, &[call_id(case), to]);
    stateful(case, scene, at, SeriesKind::Registration, key)
}

fn publish<'c>(case: &'c Case, scene: &Scene, at: TransactionIdx) -> Exchange<'c> {
    let request = case.leg.transaction(at);
    let to = case.leg.text(request.to_uri);
    let tagged = |tag| key(SeriesKind::Publication, &[b"", to, tag]);
    let own = key(SeriesKind::Publication, &[call_id(case), to]);
    let matched = case.leg.note(request.first, NoteKind::EntityTag);
    let given = request
        .final_response
        .and_then(|answer| case.leg.note(answer, NoteKind::EntityTag));
    let event = case.leg.note(request.first, NoteKind::Event);
    Exchange {
        event: EventName::of(event).package,
        next_key: given.map(tagged),
        ..stateful(
            case,
            scene,
            at,
            SeriesKind::Publication,
            matched.map_or(own, tagged),
        )
    }
}

fn message<'c>(case: &'c Case, scene: &Scene, at: TransactionIdx) -> Exchange<'c> {
    let request = case.leg.transaction(at);
    let tag = case.leg.text(request.from_tag);
    let key = key(SeriesKind::Message, &[call_id(case), tag]);
    exchange(case, scene, at, SeriesKind::Message, key)
}

fn ping<'c>(case: &'c Case, scene: &Scene, at: TransactionIdx) -> Exchange<'c> {
    let flow = request_flow(case, at);
    let to = case.leg.text(case.leg.transaction(at).to_uri);
    let port = flow.dst.port.to_be_bytes();
    let key = key(
        SeriesKind::Options,
        &[&octets(flow.src.ip), &octets(flow.dst.ip), &port, to],
    );
    exchange(case, scene, at, SeriesKind::Options, key)
}

/// A SUBSCRIBE that began nothing: challenged, refused, unanswered.
fn early_subscribe<'c>(case: &'c Case, scene: &Scene, at: TransactionIdx) -> Exchange<'c> {
    let request = case.leg.transaction(at);
    let event = EventName::of(case.leg.note(request.first, NoteKind::Event));
    let key = half_key(case, case.leg.text(request.from_tag), event);
    Exchange {
        event: event.package,
        ..stateful(case, scene, at, SeriesKind::Subscription, key)
    }
}

/// The requests of a subscription. What a REFER inside a call begins is a transfer of that call.
fn subscription<'c>(
    case: &'c Case,
    scene: &Scene,
    dialog: &Dialog<'c>,
    usage: &Usage<'c>,
    own: &[TransactionIdx],
    found: &mut Vec<Exchange<'c>>,
) {
    let UsageKind::Subscription {
        event,
        subscriber,
        origin,
    } = usage.kind
    else {
        return;
    };
    let is_transfer = matches!(origin, Origin::Refer(_)) || event.package == EventName::REFER;
    if is_transfer && case.judgement.is_some() {
        return;
    }
    let is_first = case.leg.same_tag(dialog.from_tag, subscriber);
    let notifier = if is_first {
        dialog.to_tag
    } else {
        dialog.from_tag
    };
    let (subscriber, notifier) = (case.leg.text(subscriber), case.leg.text(notifier));
    let id = event.id.unwrap_or_default();
    let parts = [call_id(case), subscriber, event.package, id, notifier];
    let begin = found.len();
    for at in usage
        .requests
        .iter()
        .filter(|at| own.binary_search(at).is_ok())
    {
        let full = key(SeriesKind::Subscription, &parts);
        let mut exchange = stateful(case, scene, *at, SeriesKind::Subscription, full.clone());
        if case.leg.transaction(*at).method == Method::Notify {
            exchange = as_notify(case, *at, exchange);
        }
        found.push(Exchange {
            event: event.package,
            early_key: Some(half_key(case, subscriber, event)),
            next_key: Some(full),
            ..exchange
        });
    }
    if let (Some(end), Some(last)) = (usage.ended, found[begin..].last_mut()) {
        let word = match end.by {
            EndedBy::Unsubscribe => SeriesEnd::Removed,
            EndedBy::Failure(_) | EndedBy::Refusal(_) => SeriesEnd::Refused,
            EndedBy::Silence => SeriesEnd::Unanswered,
            EndedBy::Notify | EndedBy::Bye | EndedBy::OtherAnswer => SeriesEnd::Terminated,
        };
        last.end = Some((word, end.by.status()));
    }
}

/// A NOTIFY, seen from the subscriber.
fn as_notify<'c>(case: &'c Case, at: TransactionIdx, notify: Exchange<'c>) -> Exchange<'c> {
    let first = case.leg.transaction(at).first;
    let state = case.leg.note(first, NoteKind::SubscriptionState);
    let state = state.and_then(|state| SubscriptionState::parse(state).ok());
    Exchange {
        role: Role::Notify,
        flow: notify.flow.reversed(),
        from: notify.to,
        to: notify.from,
        granted: state.and_then(|state| state.expires_seconds()),
        ..notify
    }
}

/// A request that keeps something alive for a time.
fn stateful<'c>(
    case: &'c Case,
    scene: &Scene,
    at: TransactionIdx,
    kind: SeriesKind,
    key: Key,
) -> Exchange<'c> {
    let request = case.leg.transaction(at);
    let seconds = |record| {
        let value = case.leg.note(record, NoteKind::Expires)?;
        std::str::from_utf8(value).ok()?.parse::<u32>().ok()
    };
    let asked = seconds(request.first);
    let role = if asked == Some(0) {
        Role::Removal
    } else {
        Role::Refresh
    };
    Exchange {
        role,
        granted: request.final_response.and_then(seconds).or(asked),
        ..exchange(case, scene, at, kind, key)
    }
}

fn exchange<'c>(
    case: &'c Case,
    scene: &Scene,
    at: TransactionIdx,
    kind: SeriesKind,
    key: Key,
) -> Exchange<'c> {
    let leg = &case.leg;
    let request = leg.transaction(at);
    let first = leg.record(request.first);
    let answer = request.final_response.map(|answer| leg.record(answer));
    let status = answer.and_then(|answer| answer.role.status());
    let flow = request_flow(case, at);
    // Who sends again and again got no answer, even where only one direction was captured.
    let is_real = || {
        request.retransmissions >= PROVING_REPEATS || scene.hears_both_ways(leg, flow, first.time)
    };
    let is_over = || scene.coverage(case, first.time, TIMEOUT) == Coverage::Full && is_real();
    Exchange {
        kind,
        key,
        early_key: None,
        next_key: None,
        role: Role::Refresh,
        call_id: call_id(case),
        from: leg.text(request.from_uri),
        to: leg.text(request.to_uri),
        event: b"",
        flow,
        point: (leg.vantage(first.vantage).interface >> POINT_SHIFT) as u16,
        first: first.time,
        last: leg.record(request.last).time.max(first.time),
        answer: match status {
            Some(status) => Answer::Final(status),
            None if is_over() => Answer::Nobody,
            None => Answer::Unknown,
        },
        granted: None,
        end: None,
        frames: [
            Some(first.frame),
            answer
                .filter(|_| request.final_response != Some(request.first))
                .map(|answer| answer.frame),
        ],
    }
}

fn half_key(case: &Case, subscriber: &[u8], event: EventName<'_>) -> Key {
    let id = event.id.unwrap_or_default();
    key(
        SeriesKind::Subscription,
        &[call_id(case), subscriber, event.package, id],
    )
}

/// Parts with their lengths before them, so that no two lists of parts look alike.
fn key(kind: SeriesKind, parts: &[&[u8]]) -> Key {
    let length: usize = parts.iter().map(|part| size_of::<u32>() + part.len()).sum();
    let mut key = Vec::with_capacity(1 + length);
    key.push(kind as u8);
    for part in parts {
        key.extend_from_slice(&(part.len() as u32).to_be_bytes());
        key.extend_from_slice(part);
    }
    key.into()
}

fn call_id(case: &Case) -> &[u8] {
    case.leg.text(case.leg.call_id)
}

fn octets(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    }
}
