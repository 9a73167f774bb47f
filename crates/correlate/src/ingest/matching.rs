//! Which transaction a message belongs to (RFC 3261 17.1.3, 17.2.3, 9.1, 13.2.2.4).

use siptriage_capture::time::{MILLISECOND, SECOND};
use siptriage_capture::{Flow, Time, Transport};
use siptriage_sip::{self as sip, Method, Outline, Start, StatusCode};

use super::live::Live;
use crate::hash;
use crate::leg::Leg;
use crate::observation::Observation;
use crate::record::{Facts, RecordIdx, Role, TransactionIdx};
use crate::text::TextId;
use crate::timers::TIMEOUT;
use crate::transaction::{Opened, Transaction};

/// A copy of a request to another host this long after the first is a failover that kept its
/// branch, against RFC 3263 4.3; sooner it is the same packet past an address translation.
const FAILOVER_GAP: i64 = 400 * MILLISECOND;
/// A key that rested this long begins anew.
const KEY_REST: i64 = TIMEOUT + 3 * SECOND;
/// Transactions looked back through for the INVITE of an ACK or a CANCEL.
const LOOK_BACK: usize = 256;

/// What identifies a message's transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Hash of the top branch; 0 without one.
    branch: u64,
    /// Hash of the second Via's branch; 0 without one.
    parent_branch: u64,
    /// Hash of the host of sent-by, and of the From tag where the branch says nothing.
    host: u64,
    /// The port of sent-by.
    port: u16,
    transaction: u64,
    /// The method; of a response, that of its request.
    pub(super) method: Method,
}

impl Key {
    /// The key of RFC 3261 17.2.3 within one Call-ID: top branch, sent-by, CSeq and method, where
    /// ACK counts as INVITE. Without the magic cookie the From tag takes part as well.
    pub(super) fn of(observation: &Observation<'_>) -> Key {
        let message = observation.message;
        let outline = message.outline;
        let port = match outline.via_port {
            0 => default_port(observation.flow.transport),
            port => port,
        };
        let mut host = hash::bytes(message.sent_by_host().unwrap_or_default());
        if !outline.facts.contains(sip::Facts::MAGIC_COOKIE) {
            let from_tag = hash::bytes(message.from_tag().unwrap_or_default());
            host = hash::of(&(host, from_tag));
        }
        let mut key = Key {
            branch: message.top_branch().map_or(0, hash::bytes),
            parent_branch: message.parent_branch().map_or(0, hash::bytes),
            host,
            port,
            transaction: 0,
            method: outline.method(),
        };
        key.transaction = match key.method {
            Method::Extension => {
                let method = hash::bytes(message.method_token());
                hash::of(&(key.branch, host, port, outline.cseq, method))
            }
            method => key.for_method(outline.cseq, method),
        };
        key
    }

    fn for_method(self, cseq: u32, method: Method) -> u64 {
        hash::of(&(self.branch, self.host, self.port, cseq, method as u8))
    }
}

/// Where a message belongs, and what it is there.
pub(super) struct Place {
    pub(super) transaction: TransactionIdx,
    pub(super) role: Role,
    pub(super) facts: Facts,
}

/// Finds the transaction of a message, or opens one.
pub(super) fn place(live: &mut Live, observation: &Observation<'_>, key: Key) -> Place {
    let message = observation.message;
    match message.outline.start {
        Start::Request {
            method: Method::Ack,
            ..
        } => place_ack(live, observation, key),
        Start::Request { .. } => {
            let known =
                find(live, observation, key).filter(|at| !is_other_hop(live, observation, *at));
            let transaction = match known {
                Some(transaction) => {
                    adopt(live, observation, transaction);
                    transaction
                }
                None => open(live, observation, key, Opened::Request),
            };
            Place {
                transaction,
                role: Role::Request,
                facts: Facts::default(),
            }
        }
        Start::Response { status, .. } => {
            let known = find(live, observation, key).or_else(|| by_branch(live, observation, key));
            let transaction =
                known.unwrap_or_else(|| open(live, observation, key, Opened::Response));
            Place {
                transaction,
                role: Role::Response(status),
                facts: Facts::default(),
            }
        }
    }
}

/// Whether a request with this key took the way of a known one, or one beside it from the same proxy
/// (RFC 3261 16.6).
pub(super) fn is_related(key: Key, known: &Transaction) -> bool {
    let is_same = |one: u64, other: u64| one != 0 && one == other;
    is_same(key.branch, known.branch)
        || is_same(key.parent_branch, known.branch)
        || is_same(key.branch, known.parent_branch)
        || is_same(key.parent_branch, known.parent_branch)
}

/// Whether a message with this key belongs to a transaction that the leg has already.
pub(super) fn is_known(live: &Live, observation: &Observation<'_>, key: Key) -> bool {
    find(live, observation, key).is_some()
}

fn find(live: &Live, observation: &Observation<'_>, key: Key) -> Option<TransactionIdx> {
    let found = live.transaction(key.transaction)?;
    let known = live.leg.transaction(found);
    let rested = observation.clock.since(known.last_clock) > KEY_REST;
    (!(rested && known.final_response.is_some())).then_some(found)
}

/// The request of a response whose top Via names another host: the branch is what tells
/// (RFC 3261 17.1.3), and devices on the way rewrite addresses. Where a CANCEL has a branch of its
/// own, its server may answer the INVITE with the Via of the CANCEL.
fn by_branch(live: &Live, observation: &Observation<'_>, key: Key) -> Option<TransactionIdx> {
    let outline = observation.message.outline;
    if !outline.facts.contains(sip::Facts::MAGIC_COOKIE) || key.method == Method::Extension {
        return None;
    }
    let known = live.leg.transactions.iter().rev().take(LOOK_BACK);
    let newest_first = known.zip((0..live.leg.transactions.len() as u16).rev());
    let mut fitting = newest_first
        .filter(|(known, _)| known.branch == key.branch && known.cseq == outline.cseq)
        .filter_map(|(known, at)| match (known.method, key.method) {
            (Method::Cancel, Method::Invite) => known.cancels,
            (method, wanted) => (method == wanted).then_some(TransactionIdx(at)),
        });
    fitting.next()
}

/// The same branch sent on to another host, too late to be the same packet.
fn is_other_hop(live: &Live, observation: &Observation<'_>, at: TransactionIdx) -> bool {
    let first = live.leg.record(live.leg.transaction(at).first);
    if first.role != Role::Request {
        return false;
    }
    let flow = live.leg.vantage(first.vantage).flow;
    flow.src == observation.flow.src
        && flow.dst.ip != observation.flow.dst.ip
        && observation.time.since(first.time) > FAILOVER_GAP
}

/// The decision order for an ACK: the branch of a refused INVITE, the dialog of an accepted one,
/// the branch of an accepted one, and where a device changes the branch, the tags of a refusal.
fn place_ack(live: &mut Live, observation: &Observation<'_>, key: Key) -> Place {
    let cseq = observation.message.outline.cseq;
    let by_branch = live.transaction(key.for_method(cseq, Method::Invite));
    let refused = by_branch
        .filter(|at| final_status(&live.leg, *at).is_some_and(|status| status.is_failure()));
    if let Some(transaction) = refused {
        return Place {
            transaction,
            role: Role::Ack,
            facts: Facts::default(),
        };
    }
    if let Some((transaction, facts)) = acknowledged(&live.leg, observation, StatusCode::is_success)
    {
        let same_branch = by_branch == Some(transaction);
        let facts = if same_branch {
            facts.with(Facts::INVITE_BRANCH)
        } else {
            facts
        };
        return Place {
            transaction,
            role: Role::Ack,
            facts,
        };
    }
    if let Some(transaction) = by_branch {
        return Place {
            transaction,
            role: Role::Ack,
            facts: Facts::INVITE_BRANCH,
        };
    }
    if let Some((transaction, facts)) = acknowledged(&live.leg, observation, StatusCode::is_failure)
    {
        return Place {
            transaction,
            role: Role::Ack,
            facts,
        };
    }
    let known = live.transaction(key.for_method(cseq, Method::Ack));
    let transaction = known.unwrap_or_else(|| open(live, observation, key, Opened::Request));
    Place {
        transaction,
        role: Role::Ack,
        facts: Facts::default(),
    }
}

/// The INVITE of the tags that an ACK names, with a final response that is `wanted`: on its own hop
/// where several saw it.
fn acknowledged(
    leg: &Leg,
    observation: &Observation<'_>,
    wanted: fn(StatusCode) -> bool,
) -> Option<(TransactionIdx, Facts)> {
    let message = observation.message;
    let (from, to) = (
        message.from_tag().unwrap_or_default(),
        message.to_tag().unwrap_or_default(),
    );
    let mut best = None;
    let count = leg.transactions.len();
    for index in (count.saturating_sub(LOOK_BACK)..count).rev() {
        let at = TransactionIdx(index as u16);
        let invite = &leg.transactions[index];
        if invite.method != Method::Invite || invite.cseq != message.outline.cseq {
            continue;
        }
        let Some(facts) = tags_match(leg, at, (from, to), wanted) else {
            continue;
        };
        let hop = leg.vantage(leg.record(invite.first).vantage).flow;
        if is_same_way(hop, observation.flow) {
            return Some((at, facts));
        }
        best = best.or(Some((at, facts)));
    }
    best
}

fn tags_match(
    leg: &Leg,
    at: TransactionIdx,
    (from, to): (&[u8], &[u8]),
    wanted: fn(StatusCode) -> bool,
) -> Option<Facts> {
    let invite = leg.transaction(at);
    let from_tag = leg.text(invite.from_tag);
    let mut folded = None;
    let mut next = Some(invite.last);
    while let Some(index) = next {
        let record = leg.record(index);
        next = record.previous;
        if !record.role.status().is_some_and(wanted) {
            continue;
        }
        let to_tag = leg.text(record.to_tag);
        if from_tag == from && (to_tag == to || record.to_tag.is_none()) {
            return Some(Facts::default());
        }
        if from_tag.eq_ignore_ascii_case(from) && to_tag.eq_ignore_ascii_case(to) {
            folded = Some(Facts::CASE_FOLDED);
        }
    }
    folded
}

fn is_same_way(hop: Flow, flow: Flow) -> bool {
    hop.src.ip == flow.src.ip && hop.dst.ip == flow.dst.ip
}

fn final_status(leg: &Leg, at: TransactionIdx) -> Option<StatusCode> {
    leg.record(leg.transaction(at).final_response?)
        .role
        .status()
}

fn open(
    live: &mut Live,
    observation: &Observation<'_>,
    key: Key,
    opened: Opened,
) -> TransactionIdx {
    let message = observation.message;
    let outline = message.outline;
    let cancels = match key.method {
        Method::Cancel => cancelled(live, observation, key),
        _ => None,
    };
    let (first, newest) = (live.leg.transactions.first(), live.leg.records.last());
    let texts = &mut live.leg.texts;
    let mut intern = |text: Option<&[u8]>, likely: Option<TextId>| match text {
        Some(text) => texts.intern_like(text, likely.unwrap_or(TextId::NONE)),
        None => TextId::NONE,
    };
    let request_to_tag = match opened {
        Opened::Request => intern(message.to_tag(), newest.map(|newest| newest.to_tag)),
        Opened::Response => TextId::NONE,
    };
    let at = RecordIdx(live.leg.records.len() as u16);
    let transaction = Transaction {
        method: key.method,
        cseq: outline.cseq,
        opened,
        request_uri: intern(message.request_uri(), first.map(|first| first.request_uri)),
        from_uri: intern(message.from_uri(), first.map(|first| first.from_uri)),
        to_uri: intern(message.to_uri(), first.map(|first| first.to_uri)),
        from_tag: intern(message.from_tag(), first.map(|first| first.from_tag)),
        request_to_tag,
        via_count: hops(outline),
        rfc2543: !outline.facts.contains(sip::Facts::MAGIC_COOKIE),
        cancels,
        cancelled_by: None,
        final_response: None,
        first_provisional: None,
        retransmissions: 0,
        first: at,
        last: at,
        branch: key.branch,
        parent_branch: key.parent_branch,
        key: key.transaction,
        last_clock: observation.clock,
    };
    let opened_at = live.add(transaction);
    if let Some(invite) = cancels {
        live.leg.transactions[invite.0 as usize].cancelled_by = Some(opened_at);
    }
    opened_at
}

/// How many hops a request has passed.
fn hops(outline: &Outline) -> u8 {
    u8::try_from(outline.via_count).unwrap_or(u8::MAX)
}

/// The request of a transaction that its response opened: captured late, or out of order.
fn adopt(live: &mut Live, observation: &Observation<'_>, at: TransactionIdx) {
    if live.leg.transaction(at).opened == Opened::Request {
        return;
    }
    let message = observation.message;
    let texts = &mut live.leg.texts;
    let mut intern = |text: Option<&[u8]>| text.map_or(TextId::NONE, |text| texts.intern(text));
    let (request_uri, to_tag) = (intern(message.request_uri()), intern(message.to_tag()));
    let transaction = &mut live.leg.transactions[at.0 as usize];
    transaction.opened = Opened::Request;
    transaction.request_uri = request_uri;
    transaction.request_to_tag = to_tag;
    transaction.via_count = hops(message.outline);
}

/// The INVITE that a CANCEL names by its branch and CSeq number (RFC 3261 9.1). Devices change one of
/// them, or both: then an INVITE of the same From tag to the same place that has the other one, or
/// else is in progress.
fn cancelled(live: &Live, observation: &Observation<'_>, key: Key) -> Option<TransactionIdx> {
    let message = observation.message;
    let cseq = message.outline.cseq;
    if let Some(invite) = live.transaction(key.for_method(cseq, Method::Invite)) {
        return Some(invite);
    }
    let leg = &live.leg;
    let from_tag = message.from_tag().unwrap_or_default();
    let count = leg.transactions.len();
    let newest_first = (count.saturating_sub(LOOK_BACK)..count).rev();
    let indices = newest_first.map(|index| TransactionIdx(index as u16));
    let invites = indices.filter(|at| {
        let invite = leg.transaction(*at);
        invite.method == Method::Invite
            && leg.text(invite.from_tag) == from_tag
            && leg.vantage(leg.record(invite.first).vantage).flow.dst == observation.flow.dst
    });
    let find = |fits: &dyn Fn(&Transaction) -> bool| {
        let mut invites = invites.clone();
        invites.find(|at| fits(leg.transaction(*at)))
    };
    find(&|invite| invite.branch != 0 && invite.branch == key.branch)
        .or_else(|| find(&|invite| invite.cseq == cseq))
        .or_else(|| find(&|invite| invite.final_response.is_none()))
}

/// An absent port equals the transport's default (RFC 3261 18.2.2, RFC 7118 5).
fn default_port(transport: Transport) -> u16 {
    match transport {
        Transport::Udp | Transport::Tcp | Transport::Sctp => 5060,
        Transport::Tls => 5061,
        Transport::Ws => 80,
        Transport::Wss => 443,
    }
}

/// Whether a leg has rested so long that `clock` begins another one.
pub(super) fn is_over(live: &Live, clock: Time) -> bool {
    clock > live.deadline()
}
