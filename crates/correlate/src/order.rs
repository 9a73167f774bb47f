//! The order of a leg's records, and what of the leg depends on it.

use std::collections::BTreeMap;

use crate::ingest::repeat::{self, Seen};
use crate::leg::Leg;
use crate::record::{FrameRef, Record, RecordIdx, Repeat, TransactionIdx};
use crate::transaction::Transaction;

/// Brings a leg into the order of its frames. Messages of a stream that has a hole come late, behind those
/// of other streams; the records of each capture file then take the places of that file in the
/// order of its frames.
pub(crate) fn by_frames(leg: &mut Leg) {
    if is_by_frames(leg) {
        return;
    }
    let mut of_file: BTreeMap<u16, Vec<(FrameRef, usize)>> = BTreeMap::new();
    for (at, record) in leg.records.iter().enumerate() {
        let frames = of_file.entry(record.frame.file()).or_default();
        frames.push((record.frame, at));
    }
    for frames in of_file.values_mut() {
        frames.sort_unstable();
        frames.reverse();
    }
    let places = leg.records.iter().filter_map(|record| {
        let frames = of_file.get_mut(&record.frame.file());
        frames.and_then(Vec::pop).map(|(_, at)| at)
    });
    let order: Vec<usize> = places.collect();
    reorder(leg, &order);
}

fn is_by_frames(leg: &Leg) -> bool {
    let Some(first) = leg.records.first() else {
        return true;
    };
    let is_of_one_file = |record: &Record| record.frame.file() == first.frame.file();
    if leg.records.iter().all(is_of_one_file) {
        return leg.records.is_sorted_by_key(|record| record.frame);
    }
    let mut newest: BTreeMap<u16, FrameRef> = BTreeMap::new();
    leg.records.iter().all(|record| {
        let before = newest.insert(record.frame.file(), record.frame);
        before.is_none_or(|before| before <= record.frame)
    })
}

/// Brings the records of a leg into another order, given by their positions at present. What is a
/// first message and what a repeat follows anew.
pub(crate) fn reorder(leg: &mut Leg, order: &[usize]) {
    let old = std::mem::take(&mut leg.records);
    let transactions = begin_anew(leg, &old, order);
    let mut places = vec![RecordIdx(0); old.len()];
    for at in order {
        let mut record = old[*at];
        record.transaction = transactions[record.transaction.0 as usize];
        places[*at] = add(leg, record);
    }
    let mut notes = std::mem::take(&mut leg.notes);
    for note in &mut notes {
        note.record = original(leg, places[note.record.0 as usize]);
    }
    notes.sort_by_key(|note| note.record);
    leg.notes = notes;
}

/// Puts the transactions into the order of their first records, none of them taken in yet. Returns
/// where each is now.
fn begin_anew(leg: &mut Leg, records: &[Record], order: &[usize]) -> Vec<TransactionIdx> {
    let old = std::mem::take(&mut leg.transactions);
    let mut places: Vec<Option<TransactionIdx>> = vec![None; old.len()];
    let mut firsts: Vec<(usize, RecordIdx)> = Vec::with_capacity(old.len());
    for (place, at) in (0..).map(RecordIdx).zip(order) {
        let number = records[*at].transaction.0 as usize;
        if places[number].is_none() {
            places[number] = Some(TransactionIdx(firsts.len() as u16));
            firsts.push((number, place));
        }
    }
    let place = |at: TransactionIdx| places[at.0 as usize];
    let anew = firsts.iter().map(|(number, first)| Transaction {
        cancels: old[*number].cancels.and_then(place),
        cancelled_by: old[*number].cancelled_by.and_then(place),
        final_response: None,
        first_provisional: None,
        retransmissions: 0,
        first: *first,
        last: *first,
        ..old[*number]
    });
    leg.transactions = anew.collect();
    // Every transaction has a record.
    let places = places.into_iter();
    places.map(|at| at.unwrap_or(TransactionIdx(0))).collect()
}

/// Adds the next record, and judges anew whether it was seen before.
fn add(leg: &mut Leg, mut record: Record) -> RecordIdx {
    let at = RecordIdx(leg.records.len() as u16);
    let transaction = leg.transaction(record.transaction);
    let is_first = transaction.first == at;
    record.previous = (!is_first).then_some(transaction.last);
    let seen = Seen {
        records: &leg.records,
        vantages: &leg.vantages,
    };
    record.repeat = repeat::judge(seen, &record);
    leg.records.push(record);
    let transaction = &mut leg.transactions[record.transaction.0 as usize];
    transaction.take(at, record.role, record.repeat);
    at
}

/// The record of which one is a copy, or that one: what was noted of a message stays with it.
fn original(leg: &Leg, at: RecordIdx) -> RecordIdx {
    let record = leg.record(at);
    if record.repeat != Repeat::Duplicate {
        return at;
    }
    let mut before = std::iter::successors(record.previous, |at| leg.record(*at).previous);
    let is_original = |at: &RecordIdx| {
        let earlier = leg.record(*at);
        earlier.fingerprint == record.fingerprint && earlier.repeat != Repeat::Duplicate
    };
    before.find(is_original).unwrap_or(at)
}
