//! Cuts messages out of the bytes of one direction of a stream, which come in order.

use memchr::{memchr, memmem, memrchr};

use crate::decode::Sighting;
use crate::lane::outlet::{Cutoff, Outlet};
use crate::lane::unwrapping::{Partial, Step, unwrap};
use crate::lane::websocket::{self, Upgrade};
use crate::lane::{reason, tls};
use crate::{Cut, FrameRef};

/// The longest beginning of a start line that is kept while a stream is searched.
const LINE_BYTES: usize = 1_024;

/// The bytes of one direction that are not a whole message yet, and what they may be.
///
/// A message that arrives whole is cut from the segment itself; only leftovers are copied.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    mode: Mode,
    buffer: Vec<u8>,
    /// The first and the last packet that gave bytes to `buffer`.
    first_frame: FrameRef,
    last: Option<Sighting>,
    head: Begun,
    /// Bytes still to come of a message that was given out without them.
    skip: u64,
    /// Bytes looked at in vain since the last message.
    searched: usize,
    /// The first packet looked at in vain while no message was found.
    in_vain: Option<FrameRef>,
    /// The other direction holds messages, so this one must hold some, too.
    is_expected: bool,
}

/// What a direction carries, as far as its bytes have shown.
#[derive(Debug, Default)]
pub(super) enum Mode {
    /// Not known yet.
    #[default]
    Unknown,
    /// SIP, one message after the other.
    Sip,
    /// SIP in WebSocket messages.
    WebSocket(Box<Partial>),
    /// Something else; its bytes are not looked at.
    LetGo,
}

/// What the head of the buffer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Begun {
    /// No message: perhaps the beginning of a start line.
    #[default]
    No,
    /// A message without the end of its header section.
    Headers,
    /// A message of so many bytes, all of its headers there.
    Body(usize),
}

/// Why a stream stops before its last message is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The sender closed or reset the connection.
    Closed,
    /// The capture ended, or the stream was silent for long.
    Unseen,
    /// The stream was given up because of a limit, and is counted for that.
    Evicted,
}

impl Cutter {
    /// Takes the next bytes. They were first seen in `origin`; `seen` is the packet that made
    /// them available, which is a later one when it filled a gap.
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        origin: FrameRef,
        seen: &Sighting,
        out: &mut Outlet<'_, '_>,
    ) {
        if self.is_let_go() && !self.comes_back(bytes, out) {
            return;
        }
        let skipped = usize::try_from(self.skip)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        self.skip -= skipped as u64;
        let bytes = &bytes[skipped..];
        if bytes.is_empty() {
            return;
        }
        if self.head == Begun::No && self.begins_anew(bytes, out) {
            self.searched += self.buffer.len();
            self.buffer.clear();
        }
        if self.buffer.is_empty() {
            let used = self.cut(bytes, (0, origin), origin, seen, out);
            if used < bytes.len() && !self.is_let_go() {
                self.buffer.extend_from_slice(&bytes[used..]);
                self.first_frame = origin;
                self.last = Some(*seen);
            }
            return;
        }
        let old = self.buffer.len();
        self.buffer.extend_from_slice(bytes);
        self.first_frame = self.first_frame.min(origin);
        self.last = Some(*seen);
        if !self.may_go_on(old) {
            self.bound(out);
            return;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let used = self.cut(&buffer, (old, self.first_frame), origin, seen, out);
        if used < buffer.len() && !self.is_let_go() {
            buffer.drain(..used);
            self.buffer = buffer;
            if used >= old {
                self.first_frame = origin;
            }
        }
        self.bound(out);
    }

    /// Says that `length` bytes will never come. The message that they hit is given out if its
    /// headers are there; what is left of it after the hole is passed over.
    pub(super) fn hole(&mut self, length: u64, out: &mut Outlet<'_, '_>) {
        if self.is_let_go() {
            return;
        }
        let hit = self.skip.min(length);
        self.skip -= hit;
        let beyond = length - hit;
        if beyond == 0 {
            return;
        }
        if let (Mode::Sip | Mode::Unknown, Begun::Body(whole)) = (&self.mode, self.head) {
            let rest = (whole - self.buffer.len().min(whole)) as u64;
            self.skip = rest.saturating_sub(beyond);
        }
        self.release(Some(reason::MESSAGE_LOST), Cutoff::Capture, out);
        self.searched = 0;
        if let Mode::WebSocket(_) = self.mode {
            // Frame boundaries are lost until the next segment that begins with a frame.
            self.mode = Mode::Unknown;
        }
    }

    /// Says that nothing more will come, and gets ready for another connection.
    pub(super) fn end(&mut self, end: End, out: &mut Outlet<'_, '_>) {
        let (cutoff, reason) = match end {
            End::Closed => (Cutoff::Sender, Some(reason::MESSAGE_UNFINISHED)),
            End::Unseen => (Cutoff::Capture, Some(reason::MESSAGE_UNFINISHED)),
            End::Evicted => (Cutoff::Capture, None),
        };
        let is_begun = self.head != Begun::No;
        self.release(reason, cutoff, out);
        if let (Mode::Unknown, Some(frame)) = (&self.mode, self.in_vain)
            && !(is_begun || self.is_expected || end == End::Evicted)
        {
            out.tally.count(reason::STREAM_WITHOUT_SIP, frame);
        }
        *self = Cutter::default();
    }

    /// Whether messages were found.
    pub(super) fn is_sip(&self) -> bool {
        matches!(self.mode, Mode::Sip | Mode::WebSocket(_))
    }

    /// Whether its bytes are no longer looked at.
    pub(super) fn is_let_go(&self) -> bool {
        matches!(self.mode, Mode::LetGo)
    }

    /// The other direction turned out to be SIP: this one is looked at again, and for longer.
    pub(super) fn expect(&mut self) {
        if self.is_let_go() {
            *self = Cutter::default();
        }
        self.is_expected = true;
    }

    /// Whether what is missing of the stream may have held messages.
    pub(super) fn is_of_interest(&self) -> bool {
        self.is_sip() || self.is_expected || !self.buffer.is_empty()
    }

    /// Looks again at a stream that was let go, where a segment begins with the whole head of a
    /// message: what was looked at before was the middle of a large one.
    fn comes_back(&mut self, bytes: &[u8], out: &Outlet<'_, '_>) -> bool {
        let is_text = bytes.first().is_some_and(u8::is_ascii_alphabetic);
        let begins = is_text
            && matches!(
                (out.framer)(bytes),
                Cut::Message(_) | Cut::More { at_least: 1.. }
            );
        if begins {
            *self = Cutter::default();
        }
        begins
    }

    /// The bytes held.
    pub(super) fn held_bytes(&self) -> usize {
        let partial = match &self.mode {
            Mode::WebSocket(partial) => partial.held_bytes(),
            Mode::Unknown | Mode::Sip | Mode::LetGo => 0,
        };
        self.buffer.len() + partial
    }

    /// The memory taken for the bytes held.
    pub(super) fn cost_bytes(&self) -> usize {
        let partial = match &self.mode {
            Mode::WebSocket(partial) => partial.cost_bytes(),
            Mode::Unknown | Mode::Sip | Mode::LetGo => 0,
        };
        self.buffer.capacity() + partial
    }

    /// The bytes held that come right before the next ones, to be compared with repetitions.
    pub(super) fn tail(&self) -> &[u8] {
        &self.buffer
    }

    /// Whether the bytes after the first `old` can change what the framer said. It keeps a
    /// message that arrives byte by byte from being read from its begin for every byte.
    fn may_go_on(&self, old: usize) -> bool {
        match self.head {
            Begun::No => true,
            Begun::Body(length) => self.buffer.len() >= length,
            Begun::Headers => {
                let (before, new) = self.buffer.split_at(old);
                let ends_start_line =
                    memchr(b'\n', new).is_some() && memchr(b'\n', before).is_none();
                let end = &self.buffer[old.saturating_sub(3)..];
                ends_start_line || ends_headers(end)
            }
        }
    }

    /// Whether a stream that is being searched goes on with the begin of a message. Messages
    /// mostly begin where segments do, even when the bytes before end without a line end.
    fn begins_anew(&self, bytes: &[u8], out: &Outlet<'_, '_>) -> bool {
        if self.buffer.is_empty() {
            return false;
        }
        match (&self.mode, (out.framer)(bytes)) {
            (Mode::Unknown | Mode::Sip, Cut::Message(_) | Cut::More { at_least: 1.. }) => true,
            (Mode::Unknown, _) => websocket::begins_sip(bytes, out.framer),
            (Mode::Sip | Mode::WebSocket(_) | Mode::LetGo, _) => false,
        }
    }

    /// Cuts what can be cut from the head of `bytes` and returns how many bytes are done with.
    /// The first `old` bytes were here before; what begins after them began in `origin`.
    fn cut(
        &mut self,
        bytes: &[u8],
        (old, first_frame): (usize, FrameRef),
        origin: FrameRef,
        seen: &Sighting,
        out: &mut Outlet<'_, '_>,
    ) -> usize {
        let mut at = 0;
        self.head = Begun::No;
        while at < bytes.len() {
            let first_frame = if at < old { first_frame } else { origin };
            let rest = &bytes[at..];
            let step = match &mut self.mode {
                Mode::Unknown | Mode::Sip => self.cut_one(rest, first_frame, seen, out),
                Mode::WebSocket(partial) => unwrap(partial, rest, first_frame, seen, out),
                Mode::LetGo => Step::Wait,
            };
            match step {
                Step::Advance(used) => at += used,
                Step::Wait => break,
                Step::LetGo => {
                    self.let_go(out);
                    break;
                }
            }
        }
        at.min(bytes.len())
    }

    /// Cuts at the head of `rest`, which is not empty.
    fn cut_one(
        &mut self,
        rest: &[u8],
        first_frame: FrameRef,
        seen: &Sighting,
        out: &mut Outlet<'_, '_>,
    ) -> Step {
        match (out.framer)(rest) {
            Cut::Message(length @ 1..) => {
                let length = length.min(rest.len());
                out.deliver(&rest[..length], first_frame, seen, Cutoff::None);
                self.mode = Mode::Sip;
                self.searched = 0;
                Step::Advance(length)
            }
            Cut::Nothing(length @ 1..) => Step::Advance(length),
            Cut::More { at_least: 0 } | Cut::Message(0) | Cut::Nothing(0) => {
                self.head = Begun::Headers;
                Step::Wait
            }
            Cut::More { at_least } => {
                self.head = Begun::Body(at_least);
                Step::Wait
            }
            Cut::Foreign { skip } => self.foreign(rest, skip, seen, out),
        }
    }

    /// The head of `rest` is no SIP message: another protocol, or the middle of a message.
    fn foreign(
        &mut self,
        rest: &[u8],
        skip: usize,
        seen: &Sighting,
        out: &mut Outlet<'_, '_>,
    ) -> Step {
        if matches!(self.mode, Mode::Sip) {
            if self.searched == 0 {
                out.tally.count(reason::STREAM_GARBAGE, seen.frame);
            }
        } else {
            // A lone byte is a keep-alive probe (RFC 9293 3.8.4).
            if rest.len() > 1 {
                self.in_vain.get_or_insert(seen.frame);
            }
            match websocket::upgrade(rest) {
                Upgrade::Done(length) => {
                    self.mode = Mode::WebSocket(Box::default());
                    return Step::Advance(length);
                }
                Upgrade::More if rest.len() <= out.limits.stream_probe_bytes => return Step::Wait,
                Upgrade::More | Upgrade::None => {}
            }
            if let Some(port) = tls::server_port(rest, &out.flow) {
                out.tally.count_encrypted(port, &out.flow, seen.frame);
                return Step::LetGo;
            }
            if websocket::begins_sip(rest, out.framer) {
                self.mode = Mode::WebSocket(Box::default());
                return Step::Advance(0);
            }
        }
        let used = match skip {
            0 => rest.len() - line_length(rest),
            skip => skip.min(rest.len()),
        };
        self.searched += used;
        let most = if self.is_sip() || self.is_expected {
            out.limits.stream_bytes
        } else {
            out.limits.stream_probe_bytes
        };
        match used {
            _ if self.searched > most => {
                if !self.is_sip() {
                    out.tally.count(reason::STREAM_NOT_SIP, seen.frame);
                }
                Step::LetGo
            }
            0 => Step::Wait,
            used => Step::Advance(used),
        }
    }

    fn let_go(&mut self, out: &mut Outlet<'_, '_>) {
        *self = Cutter {
            mode: Mode::LetGo,
            ..Cutter::default()
        };
        out.tally.statistics.streams_let_go += 1;
    }

    /// Gives out what is in the buffer, or counts it for `reason`, and empties it.
    fn release(&mut self, reason: Option<&'static str>, cutoff: Cutoff, out: &mut Outlet<'_, '_>) {
        let buffer = std::mem::take(&mut self.buffer);
        let head = std::mem::take(&mut self.head);
        let Some(last) = self.last.take() else { return };
        let is_lost = match &mut self.mode {
            Mode::WebSocket(partial) => {
                let begun = !buffer.is_empty() || partial.held_bytes() > 0;
                **partial = Partial::default();
                begun
            }
            Mode::Unknown | Mode::Sip | Mode::LetGo => match head {
                Begun::No => false,
                Begun::Headers => true,
                Begun::Body(_) => {
                    out.deliver(&buffer, self.first_frame, &last, cutoff);
                    false
                }
            },
        };
        if let Some(reason) = reason.filter(|_| is_lost) {
            out.tally.count(reason, last.frame);
        }
    }

    /// Gives up a message that is longer than a stream may hold.
    fn bound(&mut self, out: &mut Outlet<'_, '_>) {
        if self.held_bytes() <= out.limits.stream_bytes {
            return;
        }
        if let Some(last) = &self.last {
            out.tally.count(reason::MESSAGE_TOO_LONG, last.frame);
        }
        if let Begun::Body(whole) = self.head {
            self.skip = whole.saturating_sub(self.buffer.len()) as u64;
        }
        self.release(Some(reason::MESSAGE_LOST), Cutoff::Capture, out);
    }
}

/// Whether there is a blank line in `bytes`.
fn ends_headers(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"\n\r\n").is_some() || memmem::find(bytes, b"\n\n").is_some()
}

/// The length of the unfinished line at the end of `bytes`, if it may become a start line.
fn line_length(bytes: &[u8]) -> usize {
    let begin = memrchr(b'\n', bytes).map_or(0, |at| at + 1);
    let length = bytes.len() - begin;
    if length <= LINE_BYTES { length } else { 0 }
}
