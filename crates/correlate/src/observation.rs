//! One SIP message seen once, as the capture and the parser hand it over.

use siptriage_capture::{Flow, Passage, Time};
use siptriage_sip::Scanned;

use crate::record::FrameRef;

/// One SIP message seen once. It borrows its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// The frame that completed the message.
    pub frame: FrameRef,
    /// When that frame was captured.
    pub time: Time,
    /// The greatest time of this and all earlier frames: the clock that timers run on, which
    /// never goes back.
    pub clock: Time,
    /// Innermost addresses and transport.
    pub flow: Flow,
    /// How it passed the capture point.
    pub passage: Passage,
    /// Cut by the capture, not by the sender.
    pub truncated: bool,
    /// Hash of the message's bytes: equal bytes have equal fingerprints.
    pub fingerprint: u64,
    /// Hash of the Call-ID, as [`crate::hash::call_id`] makes it.
    pub call_id_hash: u64,
    /// The message and its outline.
    pub message: Scanned<'a>,
}
