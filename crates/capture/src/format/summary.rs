//! What a walk found out about a capture as a whole.

use super::clock::{Clock, Tick};
use super::pace::Pace;
use super::{Format, reason};
use crate::time::{MILLISECOND, SECOND};
use crate::{Disturbance, DisturbanceKind, LinkType, Skipped, Time};

/// Silences kept with their place; further ones are only counted.
const GAPS_KEPT: usize = 1_024;
/// Disturbances kept with their place.
const DISTURBANCES_KEPT: usize = 1_024;
/// A clock that goes back this far was set, in nanoseconds; smaller steps come of several queues.
const SET_BACK: i64 = SECOND;
/// A clock step backwards is larger than this, in nanoseconds.
const STEP: i64 = MILLISECOND;
/// Interfaces kept with their own counters; the frames of further ones count in the total only.
const INTERFACES_KEPT: usize = 4_096;
/// Packet comments kept.
const COMMENTS_KEPT: usize = 4_096;
/// Bytes of packet comments kept.
const COMMENT_BYTES_KEPT: usize = 1 << 20;
/// Bytes of decryption secrets kept.
const SECRET_BYTES_KEPT: usize = 16 << 20;

/// The running account of a walk; final after [`super::Boundary::finish`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The format of the capture.
    pub format: Format,
    /// Bytes walked so far, the garbage included; uncompressed where the capture is compressed.
    pub bytes: u64,
    /// Frames found so far: the number of the last one.
    pub frames: u64,
    /// The earliest time of a frame, strays aside.
    pub first_time: Option<Time>,
    /// The latest time of a frame, strays aside.
    pub last_time: Option<Time>,
    /// Whether the input ended after a whole record. False until the walk is finished.
    pub complete: bool,
    /// What could not be taken as it is written, by the names in [`super::reason`].
    pub skipped: Skipped,
    /// Bytes passed over as garbage.
    pub garbage_bytes: u64,
    /// The interfaces of all sections in order of appearance; [`crate::Frame::interface`] is the
    /// index. At most 4,096.
    pub interfaces: Vec<InterfaceSummary>,
    /// Silences longer than 30 s, and shorter ones in which the capture paused. At most 1,024.
    pub gaps: Vec<Gap>,
    /// Such silences that are not in `gaps`.
    pub gaps_beyond: u64,
    /// Drops that Interface Statistics Blocks tell of, and clocks set back by a second or more. At
    /// most 1,024; the last one then stands for all that follow.
    pub disturbances: Vec<Disturbance>,
    /// Packet comments. At most 4,096 and 1 MiB.
    pub comments: Vec<Comment>,
    /// Decryption secrets. At most 16 MiB.
    pub secrets: Vec<Secrets>,
    clock: Clock,
    pace: Pace,
    comment_bytes: usize,
    secret_bytes: usize,
}

/// One interface of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceSummary {
    /// What the first byte of its frames belongs to.
    pub link: LinkType,
    /// Largest captured length in bytes; 0 for no limit.
    pub snap_len: u32,
    /// Frames captured on it.
    pub frames: u64,
    /// The earliest time of its frames.
    pub first: Option<Time>,
    /// The latest time of its frames.
    pub last: Option<Time>,
    /// Packets received, by its latest Interface Statistics Block.
    pub received: Option<u64>,
    /// Packets dropped by interface and operating system, by its latest Interface Statistics
    /// Block.
    pub dropped: Option<u64>,
    /// Frames more than 1 ms earlier than the frame before them on this interface.
    pub backward_steps: u64,
    /// The first frame counted in `backward_steps`.
    pub first_backward_frame: Option<u64>,
    previous: Time,
    /// The clock at the latest drop counters.
    counted: Option<Time>,
}

/// A silence of the whole capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The latest time before it.
    pub from: Time,
    /// The time of the frame that ends it.
    pub to: Time,
    /// The frame that ends it.
    pub frame: u64,
    /// Whether it tells that the capture paused, not the network (see [`Pace`]).
    pub is_pause: bool,
}

/// A comment that somebody attached to a packet (`opt_comment`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The commented frame.
    pub frame: u64,
    /// The comment as written, supposedly UTF-8, unescaped.
    pub text: Box<[u8]>,
}

/// The content of one Decryption Secrets Block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// What the bytes are: 0x544c534b for a TLS key log.
    pub kind: u32,
    /// The first frame after the block.
    pub frame: u64,
    /// The secrets without padding.
    pub bytes: Box<[u8]>,
}

impl Summary {
    pub(super) fn new(format: Format) -> Summary {
        Summary {
            format,
            bytes: 0,
            frames: 0,
            first_time: None,
            last_time: None,
            complete: false,
            skipped: Skipped::default(),
            garbage_bytes: 0,
            interfaces: Vec::new(),
            gaps: Vec::new(),
            gaps_beyond: 0,
            disturbances: Vec::new(),
            comments: Vec::new(),
            secrets: Vec::new(),
            clock: Clock::START,
            pace: Pace::default(),
            comment_bytes: 0,
            secret_bytes: 0,
        }
    }

    /// The silences that tell that the capture paused, from the `seen`-th on.
    pub fn pauses(&self, seen: usize) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().skip(seen).filter(|gap| gap.is_pause)
    }

    /// The disturbances from the `seen`-th on, which then counts them.
    pub fn disturbances_from(&self, seen: &mut usize) -> Vec<Disturbance> {
        let fresh = self.disturbances.get(*seen..).unwrap_or_default();
        *seen = self.disturbances.len();
        fresh.to_vec()
    }

    /// The monotone clock after the frames so far.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The clock after the frames so far.
    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    /// Counts `reason` at the next frame.
    pub(super) fn skip(&mut self, reason: &'static str) {
        self.skipped.count(reason, self.frames + 1);
    }

    /// Enters the next interface of the capture.
    pub(super) fn interface(&mut self, link: LinkType, snap_len: u32) {
        if self.interfaces.len() == INTERFACES_KEPT {
            return;
        }
        self.interfaces.push(InterfaceSummary {
            link,
            snap_len,
            frames: 0,
            first: None,
            last: None,
            received: None,
            dropped: None,
            backward_steps: 0,
            first_backward_frame: None,
            previous: Time::MIN,
            counted: None,
        });
    }

    /// Enters the next frame.
    #[inline]
    pub(super) fn frame(&mut self, interface: u32, time: Option<Time>) {
        self.frames += 1;
        let entry = self.interfaces.get_mut(interface as usize);
        let Some(time) = time else {
            if let Some(entry) = entry {
                entry.frames += 1;
            }
            return;
        };
        if self.frames.is_multiple_of(Pace::RECENT) {
            self.pace.mark(self.frames, self.clock.now());
        }
        let set_back = entry.and_then(|entry| entry.frame(self.frames, time));
        let before = self.clock.now();
        if let Some(set_back) = set_back {
            self.set_back(interface, time, set_back);
        }
        match self.clock.advance(time) {
            Tick::Near | Tick::Confirmed => self.span(before, time, self.frames),
            Tick::NearAfterStray => {
                self.skipped.count(reason::STRAY_TIME, self.frames - 1);
                self.span(before, time, self.frames);
            }
            Tick::Stray => {}
            Tick::StrayAfterStray => self.skipped.count(reason::STRAY_TIME, self.frames - 1),
            Tick::Confirming(stray) => {
                self.span(before, stray, self.frames - 1);
                self.span(before.max(stray), time, self.frames);
            }
        }
    }

    /// Enters the end of the capture: a last time that stands alone has nobody to confirm it.
    pub(super) fn end(&mut self) {
        if let Some(stray) = self.clock.stray() {
            self.span(self.clock.now(), stray, self.frames);
        }
    }

    /// Takes the time of a frame into the span of the capture. `before` is the clock before it.
    #[inline]
    fn span(&mut self, before: Time, time: Time, frame: u64) {
        if self.first_time.is_none_or(|first| time < first) {
            self.first_time = Some(time);
        }
        if self.last_time.is_none_or(|last| time > last) {
            let is_first = self.last_time.is_none();
            if !is_first && self.pace.is_slow(time.since(before)) {
                self.silence(before, time, frame);
            }
            self.last_time = Some(time);
        }
    }

    /// Keeps a comment of the latest frame.
    pub(super) fn comment(&mut self, text: &[u8]) {
        let bytes = self.comment_bytes + text.len();
        if self.comments.len() == COMMENTS_KEPT || bytes > COMMENT_BYTES_KEPT {
            self.skipped.count(reason::COMMENT_LIMIT, self.frames);
            return;
        }
        self.comment_bytes = bytes;
        self.comments.push(Comment {
            frame: self.frames,
            text: text.into(),
        });
    }

    /// Keeps decryption secrets.
    pub(super) fn secrets(&mut self, kind: u32, secrets: &[u8]) {
        let bytes = self.secret_bytes + secrets.len();
        if bytes > SECRET_BYTES_KEPT || self.secrets.len() == SECRET_BYTES_KEPT / 4_096 {
            self.skip(reason::SECRETS_LIMIT);
            return;
        }
        self.secret_bytes = bytes;
        self.secrets.push(Secrets {
            kind,
            frame: self.frames + 1,
            bytes: secrets.into(),
        });
    }

    /// Enters the drop counters of an interface (draft-ietf-opsawg-pcapng 4.6), which run from the
    /// start of the capture.
    pub(super) fn dropped(&mut self, interface: u32, dropped: u64) {
        let until = self.clock.now();
        let Some(entry) = self.interfaces.get_mut(interface as usize) else {
            return;
        };
        let more = dropped.saturating_sub(entry.dropped.unwrap_or(0));
        let from = entry.counted.or(entry.first).unwrap_or(until);
        entry.dropped = Some(dropped);
        entry.counted = Some(until);
        if more > 0 {
            self.disturb(Disturbance {
                kind: DisturbanceKind::Dropped { packets: more },
                interface: Some(interface),
                from,
                until,
                known: until,
            });
        }
    }

    /// Enters a frame that is stamped before the one before it. After a stray time that is no
    /// wonder.
    #[cold]
    fn set_back(&mut self, interface: u32, to: Time, by: i64) {
        let now = self.clock.now();
        if by >= SET_BACK && to.plus(by) <= now {
            self.disturb(Disturbance {
                kind: DisturbanceKind::SetBack { by },
                interface: Some(interface),
                from: to,
                until: now,
                known: now,
            });
        }
    }

    fn disturb(&mut self, disturbance: Disturbance) {
        match self.disturbances.get_mut(DISTURBANCES_KEPT - 1) {
            Some(last) => {
                last.until = last.until.max(disturbance.until);
                last.interface = None;
            }
            None => self.disturbances.push(disturbance),
        }
    }

    #[cold]
    fn silence(&mut self, from: Time, to: Time, frame: u64) {
        let first = self.first_time.unwrap_or(from);
        let is_pause = self.pace.rest(frame.saturating_sub(1), first, from, to);
        if to.since(from) <= Pace::GAP && !is_pause {
            return;
        }
        if self.gaps.len() < GAPS_KEPT {
            self.gaps.push(Gap {
                from,
                to,
                frame,
                is_pause,
            });
        } else {
            self.gaps_beyond += 1;
        }
    }
}

impl InterfaceSummary {
    /// Enters a frame. Returns by how many nanoseconds the clock went back, if it did.
    #[inline]
    fn frame(&mut self, number: u64, time: Time) -> Option<i64> {
        self.frames += 1;
        if self.first.is_none_or(|first| time < first) {
            self.first = Some(time);
        }
        if self.last.is_none_or(|last| time > last) {
            self.last = Some(time);
        }
        let back = (time < self.previous)
            .then(|| self.previous.since(time))
            .filter(|back| *back > STEP);
        if back.is_some() {
            self.backward_steps += 1;
            self.first_backward_frame.get_or_insert(number);
        }
        self.previous = time;
        back
    }
}
