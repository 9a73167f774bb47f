//! A run of whole records that one worker turns into frames.

use std::ops::Range;
use std::sync::Arc;

use super::clock::Clock;
use super::record::Record;
use super::section::{Layout, PcapLayout};
use super::{Section, block};
use crate::{Frame, Time};

/// Whole records of one section, with what must be known to number and time their frames.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Where the records stand in the bytes that were given to the walk.
    pub range: Range<usize>,
    /// The number of its first frame.
    pub first_frame: u64,
    /// How many frames it holds; at least one.
    pub frames: u64,
    /// The clock after all earlier frames.
    pub clock: Clock,
    /// The layout of its records and their interfaces.
    pub section: Arc<Section>,
}

impl Chunk {
    /// The frames of the chunk. `bytes` are those that were given to the walk.
    pub fn frames<'a>(&self, bytes: &'a [u8]) -> Frames<'a> {
        let bytes = bytes.get(self.range.clone()).unwrap_or_default();
        Frames {
            rest: bytes,
            number: self.first_frame - 1,
            clock: self.clock,
            section: Arc::clone(&self.section),
        }
    }
}

/// Iterator over the frames of a [`Chunk`].
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    rest: &'a [u8],
    number: u64,
    clock: Clock,
    section: Arc<Section>,
}

impl Frames<'_> {
    /// The monotone clock of the capture after the frame that was yielded last.
    pub fn clock(&self) -> Time {
        self.clock.now()
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Frame<'a>> {
        match self.section.layout {
            Layout::Pcap(layout) => self.record(layout),
            Layout::Pcapng => self.packet(),
        }
    }
}

impl<'a> Frames<'a> {
    /// The frame of the next record of classic pcap.
    #[inline(always)]
    fn record(&mut self, layout: PcapLayout) -> Option<Frame<'a>> {
        let record = Record::read(self.rest, 0, self.section.order, layout)?;
        let end = record.end(0, layout);
        let bytes = self.rest.get(layout.header_bytes..end)?;
        self.rest = &self.rest[end..];
        self.number += 1;
        let time = record.time(layout);
        self.clock.advance(time);
        let link = self.section.interfaces.get(0)?.link;
        Some(Frame {
            file: 0,
            number: self.number,
            time,
            time_digits: layout.time_digits(),
            interface: 0,
            link,
            bytes,
            original_len: record.original,
        })
    }

    /// The frame of the next block of pcapng that holds one.
    #[inline(never)]
    fn packet(&mut self) -> Option<Frame<'a>> {
        loop {
            let (kind, length) = block::head(self.rest, 0, self.section.order)?;
            let whole = self.rest.get(..length)?;
            if length < block::LEAST {
                return None;
            }
            self.rest = &self.rest[length..];
            let Some(Ok(packet)) = block::Packet::read(kind, whole, &self.section) else {
                continue;
            };
            self.number += 1;
            let time = match packet.time {
                Ok(time) => {
                    self.clock.advance(time);
                    time
                }
                Err(_) => self.clock.substitute(),
            };
            return Some(Frame {
                file: 0,
                number: self.number,
                time,
                time_digits: packet.interface.resolution.digits,
                interface: packet.interface.index,
                link: packet.interface.link,
                bytes: packet.bytes,
                original_len: packet.original,
            });
        }
    }
}
