//! One direction of a TCP connection: sequence numbers to bytes in order.

use crate::decode::{Segment, Sighting};
use crate::lane::cutter::{Cutter, End};
use crate::lane::outlet::Outlet;
use crate::lane::pieces::{Overlap, Pieces};
use crate::lane::reason;
use crate::lane::recent::Recent;
use crate::{FrameRef, Time};

/// Where positions begin: far enough from 0 for everything before the first segment.
const ORIGIN: u64 = 1 << 40;
/// A jump forward that no window allows (RFC 7323 2.3): another connection on the same ports.
const FARTHEST_AHEAD: u64 = 1 << 30;
/// The largest window without scaling: what can have overtaken a SYN in the capture.
const LARGEST_WINDOW: u64 = 1 << 16;
/// A step back that no retransmission makes.
const FARTHEST_BEHIND: u64 = 1 << 24;

/// The state of one direction. A position is a sequence number that does not wrap.
#[derive(Debug)]
pub(super) struct Direction {
    /// The position of the next byte in order.
    next: u64,
    /// The sequence number of the SYN, if it was captured.
    initial: Option<u32>,
    /// The position of the first byte that was captured.
    first: u64,
    fin: Option<Mark>,
    /// Everything before this position was sent, captured or not.
    sent: u64,
    /// What waits for bytes before it.
    ahead: Pieces,
    cutter: Cutter,
    recent: Recent,
    /// The clock at the latest segment, and its frame.
    pub(super) touched: Time,
    pub(super) last_frame: FrameRef,
    /// When the gap before `ahead` is declared a hole.
    deadline: Option<Time>,
}

/// A position and the packet that showed it.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: u64,
    time: Time,
    frame: FrameRef,
}

impl Mark {
    fn new(at: u64, seen: &Sighting) -> Mark {
        let (time, frame) = (seen.time, seen.frame);
        Mark { at, time, frame }
    }
}

impl Direction {
    /// Begins with the first segment seen, which may be in the middle of the connection.
    pub(super) fn new(first: &Segment<'_>, clock: Time) -> Direction {
        let syn = first.has(Segment::SYN);
        let next = ORIGIN + u64::from(first.seq) + u64::from(syn);
        Direction {
            next,
            initial: syn.then_some(first.seq),
            first: next,
            fin: None,
            sent: 0,
            ahead: Pieces::default(),
            cutter: Cutter::default(),
            recent: Recent::default(),
            touched: clock,
            last_frame: first.seen.frame,
            deadline: None,
        }
    }

    /// Takes a segment of this direction.
    pub(super) fn segment(&mut self, segment: &Segment<'_>, clock: Time, out: &mut Outlet<'_, '_>) {
        (self.touched, self.last_frame) = (clock, segment.seen.frame);
        if self.is_other_connection(segment) {
            self.end(End::Unseen, out);
            *self = Direction::new(segment, clock);
        }
        if segment.has(Segment::RST) {
            // A reset may carry text for humans (RFC 9293 3.5.3), not data.
            self.end(End::Closed, out);
            return;
        }
        if segment.has(Segment::SYN) {
            self.initial = Some(segment.seq);
        }
        let start = self.position(segment.seq) + u64::from(segment.has(Segment::SYN));
        self.sent = self.sent.max(start);
        let length = segment.bytes.len() as u64 + u64::from(segment.seen.missing);
        if length > 0 {
            self.data(start, segment, out);
        }
        if segment.has(Segment::FIN) {
            self.fin = Some(Mark::new(start + length, &segment.seen));
        }
        self.declare_holes(clock, out);
    }

    /// The receiver has acknowledged everything before `ack`: what is missing there was lost by
    /// the capture and not by the network.
    pub(super) fn acknowledged(&mut self, ack: u32, due: Time) {
        if let (Some(beyond), Some(deadline)) = (self.beyond_gap(), self.deadline)
            && self.position(ack) >= beyond.at
        {
            self.deadline = Some(deadline.min(due));
        }
    }

    /// Where the gap ends that is waited for.
    fn beyond_gap(&self) -> Option<Mark> {
        match self.ahead.first() {
            Some((first, piece)) => Some(Mark::new(first, &piece.seen)),
            None => self.fin.filter(|fin| fin.at > self.next),
        }
    }

    /// Declares the holes whose time has come, and then perhaps the end.
    pub(super) fn declare_holes(&mut self, clock: Time, out: &mut Outlet<'_, '_>) {
        self.declare_due_holes(clock, out);
        self.close_at_fin(out);
    }

    fn declare_due_holes(&mut self, clock: Time, out: &mut Outlet<'_, '_>) {
        while let Some(beyond) = self.beyond_gap() {
            // A record with a stray time must not wait for it.
            let due = beyond.time.min(clock).plus(out.limits.hole_age);
            let deadline = self.deadline.map_or(due, |deadline| deadline.min(due));
            let is_full = self.held_bytes() > out.limits.stream_bytes;
            if clock < deadline && !is_full {
                self.deadline = Some(deadline);
                return;
            }
            self.jump(beyond.at, beyond.frame, out);
        }
        self.deadline = None;
    }

    /// Nothing more will come: gives out what is there, holes or not.
    pub(super) fn end(&mut self, end: End, out: &mut Outlet<'_, '_>) {
        while let Some(beyond) = self.beyond_gap() {
            self.jump(beyond.at, beyond.frame, out);
        }
        // A FIN takes a number of its own.
        if (2..=FARTHEST_BEHIND).contains(&self.sent.saturating_sub(self.next)) {
            self.jump(self.sent, self.last_frame, out);
        }
        self.deadline = None;
        self.cutter.end(end, out);
    }

    /// When the gap before the waiting bytes is declared a hole.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.deadline
    }

    /// The bytes held, and what they take besides.
    pub(super) fn held_bytes(&self) -> usize {
        self.cutter.held_bytes() + self.ahead.cost_bytes()
    }

    /// The memory taken for them, about.
    pub(super) fn cost_bytes(&self) -> usize {
        self.cutter.cost_bytes() + self.ahead.cost_bytes()
    }

    /// Whether messages were found.
    pub(super) fn is_sip(&self) -> bool {
        self.cutter.is_sip()
    }

    /// Whether its bytes are no longer looked at.
    pub(super) fn is_let_go(&self) -> bool {
        self.cutter.is_let_go()
    }

    /// The other direction turned out to be SIP.
    pub(super) fn expect(&mut self) {
        self.cutter.expect();
    }

    fn position(&self, seq: u32) -> u64 {
        let distance = seq.wrapping_sub(self.next as u32) as i32;
        self.next.wrapping_add_signed(i64::from(distance))
    }

    fn is_other_connection(&self, segment: &Segment<'_>) -> bool {
        let start = self.position(segment.seq);
        if segment.has(Segment::SYN) {
            return match self.initial {
                Some(initial) => initial != segment.seq,
                // Captured after the first data of its own connection.
                None => start >= self.next || self.next - start > LARGEST_WINDOW,
            };
        }
        start > self.next + FARTHEST_AHEAD || start + FARTHEST_BEHIND < self.next
    }

    fn data(&mut self, start: u64, segment: &Segment<'_>, out: &mut Outlet<'_, '_>) {
        let (bytes, seen) = (segment.bytes, &segment.seen);
        let end = start + bytes.len() as u64;
        if start == self.next && self.ahead.is_empty() {
            self.next = end;
            self.note(start, bytes);
            self.cutter.push(bytes, seen.frame, seen, out);
            self.pass_missing(seen.missing, seen, out);
            return;
        }
        if self.contradicts(start, bytes) {
            out.tally.count(reason::SEGMENTS_CONFLICTING, seen.frame);
        }
        if self.initial.is_none()
            && start < self.first
            && bytes.len() > 1
            && self.cutter.is_of_interest()
        {
            out.tally.count(reason::SEGMENT_BEFORE_FIRST, seen.frame);
            self.first = start;
        }
        if end <= self.next {
            // One byte before the next is a keep-alive probe (RFC 9293 3.8.4).
            if end < self.next || bytes.len() > 1 {
                out.tally.statistics.segments_repeated += 1;
            }
            return;
        }
        if start > self.next {
            out.tally.statistics.segments_out_of_order += 1;
        }
        let old = self.next.saturating_sub(start) as usize;
        if self.cutter.is_let_go() {
            (self.next, self.ahead) = (end, Pieces::default());
            self.cutter.push(&bytes[old..], seen.frame, seen, out);
            return;
        }
        self.note(start, bytes);
        match self.ahead.insert(start.max(self.next), &bytes[old..], seen) {
            Overlap::Agrees => {}
            Overlap::Conflicts => {
                out.tally.count(reason::SEGMENTS_CONFLICTING, seen.frame);
            }
        }
        self.advance(Some(seen), out);
    }

    fn note(&mut self, start: u64, bytes: &[u8]) {
        if !self.cutter.is_let_go() {
            self.recent.note(start, bytes);
        }
    }

    /// Whether repeated bytes are others than those that are still here, or were in the segment
    /// that they repeat. The garbage of a keep-alive probe is none.
    fn contradicts(&self, start: u64, bytes: &[u8]) -> bool {
        let tail = self.cutter.tail();
        let tail_start = self.next - tail.len() as u64;
        let from = start.max(tail_start);
        let to = (start + bytes.len() as u64).min(self.next);
        if bytes.len() == 1 && start + 1 == self.next {
            return false;
        }
        if from < to {
            let there = &tail[(from - tail_start) as usize..(to - tail_start) as usize];
            let here = &bytes[(from - start) as usize..(to - start) as usize];
            if there != here {
                return true;
            }
        }
        start < self.next && self.recent.contradicts(start, bytes)
    }

    /// Passes on what is in order now. `filler` is the packet that filled the gap before it;
    /// without one each piece stands for itself.
    fn advance(&mut self, filler: Option<&Sighting>, out: &mut Outlet<'_, '_>) {
        while let Some(piece) = self.ahead.take(self.next) {
            self.next += piece.bytes.len() as u64;
            let seen = filler.unwrap_or(&piece.seen);
            self.cutter.push(&piece.bytes, piece.seen.frame, seen, out);
            self.pass_missing(piece.seen.missing, &piece.seen, out);
        }
        if self.ahead.is_empty() {
            self.deadline = None;
        }
    }

    /// Bytes that the snap length cut off the end of a segment are a hole known at once.
    fn pass_missing(&mut self, missing: u32, seen: &Sighting, out: &mut Outlet<'_, '_>) {
        let room = self
            .ahead
            .first()
            .map_or(u64::MAX, |(first, _)| first - self.next);
        let missing = u64::from(missing).min(room);
        if missing > 0 {
            self.next += missing;
            self.lose(missing, seen.frame, out);
        }
    }

    /// Declares everything before `first` a hole.
    fn jump(&mut self, first: u64, frame: FrameRef, out: &mut Outlet<'_, '_>) {
        let missing = first - self.next;
        self.next = first;
        self.deadline = None;
        if self.ahead.is_empty() && !self.cutter.is_of_interest() {
            // Only flags were captured of it, as some filters want it.
            return;
        }
        if !self.cutter.is_let_go() {
            let ends = (out.flow.src.ip, out.flow.dst.ip);
            let from = self.touched.plus(-out.limits.hole_age);
            out.tally.miss(ends, from, self.touched);
        }
        self.lose(missing, frame, out);
        self.advance(None, out);
    }

    fn lose(&mut self, missing: u64, frame: FrameRef, out: &mut Outlet<'_, '_>) {
        if !self.cutter.is_let_go() {
            out.tally.count(reason::STREAM_HOLE, frame);
            self.cutter.hole(missing, out);
        }
    }

    fn close_at_fin(&mut self, out: &mut Outlet<'_, '_>) {
        if self.fin.is_some_and(|fin| self.next >= fin.at) {
            self.fin = None;
            self.cutter.end(End::Closed, out);
        }
    }
}
