//! Rules on the capture itself: never faults of calls.

pub mod duplicate_packets;
