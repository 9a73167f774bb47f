//! The named limits that keep memory bounded on any input.

use crate::time::{MILLISECOND, SECOND};

/// Every bound of the capture stage. Reaching one is counted in [`crate::Skipped`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Captures held open at once by whoever reads several.
    pub open_files: usize,
    /// Largest capture record or pcapng block that is read whole, in bytes.
    pub block_bytes: usize,
    /// IP datagrams under reassembly at once.
    pub fragment_datagrams: usize,
    /// Bytes of fragments held at once.
    pub fragment_bytes: usize,
    /// Capture time after which an incomplete datagram is given up, in nanoseconds.
    pub fragment_age: i64,
    /// TCP directions followed at once.
    pub streams: usize,
    /// Bytes held for one TCP direction (out-of-order and incomplete message).
    pub stream_bytes: usize,
    /// Bytes held for all TCP directions.
    pub stream_total_bytes: usize,
    /// Bytes of a stream looked at before it is let go as not SIP.
    pub stream_probe_bytes: usize,
    /// Capture time after which a missing TCP segment is declared a hole, in nanoseconds.
    pub hole_age: i64,
    /// Capture time after which bytes that the receiver has acknowledged, but the capture has
    /// not shown, are declared a hole, in nanoseconds.
    pub hole_grace: i64,
    /// Capture time after which a silent TCP direction is forgotten, in nanoseconds.
    pub stream_idle: i64,
    /// Tunnels inside tunnels.
    pub nesting: usize,
    /// Uncompressed bytes per compressed byte of a compressed capture, once past 64 MiB.
    pub expansion: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            open_files: 200,
            block_bytes: 16 << 20,
            fragment_datagrams: 4_096,
            fragment_bytes: 32 << 20,
            fragment_age: 30 * SECOND,
            streams: 65_536,
            stream_bytes: 1 << 20,
            stream_total_bytes: 32 << 20,
            stream_probe_bytes: 4_096,
            hole_age: 2 * SECOND,
            hole_grace: 100 * MILLISECOND,
            stream_idle: 600 * SECOND,
            nesting: 8,
            expansion: 1_000,
        }
    }
}
