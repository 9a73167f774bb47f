//! Messages of a leg that a proxy between two interfaces sent on.

use siptriage_capture::Time;

use super::bound::Bound;
use super::sight::Sight;
use crate::leg::Leg;
use crate::record::{Record, RecordIdx, Repeat, Role};
use crate::transaction::Transaction;

/// Transactions of a leg looked at.
const TRANSACTIONS: usize = 64;
/// Records of a transaction looked at.
const RECORDS: usize = 64;

/// What each request proves that one interface shows before a proxy and another one behind it, and
/// around when. A proxy sends nothing on before it has it: requests downwards, responses upwards
/// (RFC 3261 16.6, 16.7).
pub(super) fn passages(leg: &Leg) -> impl Iterator<Item = (Time, Sight)> + '_ {
    let lowers = leg.transactions.iter().take(TRANSACTIONS);
    lowers.filter_map(move |lower| {
        let mut uppers = leg.transactions.iter().take(TRANSACTIONS);
        let upper = uppers.find(|upper| lower.is_below(upper))?;
        let sight = of_proxy(leg, upper, lower)?;
        Some((leg.record(upper.first).time, sight))
    })
}

fn of_proxy(leg: &Leg, upper: &Transaction, lower: &Transaction) -> Option<Sight> {
    let above = leg.interface(leg.record(upper.first));
    let below = leg.interface(leg.record(lower.first));
    if above == below {
        return None;
    }
    let signed = |difference: i64| {
        if above < below {
            difference
        } else {
            -difference
        }
    };
    let received = firsts(leg, upper, above);
    let (mut down, mut up) = (Vec::new(), Vec::new());
    for sent in firsts(leg, lower, below) {
        let Some(twin) = received.iter().find(|known| is_sent_on(leg, known, sent)) else {
            continue;
        };
        let difference = signed(sent.time.since(twin.time));
        match sent.role {
            Role::Request => down.push(difference),
            Role::Response(_) | Role::Ack => up.push(difference),
        }
    }
    Some(Sight {
        interfaces: (above.min(below), above.max(below)),
        bound: Bound::of(&down, &up)?,
    })
}

/// The messages of a transaction at an interface that end-to-end passes on, without repeats: a 100
/// goes one hop (RFC 3261 16.7), and so does the ACK to what the transaction shows.
fn firsts<'l>(leg: &'l Leg, transaction: &Transaction, interface: u32) -> Vec<&'l Record> {
    let newest_first = std::iter::successors(Some(transaction.last), |at: &RecordIdx| {
        leg.record(*at).previous
    });
    let records = newest_first.take(RECORDS).map(|at| leg.record(at));
    let mut firsts: Vec<&Record> = records
        .filter(|record| record.repeat == Repeat::First && leg.interface(record) == interface)
        .filter(|record| match record.role {
            Role::Request => true,
            Role::Response(status) => status.0 != 100,
            Role::Ack => false,
        })
        .collect();
    firsts.reverse();
    firsts
}

fn is_sent_on(leg: &Leg, one: &Record, other: &Record) -> bool {
    one.role == other.role && (one.role == Role::Request || leg.same_tag(one.to_tag, other.to_tag))
}
