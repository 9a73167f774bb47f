//! Who was silent longest.

use std::collections::VecDeque;

use crate::Time;

/// Keys of a table, one entry each, about in the order in which they were last touched: a key that
/// is touched again moves only when its turn comes, so that touching one costs nothing.
#[derive(Debug)]
pub(super) struct Order<K>(VecDeque<(Time, K)>);

impl<K: Copy> Order<K> {
    pub(super) fn new() -> Order<K> {
        Order(VecDeque::new())
    }

    /// Adds a key that is new in the table.
    pub(super) fn push(&mut self, time: Time, key: K) {
        self.0.push_back((time, key));
    }

    /// Takes out the key that was silent longest, if `is_due` says so of when it was last touched.
    /// That is asked of the table with `touched`; keys that the table has no more are passed over.
    pub(super) fn pop(
        &mut self,
        is_due: impl Fn(Time) -> bool,
        touched: impl Fn(K) -> Option<Time>,
    ) -> Option<K> {
        while let Some(&(queued, key)) = self.0.front() {
            if !is_due(queued) {
                break;
            }
            self.0.pop_front();
            match touched(key) {
                Some(touched) if touched > queued => self.0.push_back((touched, key)),
                Some(_) => return Some(key),
                None => {}
            }
        }
        None
    }

    /// Takes out all keys.
    pub(super) fn take(&mut self) -> impl Iterator<Item = K> + use<K> {
        std::mem::take(&mut self.0).into_iter().map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_touched_again_comes_after_those_that_were_not() {
        let mut order = Order::new();
        for (second, key) in [(1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')] {
            order.push(Time(second), key);
        }
        let touched = |key| match key {
            'a' => Some(Time(9)),
            'b' => None,
            'c' => Some(Time(3)),
            _ => Some(Time(4)),
        };
        assert_eq!(order.pop(|time| time < Time(3), touched), None);
        assert_eq!(order.pop(|time| time < Time(4), touched), Some('c'));
        assert_eq!(order.pop(|_| true, touched), Some('d'));
        assert_eq!(order.pop(|time| time < Time(9), touched), None);
        assert_eq!(order.pop(|time| time <= Time(9), touched), Some('a'));
        assert_eq!(order.pop(|_| true, touched), None);
        order.push(Time(10), 'e');
        assert!(order.take().eq(['e']) && order.take().next().is_none());
    }
}
