//! How far the clocks of capture points are apart, by messages that several of them show, that a
//! proxy sent on from one to the other, or that answer one another.

mod bound;
mod exchange;
mod pair;
mod passage;
mod sight;

use std::collections::BTreeMap;

use siptriage_capture::Time;
use siptriage_capture::time::MILLISECOND;

use crate::leg::Leg;
use crate::record::{Record, Repeat};
use pair::Pair;

/// How far the clocks of capture points are apart.
///
/// A message that two interfaces show takes some time from one to the other, never less than none.
/// Messages there and back bound the difference of the clocks from both sides (RFC 5905 8 measures
/// so, too). One direction alone only tells that clocks differ.
/// A proxy between two interfaces sends nothing on before it has it, and where one interface shows
/// requests only and another one their responses, none of these comes before what it answers: that
/// bounds the difference likewise.
#[derive(Clone, Debug, Default)]
pub struct Skews {
    pairs: BTreeMap<(u32, u32), Pair>,
}

/// How far a clock is ahead of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Nanoseconds by which it is ahead.
    pub offset: i64,
    /// Nanoseconds by which that may be wrong, either way.
    pub error: i64,
}

/// What is known of two clocks at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Too few messages were seen on both.
    Unknown,
    /// They agree as far as timing rules care.
    Agree,
    /// They are apart, and it is known by how much.
    Apart(Skew),
    /// They are apart, but by how much is not known well enough.
    Doubtful,
}

impl Skews {
    /// Pairs of interfaces compared.
    const PAIRS: usize = 256;
    /// Fewer messages seen on both interfaces tell nothing.
    const SAMPLES: u32 = 3;
    /// Clocks closer than this agree as far as timing rules care.
    const TOLERANCE: i64 = 5 * MILLISECOND;
    /// An offset that may be off by more corrects nothing.
    pub const ERROR: i64 = 20 * MILLISECOND;

    /// Adds the messages of a leg that several interfaces show, one after the other.
    pub fn add(&mut self, leg: &Leg) {
        if !leg.is_of_several_interfaces() {
            return;
        }
        for (at, sight) in sight::sights(leg) {
            if let Some(pair) = self.pair(sight.interfaces) {
                pair.bind(at, sight.bound);
            }
        }
        for (at, sight) in passage::passages(leg).chain(exchange::exchanges(leg)) {
            if let Some(pair) = self.pair(sight.interfaces) {
                pair.bind_passage(at, sight.bound);
            }
        }
        let copies = leg.records.iter();
        for copy in copies.filter(|record| record.repeat == Repeat::Duplicate) {
            if let Some(original) = sight::original(leg, copy) {
                self.compare(leg, original, copy);
            }
        }
    }

    /// What is known of the clocks of two interfaces around a time; the offset is that of `other`.
    pub fn relation(&self, one: u32, other: u32, around: Time) -> Relation {
        let Some(pair) = self.pairs.get(&(one.min(other), one.max(other))) else {
            return Relation::Unknown;
        };
        match pair.relation(around) {
            Relation::Apart(skew) if one > other => Relation::Apart(Skew {
                offset: -skew.offset,
                ..skew
            }),
            relation => relation,
        }
    }

    /// A time that interface `from` stamped, as the clock of interface `to` would have.
    pub fn carried(&self, time: Time, from: u32, to: u32) -> Time {
        if from == to {
            return time;
        }
        match self.relation(from, to, time) {
            Relation::Apart(skew) => time.plus(skew.offset),
            Relation::Unknown | Relation::Agree | Relation::Doubtful => time,
        }
    }

    /// Whether nothing tells of any two interfaces so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn pair(&mut self, interfaces: (u32, u32)) -> Option<&mut Pair> {
        if self.pairs.len() >= Self::PAIRS && !self.pairs.contains_key(&interfaces) {
            return None;
        }
        Some(self.pairs.entry(interfaces).or_default())
    }

    fn compare(&mut self, leg: &Leg, original: &Record, copy: &Record) {
        let one = leg.vantage(original.vantage);
        let other = leg.vantage(copy.vantage);
        let is_forth = one.interface < other.interface;
        let passed = copy.time.since(original.time);
        let direction = usize::from(one.flow.src > one.flow.dst);
        let lower = one.interface.min(other.interface);
        if let Some(pair) = self.pair((lower, one.interface.max(other.interface))) {
            pair.add(direction, if is_forth { passed } else { -passed });
        }
    }
}

#[cfg(test)]
mod tests;
