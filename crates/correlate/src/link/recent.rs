//! Values that devices repeat, and the calls in which they were met lately.

use hashbrown::HashTable;
use siptriage_capture::Time;
use smallvec::SmallVec;

use super::{CallKey, Clue};

/// Values that devices repeat, with the calls in which they were met within a window of time.
///
/// They are kept in two tables, those of this window and those of the one before, and forgotten by
/// the table: finding each again to forget it would cost as much as taking note of it.
#[derive(Debug)]
pub(super) struct Recent {
    window: i64,
    /// When the present window began.
    begun: Time,
    present: Table,
    past: Table,
}

/// By the values of clues, which are hashes.
type Table = HashTable<Met>;

/// The calls that showed a value, in the order in which they did.
#[derive(Debug)]
struct Met {
    clue: Clue,
    meetings: SmallVec<[Meeting; 1]>,
}

/// A call that showed a value.
#[derive(Clone, Copy, Debug)]
struct Meeting {
    call: CallKey,
    since: Time,
}

impl Recent {
    /// Calls that one value is remembered for in a window, the newest ones: a value that is
    /// ambiguous among them is ambiguous among all.
    const EACH: usize = 9;

    /// Values to be remembered for so many nanoseconds.
    pub(super) fn within(window: i64) -> Recent {
        Recent {
            window,
            begun: Time::MIN,
            present: Table::default(),
            past: Table::default(),
        }
    }

    /// Takes note of a value that a call shows. Clocks never go back.
    pub(super) fn meet(&mut self, clue: Clue, call: CallKey, clock: Time) {
        if clock.since(self.begun) > self.window {
            self.turn(clock);
        }
        let entry = self
            .present
            .entry(clue.value, |met| met.clue == clue, |met| met.clue.value);
        let known = entry.or_insert_with(|| Met {
            clue,
            meetings: SmallVec::new(),
        });
        let known = &mut known.into_mut().meetings;
        if known.iter().any(|met| met.call == call) {
            return;
        }
        if known.len() >= Self::EACH {
            known.remove(0);
        }
        known.push(Meeting { call, since: clock });
    }

    /// The calls that showed a value within the window that ends at `clock`. One that did so several
    /// times may come twice.
    pub(super) fn calls(&self, clue: Clue, clock: Time) -> impl Iterator<Item = CallKey> + '_ {
        let tables = [&self.past, &self.present].into_iter();
        let met = tables.filter_map(move |table| table.find(clue.value, |met| met.clue == clue));
        let met = met.flat_map(|met| &met.meetings);
        met.filter(move |met| clock.since(met.since) <= self.window)
            .map(|met| met.call)
    }

    /// Begins another window; the present one is over.
    #[cold]
    fn turn(&mut self, clock: Time) {
        std::mem::swap(&mut self.present, &mut self.past);
        self.present.clear();
        if clock.since(self.begun) > self.window.saturating_mul(2) {
            self.past.clear();
        }
        self.begun = clock;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::LinkReason;

    const CLUE: Clue = Clue {
        reason: LinkReason::Numbers,
        value: 7,
    };

    fn met(recent: &Recent, clock: i64) -> Vec<u32> {
        let calls = recent.calls(CLUE, Time(clock));
        calls.map(|call| call.number).collect()
    }

    #[test]
    fn a_value_is_remembered_for_its_window_and_not_longer() {
        for begin in 0..25 {
            let mut recent = Recent::within(10);
            recent.meet(Clue { value: 8, ..CLUE }, CallKey::of(1), Time(0));
            recent.meet(CLUE, CallKey::of(2), Time(begin));
            // Other values come and go meanwhile, wherever the windows begin.
            for clock in begin..begin + 40 {
                let expected: &[u32] = if clock <= begin + 10 { &[2] } else { &[] };
                assert_eq!(met(&recent, clock), expected, "{begin} {clock}");
                recent.meet(Clue { value: 9, ..CLUE }, CallKey::of(3), Time(clock));
            }
        }
    }

    #[test]
    fn what_was_met_long_ago_does_not_come_back() {
        let mut recent = Recent::within(10);
        recent.meet(CLUE, CallKey::of(1), Time(0));
        recent.meet(CLUE, CallKey::of(2), Time(1_000));
        assert_eq!(met(&recent, 1_000), [2]);
        assert!(recent.past.is_empty());
    }

    #[test]
    fn of_many_calls_the_newest_stay_in_doubt() {
        let mut recent = Recent::within(1_000);
        for number in 0..100 {
            recent.meet(CLUE, CallKey::of(number), Time(i64::from(number)));
        }
        assert_eq!(met(&recent, 100), (91..100).collect::<Vec<u32>>());
    }
}
