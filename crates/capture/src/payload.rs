//! What a transport delivered: a datagram, or the next whole message of a stream.

use crate::{Flow, FrameRef, Passage, Time};

/// One transport payload that may hold a SIP message.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    /// Frame that completed it.
    pub frame: FrameRef,
    /// First frame that contributed to it; equal to `frame` for an unfragmented datagram.
    pub first_frame: FrameRef,
    /// Time of the frame that completed it.
    pub time: Time,
    /// Fractional digits of the time that the capture really has.
    pub time_digits: u8,
    /// Innermost addresses and transport.
    pub flow: Flow,
    /// How the completing frame passed the capture point.
    pub passage: Passage,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Cut by the snap length of the capture, or by a hole in the stream: not the sender's fault.
    pub truncated: bool,
}
