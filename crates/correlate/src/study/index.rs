//! The records of a leg by transaction, and the sendings of one message.

use std::ops::Range;

use siptriage_sip::{Method, StatusCode};
use smallvec::{SmallVec, smallvec};

use crate::leg::Leg;
use crate::record::{Record, RecordIdx, Repeat, Role, TransactionIdx, VantageIdx};
use crate::text::TextId;

/// The sendings of one message on one vantage, in capture order, copies by the capture left out. What
/// several vantages show was sent on each.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Where they were seen.
    pub vantage: VantageIdx,
    /// Role, and for a response its status.
    pub role: Role,
    /// To tag of the message.
    pub to_tag: TextId,
    /// RSeq of a reliable provisional response, or 0.
    pub rseq: u32,
    /// The sendings.
    pub records: Vec<RecordIdx>,
    /// How many of them repeat an earlier one.
    repeats: u32,
}

impl Sending {
    /// Times of the sendings in nanoseconds.
    pub fn times(&self, leg: &Leg) -> Vec<i64> {
        self.records
            .iter()
            .map(|record| leg.record(*record).time.0)
            .collect()
    }
}

/// Records of a transaction looked back through for the original of a copy.
const LOOK_BACK: usize = 24;

/// Records by transaction.
#[derive(Debug, Default)]
pub(super) struct Index {
    order: SmallVec<[RecordIdx; 8]>,
    ranges: SmallVec<[Range<u32>; 3]>,
}

impl Index {
    /// Sorts the records by transaction, keeping their order within: one pass to count, one to
    /// place.
    pub(super) fn new(leg: &Leg) -> Index {
        let records = leg.records.as_slice();
        let mut index = Index {
            order: smallvec![RecordIdx(0); records.len()],
            ranges: smallvec![0..0; leg.transactions.len()],
        };
        let ranges = index.ranges.as_mut_slice();
        for record in records {
            ranges[record.transaction.0 as usize].end += 1;
        }
        let mut start = 0;
        for range in &mut *ranges {
            let count = range.end;
            *range = start..start;
            start += count;
        }
        let order = index.order.as_mut_slice();
        for (at, record) in (0..).map(RecordIdx).zip(records) {
            let range = &mut ranges[record.transaction.0 as usize];
            order[range.end as usize] = at;
            range.end += 1;
        }
        index
    }

    pub(super) fn records(&self, at: TransactionIdx) -> &[RecordIdx] {
        let range = &self.ranges[at.0 as usize];
        &self.order[range.start as usize..range.end as usize]
    }

    pub(super) fn request_sendings(&self, leg: &Leg, at: TransactionIdx) -> Vec<Sending> {
        self.sendings(leg, at, |role| role == Role::Request)
    }

    pub(super) fn response_sendings(&self, leg: &Leg, at: TransactionIdx) -> Vec<Sending> {
        self.sendings(leg, at, |role| role.status().is_some())
    }

    /// Repeats of the messages of a transaction other than ACKs and 2xx responses to an INVITE:
    /// of each message the greatest number on one vantage.
    pub(super) fn retransmissions(&self, leg: &Leg, at: TransactionIdx) -> u32 {
        let is_invite = leg.transaction(at).method == Method::Invite;
        let mut most: Vec<((Role, TextId, u32), u32)> = Vec::new();
        for sending in self.sendings(leg, at, |role| role != Role::Ack) {
            if is_invite && is_answer(&sending) {
                continue;
            }
            let count = sending.repeats;
            let message = (sending.role, sending.to_tag, sending.rseq);
            match most.iter_mut().find(|(known, _)| *known == message) {
                Some((_, greatest)) => *greatest = count.max(*greatest),
                None => most.push((message, count)),
            }
        }
        most.iter().map(|(_, count)| count).sum()
    }

    /// Repeats of a 2xx with this To tag: the greatest number on one vantage.
    pub(super) fn answer_repeats(&self, leg: &Leg, at: TransactionIdx, to_tag: TextId) -> u32 {
        let sendings = self.response_sendings(leg, at).into_iter();
        let answers =
            sendings.filter(|sending| is_answer(sending) && leg.same_tag(sending.to_tag, to_tag));
        answers.map(|sending| sending.repeats).max().unwrap_or(0)
    }

    /// Messages told apart in one transaction; more than any honest one has.
    const MESSAGES: usize = 64;

    fn sendings(&self, leg: &Leg, at: TransactionIdx, wanted: fn(Role) -> bool) -> Vec<Sending> {
        let mut sendings: Vec<Sending> = Vec::new();
        let records = self.records(at);
        for (place, index) in records.iter().enumerate() {
            let record = leg.record(*index);
            if !wanted(record.role) {
                continue;
            }
            let Some(repeat) = sent(leg, record, &records[..place]) else {
                continue;
            };
            let repeats = u32::from(matches!(repeat, Repeat::Retransmission | Repeat::Reply));
            let known = sendings.iter().position(|sending| {
                sending.role == record.role
                    && sending.to_tag == record.to_tag
                    && sending.rseq == record.rseq
                    && sending.vantage == record.vantage
            });
            match known {
                Some(known) => {
                    sendings[known].records.push(*index);
                    sendings[known].repeats += repeats;
                }
                None if sendings.len() >= Self::MESSAGES => {}
                None => sendings.push(Sending {
                    vantage: record.vantage,
                    role: record.role,
                    to_tag: record.to_tag,
                    rseq: record.rseq,
                    records: vec![*index],
                    repeats,
                }),
            }
        }
        sendings
    }
}

fn is_answer(sending: &Sending) -> bool {
    sending.role.status().is_some_and(StatusCode::is_success)
}

/// What a message is as a sending on its vantage, after the `earlier` ones of its transaction; `None`
/// for a copy there. The first copy on another vantage than the original is the same sending.
fn sent(leg: &Leg, record: &Record, earlier: &[RecordIdx]) -> Option<Repeat> {
    match record.repeat {
        Repeat::First | Repeat::Retransmission | Repeat::Reply => return Some(record.repeat),
        Repeat::Fast => return None,
        Repeat::Duplicate => {}
    }
    let flow = leg.vantage(record.vantage).flow;
    let newest_first = earlier.iter().rev().take(LOOK_BACK);
    let same = newest_first.map(|at| leg.record(*at));
    let mut same = same.filter(|known| {
        known.role == record.role
            && known.to_tag == record.to_tag
            && known.rseq == record.rseq
            && leg.vantage(known.vantage).flow == flow
    });
    let nearest =
        same.find(|known| known.vantage == record.vantage || known.repeat != Repeat::Duplicate)?;
    (nearest.vantage != record.vantage && nearest.repeat != Repeat::Fast).then_some(nearest.repeat)
}
