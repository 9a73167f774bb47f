//! Messages of a leg that several interfaces show.

use siptriage_capture::Time;

use super::bound::Bound;
use crate::leg::Leg;
use crate::record::{Record, RecordIdx, Role};
use crate::transaction::Transaction;

/// What a transaction that two interfaces show proves of their clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// The lower one first.
    pub(super) interfaces: (u32, u32),
    pub(super) bound: Bound,
}

/// Records of a transaction looked at.
const RECORDS: usize = 64;
/// Interfaces of a transaction compared with one another.
const INTERFACES: usize = 8;

/// What each transaction proves, and around when.
pub(super) fn sights(leg: &Leg) -> impl Iterator<Item = (Time, Sight)> + '_ {
    leg.transactions.iter().flat_map(move |transaction| {
        let around = leg.record(transaction.first).time;
        let sights = of_transaction(leg, transaction).into_iter();
        sights.map(move |sight| (around, sight))
    })
}

/// The message at another interface of which a record is a copy.
pub(super) fn original<'l>(leg: &'l Leg, copy: &Record) -> Option<&'l Record> {
    const LOOK_BACK: usize = 24;
    let before = std::iter::successors(copy.previous, |at| leg.record(*at).previous);
    before
        .take(LOOK_BACK)
        .map(|at| leg.record(at))
        .find(|record| {
            record.fingerprint == copy.fingerprint && leg.interface(record) != leg.interface(copy)
        })
}

fn of_transaction(leg: &Leg, transaction: &Transaction) -> Vec<Sight> {
    let newest_first = std::iter::successors(Some(transaction.last), |at| leg.record(*at).previous);
    let mut records: Vec<&Record> = newest_first
        .take(RECORDS)
        .map(|at: RecordIdx| leg.record(at))
        .collect();
    records.reverse();
    let mut interfaces: Vec<u32> = records.iter().map(|record| leg.interface(record)).collect();
    interfaces.sort_unstable();
    interfaces.dedup();
    interfaces.truncate(INTERFACES);
    let mut sights = Vec::new();
    for (number, one) in interfaces.iter().enumerate() {
        for other in &interfaces[number + 1..] {
            let bound = bound(leg, &records, *one, *other);
            sights.extend(bound.map(|bound| Sight {
                interfaces: (*one, *other),
                bound,
            }));
        }
    }
    sights
}

/// What the messages that both interfaces show prove: those that each shows as often as the other.
fn bound(leg: &Leg, records: &[&Record], one: u32, other: u32) -> Option<Bound> {
    let sightings = |of: &Record, interface: u32| {
        let (fingerprint, role) = (of.fingerprint, of.role);
        let same = records.iter().filter(move |record| {
            record.fingerprint == fingerprint
                && record.role == role
                && leg.interface(record) == interface
        });
        same.copied().collect::<Vec<&Record>>()
    };
    let (mut forth, mut back) = (Vec::new(), Vec::new());
    for (number, record) in records.iter().enumerate() {
        let mut before = records[..number].iter();
        if before.any(|known| known.fingerprint == record.fingerprint) {
            continue;
        }
        let (here, there) = (sightings(record, one), sightings(record, other));
        if here.len() != there.len() {
            continue;
        }
        let copies = here.iter().zip(&there);
        let copies = copies.filter(|(here, there)| is_one_packet(here, there));
        let differences = copies.map(|(here, there)| there.time.since(here.time));
        match record.role {
            Role::Request | Role::Ack => forth.extend(differences),
            Role::Response(_) => back.extend(differences),
        }
    }
    Bound::of(&forth, &back)
}

fn is_one_packet(here: &Record, there: &Record) -> bool {
    here.ip_id == there.ip_id || here.ip_id == 0 || there.ip_id == 0
}
