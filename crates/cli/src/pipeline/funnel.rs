//! Hands what threads bring to one state, in the order of their tickets, without keeping them.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use atomic_refcell::AtomicRefCell;
use sync_wrapper::SyncWrapper;

use super::Flow;

/// State that takes one item for every ticket, 0, 1, 2 and so on. Whoever brings the item whose turn
/// it is hands over that one and those that wait behind it; all others leave theirs and go on. So
/// the state stays with one thread for a while, and nobody waits for it who is not far ahead. A thread
/// on its own hands each item over as it comes, and takes no lock.
#[derive(Debug)]
pub(super) struct Funnel<T, I> {
    state: AtomicRefCell<SyncWrapper<T>>,
    /// Whether one thread brings all items.
    is_alone: bool,
    queue: Mutex<Queue<I>>,
    moved: Condvar,
}

#[derive(Debug)]
struct Queue<I> {
    turn: u64,
    brought: BTreeMap<u64, I>,
    /// Threads that are too far ahead and wait.
    waiting: usize,
    /// Whether a thread hands items over.
    is_served: bool,
}

impl<T, I> Funnel<T, I> {
    /// Tickets that may be ahead of the one whose turn it is.
    const AHEAD: u64 = 8;

    /// A funnel for so many threads.
    pub(super) fn new(state: T, threads: usize) -> Funnel<T, I> {
        Funnel {
            state: AtomicRefCell::new(SyncWrapper::new(state)),
            is_alone: threads == 1,
            queue: Mutex::new(Queue {
                turn: 0,
                brought: BTreeMap::new(),
                waiting: 0,
                is_served: false,
            }),
            moved: Condvar::new(),
        }
    }

    /// Brings the item of a ticket, each of which must be used exactly once. Returns what `take`
    /// said of those that this thread handed over.
    pub(super) fn bring(
        &self,
        ticket: u64,
        item: I,
        mut take: impl FnMut(&mut T, I) -> Flow,
    ) -> Flow {
        if self.is_alone {
            return take(self.state.borrow_mut().get_mut(), item);
        }
        let is_ahead = |queue: &mut Queue<I>| ticket - queue.turn > Self::AHEAD;
        let mut queue = self.queue();
        queue.waiting += 1;
        let waiting = self.moved.wait_while(queue, is_ahead);
        queue = waiting.unwrap_or_else(PoisonError::into_inner);
        queue.waiting -= 1;
        queue.brought.insert(ticket, item);
        if queue.is_served {
            return Flow::Continue(());
        }
        queue.is_served = true;
        let _service = Service(self);
        let mut flow = Flow::Continue(());
        while let Some(item) = queue.next() {
            if queue.waiting > 0 {
                self.moved.notify_all();
            }
            drop(queue);
            if take(self.state.borrow_mut().get_mut(), item).is_break() {
                flow = Flow::Break(());
            }
            queue = self.queue();
        }
        queue.is_served = false;
        flow
    }

    /// The state, when nobody has a ticket any more.
    pub(super) fn into_inner(self) -> T {
        self.state.into_inner().into_inner()
    }

    fn queue(&self) -> MutexGuard<'_, Queue<I>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I> Queue<I> {
    /// Takes the item whose turn it is, if it was brought already.
    fn next(&mut self) -> Option<I> {
        let item = self.brought.remove(&self.turn)?;
        self.turn += 1;
        Some(item)
    }
}

/// Keeps the other threads from waiting for ever for one that panicked.
struct Service<'f, T, I>(&'f Funnel<T, I>);

impl<T, I> Drop for Service<'_, T, I> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue().is_served = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn items_come_in_order_whatever_the_thread() {
        let funnel = Funnel::new(Vec::new(), 2);
        let take = |state: &mut Vec<u64>, item| {
            state.push(item);
            Flow::Continue(())
        };
        std::thread::scope(|scope| {
            for ticket in (0..64_u64).rev() {
                let funnel = &funnel;
                scope.spawn(move || funnel.bring(ticket, ticket, take));
            }
        });
        assert_eq!(funnel.into_inner(), (0..64).collect::<Vec<u64>>());
    }

    #[test]
    fn who_is_early_leaves_the_item_to_another_thread() {
        let funnel = Funnel::new(Vec::new(), 2);
        let (taking, brought) = (Barrier::new(2), Barrier::new(2));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let flow = funnel.bring(0, 0, |state: &mut Vec<u64>, item| {
                    if item == 0 {
                        taking.wait();
                        brought.wait();
                    }
                    state.push(item);
                    if item == 2 {
                        return Flow::Break(());
                    }
                    Flow::Continue(())
                });
                assert!(flow.is_break(), "what was said of the last item");
            });
            taking.wait();
            for ticket in [2, 1] {
                let flow = funnel.bring(ticket, ticket, |_, _| unreachable!("it is served"));
                assert!(flow.is_continue());
            }
            brought.wait();
        });
        assert_eq!(funnel.into_inner(), [0, 1, 2]);
    }

    #[test]
    fn one_thread_hands_over_each_item_as_it_comes() {
        let funnel = Funnel::new(Vec::new(), 1);
        for item in 0..3 {
            let flow = funnel.bring(item, item, |state: &mut Vec<u64>, item| {
                state.push(item);
                if item == 1 {
                    return Flow::Break(());
                }
                Flow::Continue(())
            });
            assert_eq!(flow.is_break(), item == 1, "what was said of {item}");
        }
        assert_eq!(funnel.into_inner(), [0, 1, 2]);
    }

    #[test]
    fn others_go_on_after_a_panic() {
        let funnel = Funnel::new(Vec::new(), 2);
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            funnel.bring(0, 0, |_: &mut Vec<u64>, _| panic!("on purpose"))
        }));
        assert!(broken.is_err());
        let flow = funnel.bring(1, 1, |state, item| {
            state.push(item);
            Flow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(funnel.into_inner(), [1]);
    }
}
