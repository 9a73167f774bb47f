//! The clocks that stamped a leg: what is known of them, and its times by one of them.

use siptriage_capture::Time;

use crate::leg::Leg;
use crate::order;
use crate::record::{Record, RecordIdx};
use crate::skews::{Relation, Skews};

/// The clocks that stamped a leg.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// By how many nanoseconds a corrected time may be wrong; `None` where none was corrected.
    pub error: Option<i64>,
    /// The greatest correction, in nanoseconds.
    pub shift: i64,
    /// Interfaces whose clocks are apart from that of the others by nobody knows how much.
    apart: Vec<u32>,
    /// Whether one of them was set back while the leg lasted.
    pub(crate) was_set: bool,
}

impl Clocks {
    /// Whether some of these messages were stamped by clocks that are apart and not corrected.
    pub fn disagree(&self, leg: &Leg, records: impl Iterator<Item = RecordIdx>) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let mut first = None;
        let mut interfaces = records.map(|record| leg.interface(leg.record(record)));
        let (mut differ, mut doubtful) = (false, false);
        interfaces.any(|interface| {
            differ |= *first.get_or_insert(interface) != interface;
            doubtful |= self.apart.contains(&interface);
            differ && doubtful
        })
    }
}

/// Brings the messages of a leg that clocks of several capture points stamped to one clock, and
/// into the order of their times by it. That clock is the one of its first message.
pub(crate) fn align(leg: &mut Leg, skews: &Skews) -> Clocks {
    if skews.is_empty() || !leg.is_of_several_interfaces() {
        return Clocks::default();
    }
    let (shifts, clocks) = shifts(leg, skews);
    if clocks.error.is_some() {
        reorder(leg, &shifts);
    }
    clocks
}

/// The interface whose clock the times of a leg follow.
pub(crate) fn reference(leg: &Leg) -> Option<u32> {
    leg.records.first().map(|record| leg.interface(record))
}

/// What becomes of the times of one interface.
#[derive(Clone, Copy, Debug)]
enum Standing {
    /// They are moved by so many nanoseconds, and are then wrong by so many at most.
    Moved { by: i64, error: i64 },
    /// They cannot be compared with those of the others.
    Apart,
}

/// Interfaces of a leg that are told apart.
const INTERFACES: usize = 8;

/// By how much each record is to be moved.
fn shifts(leg: &Leg, skews: &Skews) -> (Vec<i64>, Clocks) {
    let mut interfaces: Vec<u32> = Vec::new();
    for vantage in &leg.vantages {
        if interfaces.len() < INTERFACES && !interfaces.contains(&vantage.interface) {
            interfaces.push(vantage.interface);
        }
    }
    let mut clocks = Clocks::default();
    let mut standings = Vec::with_capacity(leg.transactions.len());
    for transaction in &leg.transactions {
        let around = leg.record(transaction.first).time;
        let row = standings_around(&interfaces, skews, around);
        for (interface, standing) in interfaces.iter().zip(&row) {
            if matches!(standing, Standing::Apart) && !clocks.apart.contains(interface) {
                clocks.apart.push(*interface);
            }
        }
        standings.push(row);
    }
    let moved = |record: &Record| {
        let interface = leg.interface(record);
        let column = interfaces.iter().position(|known| *known == interface)?;
        match standings[record.transaction.0 as usize][column] {
            Standing::Moved { by, error } if !clocks.apart.contains(&interface) => {
                Some((by, error))
            }
            Standing::Moved { .. } | Standing::Apart => None,
        }
    };
    let mut shifts: Vec<i64> = Vec::with_capacity(leg.records.len());
    let mut error = None;
    for record in &leg.records {
        let (by, uncertainty) = moved(record).unwrap_or_default();
        if by != 0 {
            error = error.max(Some(uncertainty));
        }
        shifts.push(by);
    }
    clocks.error = error;
    let by_time = shifts.iter().zip(&leg.records);
    let first = by_time.min_by_key(|(by, record)| record.time.plus(**by));
    let own = first.map_or(0, |(by, _)| *by);
    for by in &mut shifts {
        *by -= own;
        clocks.shift = clocks.shift.max(by.saturating_abs());
    }
    (shifts, clocks)
}

/// What becomes of the times of each interface around a time: each is compared with those before
/// it.
fn standings_around(interfaces: &[u32], skews: &Skews, around: Time) -> Vec<Standing> {
    let own = Standing::Moved { by: 0, error: 0 };
    let mut standings: Vec<Standing> = Vec::with_capacity(interfaces.len());
    for interface in interfaces {
        let mut standing = own;
        for (earlier, known) in interfaces.iter().zip(&standings) {
            let Standing::Moved { by, error } = *known else {
                continue;
            };
            let (offset, uncertainty) = match skews.relation(*earlier, *interface, around) {
                Relation::Unknown => continue,
                Relation::Doubtful => {
                    standing = Standing::Apart;
                    continue;
                }
                Relation::Agree => (0, 0),
                Relation::Apart(skew) => (skew.offset, skew.error),
            };
            let error = error.saturating_add(uncertainty);
            standing = if error <= Skews::ERROR {
                let by = by.saturating_sub(offset);
                Standing::Moved { by, error }
            } else {
                Standing::Apart
            };
            break;
        }
        standings.push(standing);
    }
    standings
}

/// Moves each record of a leg by its shift. The records of one interface keep their order: what
/// its clock did meanwhile stays to be seen.
fn reorder(leg: &mut Leg, shifts: &[i64]) {
    let mut newest: Vec<(u32, Time)> = Vec::new();
    let mut order: Vec<(Time, usize)> = Vec::with_capacity(leg.records.len());
    for (at, by) in shifts.iter().enumerate() {
        leg.records[at].time = leg.records[at].time.plus(*by);
        let (interface, time) = (leg.interface(&leg.records[at]), leg.records[at].time);
        let place = match newest.iter_mut().find(|(known, _)| *known == interface) {
            Some((_, newest)) => {
                *newest = time.max(*newest);
                *newest
            }
            None => {
                newest.push((interface, time));
                time
            }
        };
        order.push((place, at));
    }
    order.sort_unstable();
    let order: Vec<usize> = order.into_iter().map(|(_, at)| at).collect();
    order::reorder(leg, &order);
}
