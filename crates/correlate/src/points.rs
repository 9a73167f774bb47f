//! From when to when each capture point was at work.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

use crate::leg::Leg;

/// Interfaces of one capture point stay below this bit of [`crate::Vantage::interface`]; the bits
/// above number the capture points.
pub const POINT_SHIFT: u32 = 20;

/// A capture point that begins to capture, or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The capture point. Files that follow one another are one.
    pub point: u16,
    /// The clock at its first or last frame.
    pub at: Time,
    /// Which of the two.
    pub turn: Turn,
}

/// Which end of a file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The file begins.
    Begins,
    /// The file ends.
    Ends,
}

/// From when to when each capture point was at work. One that never was heard of works all the
/// time.
#[derive(Clone, Debug, Default)]
pub struct Points {
    /// In the order in which they happened.
    shifts: Vec<Shift>,
}

impl Points {
    /// Shifts kept: thousands of files.
    const KEPT: usize = 16_384;
    /// Files of one capture point that overlap by less follow one another.
    const OVERLAP: i64 = SECOND;

    /// Takes note of a shift. They come in the order of the clock.
    pub fn add(&mut self, shift: Shift) {
        if self.shifts.len() < Self::KEPT {
            self.shifts.push(shift);
        }
    }

    /// When the last of the capture points that show a leg ended, as far as was known when the leg
    /// settled; `None` while one of them goes on.
    pub fn end(&self, leg: &Leg) -> Option<Time> {
        if self.shifts.is_empty() {
            return None;
        }
        let mut last: Option<Time> = None;
        let mut asked = None;
        for vantage in &leg.vantages {
            let point = (vantage.interface >> POINT_SHIFT) as u16;
            if asked.replace(point) == Some(point) {
                continue;
            }
            let end = self.end_of(point, leg.seen_until)?;
            last = Some(last.map_or(end, |last| last.max(end)));
        }
        last
    }

    /// Whether a capture point had ended for good by `clock`.
    pub fn has_ended(&self, point: u16, clock: Time) -> bool {
        self.end_of(point, clock).is_some()
    }

    /// When a capture point ended for good, as known at `clock`.
    fn end_of(&self, point: u16, clock: Time) -> Option<Time> {
        let known = || self.shifts.iter().filter(|shift| shift.at <= clock);
        let own = known().rfind(|shift| shift.point == point)?;
        let follows = |shift: &Shift| {
            shift.turn == Turn::Begins
                && shift.point != point
                && (0..=Self::OVERLAP).contains(&own.at.since(shift.at))
        };
        (own.turn == Turn::Ends && !known().any(follows)).then_some(own.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(shifts: &[(u16, i64, Turn)]) -> Points {
        let mut points = Points::default();
        for (point, second, turn) in shifts {
            points.add(Shift {
                point: *point,
                at: Time(second * SECOND),
                turn: *turn,
            });
        }
        points
    }

    fn end_of(points: &Points, point: u16, clock: i64) -> Option<i64> {
        let end = points.end_of(point, Time(clock * SECOND));
        end.map(|end| end.0 / SECOND)
    }

    #[test]
    fn a_point_ends_with_its_last_file() {
        use Turn::{Begins, Ends};
        let points = points(&[(0, 0, Begins), (1, 5, Begins), (0, 60, Ends)]);
        assert_eq!(end_of(&points, 0, 100), Some(60));
        assert_eq!(end_of(&points, 0, 59), None);
        assert_eq!(end_of(&points, 1, 100), None);
        assert_eq!(end_of(&points, 7, 100), None);
    }

    #[test]
    fn a_file_that_follows_goes_on() {
        use Turn::{Begins, Ends};
        let next = points(&[(0, 0, Begins), (0, 60, Ends), (0, 61, Begins)]);
        assert_eq!(end_of(&next, 0, 60), Some(60));
        assert_eq!(end_of(&next, 0, 61), None);
        let overlapping = points(&[(0, 0, Begins), (1, 59, Begins), (0, 60, Ends)]);
        assert_eq!(end_of(&overlapping, 0, 100), None);
        let earlier = points(&[(0, 0, Begins), (1, 58, Begins), (0, 60, Ends)]);
        assert_eq!(end_of(&earlier, 0, 100), Some(60));
    }
}
