//! Messages of a leg of which one interface shows the requests only and another one the responses.

use siptriage_capture::Time;
use siptriage_sip::Method;

use super::bound::Bound;
use super::sight::Sight;
use crate::leg::Leg;
use crate::record::{Record, RecordIdx, Repeat, Role};
use crate::transaction::Transaction;

/// Transactions of a leg looked at.
const TRANSACTIONS: usize = 64;
/// Records of a transaction looked at.
const RECORDS: usize = 64;

/// What each INVITE proves whose requests one interface shows and whose responses another one, and
/// around when. No response comes before its request, no ACK before the final response.
pub(super) fn exchanges(leg: &Leg) -> impl Iterator<Item = (Time, Sight)> + '_ {
    let transactions = leg.transactions.iter().take(TRANSACTIONS);
    transactions.filter_map(|transaction| {
        let sight = of_transaction(leg, transaction)?;
        Some((leg.record(transaction.first).time, sight))
    })
}

fn of_transaction(leg: &Leg, transaction: &Transaction) -> Option<Sight> {
    let newest_first = std::iter::successors(Some(transaction.last), |at: &RecordIdx| {
        leg.record(*at).previous
    });
    let records: Vec<&Record> = newest_first
        .take(RECORDS)
        .map(|at| leg.record(at))
        .collect();
    let earliest = |is_wanted: fn(Role) -> bool| {
        let of_kind = records.iter().filter(move |record| is_wanted(record.role));
        let firsts = of_kind.filter(|record| record.repeat == Repeat::First);
        firsts.min_by_key(|record| record.time).copied()
    };
    let request = earliest(|role| role == Role::Request)?;
    let response = earliest(|role| role.status().is_some())?;
    let ended = earliest(|role| role.status().is_some_and(|status| status.is_final()))?;
    let ack = earliest(|role| role == Role::Ack).or_else(|| early_ack(leg, transaction))?;
    let (here, there) = (leg.interface(request), leg.interface(response));
    let is_divided = records.iter().all(|record| {
        let interface = leg.interface(record);
        interface
            == if record.role.status().is_some() {
                there
            } else {
                here
            }
    });
    if here == there || !is_divided {
        return None;
    }
    let (most, least) = (
        response.time.since(request.time),
        ended.time.since(ack.time),
    );
    let (forth, back) = if here < there {
        (most, least)
    } else {
        (-least, -most)
    };
    Some(Sight {
        interfaces: (here.min(there), here.max(there)),
        bound: Bound::of(&[forth], &[back])?,
    })
}

/// The ACK to a 2xx that was stamped before it: a transaction of its own then.
fn early_ack<'l>(leg: &'l Leg, invite: &Transaction) -> Option<&'l Record> {
    let mut acks = leg.transactions.iter().take(TRANSACTIONS);
    let ack = acks.find(|known| {
        known.method == Method::Ack
            && known.cseq == invite.cseq
            && leg.same_tag(known.from_tag, invite.from_tag)
    });
    ack.map(|ack| leg.record(ack.first))
}
