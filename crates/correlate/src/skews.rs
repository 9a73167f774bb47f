//! How far the clocks of capture points are apart, by messages that several of them show.

use std::collections::BTreeMap;

use siptriage_capture::time::MILLISECOND;

use crate::leg::Leg;
use crate::record::{Record, RecordIdx, Repeat};
use crate::study::Case;

/// How far the clocks of capture points are apart.
///
/// A message that two interfaces show takes some time from one to the other. Means by direction of
/// the message are taken first, so that the way cancels out and the difference of the clocks
/// remains.
#[derive(Clone, Debug, Default)]
pub struct Skews {
    pairs: BTreeMap<(u32, u32), Pair>,
}

/// What two interfaces, the lower one first, tell of each other.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// Messages from the lower to the higher address, then those of the other direction.
    directions: [Sum; 2],
}

/// Differences in nanoseconds: time at the higher interface less that at the lower one.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: u32,
    sum: i128,
}

/// How far two clocks are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Nanoseconds by which the second interface is ahead of the first.
    pub offset: i64,
    /// Messages seen on both.
    pub samples: u64,
}

impl Skews {
    /// Pairs of interfaces compared.
    const PAIRS: usize = 1_024;
    /// Fewer messages seen on both interfaces tell nothing.
    const SAMPLES: u64 = 3;
    /// Clocks closer than this agree as far as timing rules care.
    const TOLERANCE: i64 = 5 * MILLISECOND;
    /// Records looked back through for the message of which another is a copy.
    const LOOK_BACK: usize = 24;

    /// Adds the messages of a leg that several interfaces show.
    pub fn add(&mut self, case: &Case) {
        let leg = &case.leg;
        let copies = leg
            .records
            .iter()
            .filter(|record| record.repeat == Repeat::Duplicate);
        for copy in copies {
            if let Some(original) = original(leg, copy) {
                self.compare(leg, original, copy);
            }
        }
    }

    /// How far interface `other` is ahead of `one`; `None` where too little tells.
    pub fn between(&self, one: u32, other: u32) -> Option<Skew> {
        let pair = self.pairs.get(&(one.min(other), one.max(other)))?;
        let skew = pair.skew()?;
        let offset = if one <= other {
            skew.offset
        } else {
            -skew.offset
        };
        Some(Skew { offset, ..skew })
    }

    /// Whether messages were captured by clocks that are known to disagree.
    pub fn disturb(&self, leg: &Leg, records: impl Iterator<Item = RecordIdx>) -> bool {
        if self.pairs.is_empty() {
            return false;
        }
        let mut first = None;
        records
            .map(|record| leg.vantage(leg.record(record).vantage).interface)
            .any(|interface| {
                let first = *first.get_or_insert(interface);
                first != interface
                    && self
                        .between(first, interface)
                        .is_some_and(|skew| skew.offset.saturating_abs() > Self::TOLERANCE)
            })
    }

    fn compare(&mut self, leg: &Leg, original: &Record, copy: &Record) {
        let one = leg.vantage(original.vantage);
        let other = leg.vantage(copy.vantage);
        let pair = (
            one.interface.min(other.interface),
            one.interface.max(other.interface),
        );
        if self.pairs.len() >= Self::PAIRS && !self.pairs.contains_key(&pair) {
            return;
        }
        let passed = copy.time.since(original.time);
        let difference = if one.interface < other.interface {
            passed
        } else {
            -passed
        };
        let direction = usize::from(one.flow.src > one.flow.dst);
        let sum = &mut self.pairs.entry(pair).or_default().directions[direction];
        sum.count = sum.count.saturating_add(1);
        sum.sum += i128::from(difference);
    }
}

/// The message at another interface of which a record is a copy.
fn original<'l>(leg: &'l Leg, copy: &Record) -> Option<&'l Record> {
    let before = std::iter::successors(copy.previous, |at| leg.record(*at).previous);
    let interface = |record: &Record| leg.vantage(record.vantage).interface;
    before
        .take(Skews::LOOK_BACK)
        .map(|at| leg.record(at))
        .find(|record| {
            record.fingerprint == copy.fingerprint && interface(record) != interface(copy)
        })
}

impl Pair {
    fn skew(&self) -> Option<Skew> {
        let samples = self.directions.iter().map(|sum| u64::from(sum.count)).sum();
        if samples < Skews::SAMPLES {
            return None;
        }
        let means: Vec<i128> = self.directions.iter().filter_map(Sum::mean).collect();
        let offset = means.iter().sum::<i128>() / means.len().max(1) as i128;
        Some(Skew {
            offset: i64::try_from(offset).unwrap_or(i64::MAX),
            samples,
        })
    }
}

impl Sum {
    fn mean(&self) -> Option<i128> {
        (self.count > 0).then(|| self.sum / i128::from(self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_two_points_cancels_out() {
        let mut pair = Pair::default();
        for way in [2, 3, 4] {
            pair.directions[0].count += 1;
            pair.directions[0].sum += 350 + way;
        }
        assert_eq!(pair.skew().map(|skew| skew.offset), Some(353));
        pair.directions[1] = Sum {
            count: 2,
            sum: 2 * (350 - 3),
        };
        let skew = pair.skew().unwrap();
        assert_eq!((skew.offset, skew.samples), (350, 5));
    }

    #[test]
    fn few_messages_tell_nothing() {
        let mut pair = Pair::default();
        pair.directions[0] = Sum { count: 2, sum: 700 };
        assert_eq!(pair.skew(), None);
    }
}
