//! The record headers of classic pcap, and how far one can be believed.
//!
//! Record headers are read here and not with pcap-parser: its record functions know neither the
//! big-endian modified layout nor a header in the other byte order than the file, and the walk
//! has to judge a header before it believes the length in it.

use super::ByteOrder;
use super::section::PcapLayout;
use crate::Time;
use crate::time::SECOND;

/// Captured length up to which a header is believed among doubtful ones; the largest packet that
/// the usual tools write.
pub(super) const PLAUSIBLE_CAPTURED: u32 = 262_144;
/// Length on the wire above which a header is doubtful.
const PLAUSIBLE_ORIGINAL: u32 = 1 << 24;
/// Distance from the clock, in seconds, within which a header found in garbage is believed.
const PLAUSIBLE_DISTANCE: i64 = 86_400;

/// The header of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// When the packet was captured.
    pub seconds: u32,
    fraction: u32,
    captured: u32,
    /// The length on the wire.
    pub original: u32,
}

impl Record {
    /// The header at index `at` of `bytes`, unchecked.
    #[inline]
    pub fn read(bytes: &[u8], at: usize, order: ByteOrder, layout: PcapLayout) -> Option<Record> {
        let header: &[u8; 16] = bytes.get(at..)?.get(..layout.header_bytes)?.first_chunk()?;
        let field =
            |at: usize| order.u32([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        Some(Record {
            seconds: field(0),
            fraction: field(4),
            captured: field(8),
            original: field(12),
        })
    }

    /// The index after the record that starts at index `at`.
    #[inline]
    pub fn end(&self, at: usize, layout: PcapLayout) -> usize {
        at + layout.header_bytes + self.captured as usize
    }

    /// When the packet was captured; any 32-bit values fit.
    #[inline]
    pub fn time(&self, layout: PcapLayout) -> Time {
        let fraction = i64::from(self.fraction) * i64::from(layout.fraction_nanoseconds);
        Time(i64::from(self.seconds) * SECOND + fraction)
    }

    /// Whether nothing about the header is unusual.
    #[inline]
    pub fn is_regular(&self, layout: PcapLayout) -> bool {
        self.captured <= layout.captured_limit
            && self.captured <= self.original
            && self.original <= PLAUSIBLE_ORIGINAL.max(layout.captured_limit)
            && u64::from(self.fraction) * u64::from(layout.fraction_nanoseconds) < SECOND as u64
            && !self.is_blank()
    }

    /// Whether the header can be one at all.
    pub fn is_possible(&self, layout: PcapLayout) -> bool {
        self.captured <= PLAUSIBLE_CAPTURED.min(layout.captured_limit) && !self.is_blank()
    }

    /// A run of zeros reads as a chain of empty records at the epoch.
    #[inline]
    fn is_blank(&self) -> bool {
        self.captured == 0 && self.seconds == 0
    }

    /// Whether the time is within a day of `clock`, in seconds; no clock knows better.
    pub fn is_near(&self, clock: Option<i64>) -> bool {
        clock.is_none_or(|clock| (i64::from(self.seconds) - clock).abs() <= PLAUSIBLE_DISTANCE)
    }
}
