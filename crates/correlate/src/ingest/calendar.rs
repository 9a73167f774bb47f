//! When to look at which leg again: a ring of one-second buckets of capture time.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

/// A second of capture time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tick(i64);

impl Tick {
    /// Later than any time.
    pub(super) const NEVER: Tick = Tick(i64::MAX);

    pub(super) fn of(time: Time) -> Tick {
        Tick(time.0.div_euclid(SECOND))
    }
}

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
    now: Tick,
}

impl Calendar {
    const HORIZON: i64 = 127;

    pub(super) fn new() -> Calendar {
        Calendar {
            buckets: vec![Vec::new(); Self::HORIZON as usize + 1],
            now: Tick(i64::MIN),
        }
    }

    /// Makes an appointment for `due` or for the horizon, whichever comes first. Returns when.
    pub(super) fn add(&mut self, due: Tick, entry: Entry) -> Tick {
        let earliest = self.now.0.saturating_add(1);
        let when = due.0.clamp(
            earliest,
            self.now.0.saturating_add(Self::HORIZON).max(earliest),
        );
        self.bucket(when).push(entry);
        Tick(when)
    }

    /// Whether the calendar has moved to `now` already.
    pub(super) fn is_at(&self, now: Tick) -> bool {
        now <= self.now
    }

    /// Moves to `now` and hands out all appointments passed on the way, oldest first.
    pub(super) fn advance(&mut self, now: Tick, due: &mut Vec<Entry>) {
        if self.is_at(now) {
            return;
        }
        let skipped = now.0.saturating_sub(self.now.0).min(Self::HORIZON + 1);
        for tick in (now.0 - skipped + 1)..=now.0 {
            due.append(self.bucket(tick));
        }
        self.now = now;
    }

    fn bucket(&mut self, tick: i64) -> &mut Vec<Entry> {
        let index = tick.rem_euclid(Self::HORIZON + 1) as usize;
        &mut self.buckets[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(calendar: &mut Calendar, now: i64) -> Vec<u32> {
        let mut entries = Vec::new();
        calendar.advance(Tick(now), &mut entries);
        entries.iter().map(|entry| entry.slot).collect()
    }

    #[test]
    fn appointments_come_due_once_and_in_order() {
        let mut calendar = Calendar::new();
        calendar.advance(Tick(100), &mut Vec::new());
        calendar.add(Tick(105), Entry { slot: 1, serial: 0 });
        calendar.add(Tick(103), Entry { slot: 2, serial: 0 });
        assert_eq!(due(&mut calendar, 102), [] as [u32; 0]);
        assert_eq!(due(&mut calendar, 110), [2, 1]);
        assert_eq!(due(&mut calendar, 300), [] as [u32; 0]);
    }

    #[test]
    fn far_appointments_come_due_at_the_horizon() {
        let mut calendar = Calendar::new();
        calendar.advance(Tick(0), &mut Vec::new());
        calendar.add(Tick(100_000), Entry { slot: 7, serial: 0 });
        assert_eq!(due(&mut calendar, 126), [] as [u32; 0]);
        assert_eq!(due(&mut calendar, 127), [7]);
    }

    #[test]
    fn a_leap_in_time_hands_out_everything() {
        let mut calendar = Calendar::new();
        calendar.advance(Tick(0), &mut Vec::new());
        for slot in 0..60 {
            calendar.add(Tick(i64::from(slot) + 1), Entry { slot, serial: 0 });
        }
        assert_eq!(due(&mut calendar, 1_000_000).len(), 60);
    }
}
