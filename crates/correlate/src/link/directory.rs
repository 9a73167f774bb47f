//! Where each leg belongs.

use hashbrown::HashTable;

use super::CallKey;
use super::calls::{Calls, Member};
use crate::leg::LegId;

/// The legs of the calls in progress, by hash of Call-ID.
#[derive(Debug, Default)]
pub(super) struct Directory {
    legs: HashTable<Entry>,
}

/// A leg by its Call-ID. What is known of it stands at its place: the table is looked through for every
/// leg that opens and ends, and small ones stay near.
#[derive(Debug)]
struct Entry {
    call_id_hash: u64,
    place: Place,
    /// Whether another leg with the same Call-ID came later.
    is_superseded: bool,
}

/// Where a leg is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its call.
    pub(super) call: CallKey,
    /// Its position among the legs of the call.
    pub(super) leg: u32,
}

impl Directory {
    /// Adds a leg: the one that its Call-ID names from now on.
    pub(super) fn insert(&mut self, call_id_hash: u64, place: Place) {
        if let Some(known) = self
            .legs
            .find_mut(call_id_hash, |leg| leg.is_named(call_id_hash))
        {
            known.is_superseded = true;
        }
        let entry = Entry {
            call_id_hash,
            place,
            is_superseded: false,
        };
        self.legs
            .insert_unique(call_id_hash, entry, |leg| leg.call_id_hash);
    }

    /// The call of the leg that a Call-ID names.
    pub(super) fn call(&self, call_id_hash: u64) -> Option<CallKey> {
        let named = self
            .legs
            .find(call_id_hash, |leg| leg.is_named(call_id_hash))?;
        Some(named.place.call)
    }

    /// Where a leg is kept, and what is known of it there.
    pub(super) fn find<'c>(&self, id: LegId, calls: &'c Calls) -> Option<(Place, &'c Member)> {
        let hash = id.call_id_hash;
        let alike = self.legs.iter_hash(hash);
        let mut same = alike.filter(|entry| entry.call_id_hash == hash);
        same.find_map(|entry| {
            let member = calls.member(entry.place)?;
            (member.opening.id == id).then_some((entry.place, member))
        })
    }

    /// Takes the leg at a place out.
    pub(super) fn remove(&mut self, call_id_hash: u64, place: Place) {
        let known = self.legs.find_entry(call_id_hash, |leg| {
            leg.call_id_hash == call_id_hash && leg.place == place
        });
        if let Ok(known) = known {
            known.remove();
        }
    }
}

impl Entry {
    fn is_named(&self, call_id_hash: u64) -> bool {
        self.call_id_hash == call_id_hash && !self.is_superseded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_id_names_the_leg_that_came_last() {
        let of = |number| Place {
            call: CallKey::of(number),
            leg: 0,
        };
        let named = |legs: &Directory| legs.call(7).map(|call| call.number);
        let mut legs = Directory::default();
        legs.insert(7, of(1));
        legs.insert(7, of(2));
        assert_eq!(named(&legs), Some(2));
        legs.remove(7, of(2));
        assert_eq!(named(&legs), None);
        legs.remove(7, of(1));
        assert!(legs.legs.is_empty());
    }
}
