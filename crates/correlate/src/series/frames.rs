//! The frames of something that may go on for days: the first ones and the newest ones.

use std::collections::VecDeque;

use crate::record::FrameRef;

/// The first frames and the newest ones, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frames {
    first: Vec<FrameRef>,
    newest: VecDeque<FrameRef>,
    /// All of them, those that were not kept included.
    pub count: u64,
}

impl Frames {
    /// Frames kept of the beginning, and as many of the end.
    pub const KEPT: usize = 8;

    /// Adds a frame behind all others.
    pub fn push(&mut self, frame: FrameRef) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(frame);
            return;
        }
        if self.newest.len() == Self::KEPT {
            self.newest.pop_front();
        }
        self.newest.push_back(frame);
    }

    /// Those that were kept, in the order in which they were captured.
    pub fn kept(&self) -> impl Iterator<Item = FrameRef> + '_ {
        self.first.iter().chain(&self.newest).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_newest_are_kept() {
        let mut frames = Frames::default();
        for number in 1..=20 {
            frames.push(FrameRef::new(0, number));
        }
        let kept: Vec<u64> = frames.kept().map(FrameRef::number).collect();
        assert_eq!(
            kept,
            [1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 19, 20]
        );
        assert_eq!(frames.count, 20);
    }
}
