//! What says that the capture lacks packets, or that its clock was set.

use std::net::IpAddr;

use crate::Time;

/// A stretch of time in which the capture is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disturbance {
    /// What happened.
    pub kind: DisturbanceKind,
    /// The interface that it happened on, as [`crate::Frame::interface`] has it; `None` where all
    /// of the capture is concerned.
    pub interface: Option<u32>,
    /// When it began at the earliest.
    pub from: Time,
    /// When it was over at the latest.
    pub until: Time,
    /// The clock at which it became known: that of the frame or block that shows it.
    pub known: Time,
}

/// What happened to a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisturbanceKind {
    /// The capturing host dropped packets, by an Interface Statistics Block
    /// (draft-ietf-opsawg-pcapng 4.6).
    Dropped {
        /// Packets.
        packets: u64,
    },
    /// A stream has a hole, or a datagram lacks a fragment.
    Hole {
        /// The host that sent what is missing.
        src: IpAddr,
        /// The host that it went to.
        dst: IpAddr,
    },
    /// The clock of an interface went back.
    SetBack {
        /// Nanoseconds.
        by: i64,
    },
}
