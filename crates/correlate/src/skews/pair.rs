//! What the messages that two interfaces show tell of their clocks.

use std::collections::BTreeMap;

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

use super::bound::Bound;
use super::{Relation, Skews};

/// What two interfaces tell of each other. Differences are nanoseconds: time at the interface with
/// the higher number less that at the other one.
#[derive(Clone, Debug, Default)]
pub(super) struct Pair {
    /// Messages from the lower to the higher address, then those of the other direction.
    directions: [Sum; 2],
    /// What messages prove that both show.
    copies: Proofs,
    /// What messages prove that a proxy sent on from the one to the other, or that answer others.
    passages: Proofs,
}

/// What is proven of each [`Pair::STRETCH`].
#[derive(Clone, Debug, Default)]
struct Proofs(BTreeMap<i64, Bound>);

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: u32,
    sum: i128,
}

impl Pair {
    /// Time in which clocks hardly drift.
    const STRETCH: i64 = 30 * SECOND;
    /// Two clocks drift apart in a stretch by at most this: 50 ppm each.
    const DRIFT: i64 = Self::STRETCH / 10_000;
    /// Farther away drift alone makes an offset useless.
    const REACH: i64 = Skews::ERROR / Self::DRIFT;
    /// Stretches remembered.
    const KEPT: usize = 512;

    /// Takes note of what messages around a time prove that both show.
    pub(super) fn bind(&mut self, around: Time, bound: Bound) {
        self.copies.add(around, bound);
    }

    /// Takes note of what messages around a time prove that a proxy sent on, or that answer others.
    pub(super) fn bind_passage(&mut self, around: Time, bound: Bound) {
        self.passages.add(around, bound);
    }

    /// Adds a message that both show.
    pub(super) fn add(&mut self, direction: usize, difference: i64) {
        let sum = &mut self.directions[direction];
        sum.count = sum.count.saturating_add(1);
        sum.sum += i128::from(difference);
    }

    /// What is known of the clocks around a time.
    pub(super) fn relation(&self, around: Time) -> Relation {
        match self.by_copies(around) {
            Relation::Unknown => self.by_passages(around),
            known => known,
        }
    }

    /// How long a proxy takes, or who answers, is not known: clocks that may agree are taken to. That
    /// they do not, one message is enough to tell.
    fn by_passages(&self, around: Time) -> Relation {
        let bound = self.passages.around(around);
        match bound.filter(|bound| bound.is_sound() && !bound.holds_within(Skews::TOLERANCE)) {
            Some(bound) if bound.is_enough() && bound.skew().error <= Skews::ERROR => {
                Relation::Apart(bound.skew())
            }
            Some(_) => Relation::Doubtful,
            None => Relation::Unknown,
        }
    }

    fn by_copies(&self, around: Time) -> Relation {
        let bound = self.copies.around(around).filter(Bound::is_enough);
        match bound {
            Some(bound) if !bound.is_sound() => Relation::Doubtful,
            Some(bound) if bound.skew().error <= Skews::ERROR => {
                let skew = bound.skew();
                if agree(skew.offset) {
                    Relation::Agree
                } else {
                    Relation::Apart(skew)
                }
            }
            Some(_) | None => match self.offset().or(bound.map(|bound| bound.skew().offset)) {
                None => Relation::Unknown,
                Some(offset) if agree(offset) => Relation::Agree,
                Some(_) => Relation::Doubtful,
            },
        }
    }

    /// The mean difference by direction, so that the way cancels out where both were seen; `None`
    /// where too little was.
    fn offset(&self) -> Option<i64> {
        let samples: u32 = self.directions.iter().map(|sum| sum.count).sum();
        if samples < Skews::SAMPLES {
            return None;
        }
        let means: Vec<i128> = self.directions.iter().filter_map(Sum::mean).collect();
        let offset = means.iter().sum::<i128>() / means.len().max(1) as i128;
        Some(i64::try_from(offset).unwrap_or(i64::MAX))
    }
}

impl Proofs {
    fn add(&mut self, around: Time, bound: Bound) {
        self.0
            .entry(stretch(around))
            .and_modify(|known| *known = known.and(bound))
            .or_insert(bound);
        if self.0.len() > Pair::KEPT {
            self.0.pop_first();
        }
    }

    /// What is proven of a time, the nearest proof first; what contradicts nearer proof tells of
    /// a clock that was set between the two.
    fn around(&self, time: Time) -> Option<Bound> {
        let stretch = stretch(time);
        let mut proven: Option<Bound> = None;
        for distance in 0..=Pair::REACH {
            for at in [stretch - distance, stretch + distance] {
                let Some(bound) = self.0.get(&at) else {
                    continue;
                };
                let bound = bound.widened(distance * Pair::DRIFT);
                let both = proven.map_or(bound, |proven| proven.and(bound));
                if proven.is_some_and(Bound::is_sound) && !both.is_sound() {
                    return proven;
                }
                proven = Some(both);
                if distance == 0 {
                    break;
                }
            }
        }
        proven
    }
}

impl Bound {
    fn is_enough(&self) -> bool {
        self.samples >= Skews::SAMPLES
    }
}

impl Sum {
    fn mean(&self) -> Option<i128> {
        (self.count > 0).then(|| self.sum / i128::from(self.count))
    }
}

fn agree(offset: i64) -> bool {
    offset.saturating_abs() <= Skews::TOLERANCE
}

fn stretch(time: Time) -> i64 {
    time.0.div_euclid(Pair::STRETCH)
}
