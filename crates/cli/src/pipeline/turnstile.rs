//! Lets threads through one at a time, in the order of their tickets.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use atomic_refcell::{AtomicRefCell, AtomicRefMut};
use sync_wrapper::SyncWrapper;

/// State that is entered once for every ticket, 0, 1, 2 and so on: whoever holds ticket n waits
/// until n - 1 has left. So what is done to the state depends on the tickets only, never on which
/// thread was faster. Who comes in turn, as a thread on its own always does, takes no lock.
#[derive(Debug)]
pub(super) struct Turnstile<T> {
    /// The turn keeps threads apart, and the cell sees to it that it does.
    state: AtomicRefCell<SyncWrapper<T>>,
    gate: Gate,
}

/// Where threads wait for their turn.
#[derive(Debug, Default)]
struct Gate {
    turn: AtomicU64,
    /// Threads that wait: who leaves calls nobody where there are none.
    waiting: AtomicUsize,
    /// Held between looking at the turn and falling asleep, so that no call is missed.
    door: Mutex<()>,
    moved: Condvar,
}

/// The right to use the state; the next ticket's turn comes when it is dropped.
pub(super) struct Pass<'t, T> {
    state: AtomicRefMut<'t, SyncWrapper<T>>,
    /// Dropped behind the state, as fields are in the order they stand.
    _way_out: WayOut<'t>,
}

/// Passes the turn on, whether its holder ended well or panicked.
struct WayOut<'t>(&'t Gate);

impl<T> Turnstile<T> {
    pub(super) fn new(state: T) -> Turnstile<T> {
        Turnstile {
            state: AtomicRefCell::new(SyncWrapper::new(state)),
            gate: Gate::default(),
        }
    }

    /// Waits for the turn of `ticket`. Every ticket must be used exactly once.
    pub(super) fn enter(&self, ticket: u64) -> Pass<'_, T> {
        self.gate.wait_for(ticket);
        let way_out = WayOut(&self.gate);
        Pass {
            state: self.state.borrow_mut(),
            _way_out: way_out,
        }
    }

    /// The state, when nobody has a ticket any more.
    pub(super) fn into_inner(self) -> T {
        self.state.into_inner().into_inner()
    }
}

impl Gate {
    fn wait_for(&self, ticket: u64) {
        if self.turn.load(SeqCst) == ticket {
            return;
        }
        let mut door = self.door();
        self.waiting.fetch_add(1, SeqCst);
        while self.turn.load(SeqCst) != ticket {
            door = self
                .moved
                .wait(door)
                .unwrap_or_else(PoisonError::into_inner);
        }
        self.waiting.fetch_sub(1, SeqCst);
    }

    /// Either who waits sees the new turn, or this sees that somebody waits.
    fn pass_on(&self) {
        self.turn.fetch_add(1, SeqCst);
        if self.waiting.load(SeqCst) > 0 {
            drop(self.door());
            self.moved.notify_all();
        }
    }

    fn door(&self) -> MutexGuard<'_, ()> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for WayOut<'_> {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

impl<T> Pass<'_, T> {
    pub(super) fn state(&mut self) -> &mut T {
        self.state.get_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_pass_in_order_whatever_the_thread() {
        for _ in 0..64 {
            let stile = Turnstile::new(Vec::new());
            let next = AtomicU64::new(0);
            let pass = || {
                let mut tickets = std::iter::repeat_with(|| next.fetch_add(1, SeqCst));
                while let Some(ticket) = tickets.next().filter(|ticket| *ticket < 256) {
                    stile.enter(ticket).state().push(ticket);
                }
            };
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(pass);
                }
            });
            assert_eq!(stile.into_inner(), (0..256).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn the_turn_passes_on_from_a_panic() {
        let stile = Turnstile::new(0);
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            *stile.enter(0).state() = 1;
            let _pass = stile.enter(1);
            panic!("on purpose");
        }));
        assert!(broken.is_err());
        *stile.enter(2).state() += 1;
        assert_eq!(stile.into_inner(), 2);
    }
}
