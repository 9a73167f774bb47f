//! Where each leg belongs.

use hashbrown::HashTable;

use super::{Allocation, CallKey};
use crate::leg::LegId;

/// The legs of the calls in progress, by hash of Call-ID.
#[derive(Debug, Default)]
pub(super) struct Directory {
    legs: HashTable<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: LegId,
    allocation: Allocation,
    /// Whether another leg with the same Call-ID came later.
    is_superseded: bool,
}

impl Directory {
    /// Adds a leg: the one that its Call-ID names from now on.
    pub(super) fn insert(&mut self, id: LegId, allocation: Allocation) {
        let hash = id.call_id_hash;
        if let Some(known) = self.legs.find_mut(hash, |leg| leg.is_named(hash)) {
            known.is_superseded = true;
        }
        let entry = Entry {
            id,
            allocation,
            is_superseded: false,
        };
        let hash_of = |leg: &Entry| leg.id.call_id_hash;
        self.legs.insert_unique(hash, entry, hash_of);
    }

    /// The call of the leg that a Call-ID names.
    pub(super) fn call(&self, call_id_hash: u64) -> Option<CallKey> {
        let named = self
            .legs
            .find(call_id_hash, |leg| leg.is_named(call_id_hash))?;
        Some(named.allocation.call)
    }

    /// Where a leg belongs.
    pub(super) fn allocation(&self, id: LegId) -> Option<Allocation> {
        let known = self.legs.find(id.call_id_hash, |leg| leg.id == id)?;
        Some(known.allocation)
    }

    /// Takes a leg out.
    pub(super) fn remove(&mut self, id: LegId) {
        if let Ok(known) = self.legs.find_entry(id.call_id_hash, |leg| leg.id == id) {
            known.remove();
        }
    }
}

impl Entry {
    fn is_named(&self, call_id_hash: u64) -> bool {
        self.id.call_id_hash == call_id_hash && !self.is_superseded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::FrameRef;

    #[test]
    fn a_call_id_names_the_leg_that_came_last() {
        let leg = |frame| LegId {
            frame: FrameRef::new(0, frame),
            call_id_hash: 7,
        };
        let of = |number| Allocation {
            call: CallKey::of(number),
            link: None,
            cause: None,
        };
        let mut legs = Directory::default();
        legs.insert(leg(1), of(1));
        legs.insert(leg(2), of(2));
        assert_eq!(legs.call(7), Some(CallKey::of(2)));
        assert_eq!(legs.allocation(leg(1)), Some(of(1)));
        legs.remove(leg(2));
        assert_eq!(legs.call(7), None);
        assert_eq!(legs.allocation(leg(1)), Some(of(1)));
        legs.remove(leg(1));
        assert_eq!(legs.allocation(leg(1)), None);
    }
}
