//! How far the clocks of capture points are apart, by messages that several of them show.

use std::collections::BTreeMap;

use siptriage_capture::time::MILLISECOND;

use crate::leg::Leg;
use crate::record::{Record, RecordIdx, Repeat};

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
    pub fn add(&mut self, leg: &Leg) {
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
    use siptriage_capture::{Endpoint, Flow, Time, Transport};

    use super::*;
    use crate::leg::{Closed, Vantage};
    use crate::record::{Facts, FrameRef, Role, TransactionIdx, VantageIdx};
    use crate::text::{TextId, Texts};

    /// A leg whose messages interface 0 shows, and interface 1 again so many milliseconds later.
    fn leg(later: &[i64]) -> Leg {
        let host = |last| Endpoint {
            ip: [192, 0, 2, last].into(),
            port: 5060,
        };
        let vantage = |interface| Vantage {
            flow: Flow {
                src: host(1),
                dst: host(2),
                transport: Transport::Udp,
            },
            interface,
            tunnel: 0,
        };
        let mut records = Vec::new();
        for (number, later) in (0..).zip(later) {
            for (vantage, repeat, delay) in [(0, Repeat::First, 0), (1, Repeat::Duplicate, *later)]
            {
                let previous = records.len().checked_sub(1);
                records.push(Record {
                    time: Time((i64::from(number) * 1_000 + delay) * MILLISECOND),
                    frame: FrameRef::default(),
                    transaction: TransactionIdx(0),
                    previous: previous.map(|at| RecordIdx(at as u32)),
                    vantage: VantageIdx(vantage),
                    role: Role::Request,
                    repeat,
                    facts: Facts::default(),
                    to_tag: TextId::NONE,
                    rseq: 0,
                    fingerprint: number,
                    link: 0,
                    ip_id: 0,
                    ttl: 64,
                });
            }
        }
        Leg {
            call_id: TextId::NONE,
            records,
            transactions: Vec::new(),
            vantages: vec![vantage(0), vantage(1)],
            notes: Vec::new(),
            texts: Texts::default(),
            overflow: 0,
            id: None,
            closed: Closed::Settled,
            seen_until: Time(0),
        }
    }

    #[test]
    fn messages_seen_on_both_tell_the_difference() {
        let mut skews = Skews::default();
        skews.add(&leg(&[350, 352]));
        assert_eq!(skews.between(0, 1), None);
        skews.add(&leg(&[351]));
        let skew = |milliseconds| {
            Some(Skew {
                offset: milliseconds * MILLISECOND,
                samples: 3,
            })
        };
        assert_eq!(skews.between(0, 1), skew(351));
        assert_eq!(skews.between(1, 0), skew(-351));
        assert_eq!(skews.between(0, 2), None);
    }

    #[test]
    fn only_clocks_that_differ_disturb_and_only_what_both_show() {
        let both = || [0, 1].map(RecordIdx).into_iter();
        let (mut apart, mut near) = (Skews::default(), Skews::default());
        let far = leg(&[6, 6, 6]);
        apart.add(&far);
        near.add(&leg(&[5, 5, 5]));
        assert!(apart.disturb(&far, both()));
        assert!(!apart.disturb(&far, [0, 2, 4].map(RecordIdx).into_iter()));
        assert!(!near.disturb(&far, both()));
    }

    #[test]
    fn the_way_between_two_points_cancels_out() {
        let mut pair = Pair::default();
        pair.directions[0] = Sum {
            count: 3,
            sum: 3 * (350 + 3),
        };
        assert_eq!(pair.skew().map(|skew| skew.offset), Some(353));
        pair.directions[1] = Sum {
            count: 2,
            sum: 2 * (350 - 3),
        };
        let skew = pair.skew().unwrap();
        assert_eq!((skew.offset, skew.samples), (350, 5));
    }
}
