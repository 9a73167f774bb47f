//! Messages that were not captured although others of both directions were, as other messages prove.

use siptriage_capture::time::SECOND;
use siptriage_capture::{Flow, Time, Transport};
use siptriage_sip::Method;

use super::{Answer, Case};
use crate::outcome::Side;
use crate::record::{RecordIdx, TransactionIdx};
use crate::scene::Pairs;
use crate::transaction::{Opened, Transaction};

/// Who gets no answer to a BYE, or no ACK to a 2xx, sends it again within this many nanoseconds.
const PATIENCE: i64 = SECOND;

/// The message of each transaction and dialog that proves that another one was missed.
pub(super) fn misses<'c>(
    case: &'c Case,
    pairs: &'c Pairs,
) -> impl Iterator<Item = RecordIdx> + use<'c> {
    let all = case.leg.transaction_indices();
    let doubtful = all.filter(|at| !is_complete(case.leg.transaction(*at)));
    let missed = doubtful.filter(|at| misses_message(case, pairs, *at));
    let within = missed.map(|at| match case.leg.transaction(at).opened {
        Opened::Response => case.leg.transaction(at).first,
        Opened::Request => {
            let ack = case.acks(at).next();
            ack.unwrap_or(case.leg.transaction(at).first)
        }
    });
    let answers = case.answers.iter();
    within.chain(answers.filter_map(|answer| misses_ack(case, answer)))
}

/// Whether it does so that a message was missed, of a transaction that is not complete.
fn misses_message(case: &Case, pairs: &Pairs, at: TransactionIdx) -> bool {
    let transaction = case.leg.transaction(at);
    let flow = || case.leg.flow(transaction.first);
    let is_proven = match (transaction.opened, transaction.method) {
        (Opened::Response, _) => transaction.first > RecordIdx(0),
        (Opened::Request, Method::Invite) => case.acks(at).next().is_some(),
        (Opened::Request, Method::Ack) => {
            let mut invites = case.transactions(Method::Invite);
            invites.any(|(_, invite)| {
                invite.cseq == transaction.cseq && invite.final_response.is_none()
            })
        }
        (Opened::Request, Method::Bye) => {
            transaction.retransmissions == 0
                && flow().transport == Transport::Udp
                && waits(case, transaction.first, case.leg.seen_until)
        }
        (Opened::Request, _) => false,
    };
    let is_heard = |flow: Flow| {
        let mut vantages = case.leg.vantages.iter();
        vantages.any(|vantage| vantage.flow == flow.reversed())
            || pairs.heard(flow.dst.ip, flow.src.ip)
    };
    is_proven && is_heard(flow())
}

/// Whether a transaction shows its request and a final response, as most do. An ACK tells of that of
/// another one.
fn is_complete(transaction: &Transaction) -> bool {
    transaction.opened == Opened::Request
        && transaction.final_response.is_some()
        && transaction.method != Method::Ack
}

/// The caller's BYE, where its ACK is missing and the callee did not miss it: it sent its 2xx once.
fn misses_ack(case: &Case, answer: &Answer) -> Option<RecordIdx> {
    let ending = answer.ending.filter(|ending| ending.side == Side::Caller)?;
    let mut hops = answer.hops.iter().map(|hop| case.leg.transaction(*hop));
    let is_missed = answer.acks.is_empty()
        && hops.all(|hop| hop.retransmissions == 0)
        && waits(case, answer.first, case.leg.record(ending.record).time);
    is_missed.then_some(ending.record)
}

/// Whether whoever sent a message and got nothing back sends it again before a time.
fn waits(case: &Case, sent: RecordIdx, until: Time) -> bool {
    until.since(case.leg.record(sent).time) >= PATIENCE
}
