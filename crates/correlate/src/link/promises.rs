//! INVITEs that messages of calls announce: those that follow a redirection or a REFER.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use siptriage_capture::Time;

use super::{CallKey, Clue};
use crate::record::FrameRef;

/// INVITEs that are expected, by what they will have in common with the message that announced
/// them.
#[derive(Debug, Default)]
pub(super) struct Promises {
    known: HashMap<Clue, Vec<Promise>, FixedState>,
}

/// An INVITE that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Promise {
    /// The call whose message announced it.
    pub(super) call: CallKey,
    /// The frame of that message.
    pub(super) frame: FrameRef,
    since: Time,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Kept,
}

impl Promises {
    /// Promises that one clue is remembered for, the newest ones.
    const EACH: usize = 8;

    /// Whether no INVITE is expected.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Takes note of a promise. One message seen on several hops, or sent again after a challenge,
    /// promises once: the newest frame counts.
    pub(super) fn add(&mut self, clue: Clue, call: CallKey, frame: FrameRef, since: Time) {
        let known = self.known.entry(clue).or_default();
        let mut open = known.iter_mut();
        let same = open.find(|known| known.call == call && known.state == State::Open);
        if let Some(same) = same {
            same.frame = frame;
            same.since = since;
            return;
        }
        if known.len() >= Self::EACH {
            known.remove(0);
        }
        known.push(Promise {
            call,
            frame,
            since,
            state: State::Open,
        });
    }

    /// The promise that an INVITE with this clue keeps: of several calls the one that has waited
    /// longest.
    pub(super) fn keep(&mut self, clue: Clue, clock: Time, window: i64) -> Option<Promise> {
        let mut known = self.known.get_mut(&clue)?.iter_mut();
        let kept =
            known.find(|promise| promise.state == State::Open && promise.is_due(clock, window))?;
        kept.state = State::Kept;
        Some(*kept)
    }

    /// The promise that [`Promises::keep`] would find.
    pub(super) fn open(&self, clue: Clue, clock: Time, window: i64) -> Option<Promise> {
        let mut known = self.known.get(&clue)?.iter();
        let open =
            known.find(|promise| promise.state == State::Open && promise.is_due(clock, window))?;
        Some(*open)
    }

    /// The newest promise with this clue, kept already or not.
    pub(super) fn newest(&self, clue: Clue, clock: Time, window: i64) -> Option<Promise> {
        let mut known = self.known.get(&clue)?.iter().rev();
        known.find(|promise| promise.is_due(clock, window)).copied()
    }

    /// Takes what a frame promised by a clue for kept.
    pub(super) fn mark(&mut self, clue: Clue, frame: FrameRef) {
        for promise in self.known.get_mut(&clue).into_iter().flatten() {
            if promise.frame == frame {
                promise.state = State::Kept;
            }
        }
    }

    /// Forgets what a call promised by a clue.
    pub(super) fn forget(&mut self, clue: Clue, call: CallKey) {
        if let Some(known) = self.known.get_mut(&clue) {
            known.retain(|promise| promise.call != call);
            if known.is_empty() {
                self.known.remove(&clue);
            }
        }
    }
}

impl Promise {
    fn is_due(&self, clock: Time, window: i64) -> bool {
        (0..=window).contains(&clock.since(self.since))
    }
}

#[cfg(test)]
mod tests {
    use siptriage_capture::Time;
    use siptriage_capture::time::SECOND;

    use super::*;
    use crate::link::LinkReason;

    const CLUE: Clue = Clue {
        reason: LinkReason::Redirection,
        value: 7,
    };

    #[test]
    fn of_two_promises_each_is_kept_once() {
        let mut promises = Promises::default();
        promises.add(CLUE, CallKey::of(1), FrameRef::new(0, 1), Time(0));
        promises.add(CLUE, CallKey::of(1), FrameRef::new(0, 2), Time(1));
        promises.add(CLUE, CallKey::of(2), FrameRef::new(0, 3), Time(2));
        let mut keep = || {
            promises
                .keep(CLUE, Time(SECOND), SECOND)
                .map(|kept| kept.call)
        };
        assert_eq!(keep(), Some(CallKey::of(1)));
        assert_eq!(keep(), Some(CallKey::of(2)));
        assert_eq!(keep(), None);
        let newest = promises.newest(CLUE, Time(SECOND), SECOND);
        assert_eq!(newest.map(|newest| newest.call), Some(CallKey::of(2)));
    }

    #[test]
    fn a_promise_does_not_last() {
        let mut promises = Promises::default();
        promises.add(CLUE, CallKey::of(1), FrameRef::new(0, 1), Time(0));
        assert_eq!(promises.keep(CLUE, Time(SECOND + 1), SECOND), None);
        promises.forget(CLUE, CallKey::of(1));
        assert!(promises.known.is_empty());
    }
}
