//! Reads a call row back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use siptriage_capture::{Endpoint, Time};
use siptriage_correlate::{
    Certainty, FrameRef, LinkReason, Outcome, Side, TimerState, TransferResult,
};
use siptriage_sip::StatusCode;

use super::{LINKS, RESULTS};
use crate::row::{CallRow, CauseRow, LegRow, TimerRow, TransferRow};
use crate::wire_text::{WireText, WireUri};

/// Reads what [`Writer`](super::Writer) wrote. Past the end it yields zeros and empty texts.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// Those of the record that were not looked at yet, the next one lowest.
    bits: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, bits: 0 }
    }

    /// Reads what [`Writer::row`](super::Writer::row) wrote.
    pub(super) fn row(&mut self, number: u32, outcome: Outcome) -> CallRow<'a> {
        self.bits = u32::from_le_bytes(self.array());
        CallRow {
            number,
            outcome,
            start: self.time(),
            status: self.some(Reader::status),
            reason: self.some(Reader::text),
            certainty: self.certainty(),
            from: self.uri(),
            to: self.uri(),
            src: self.endpoint(),
            dst: self.endpoint(),
            setup: self.some(Reader::span),
            ring: self.some(Reader::span),
            post_dial_delay: self.some(Reader::span),
            talk: self.some(Reader::span),
            ended_by: self.some(Reader::side),
            ended_reason: self.some(Reader::text),
            attempts: self.number() as u32,
            retransmissions: self.number() as u32,
            frames: self.frames(),
            legs: self.legs(),
            superseded: self.list(Reader::attempt),
            transfers: self.list(Reader::transfer),
            usages: self.list(Reader::usage),
            session_timer: self.some(Reader::timer),
            caused_by: self.some(Reader::cause),
            clock_error: self.some(Reader::span),
        }
    }

    /// Reads something that has bits of its own.
    #[inline(always)]
    pub(super) fn record<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let own = u32::from_le_bytes(self.array());
        let outer = std::mem::replace(&mut self.bits, own);
        let value = read(self);
        self.bits = outer;
        value
    }

    #[inline(always)]
    fn bit(&mut self) -> bool {
        let bit = self.bits & 1;
        self.bits >>= 1;
        bit == 1
    }

    #[inline(always)]
    pub(super) fn some<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.bit() { Some(read(self)) } else { None }
    }

    #[inline(always)]
    fn list<T>(&mut self, read: fn(&mut Self) -> T) -> Vec<T> {
        if !self.bit() {
            return Vec::new();
        }
        let items = 0..self.number();
        items.map(|_| read(self)).collect()
    }

    #[inline(always)]
    fn array<const COUNT: usize>(&mut self) -> [u8; COUNT] {
        let Some((bytes, rest)) = self.bytes.split_first_chunk() else {
            return [0; COUNT];
        };
        self.bytes = rest;
        *bytes
    }

    pub(super) fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    #[inline(always)]
    fn number(&mut self) -> u64 {
        match self.bytes {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.bytes = rest;
                u64::from(*byte)
            }
            [low, high, rest @ ..] if *high < 0x80 => {
                self.bytes = rest;
                u64::from(*low & 0x7f) | u64::from(*high) << 7
            }
            _ => self.long_number(),
        }
    }

    #[inline(never)]
    fn long_number(&mut self) -> u64 {
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

    fn span(&mut self) -> i64 {
        let length = usize::from(self.byte());
        let mut number = [0; size_of::<u64>()];
        if let (Some((bytes, rest)), Some(place)) = (
            self.bytes.split_at_checked(length),
            number.get_mut(..length),
        ) {
            place.copy_from_slice(bytes);
            self.bytes = rest;
        }
        let number = u64::from_le_bytes(number);
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    fn time(&mut self) -> Time {
        Time(i64::from_le_bytes(self.array()))
    }

    pub(super) fn status(&mut self) -> StatusCode {
        StatusCode(u16::from_le_bytes(self.array()))
    }

    #[inline(always)]
    fn certainty(&mut self) -> Certainty {
        match (self.bit(), self.bit()) {
            (true, _) => Certainty::Inferred,
            (_, true) => Certainty::Unknown,
            (false, false) => Certainty::Certain,
        }
    }

    fn side(&mut self) -> Side {
        match self.byte() {
            0 => Side::Caller,
            _ => Side::Callee,
        }
    }

    fn uri(&mut self) -> WireUri<'a> {
        WireUri(self.text().0)
    }

    pub(super) fn text(&mut self) -> WireText<'a> {
        let length = self.number() as usize;
        let (text, rest) = self.bytes.split_at_checked(length).unwrap_or_default();
        self.bytes = rest;
        WireText(text)
    }

    pub(super) fn endpoint(&mut self) -> Endpoint {
        let ip = match self.byte() {
            16 => IpAddr::V6(Ipv6Addr::from(self.array::<16>())),
            _ => IpAddr::V4(Ipv4Addr::from(self.array::<4>())),
        };
        Endpoint {
            ip,
            port: u16::from_le_bytes(self.array()),
        }
    }

    pub(super) fn frames(&mut self) -> Vec<FrameRef> {
        let count = self.number() as usize;
        let mut last = FrameRef::default();
        let frames = (0..count.min(self.bytes.len())).map(|_| {
            let step = self.number();
            last = if step & 1 == 1 {
                FrameRef::new(last.file() + self.number() as u16, step >> 1)
            } else {
                FrameRef::new(last.file(), last.number() + (step >> 1))
            };
            last
        });
        frames.collect()
    }

    fn legs(&mut self) -> Vec<LegRow<'a>> {
        let legs = 0..self.number() as usize;
        legs.map(|_| LegRow {
            call_id: self.text(),
            link: LINKS.get(usize::from(self.byte())).copied(),
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

    fn transfer(&mut self) -> TransferRow<'a> {
        self.record(|reader| TransferRow {
            frame: reader.frame(),
            by: reader.side(),
            target: reader.uri(),
            result: reader.result(),
            status: reader.some(Reader::status),
            caused: reader.some(Reader::cause),
        })
    }

    fn result(&mut self) -> TransferResult {
        let known = RESULTS.get(usize::from(self.byte()));
        known.copied().unwrap_or(TransferResult::Unknown)
    }

    pub(super) fn frame(&mut self) -> FrameRef {
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
