//! When to look at which leg again: a ring of one-second buckets of capture time.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

/// An appointment with the occupant of a slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) slot: u32,
    /// Tells the occupant from later ones of the same slot.
    pub(super) serial: u32,
}

/// Appointments up to [`Calendar::HORIZON`] seconds ahead; those further away are made again when
/// their turn comes.
#[derive(Debug)]
pub(super) struct Calendar {
    buckets: Vec<Vec<Entry>>,
    /// The present second.
    now: i64,
    /// When the next one begins.
    next: Time,
}

impl Calendar {
    const HORIZON: i64 = 127;

    pub(super) fn new() -> Calendar {
        Calendar {
            buckets: vec![Vec::new(); Self::HORIZON as usize + 1],
            now: i64::MIN,
            next: Time::MIN,
        }
    }

    /// Makes an appointment for the second of `due` or for the horizon, whichever comes first. Returns
    /// when that begins.
    pub(super) fn add(&mut self, due: Time, entry: Entry) -> Time {
        let earliest = self.now.saturating_add(1);
        let latest = self.now.saturating_add(Self::HORIZON).max(earliest);
        let when = second(due).clamp(earliest, latest);
        self.bucket(when).push(entry);
        begin(when)
    }

    /// Whether `clock` is in the present second, or before it.
    #[inline]
    pub(super) fn is_at(&self, clock: Time) -> bool {
        clock < self.next
    }

    /// Moves to the second of `clock` and hands out all appointments passed on the way, oldest first.
    pub(super) fn advance(&mut self, clock: Time, due: &mut Vec<Entry>) {
        if self.is_at(clock) {
            return;
        }
        let now = second(clock);
        let skipped = now.saturating_sub(self.now).min(Self::HORIZON + 1);
        for passed in (now - skipped + 1)..=now {
            due.append(self.bucket(passed));
        }
        self.now = now;
        self.next = begin(now + 1);
    }

    fn bucket(&mut self, second: i64) -> &mut Vec<Entry> {
        let index = second.rem_euclid(Self::HORIZON + 1) as usize;
        &mut self.buckets[index]
    }
}

/// The second of capture time that a moment lies in.
fn second(time: Time) -> i64 {
    time.0.div_euclid(SECOND)
}

/// When a second of capture time begins.
fn begin(second: i64) -> Time {
    Time(second.saturating_mul(SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(calendar: &mut Calendar, now: i64) -> Vec<u32> {
        let mut entries = Vec::new();
        calendar.advance(begin(now), &mut entries);
        entries.iter().map(|entry| entry.slot).collect()
    }

    #[test]
    fn appointments_come_due_once_and_in_order() {
        let mut calendar = Calendar::new();
        calendar.advance(begin(100), &mut Vec::new());
        calendar.add(begin(105), Entry { slot: 1, serial: 0 });
        calendar.add(begin(103), Entry { slot: 2, serial: 0 });
        assert_eq!(due(&mut calendar, 102), [] as [u32; 0]);
        assert_eq!(due(&mut calendar, 110), [2, 1]);
        assert_eq!(due(&mut calendar, 300), [] as [u32; 0]);
    }

    #[test]
    fn far_appointments_come_due_at_the_horizon() {
        let mut calendar = Calendar::new();
        calendar.advance(begin(0), &mut Vec::new());
        calendar.add(begin(100_000), Entry { slot: 7, serial: 0 });
        assert_eq!(due(&mut calendar, 126), [] as [u32; 0]);
        assert_eq!(due(&mut calendar, 127), [7]);
    }

    #[test]
    fn a_leap_in_time_hands_out_everything() {
        let mut calendar = Calendar::new();
        calendar.advance(begin(0), &mut Vec::new());
        for slot in 0..60 {
            calendar.add(begin(i64::from(slot) + 1), Entry { slot, serial: 0 });
        }
        assert_eq!(due(&mut calendar, 1_000_000).len(), 60);
    }
}
