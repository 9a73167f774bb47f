//! How far a run has come, and whether it should go on: shared with whoever watches it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far a run has come, and whether it should go on.
#[derive(Debug, Default)]
pub struct Watch {
    expected: AtomicU64,
    read: AtomicU64,
    calls: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Ends the run: nothing more is read, what was read is reported.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the run is to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Bytes that there are to read; 0 where that is not known.
    pub fn expected_bytes(&self) -> u64 {
        self.expected.load(Ordering::Relaxed)
    }

    /// Bytes read so far; compressed ones where the capture is compressed.
    pub fn read_bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Calls that are over so far.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Counts a call that is over.
    pub fn count_call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn expect(&self, bytes: u64) {
        self.expected.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn count_read(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }
}
