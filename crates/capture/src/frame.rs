//! One packet record of a capture, and how it is named.

use crate::Time;

/// The link-layer type of a frame, as `LINKTYPE_` number (www.tcpdump.org/linktypes.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u16);

/// One packet as captured. It borrows its bytes from the chunk that holds it.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The capture that holds it, from 0, where several are read.
    pub file: u16,
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

impl Frame<'_> {
    /// Its name among the frames of all captures.
    #[inline]
    pub fn place(&self) -> FrameRef {
        FrameRef::new(self.file, self.number)
    }
}

/// A frame of one of the captures read: which of them, and Wireshark's frame number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameRef(u64);

impl FrameRef {
    const NUMBER_BITS: u32 = 48;

    /// Frame `number` (from 1) of the `file`-th capture (from 0).
    pub fn new(file: u16, number: u64) -> FrameRef {
        FrameRef(u64::from(file) << Self::NUMBER_BITS | number & ((1 << Self::NUMBER_BITS) - 1))
    }

    /// The frame number in its file, from 1.
    pub fn number(self) -> u64 {
        self.0 & ((1 << Self::NUMBER_BITS) - 1)
    }

    /// Which capture, from 0.
    pub fn file(self) -> u16 {
        (self.0 >> Self::NUMBER_BITS) as u16
    }
}
