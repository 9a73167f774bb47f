//! Legs that are spent: their memory, which is still near, serves the next ones.

use atomic_refcell::AtomicRefCell;
use siptriage_correlate::Leg;

/// Emptied legs for whoever opens some. A thread that comes while another one is at it goes without,
/// and leaves what it has to the allocator: which leg lies where changes nothing but the time that it
/// takes.
#[derive(Debug, Default)]
pub(super) struct Spare(AtomicRefCell<Vec<Box<Leg>>>);

impl Spare {
    /// Legs that are kept: several times as many as a piece of a capture opens.
    pub(super) const KEPT: usize = 512;

    /// Takes all there are, the last spent one last.
    pub(super) fn take(&self) -> Vec<Box<Leg>> {
        let kept = self.0.try_borrow_mut();
        kept.map(|mut kept| std::mem::take(&mut *kept))
            .unwrap_or_default()
    }

    /// Gives back what was not used, and adds what was spent meanwhile.
    pub(super) fn give(&self, mut legs: Vec<Box<Leg>>) {
        if let Ok(mut kept) = self.0.try_borrow_mut() {
            kept.append(&mut legs);
            let surplus = kept.len().saturating_sub(Self::KEPT);
            kept.drain(..surplus);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_spent_legs_are_kept() {
        let spare = Spare::default();
        let legs = |count| (0..count).map(|_| Box::<Leg>::default()).collect();
        spare.give(legs(3));
        let mut taken = spare.take();
        assert_eq!((taken.len(), spare.take().len()), (3, 0));
        let last = Box::<Leg>::default();
        let place = std::ptr::from_ref(&*last);
        taken.extend::<Vec<_>>(legs(Spare::KEPT));
        taken.push(last);
        spare.give(taken);
        let kept = spare.take();
        assert_eq!(kept.len(), Spare::KEPT);
        let last = kept.last().map(|leg| std::ptr::from_ref(&**leg));
        assert_eq!(last, Some(place));
    }
}
