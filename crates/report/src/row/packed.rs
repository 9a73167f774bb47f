//! A call row in some hundred bytes, for documents that are sorted before they are written.

mod attempts;
mod usages;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use siptriage_capture::{Endpoint, Time};
use siptriage_correlate::{
    Certainty, FrameRef, LinkReason, Outcome, Side, TimerState, TransferResult,
};
use siptriage_sip::StatusCode;

use super::{CallRow, CauseRow, LegRow, TimerRow, TransferRow};
use crate::wire_text::{WireText, WireUri};

/// Call rows, each in some hundred bytes, one behind the other in a few large pieces of memory:
/// numbers as variable-length integers (7 bits a byte, low ones first), frames as distances,
/// strings with their length before them.
#[derive(Debug, Default)]
pub struct PackedCalls {
    blocks: Vec<Vec<u8>>,
    places: Vec<Place>,
}

/// Where a row is.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: u32,
    outcome: Outcome,
    block: u32,
    start: u32,
}

/// Bytes of a block. It is filled up to a row of usual size; what is longer makes it grow.
const BLOCK: usize = 1 << 18;
const USUAL_ROW: usize = 1 << 11;

impl PackedCalls {
    /// Adds a row behind the others.
    pub fn push(&mut self, row: &CallRow<'_>) {
        if self
            .blocks
            .last()
            .is_none_or(|block| block.len() > BLOCK - USUAL_ROW)
        {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let number = self.blocks.len() - 1;
        let block = &mut self.blocks[number];
        self.places.push(Place {
            number: row.number,
            outcome: row.outcome,
            block: number as u32,
            start: block.len() as u32,
        });
        Writer(block).row(row);
    }

    /// Puts the rows in the order of their numbers.
    pub fn sort(&mut self) {
        self.places.sort_unstable_by_key(|place| place.number);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The rows from one place up to another, in their order.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = CallRow<'_>> {
        let places = self.places.get(range).unwrap_or_default();
        places.iter().map(|place| self.row(*place))
    }

    /// All rows in their order.
    pub fn iter(&self) -> impl Iterator<Item = CallRow<'_>> {
        self.range(0..self.len())
    }

    fn row(&self, place: Place) -> CallRow<'_> {
        let block = &self.blocks[place.block as usize];
        Reader(&block[place.start as usize..]).row(place.number, place.outcome)
    }
}

/// The reasons at the places where [`Writer::link`] puts them.
const LINKS: [LinkReason; 13] = [
    LinkReason::SessionId,
    LinkReason::CallIdReference,
    LinkReason::ChargingVector,
    LinkReason::VendorId,
    LinkReason::Redirection,
    LinkReason::Replaces,
    LinkReason::SdpOrigin,
    LinkReason::MediaAddress,
    LinkReason::Diversion,
    LinkReason::Numbers,
    LinkReason::ReferredBy,
    LinkReason::ReferTo,
    LinkReason::ReferNumber,
];

/// The results at the places where [`Writer::transfer`] puts them.
const RESULTS: [TransferResult; 4] = [
    TransferResult::Succeeded,
    TransferResult::Failed,
    TransferResult::Refused,
    TransferResult::Unknown,
];

struct Writer<'b>(&'b mut Vec<u8>);

impl Writer<'_> {
    /// Writes everything of a row but its number and outcome.
    fn row(&mut self, row: &CallRow<'_>) {
        self.time(row.start);
        self.some(row.status, |writer, status| {
            writer.number(u64::from(status.0))
        });
        self.some(row.reason, Writer::text);
        self.0.push(row.certainty as u8);
        self.bytes(row.from.0);
        self.bytes(row.to.0);
        self.endpoint(row.src);
        self.endpoint(row.dst);
        for span in [row.setup, row.ring, row.post_dial_delay, row.talk] {
            self.some(span, Writer::signed);
        }
        self.some(row.ended_by, |writer, side| writer.0.push(side as u8));
        self.some(row.ended_reason, Writer::text);
        self.number(u64::from(row.attempts));
        self.attempts(&row.superseded);
        self.number(u64::from(row.retransmissions));
        self.frames(&row.frames);
        self.number(row.legs.len() as u64);
        for leg in &row.legs {
            self.text(leg.call_id);
            self.some(leg.link, Writer::link);
        }
        self.some(row.session_timer, Writer::timer);
        self.number(row.transfers.len() as u64);
        for transfer in &row.transfers {
            self.transfer(transfer);
        }
        self.some(row.caused_by, Writer::cause);
        self.some(row.clock_error, Writer::signed);
        self.number(row.usages.len() as u64);
        for usage in &row.usages {
            self.usage(usage);
        }
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Small negative numbers become small positive ones: the sign is moved to the lowest bit.
    fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    /// Nanoseconds since 1970 fill most of their bytes.
    fn time(&mut self, time: Time) {
        self.0.extend_from_slice(&time.0.to_le_bytes());
    }

    fn text(&mut self, text: WireText<'_>) {
        self.bytes(text.0);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn some<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn endpoint(&mut self, endpoint: Endpoint) {
        match endpoint.ip {
            IpAddr::V4(ip) => self.bytes(&ip.octets()),
            IpAddr::V6(ip) => self.bytes(&ip.octets()),
        }
        self.number(u64::from(endpoint.port));
    }

    fn link(&mut self, link: LinkReason) {
        self.0.push(match link {
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
        self.0.push(timer.refresher as u8);
        self.number(u64::from(timer.refreshes));
        self.0.push(u8::from(timer.state == TimerState::Lapsed));
    }

    fn transfer(&mut self, transfer: &TransferRow<'_>) {
        self.frames(&[transfer.frame]);
        self.0.push(transfer.by as u8);
        self.bytes(transfer.target.0);
        self.0.push(match transfer.result {
            TransferResult::Succeeded => 0,
            TransferResult::Failed => 1,
            TransferResult::Refused => 2,
            TransferResult::Unknown => 3,
        });
        self.some(transfer.status, |writer, status| {
            writer.number(u64::from(status.0))
        });
        self.some(transfer.caused, Writer::cause);
    }

    fn cause(&mut self, cause: CauseRow) {
        self.number(u64::from(cause.call));
        self.link(cause.reason);
    }

    /// The number of frames, then the distances.
    fn frames(&mut self, frames: &[FrameRef]) {
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

/// Reads what [`Writer`] wrote. Past the end it yields zeros and empty texts.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads what [`Writer::row`] wrote.
    fn row(&mut self, number: u32, outcome: Outcome) -> CallRow<'a> {
        CallRow {
            number,
            outcome,
            start: self.time(),
            status: self.some(|reader| StatusCode(reader.number() as u16)),
            reason: self.some(Reader::text),
            certainty: self.certainty(),
            from: self.uri(),
            to: self.uri(),
            src: self.endpoint(),
            dst: self.endpoint(),
            setup: self.some(Reader::signed),
            ring: self.some(Reader::signed),
            post_dial_delay: self.some(Reader::signed),
            talk: self.some(Reader::signed),
            ended_by: self.some(Reader::side),
            ended_reason: self.some(Reader::text),
            attempts: self.number() as u32,
            superseded: self.attempts(),
            retransmissions: self.number() as u32,
            frames: self.frames(),
            legs: self.legs(),
            session_timer: self.some(Reader::timer),
            transfers: self.transfers(),
            caused_by: self.some(Reader::cause),
            clock_error: self.some(Reader::signed),
            usages: self.usages(),
        }
    }

    fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *byte
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    fn time(&mut self) -> Time {
        let Some((bytes, rest)) = self.0.split_first_chunk() else {
            return Time(0);
        };
        self.0 = rest;
        Time(i64::from_le_bytes(*bytes))
    }

    fn uri(&mut self) -> WireUri<'a> {
        WireUri(self.text().0)
    }

    fn text(&mut self) -> WireText<'a> {
        let length = (self.number() as usize).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        WireText(text)
    }

    fn some<T>(&mut self, read: impl FnOnce(&mut Reader<'a>) -> T) -> Option<T> {
        match self.byte() {
            0 => None,
            _ => Some(read(self)),
        }
    }

    fn certainty(&mut self) -> Certainty {
        match self.byte() {
            0 => Certainty::Certain,
            1 => Certainty::Inferred,
            _ => Certainty::Unknown,
        }
    }

    fn side(&mut self) -> Side {
        match self.byte() {
            0 => Side::Caller,
            _ => Side::Callee,
        }
    }

    fn endpoint(&mut self) -> Endpoint {
        let octets = self.text().0;
        let ip = match (<[u8; 4]>::try_from(octets), <[u8; 16]>::try_from(octets)) {
            (Ok(octets), _) => IpAddr::V4(Ipv4Addr::from(octets)),
            (_, Ok(octets)) => IpAddr::V6(Ipv6Addr::from(octets)),
            _ => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        };
        Endpoint {
            ip,
            port: self.number() as u16,
        }
    }

    fn frames(&mut self) -> Vec<FrameRef> {
        let count = self.number();
        let mut frames = Vec::with_capacity((count as usize).min(self.0.len()));
        let mut last = FrameRef::default();
        for _ in 0..count {
            let step = self.number();
            last = if step & 1 == 1 {
                FrameRef::new(last.file() + self.number() as u16, step >> 1)
            } else {
                FrameRef::new(last.file(), last.number() + (step >> 1))
            };
            frames.push(last);
        }
        frames
    }

    fn legs(&mut self) -> Vec<LegRow<'a>> {
        let legs = 0..self.number();
        legs.map(|_| LegRow {
            call_id: self.text(),
            link: self.some(Reader::link),
        })
        .collect()
    }

    fn timer(&mut self) -> TimerRow {
        TimerRow {
            interval: self.number() as u32,
            refresher: self.side(),
            refreshes: self.number() as u32,
            state: match self.byte() {
                0 => TimerState::Fresh,
                _ => TimerState::Lapsed,
            },
        }
    }

    fn transfers(&mut self) -> Vec<TransferRow<'a>> {
        let transfers = 0..self.number();
        transfers.map(|_| self.transfer()).collect()
    }

    fn transfer(&mut self) -> TransferRow<'a> {
        TransferRow {
            frame: self.frame(),
            by: self.side(),
            target: self.uri(),
            result: self.result(),
            status: self.some(|reader| StatusCode(reader.number() as u16)),
            caused: self.some(Reader::cause),
        }
    }

    fn result(&mut self) -> TransferResult {
        let known = RESULTS.get(usize::from(self.byte()));
        known.copied().unwrap_or(TransferResult::Unknown)
    }

    fn frame(&mut self) -> FrameRef {
        self.frames().first().copied().unwrap_or_default()
    }

    fn cause(&mut self) -> CauseRow {
        CauseRow {
            call: self.number() as u32,
            reason: self.link(),
        }
    }

    fn link(&mut self) -> LinkReason {
        let known = LINKS.get(usize::from(self.byte()));
        known.copied().unwrap_or(LinkReason::Numbers)
    }
}

#[cfg(test)]
mod tests;
