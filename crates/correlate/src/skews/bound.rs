//! Between which values the difference of two clocks lies.

use siptriage_capture::time::MILLISECOND;

use super::Skew;

/// Between which values the difference of two clocks lies, as messages prove that passed both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    low: i64,
    high: i64,
    /// Messages that prove it.
    pub(super) samples: u32,
}

impl Bound {
    /// Time stamps are late by less.
    const NOISE: i64 = 5 * MILLISECOND;

    /// What differences of messages one way and the other prove. No message arrives before it was
    /// sent: those of one way are not below the difference of the clocks, those of the other not
    /// above it.
    pub(super) fn of(forth: &[i64], back: &[i64]) -> Option<Bound> {
        let (forth_least, forth_most) = (forth.iter().min()?, forth.iter().max()?);
        let (back_least, back_most) = (back.iter().min()?, back.iter().max()?);
        Some(Bound {
            low: *forth_most.min(back_most),
            high: *forth_least.max(back_least),
            samples: (forth.len() + back.len()) as u32,
        })
    }

    /// What both prove together.
    pub(super) fn and(self, other: Bound) -> Bound {
        Bound {
            low: self.low.max(other.low),
            high: self.high.min(other.high),
            samples: self.samples.saturating_add(other.samples),
        }
    }

    /// What it proves of another time, at which the difference may be `by` nanoseconds more or less.
    pub(super) fn widened(self, by: i64) -> Bound {
        Bound {
            low: self.low.saturating_sub(by),
            high: self.high.saturating_add(by),
            ..self
        }
    }

    /// Whether the messages do not contradict one another, as they do when a clock was set between
    /// them.
    pub(super) fn is_sound(self) -> bool {
        self.low.saturating_sub(self.high) <= Self::NOISE
    }

    /// Whether the difference may be one of at most so many nanoseconds, either way.
    pub(super) fn holds_within(self, tolerance: i64) -> bool {
        self.low <= tolerance && self.high >= -tolerance
    }

    /// The middle, and how far the ends are from it.
    pub(super) fn skew(self) -> Skew {
        let width = self.high.saturating_sub(self.low);
        Skew {
            offset: self.low.saturating_add(width / 2),
            error: width.saturating_abs() / 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_both_ways_bound_the_difference() {
        // Forth, back: low, high.
        let cases = [
            (vec![353], vec![347], Some((347, 353))),
            (vec![347], vec![353], Some((347, 353))),
            (vec![353, 360], vec![347, 340], Some((347, 353))),
            (vec![350], vec![350], Some((350, 350))),
            (vec![350], vec![], None),
            (vec![], vec![350], None),
        ];
        for (forth, back, expected) in cases {
            let bound = Bound::of(&forth, &back).map(|bound| (bound.low, bound.high));
            assert_eq!(bound, expected, "{forth:?} {back:?}");
        }
    }

    #[test]
    fn messages_that_contradict_one_another_are_not_sound() {
        let noise = Bound::NOISE;
        let bound = |forth: &[i64], back: &[i64]| Bound::of(forth, back).unwrap();
        assert!(bound(&[0, noise], &[0, noise]).is_sound());
        assert!(!bound(&[0, noise + 1], &[0, noise + 1]).is_sound());
        let later = bound(&[noise * 3], &[noise * 3]);
        assert!(!bound(&[0], &[0]).and(later).is_sound());
        assert!(bound(&[0], &[0]).widened(noise * 2).and(later).is_sound());
    }
}
