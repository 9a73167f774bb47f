//! The calls in progress.

use smallvec::SmallVec;

use super::directory::Place;
use super::{Cause, Caused, Clue, LinkReason, Opening};

/// A call in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey {
    /// Its number in the order in which calls open, from 1.
    pub number: u32,
    /// Where it is kept.
    slot: u32,
}

/// The calls in progress.
#[derive(Debug, Default)]
pub(super) struct Calls {
    slots: Vec<Option<Open>>,
    free: Vec<u32>,
    opened: u32,
}

/// What is known of a call in progress.
#[derive(Debug)]
pub(super) struct Open {
    number: u32,
    /// Its legs that have ended.
    pub(super) ended: u32,
    /// Its legs, those that have ended included.
    pub(super) legs: SmallVec<[Member; 1]>,
    /// What its messages announced.
    pub(super) hints: Vec<Clue>,
    pub(super) caused: Vec<Caused>,
}

/// A leg of a call in progress.
#[derive(Debug)]
pub(super) struct Member {
    /// How it opened.
    pub(super) opening: Opening,
    /// What links it to the legs before it; absent for the one that opened the call.
    pub(super) link: Option<LinkReason>,
    /// The REFER that asked for it, if one did.
    pub(super) cause: Option<Cause>,
}

impl Calls {
    /// Opens another call, without legs so far.
    pub(super) fn open(&mut self) -> CallKey {
        self.opened += 1;
        let number = self.opened;
        let open = Some(Open {
            number,
            ended: 0,
            legs: SmallVec::new(),
            hints: Vec::new(),
            caused: Vec::new(),
        });
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        match self.slots.get_mut(slot as usize) {
            Some(free) => *free = open,
            None => self.slots.push(open),
        }
        CallKey { number, slot }
    }

    /// A call, if it is still in progress.
    pub(super) fn known(&self, call: CallKey) -> Option<&Open> {
        let open = self.slots.get(call.slot as usize)?.as_ref();
        open.filter(|open| open.number == call.number)
    }

    /// The same, to be changed.
    pub(super) fn known_mut(&mut self, call: CallKey) -> Option<&mut Open> {
        let open = self.slots.get_mut(call.slot as usize)?.as_mut();
        open.filter(|open| open.number == call.number)
    }

    /// A leg of a call in progress.
    pub(super) fn member(&self, place: Place) -> Option<&Member> {
        self.known(place.call)?.legs.get(place.leg as usize)
    }

    /// Forgets a call.
    pub(super) fn close(&mut self, call: CallKey) {
        if self.known(call).is_some() {
            self.slots[call.slot as usize] = None;
            self.free.push(call.slot);
        }
    }
}

#[cfg(test)]
impl CallKey {
    /// Some call with a number.
    pub(super) fn of(number: u32) -> CallKey {
        CallKey { number, slot: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_over_is_not_taken_for_the_one_in_its_place() {
        let mut calls = Calls::default();
        let (first, second) = (calls.open(), calls.open());
        calls.close(first);
        let third = calls.open();
        assert_eq!((third.slot, third.number), (first.slot, 3));
        calls.close(first);
        assert!(calls.known(first).is_none());
        assert!(calls.known(second).is_some() && calls.known_mut(third).is_some());
    }
}
