//! One packet record of a capture.

use crate::Time;

/// The link-layer type of a frame, as `LINKTYPE_` number (www.tcpdump.org/linktypes.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u16);

/// One packet as captured. It borrows its bytes from the chunk that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The number of the packet in its file, from 1: Wireshark's `frame.number`.
    pub number: u64,
    /// When it was captured.
    pub time: Time,
    /// Fractional digits of the time that the capture really has (0 to 9).
    pub time_digits: u8,
    /// The interface it was captured on.
    pub interface: u32,
    /// What its first byte belongs to.
    pub link: LinkType,
    /// The captured bytes.
    pub bytes: &'a [u8],
    /// Length on the wire; larger than `bytes` when cut by the snap length.
    pub original_len: u32,
}
