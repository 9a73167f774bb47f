//! The 2xx responses to INVITEs: who acknowledged them, and who ended the dialogs.

use siptriage_capture::Endpoint;
use siptriage_sip::{Method, StatusCode};
use smallvec::{SmallVec, smallvec};

use super::Case;
use crate::outcome::Side;
use crate::record::{Record, RecordIdx, Role, TransactionIdx};
use crate::text::TextId;
use crate::timers::T1;
use crate::transaction::{Opened, Transaction};

/// A 2xx to an INVITE or re-INVITE: one for each CSeq and pair of tags, however many hops show it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The INVITE on the hop nearest to its sender.
    pub invite: TransactionIdx,
    /// The same INVITE on every hop, that one included.
    pub hops: SmallVec<[TransactionIdx; 4]>,
    /// From tag of the INVITE.
    pub from_tag: TextId,
    /// To tag of the 2xx.
    pub to_tag: TextId,
    /// The first 2xx on the nearest hop.
    pub first: RecordIdx,
    /// Its ACKs on any vantage, in capture order.
    pub acks: SmallVec<[RecordIdx; 4]>,
    /// The first BYE of the dialog.
    pub ending: Option<Ending>,
}

/// A BYE that ends a dialog.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    /// Its transaction.
    pub bye: TransactionIdx,
    /// Its first message: a response where the capture missed the request.
    pub record: RecordIdx,
    /// Who sent it, seen from the INVITE that it was compared with: its sender is the caller.
    pub side: Side,
}

/// Answers considered of one leg: more than any honest leg has.
const ANSWERS: usize = 256;

/// Collects the answers of a leg, nearest hop first.
pub(super) fn answers(case: &Case) -> SmallVec<[Answer; 1]> {
    let mut answers: SmallVec<[Answer; 1]> = SmallVec::new();
    for (at, invite) in case.transactions(Method::Invite) {
        for (record, response) in case.records(at) {
            let to_tag = response.to_tag;
            if !response.role.status().is_some_and(StatusCode::is_success) {
                continue;
            }
            let known = answers.iter().position(|known| {
                let other = case.leg.transaction(known.invite);
                other.cseq == invite.cseq
                    && case.leg.same_tag(known.to_tag, to_tag)
                    && case.leg.same_tag(known.from_tag, invite.from_tag)
            });
            match known {
                Some(known) if answers[known].hops.contains(&at) => {}
                Some(known) => add_hop(case, &mut answers[known], at, record),
                None if answers.len() >= ANSWERS => {}
                None => answers.push(Answer {
                    invite: at,
                    hops: smallvec![at],
                    from_tag: invite.from_tag,
                    to_tag,
                    first: record,
                    acks: SmallVec::new(),
                    ending: None,
                }),
            }
        }
    }
    for answer in &mut answers {
        answer.acks = acks(case, answer);
        answer.ending = ending(case, answer);
    }
    answers
}

fn add_hop(case: &Case, answer: &mut Answer, at: TransactionIdx, record: RecordIdx) {
    let vias = |at: TransactionIdx| case.leg.transaction(at).via_count;
    if vias(at) < vias(answer.invite) {
        answer.invite = at;
        answer.first = record;
    }
    answer.hops.push(at);
}

/// ACKs with the answer's CSeq number and both tags; where the 2xx has no tag, any.
fn acks(case: &Case, answer: &Answer) -> SmallVec<[RecordIdx; 4]> {
    let cseq = case.leg.transaction(answer.invite).cseq;
    let mut acks = SmallVec::new();
    for at in case.leg.transaction_indices() {
        let transaction = case.leg.transaction(at);
        if transaction.cseq != cseq || !matches!(transaction.method, Method::Invite | Method::Ack) {
            continue;
        }
        if !case.leg.same_tag(transaction.from_tag, answer.from_tag) {
            continue;
        }
        for (record, ack) in case.records(at) {
            let is_its_own =
                || answer.to_tag.is_none() || case.leg.same_tag(ack.to_tag, answer.to_tag);
            if ack.role == Role::Ack && is_its_own() {
                acks.push(record);
            }
        }
    }
    acks.sort_unstable();
    acks
}

/// The first BYE whose tags are those of the answer's dialog, either way round. One that was refused
/// before the answer ended nothing.
fn ending(case: &Case, answer: &Answer) -> Option<Ending> {
    let same = |one, other| case.leg.same_tag(one, other);
    let (from_tag, to_tag) = (answer.from_tag, answer.to_tag);
    let invite = case.leg.transaction(answer.invite);
    let mut first: Option<Ending> = None;
    for (at, bye) in case.transactions(Method::Bye) {
        let Some(record) = case.messages(at).next() else {
            continue;
        };
        let other_tag = other_tag(case, bye, record);
        let is_callers = same(bye.from_tag, from_tag) && same(other_tag, to_tag);
        let is_callees = || same(bye.from_tag, to_tag) && same(other_tag, from_tag);
        if !is_callers && !is_callees() || record < answer.first && is_in_vain(case, at, bye) {
            continue;
        }
        if first.is_none_or(|known| record < known.record) {
            first = Some(Ending {
                bye: at,
                record,
                side: sender(case, invite, bye),
            });
        }
    }
    first
}

/// Whether a BYE was refused. Where the capture missed that, its sender says BYE anew.
fn is_in_vain(case: &Case, at: TransactionIdx, bye: &Transaction) -> bool {
    let is_refused = |status: StatusCode| status.is_failure();
    let mut byes = case.transactions(Method::Bye);
    case.final_status(at).map_or_else(
        || byes.any(|(_, other)| other.from_tag == bye.from_tag && other.cseq > bye.cseq),
        is_refused,
    )
}

/// Who sent a request of a dialog that an INVITE opened, seen from that: by its tags, unless it goes
/// from where the INVITE was received to where it was sent, and not the way of the INVITE. Then its
/// sender is the callee, whatever its tags say.
pub(super) fn sender(case: &Case, invite: &Transaction, request: &Transaction) -> Side {
    let (way, forth) = (case.leg.way(request), case.leg.way(invite));
    let is_same_way = (way.src.ip, way.dst.ip) == (forth.src.ip, forth.dst.ip);
    if is_same_way && case.leg.same_tag(request.from_tag, invite.from_tag) {
        return Side::Caller;
    }
    if !case.leg.is_of_sender(invite, request) {
        return Side::Callee;
    }
    if goes(case, invite, way.src, way.dst) || !goes(case, invite, way.dst, way.src) {
        Side::Caller
    } else {
        Side::Callee
    }
}

/// Whether the hops of an INVITE begin at the one and end at the other.
fn goes(case: &Case, invite: &Transaction, from: Endpoint, to: Endpoint) -> bool {
    let is_hop = |hop: &Transaction| {
        hop.cseq == invite.cseq && case.leg.same_tag(hop.from_tag, invite.from_tag)
    };
    let (mut begins, mut ends) = (false, false);
    for (_, hop) in case.transactions(Method::Invite) {
        if is_hop(hop) {
            let way = case.leg.way(hop);
            begins |= way.src.ip == from.ip;
            ends |= way.dst.ip == to.ip;
        }
    }
    begins && ends
}

/// Whether the other side may have said BYE before this one: the capture shows the answer to that soon
/// after, and not the BYE itself.
pub(super) fn may_be_second(case: &Case, bye: &Transaction) -> bool {
    let sent = case.leg.record(bye.first).time;
    case.leg.transactions.iter().any(|other| {
        other.opened == Opened::Response
            && other.method == Method::Bye
            && !case.leg.same_tag(other.from_tag, bye.from_tag)
            && (0..T1).contains(&case.leg.record(other.first).time.since(sent))
    })
}

/// To tag of a BYE; where it was sent without one and accepted all the same, that of its 2xx.
pub(super) fn other_tag(case: &Case, bye: &Transaction, first: RecordIdx) -> TextId {
    let own = case.leg.record(first).to_tag;
    let answer = bye.final_response.map(|last| case.leg.record(last));
    let is_success = |answer: &&Record| answer.role.status().is_some_and(StatusCode::is_success);
    match answer.filter(is_success) {
        Some(answer) if own.is_none() => answer.to_tag,
        Some(_) | None => own,
    }
}
