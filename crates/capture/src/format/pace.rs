//! How steadily frames come, which tells a pause of the capture from a silence of the network.

use crate::Time;
use crate::time::SECOND;

/// How steadily frames came so far: what a silence is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// The longest silence that was none of the capture's, in nanoseconds.
    longest: i64,
    /// Nanoseconds for which the capture paused.
    paused: i64,
    /// Pauses that stood out.
    outstanding: u32,
    /// Two of the latest frames, [`Pace::RECENT`] apart, the earlier one first.
    marks: [Mark; 2],
}

/// How many frames there were at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    frames: u64,
    time: Time,
}

impl Pace {
    /// A silence that is no more than this is too short to be looked at by itself, in nanoseconds.
    pub const GAP: i64 = 30 * SECOND;
    /// Frames by which the pace of the moment is measured.
    pub const RECENT: u64 = 64;
    /// One that stands out is longer than this, in nanoseconds.
    const MOMENT: i64 = 2 * SECOND;
    /// What stands out more often is a habit of the network.
    const HABIT: u32 = 8;

    /// Takes note of the time of the latest of `frames`; every [`Pace::RECENT`] are enough.
    pub fn mark(&mut self, frames: u64, time: Time) {
        if frames >= self.marks[1].frames + Self::RECENT {
            self.marks = [self.marks[1], Mark { frames, time }];
        }
    }

    /// Whether a silence of `length` nanoseconds is one that [`Pace::rest`] has to know of.
    #[inline]
    pub fn is_slow(&self, length: i64) -> bool {
        length > self.longest.min(Self::GAP)
    }

    /// Takes note of a silence after `frames`, the first of them stamped `first`. Returns whether it
    /// tells that the capture paused, not the network: a hundred more frames were to be expected,
    /// and what ran before a silence longer than [`Pace::GAP`] is ten times longer; or as many were
    /// to be expected by the latest frames, and it is ten times longer than any silence before.
    pub fn rest(&mut self, frames: u64, first: Time, from: Time, to: Time) -> bool {
        const TIMES: i64 = 10;
        let length = to.since(from);
        let ran = from.since(first).saturating_sub(self.paused);
        let is_long = length > Self::GAP && ran / TIMES >= length && is_missed(frames, ran, length);
        let is_pause =
            is_long || length / TIMES >= self.longest && self.stands_out(frames, from, length);
        if is_pause {
            self.paused = self.paused.saturating_add(length);
            self.marks = [Mark { frames, time: to }; 2];
        } else {
            self.longest = self.longest.max(length);
        }
        is_pause
    }

    fn stands_out(&mut self, frames: u64, from: Time, length: i64) -> bool {
        let recent = frames.saturating_sub(self.marks[0].frames);
        let stands_out = length > Self::MOMENT
            && self.outstanding < Self::HABIT
            && self.marks[0].frames > 0
            && recent >= Self::RECENT
            && is_missed(recent, from.since(self.marks[0].time), length);
        self.outstanding += u32::from(stands_out);
        stands_out
    }
}

/// Whether a hundred frames were to be expected in `length` nanoseconds after `frames` in `ran`.
fn is_missed(frames: u64, ran: i64, length: i64) -> bool {
    const EXPECTED: i128 = 100;
    i128::from(frames) * i128::from(length) >= EXPECTED * i128::from(ran)
}
