//! What the latest segments of a direction held, to be compared with their repetitions.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

/// Segments remembered; a sender repeats what was not acknowledged yet.
const KEPT: usize = 4;

/// Fingerprints of the latest segments, whose bytes were passed on.
#[derive(Debug, Default)]
pub(super) struct Recent {
    segments: [Print; KEPT],
    oldest: u8,
}

/// A segment: its position, its length and a hash of its bytes. An empty one stands for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Print {
    start: u64,
    length: u32,
    hash: u32,
}

impl Print {
    fn of(start: u64, bytes: &[u8]) -> Print {
        Print {
            start,
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            hash: FixedState::default().hash_one(bytes) as u32,
        }
    }
}

impl Recent {
    /// Remembers a segment in the place of the oldest one.
    #[inline]
    pub(super) fn note(&mut self, start: u64, bytes: &[u8]) {
        self.segments[usize::from(self.oldest) % KEPT] = Print::of(start, bytes);
        self.oldest = (self.oldest + 1) % KEPT as u8;
    }

    /// Whether a segment of the same place and length held other bytes.
    pub(super) fn contradicts(&self, start: u64, bytes: &[u8]) -> bool {
        let print = Print::of(start, bytes);
        let mut alike = self.segments.iter();
        alike.any(|known| {
            (known.start, known.length) == (start, print.length) && known.hash != print.hash
        })
    }
}
