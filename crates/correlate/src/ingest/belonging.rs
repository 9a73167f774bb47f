//! Where a message belongs that has the Call-ID of a leg: to the leg, as a rule. Devices that count
//! from 1, or make it of their clock and a private address (against RFC 3261 8.1.1.4), use one again,
//! and may take that of a stranger.

use siptriage_capture::time::SECOND;
use siptriage_sip::{HeaderName, Method, Scanned, Start};

use super::live::{Live, Phase};
use super::matching::{self, Key};
use crate::leg::{Closed, Leg, Vantage};
use crate::limits::wait;
use crate::link::user;
use crate::observation::Observation;
use crate::text::TextId;
use crate::transaction::Transaction;

/// Legs in progress that may have one Call-ID; further strangers are taken into one of them.
pub(super) const NAMESAKES: usize = 8;
/// Transactions looked back through, and paths that an honest leg is seen on.
const LOOK_BACK: usize = 32;
/// A caller that is refused tries again within this time, or with credentials.
const FOLLOW_UP: i64 = 5 * SECOND;

/// Where a message belongs that has the Call-ID of a leg.
pub(super) enum Belonging {
    /// To the leg.
    Here,
    /// To a new one: the leg is closed.
    Behind(Closed),
    /// To a new one beside the leg.
    Beside,
}

/// Whether a message belongs to a leg with its Call-ID. It does not when the leg rested too long, or
/// its call is over and this is the first message of another one; nor when it begins a call that only
/// happens to have the same Call-ID.
pub(super) fn belonging(live: &Live, observation: &Observation<'_>, key: Key) -> Belonging {
    if matching::is_over(live, observation.clock) {
        return Belonging::Behind(Closed::Settled);
    }
    if live.phase == Phase::OutsideCall && is_lull(live, observation, key) {
        return Belonging::Behind(Closed::Reused);
    }
    let outline = observation.message.outline;
    let opens_call = matches!(
        outline.start,
        Start::Request {
            method: Method::Invite,
            ..
        }
    ) && observation.message.to_tag().is_none();
    if !opens_call || matching::is_known(live, observation, key) {
        return Belonging::Here;
    }
    match live.phase {
        Phase::Ended => Belonging::Behind(Closed::Reused),
        Phase::Refused if is_afresh(live, observation) => Belonging::Behind(Closed::Reused),
        _ if is_stranger(live, observation, key) => Belonging::Beside,
        Phase::OutsideCall
        | Phase::Calling
        | Phase::Proceeding
        | Phase::Refused
        | Phase::Confirmed => Belonging::Here,
    }
}

/// Whether a leg without a call is old enough to end before this message: a request of a new
/// transaction, when all before were answered.
fn is_lull(live: &Live, observation: &Observation<'_>, key: Key) -> bool {
    let (Some(first), Some(newest)) = (live.leg.records.first(), live.leg.transactions.last())
    else {
        return false;
    };
    observation.clock.since(first.time) > wait::OUTSIDE_CALL_AGE
        && observation.clock.since(live.clock) > wait::LULL
        && newest.final_response.is_some()
        && matches!(observation.message.outline.start, Start::Request { .. })
        && !matching::is_known(live, observation, key)
}

/// Whether a message belongs to this one of several legs with its Call-ID.
pub(super) fn owns(live: &Live, message: Scanned<'_>) -> bool {
    has_tag(&live.leg, message.from_tag()) || has_tag(&live.leg, message.to_tag())
}

/// Whether an INVITE outside of dialogs has nothing in common with the leg of its Call-ID: neither
/// host, user, tag nor path.
fn is_stranger(live: &Live, observation: &Observation<'_>, key: Key) -> bool {
    let (leg, message, flow) = (&live.leg, observation.message, observation.flow);
    let meets = |vantage: &Vantage| {
        let hosts = [vantage.flow.src.ip, vantage.flow.dst.ip];
        hosts.contains(&flow.src.ip) || hosts.contains(&flow.dst.ip)
    };
    let is_akin = |known: &Transaction| {
        matching::is_related(key, known)
            || is_of_user(leg, known.from_uri, message.from_uri())
            || is_of_user(leg, known.to_uri, message.to_uri())
    };
    let is_seen_everywhere = leg.vantages.len() > LOOK_BACK;
    !is_seen_everywhere
        && has_new_tag(leg, message)
        && !leg.vantages.iter().any(meets)
        && !recent(leg).any(is_akin)
}

/// Whether an INVITE outside of dialogs that comes after its leg was refused is another call: it has a
/// new From tag, and is too late to be the same caller's next try.
fn is_afresh(live: &Live, observation: &Observation<'_>) -> bool {
    let message = observation.message;
    let headers = message.outline.has;
    let is_authorized = headers.contains(HeaderName::Authorization)
        || headers.contains(HeaderName::ProxyAuthorization);
    observation.clock.since(live.clock) > FOLLOW_UP
        && !is_authorized
        && has_new_tag(&live.leg, message)
}

fn recent(leg: &Leg) -> impl Iterator<Item = &Transaction> {
    leg.transactions.iter().rev().take(LOOK_BACK)
}

fn is_of_user(leg: &Leg, known: TextId, uri: Option<&[u8]>) -> bool {
    let known = user(leg.text(known));
    known.is_none() || known == uri.and_then(user)
}

fn has_new_tag(leg: &Leg, message: Scanned<'_>) -> bool {
    message.from_tag().is_some() && !has_tag(leg, message.from_tag())
}

/// Whether a tag is that of either side of a transaction.
fn has_tag(leg: &Leg, tag: Option<&[u8]>) -> bool {
    let Some(tag) = tag else { return false };
    let is = |known: TextId| leg.text(known).eq_ignore_ascii_case(tag);
    recent(leg).any(|known| is(known.from_tag) || is(known.request_to_tag))
}
