//! Writes a call row in some hundred bytes.

use std::net::IpAddr;

use siptriage_capture::{Endpoint, Time};
use siptriage_correlate::{Certainty, FrameRef, LinkReason, Side, TimerState, TransferResult};
use siptriage_sip::StatusCode;

use super::UNLINKED;
use crate::row::{CallRow, CauseRow, LegRow, TimerRow, TransferRow};
use crate::wire_text::WireText;

pub(super) struct Writer<'b> {
    pub(super) bytes: &'b mut Vec<u8>,
    bits: Bits,
}

/// What of a record is there: a bit for each thing that may be missing, in the order in which they
/// are written, the first one lowest.
#[derive(Clone, Copy, Default)]
struct Bits {
    bits: u32,
    count: u32,
}

impl<'b> Writer<'b> {
    pub(super) fn new(bytes: &'b mut Vec<u8>) -> Writer<'b> {
        Writer {
            bytes,
            bits: Bits::default(),
        }
    }

    /// Writes everything of a row but its number and outcome.
    pub(super) fn row(&mut self, row: &CallRow<'_>) {
        self.record(|writer| {
            writer.time(row.start);
            writer.some(row.status, Writer::status);
            writer.some(row.reason, Writer::text);
            writer.certainty(row.certainty);
            writer.bytes(row.from.0);
            writer.bytes(row.to.0);
            writer.endpoint(row.src);
            writer.endpoint(row.dst);
            writer.some(row.setup, Writer::span);
            writer.some(row.ring, Writer::span);
            writer.some(row.post_dial_delay, Writer::span);
            writer.some(row.talk, Writer::span);
            writer.some(row.ended_by, Writer::side);
            writer.some(row.ended_reason, Writer::text);
            writer.number(u64::from(row.attempts));
            writer.number(u64::from(row.retransmissions));
            writer.frames(&row.frames);
            writer.number(row.legs.len() as u64);
            for leg in &row.legs {
                writer.leg(leg);
            }
            writer.list(&row.superseded, Writer::attempt);
            writer.list(&row.transfers, Writer::transfer);
            writer.list(&row.usages, Writer::usage);
            writer.some(row.session_timer, Writer::timer);
            writer.some(row.caused_by, Writer::cause);
            writer.some(row.clock_error, Writer::span);
        });
    }

    /// Writes something that has bits of its own: they go before it.
    #[inline(always)]
    pub(super) fn record(&mut self, write: impl FnOnce(&mut Self)) {
        let place = self.bytes.len();
        self.bytes.extend_from_slice(&[0; size_of::<u32>()]);
        let outer = std::mem::take(&mut self.bits);
        write(self);
        let own = std::mem::replace(&mut self.bits, outer);
        let before = &mut self.bytes[place..place + size_of::<u32>()];
        before.copy_from_slice(&own.bits.to_le_bytes());
    }

    /// The next bit of the record.
    #[inline(always)]
    fn bit(&mut self, bit: bool) {
        self.bits.bits |= u32::from(bit) << self.bits.count;
        self.bits.count += 1;
    }

    #[inline(always)]
    pub(super) fn some<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.bit(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// A list that is mostly empty.
    #[inline(always)]
    fn list<T>(&mut self, items: &[T], write: fn(&mut Self, &T)) {
        self.bit(!items.is_empty());
        if !items.is_empty() {
            self.number(items.len() as u64);
            for item in items {
                write(self, item);
            }
        }
    }

    #[inline(always)]
    fn number(&mut self, number: u64) {
        if number < 0x80 {
            self.bytes.push(number as u8);
        } else if number < 0x4000 {
            let [low, high] = [number as u8 | 0x80, (number >> 7) as u8];
            self.bytes.extend_from_slice(&[low, high]);
        } else {
            self.long_number(number);
        }
    }

    #[inline(never)]
    fn long_number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// How many bytes are not zero, then these. Small negative numbers become small positive ones:
    /// the sign is moved to the lowest bit.
    fn span(&mut self, span: i64) {
        let number = ((span << 1) ^ (span >> 63)) as u64;
        let length = size_of::<u64>() - number.leading_zeros() as usize / 8;
        self.bytes.push(length as u8);
        let end = self.bytes.len() + length;
        self.bytes.extend_from_slice(&number.to_le_bytes());
        self.bytes.truncate(end);
    }

    /// Nanoseconds since 1970 fill most of their bytes.
    fn time(&mut self, time: Time) {
        self.bytes.extend_from_slice(&time.0.to_le_bytes());
    }

    pub(super) fn status(&mut self, StatusCode(status): StatusCode) {
        self.bytes.extend_from_slice(&status.to_le_bytes());
    }

    #[inline(always)]
    fn certainty(&mut self, certainty: Certainty) {
        self.bit(certainty == Certainty::Inferred);
        self.bit(certainty == Certainty::Unknown);
    }

    fn side(&mut self, side: Side) {
        self.bytes.push(side as u8);
    }

    pub(super) fn text(&mut self, text: WireText<'_>) {
        self.bytes(text.0);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn endpoint(&mut self, endpoint: Endpoint) {
        match endpoint.ip {
            IpAddr::V4(ip) => self.octets(&ip.octets()),
            IpAddr::V6(ip) => self.octets(&ip.octets()),
        }
        self.bytes.extend_from_slice(&endpoint.port.to_le_bytes());
    }

    #[inline(always)]
    fn octets<const COUNT: usize>(&mut self, octets: &[u8; COUNT]) {
        self.bytes.push(COUNT as u8);
        self.bytes.extend_from_slice(octets);
    }

    fn leg(&mut self, leg: &LegRow<'_>) {
        self.text(leg.call_id);
        match leg.link {
            None => self.bytes.push(UNLINKED),
            Some(link) => self.link(link),
        }
    }

    fn link(&mut self, link: LinkReason) {
        self.bytes.push(match link {
            LinkReason::SessionId => 0,
            LinkReason::CallIdReference => 1,
            LinkReason::ChargingVector => 2,
            LinkReason::VendorId => 3,
            LinkReason::Redirection => 4,
            LinkReason::Replaces => 5,
            LinkReason::SdpOrigin => 6,
            LinkReason::MediaAddress => 7,
            LinkReason::Diversion => 8,
            LinkReason::Numbers => 9,
            LinkReason::ReferredBy => 10,
            LinkReason::ReferTo => 11,
            LinkReason::ReferNumber => 12,
        });
    }

    fn timer(&mut self, timer: TimerRow) {
        self.number(u64::from(timer.interval));
        self.side(timer.refresher);
        self.number(u64::from(timer.refreshes));
        self.bytes.push(u8::from(timer.state == TimerState::Lapsed));
    }

    fn transfer(&mut self, transfer: &TransferRow<'_>) {
        self.record(|writer| {
            writer.frames(&[transfer.frame]);
            writer.side(transfer.by);
            writer.bytes(transfer.target.0);
            writer.bytes.push(match transfer.result {
                TransferResult::Succeeded => 0,
                TransferResult::Failed => 1,
                TransferResult::Refused => 2,
                TransferResult::Unknown => 3,
            });
            writer.some(transfer.status, Writer::status);
            writer.some(transfer.caused, Writer::cause);
        });
    }

    fn cause(&mut self, cause: CauseRow) {
        self.number(u64::from(cause.call));
        self.link(cause.reason);
    }

    /// The number of frames, then the distances.
    pub(super) fn frames(&mut self, frames: &[FrameRef]) {
        self.number(frames.len() as u64);
        let mut last = FrameRef::default();
        for frame in frames {
            let moved = frame.file() - last.file();
            let from = if moved > 0 { 0 } else { last.number() };
            // The lowest bit says whether the number of captures passed over follows.
            self.number((frame.number() - from) << 1 | u64::from(moved > 0));
            if moved > 0 {
                self.number(u64::from(moved));
            }
            last = *frame;
        }
    }
}
