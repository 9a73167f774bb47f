//! The monotone clock of a capture, which one frame with a wild time does not move.

use crate::Time;
use crate::time::SECOND;

/// A time further than this from the clock, in nanoseconds, has to be confirmed by the next frame.
const FAR: u64 = 86_400 * SECOND.unsigned_abs();

/// The greatest time of the frames so far. It never runs backwards.
///
/// A time more than a day from the clock is a *stray* until the frame after it agrees with it to a
/// day. Strays leave the clock where it is: a damaged record that claims to be years ahead would
/// otherwise run out every timer of the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    now: Time,
    stray: Option<Stray>,
}

/// The time of the latest frame where that is far from the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stray {
    time: Time,
    confirmed: bool,
}

/// What a time was to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tick {
    /// Near it.
    Near,
    /// Near it, and the time before was a stray that stays alone.
    NearAfterStray,
    /// A stray.
    Stray,
    /// A stray, and the time before was another one that stays alone.
    StrayAfterStray,
    /// Far from it, and agreeing with the time before, which was a stray until now.
    Confirming(Time),
    /// Far from it, and agreeing with a run of such times.
    Confirmed,
}

impl Clock {
    /// The clock before the first frame.
    pub(super) const START: Clock = Clock {
        now: Time::MIN,
        stray: None,
    };

    /// What the clock shows; [`Time::MIN`] before the first frame.
    pub fn now(self) -> Time {
        self.now
    }

    /// The time of the latest frame where that is a stray.
    pub(super) fn stray(self) -> Option<Time> {
        self.stray
            .filter(|stray| !stray.confirmed)
            .map(|stray| stray.time)
    }

    /// The time that a frame goes by which has none of its own: that of the clock.
    pub(super) fn substitute(self) -> Time {
        if self.now == Time::MIN {
            Time(0)
        } else {
            self.now
        }
    }

    /// Advances the clock to the time of the next frame.
    #[inline]
    pub(super) fn advance(&mut self, time: Time) -> Tick {
        if self.is_far(time) || self.stray.is_some() {
            return self.advance_strayed(time);
        }
        self.now = self.now.max(time);
        Tick::Near
    }

    #[cold]
    fn advance_strayed(&mut self, time: Time) -> Tick {
        let before = self.stray.take();
        let lone = before.is_some_and(|stray| !stray.confirmed);
        if !self.is_far(time) {
            self.now = self.now.max(time);
            return if lone {
                Tick::NearAfterStray
            } else {
                Tick::Near
            };
        }
        let agreed = before.filter(|stray| stray.time.0.abs_diff(time.0) <= FAR);
        let Some(stray) = agreed else {
            self.stray = Some(Stray {
                time,
                confirmed: false,
            });
            return if lone {
                Tick::StrayAfterStray
            } else {
                Tick::Stray
            };
        };
        self.now = self.now.max(stray.time).max(time);
        self.stray = Some(Stray {
            time,
            confirmed: true,
        });
        if lone {
            Tick::Confirming(stray.time)
        } else {
            Tick::Confirmed
        }
    }

    #[inline]
    fn is_far(&self, time: Time) -> bool {
        time.0.abs_diff(self.now.0) > FAR && self.now != Time::MIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400 * SECOND;

    fn show(seconds: &[i64]) -> Vec<i64> {
        let mut clock = Clock::START;
        let mut shown = Vec::new();
        for time in seconds {
            clock.advance(Time(*time));
            shown.push(clock.now().0);
        }
        shown
    }

    #[test]
    fn the_clock_is_the_greatest_time() {
        assert_eq!(show(&[5, 7, 6, 8]), [5, 7, 7, 8]);
        assert_eq!(show(&[5, 5 + DAY, 5 - DAY]), [5, 5 + DAY, 5 + DAY]);
    }

    #[test]
    fn one_wild_time_does_not_move_the_clock() {
        assert_eq!(show(&[5, 6 + DAY, 7]), [5, 5, 7]);
        assert_eq!(show(&[5, i64::MAX, 7, i64::MAX, 8]), [5, 5, 7, 7, 8]);
        assert_eq!(show(&[5, i64::MIN, 7]), [5, 5, 7]);
    }

    #[test]
    fn two_times_that_agree_move_the_clock() {
        assert_eq!(show(&[5, 6 + DAY, 7 + DAY]), [5, 5, 7 + DAY]);
        assert_eq!(show(&[5, 7 + DAY, 6 + DAY]), [5, 5, 7 + DAY]);
        assert_eq!(show(&[5, 9 * DAY, 3 * DAY, 3 * DAY]), [5, 5, 5, 3 * DAY]);
    }

    #[test]
    fn a_tick_says_which_strays_stay_alone() {
        let mut clock = Clock::START;
        let times = [5, 9 * DAY, 6, 9 * DAY, 5 * DAY, 5 * DAY, 5 * DAY, 0, 1, 0];
        let ticks = times.map(|time| clock.advance(Time(time)));
        let expected = [
            Tick::Near,
            Tick::Stray,
            Tick::NearAfterStray,
            Tick::Stray,
            Tick::StrayAfterStray,
            Tick::Confirming(Time(5 * DAY)),
            Tick::Near,
            Tick::Stray,
            Tick::Confirming(Time(0)),
            Tick::Confirmed,
        ];
        assert_eq!(ticks, expected);
        assert_eq!(clock.stray(), None);
    }

    #[test]
    fn a_frame_without_a_time_takes_that_of_the_clock() {
        let mut clock = Clock::START;
        assert_eq!(clock.substitute(), Time(0));
        clock.advance(Time(-5));
        assert_eq!(clock.substitute(), Time(-5));
    }
}
