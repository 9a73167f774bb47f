//! Lets threads through one at a time, in the order of their tickets.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// State that is entered once for every ticket, 0, 1, 2 and so on: whoever holds ticket n waits
/// until n - 1 has left. So what is done to the state depends on the tickets only, never on which
/// thread was faster.
#[derive(Debug)]
pub(super) struct Turnstile<T> {
    inside: Mutex<Inside<T>>,
    moved: Condvar,
}

#[derive(Debug)]
struct Inside<T> {
    turn: u64,
    /// Threads that wait: who leaves calls nobody where there are none.
    waiting: usize,
    state: T,
}

/// The right to use the state; the next ticket's turn comes when it is dropped.
pub(super) struct Pass<'t, T> {
    inside: MutexGuard<'t, Inside<T>>,
    moved: &'t Condvar,
}

impl<T> Turnstile<T> {
    pub(super) fn new(state: T) -> Turnstile<T> {
        Turnstile {
            inside: Mutex::new(Inside {
                turn: 0,
                waiting: 0,
                state,
            }),
            moved: Condvar::new(),
        }
    }

    /// Waits for the turn of `ticket`. Every ticket must be used exactly once.
    pub(super) fn enter(&self, ticket: u64) -> Pass<'_, T> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.waiting += 1;
        let waiting = self
            .moved
            .wait_while(inside, |inside| inside.turn != ticket);
        inside = waiting.unwrap_or_else(PoisonError::into_inner);
        inside.waiting -= 1;
        Pass {
            inside,
            moved: &self.moved,
        }
    }

    /// The state, when nobody has a ticket any more.
    pub(super) fn into_inner(self) -> T {
        self.inside
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .state
    }
}

impl<T> Deref for Pass<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inside.state
    }
}

impl<T> DerefMut for Pass<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inside.state
    }
}

impl<T> Drop for Pass<'_, T> {
    fn drop(&mut self) {
        self.inside.turn += 1;
        if self.inside.waiting > 0 {
            self.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_pass_in_order_whatever_the_thread() {
        let gate = Turnstile::new(Vec::new());
        std::thread::scope(|scope| {
            for ticket in (0..8_u64).rev() {
                let gate = &gate;
                scope.spawn(move || gate.enter(ticket).push(ticket));
            }
        });
        assert_eq!(gate.into_inner(), (0..8).collect::<Vec<u64>>());
    }
}
