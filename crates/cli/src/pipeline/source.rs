//! One input of a merge: a window of its next bytes, and its next record.

use std::io;

use siptriage_capture::format::compression::Compression;
use siptriage_capture::format::{Boundary, Chunk, Walk};
use siptriage_capture::time::SECOND;
use siptriage_capture::{Disturbance, LinkType, Time};

use super::input::{self, Hold, Input, Opened, Opening};
use super::ranges::finish;
use super::reader::{ReadError, Reading};
use super::stream::{Bytes, Filled, Stream};

/// One input of a merge. A file whose turn has not come is closed, and only its first time known.
pub(super) struct Source {
    opening: Opening,
    /// What to open when the turn comes.
    asleep: Option<Input>,
    stream: Option<Stream>,
    compression: Option<Compression>,
    /// Size in bytes on disk, where it is known before the end.
    bytes: Option<u64>,
    boundary: Option<Boundary>,
    /// Bytes of the input from `offset` on.
    window: Vec<u8>,
    offset: u64,
    /// Records of the window that were found and not given out, the earliest last.
    found: Vec<Chunk>,
    /// The time of the next record.
    next: Option<Time>,
    /// Disturbances looked at.
    disturbances: usize,
    /// Silences looked at.
    silences: usize,
    is_finished: bool,
    /// The run was ended before the input was.
    is_interrupted: bool,
    error: Option<ReadError>,
    /// The first and the last time, once the end was near.
    span: Option<(Time, Time)>,
}

impl Source {
    /// Bytes read at once.
    const WINDOW: usize = 256 * 1024;
    /// Bytes that are looked ahead for the end.
    const AHEAD: usize = 512 * 1024;
    /// With no other record this near, all of a window is taken at once.
    const CLEARANCE: i64 = 5 * SECOND;

    /// An input that waits for its turn. What cannot be read again stays open.
    pub(super) fn new(input: &Input, opening: &Opening) -> Source {
        match input {
            Input::File(path) if path.is_file() => {
                let look = opening.look();
                let awake = Source::open(input::open(input, &look), &look);
                awake.put_to_sleep(input, opening)
            }
            Input::File(_) | Input::Stdin => Source::open(input::open(input, opening), opening),
        }
    }

    /// An input that is read now.
    pub(super) fn open(opened: io::Result<Opened>, opening: &Opening) -> Source {
        let mut source = Source::closed(opening);
        match opened {
            Err(error) => source.fail(error.into()),
            Ok(Opened::Regular { file, bytes }) => {
                source.bytes = Some(bytes);
                let plain = move || Ok(Bytes::Plain(Box::new(file), 0));
                match opening.merged.stream(plain, &opening.watch) {
                    Ok(stream) => source.begin(stream),
                    Err(error) => source.fail(error.into()),
                }
            }
            Ok(Opened::Stream(stream, bytes)) => {
                source.bytes = bytes;
                source.begin(stream);
            }
        }
        source
    }

    fn closed(opening: &Opening) -> Source {
        Source {
            opening: opening.clone(),
            asleep: None,
            stream: None,
            compression: None,
            bytes: None,
            boundary: None,
            window: Vec::new(),
            offset: 0,
            found: Vec::new(),
            next: None,
            disturbances: 0,
            silences: 0,
            is_finished: false,
            is_interrupted: false,
            error: None,
            span: None,
        }
    }

    /// Size in bytes on disk, where it is known before the end.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// The time of the next record; `None` when there is no more.
    pub(super) fn next_time(&mut self) -> Option<Time> {
        if self.next.is_none() && !self.is_over() && !self.is_interrupted {
            self.step();
        }
        self.next
    }

    /// Whether all records were given out.
    pub(super) fn is_over(&self) -> bool {
        self.asleep.is_none() && self.found.is_empty() && (self.is_finished || self.error.is_some())
    }

    /// Opens a file whose turn has come. A compressed one cannot be read on where it was left.
    pub(super) fn wake(&mut self, hold: Hold) {
        let Some(input) = self.asleep.take() else {
            return;
        };
        let opening = &self.opening;
        let opened = input::open(&input, opening);
        *self = match (hold, opened, input) {
            (Hold::Closed, Ok(Opened::Regular { bytes, .. }), Input::File(path)) => {
                let mut source = Source::closed(opening);
                source.bytes = Some(bytes);
                source.begin(Stream::Anew(path, 0));
                source
            }
            (Hold::Closed, Ok(Opened::Stream(..)), _) => {
                let mut source = Source::closed(opening);
                source.fail(ReadError::TooManyOpen(opening.limits.open_files));
                source
            }
            (_, opened, _) => Source::open(opened, opening),
        };
    }

    /// Whether its turn comes no more, because the run was ended before.
    pub(super) fn is_put_off(&self) -> bool {
        self.asleep.is_some() && self.opening.watch.is_stopped()
    }

    /// Whether it holds a file or pipe open.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.stream, Some(Stream::Taken(_) | Stream::Ahead(_)))
    }

    /// What the frames of the first interface begin with.
    pub(super) fn link(&self) -> Option<LinkType> {
        let interfaces = &self.boundary.as_ref()?.summary().interfaces;
        Some(interfaces.first()?.link)
    }

    /// The first and the last time of the input, if its end is less than [`Source::AHEAD`] away.
    /// The input stays where it is.
    pub(super) fn span_to_near_end(&mut self) -> Option<(Time, Time)> {
        if self.span.is_none() {
            self.span = self.look_for_end();
        }
        self.span
    }

    fn look_for_end(&mut self) -> Option<(Time, Time)> {
        let mut ahead = self.boundary.clone()?;
        let next = ahead.next_offset();
        let is_far = |bytes: u64| bytes.saturating_sub(next) > Self::AHEAD as u64;
        if self.bytes.is_some_and(is_far) {
            return None;
        }
        let wanted = next.saturating_sub(self.offset) as usize + Self::AHEAD;
        // An error comes again when it is its turn.
        if self.fill(wanted).ok()? != Filled::End {
            return None;
        }
        let mut chunks = Vec::new();
        ahead.walk(&self.window, self.offset, u64::MAX, &mut chunks);
        let rest = ahead.next_offset().saturating_sub(self.offset) as usize;
        let rest = rest.min(self.window.len());
        finish(&mut ahead, &self.window, rest, &mut chunks);
        let summary = ahead.summary();
        Some((summary.first_time?, summary.last_time?))
    }

    /// Gives out records earlier than `until`, at least one, until `buffer` holds `bytes`.
    /// Returns the greatest time of those given out.
    pub(super) fn take(
        &mut self,
        until: Option<Time>,
        bytes: usize,
        buffer: &mut Vec<u8>,
        give: &mut dyn FnMut(Chunk),
    ) -> Time {
        let mut clock = Time::MIN;
        while let Some(time) = self.next_time() {
            if clock != Time::MIN
                && (buffer.len() >= bytes || until.is_some_and(|until| time >= until))
            {
                break;
            }
            let has_clearance = until.is_none_or(|until| until.since(time) > Self::CLEARANCE);
            if has_clearance {
                self.stride(until);
            }
            let Some(mut chunk) = self.found.pop() else {
                break;
            };
            clock = clock.max(self.clock()).max(time);
            let start = buffer.len();
            buffer.extend_from_slice(&self.window[chunk.range.clone()]);
            chunk.range = start..buffer.len();
            give(chunk);
            self.next = self
                .found
                .last()
                .and_then(|chunk| begin_of(chunk, &self.window));
        }
        clock
    }

    /// Disturbances found since the last time.
    pub(super) fn disturbances(&mut self) -> Vec<Disturbance> {
        match &self.boundary {
            Some(boundary) => boundary.summary().disturbances_from(&mut self.disturbances),
            None => Vec::new(),
        }
    }

    /// The pauses among the records given out last, the first of them of time `begin`, the greatest
    /// of time `end`.
    pub(super) fn pauses(&mut self, begin: Time, end: Time) -> Vec<(Time, Time)> {
        let Some(boundary) = &self.boundary else {
            return Vec::new();
        };
        let gaps = &boundary.summary().gaps;
        let fresh = gaps.get(self.silences..).unwrap_or_default();
        let given = fresh.partition_point(|gap| gap.to <= end);
        self.silences += given;
        let pauses = fresh[..given].iter();
        let pauses = pauses.filter(|gap| gap.is_pause && gap.from >= begin);
        pauses.map(|gap| (gap.from, gap.to)).collect()
    }

    pub(super) fn into_reading(self) -> Reading {
        Reading {
            is_interrupted: !self.is_over(),
            compression: self.compression(),
            summary: self.boundary.map(|boundary| boundary.summary().clone()),
            error: self.error,
        }
    }

    /// The clock after the records given out.
    fn clock(&self) -> Time {
        match self.found.last() {
            Some(next) => next.clock.now(),
            None => self
                .boundary
                .as_ref()
                .map_or(Time::MIN, |boundary| boundary.summary().now()),
        }
    }

    fn put_to_sleep(mut self, input: &Input, opening: &Opening) -> Source {
        let next = self.next_time();
        if next.is_none() {
            return self;
        }
        self.close();
        Source {
            opening: opening.clone(),
            asleep: Some(input.clone()),
            next,
            boundary: None,
            window: Vec::new(),
            found: Vec::new(),
            ..self
        }
    }

    fn begin(&mut self, stream: Stream) {
        self.stream = Some(stream);
        let filled = match self.fill(Self::WINDOW) {
            Ok(filled) => filled,
            Err(error) => return self.fail(error.into()),
        };
        match Boundary::open(&self.window, &self.opening.limits) {
            Ok(boundary) => self.boundary = Some(boundary),
            Err(_) if filled == Filled::Stopped => self.interrupt(),
            Err(error) => match self.stopped() {
                Some(reason) => self.fail(ReadError::Stopped(reason)),
                None => self.fail(error.into()),
            },
        }
    }

    fn compression(&self) -> Option<Compression> {
        let now = self.stream.as_ref().and_then(Stream::compression);
        now.or(self.compression)
    }

    /// Why a compressed input ended before its data did.
    fn stopped(&self) -> Option<&'static str> {
        self.stream.as_ref().and_then(Stream::stopped)
    }

    /// Reads no further.
    fn close(&mut self) {
        self.compression = self.compression();
        self.stream = None;
    }

    /// The run was ended: what was read is all that counts.
    fn interrupt(&mut self) {
        self.is_interrupted = true;
        self.close();
    }

    fn fail(&mut self, error: ReadError) {
        self.error.get_or_insert(error);
        self.is_finished = true;
        self.close();
        self.window = Vec::new();
    }

    /// Finds the next record, reading on where the window ends.
    fn step(&mut self) {
        loop {
            let Some(boundary) = &mut self.boundary else {
                return;
            };
            let next = boundary.next_offset() + 1;
            let mut chunks = Vec::new();
            let walk = boundary.walk(&self.window, self.offset, next, &mut chunks);
            if !chunks.is_empty() {
                return self.keep(chunks);
            }
            let Walk::More { until } = walk else { continue };
            match self.read_on(until) {
                Ok(None) => {}
                Ok(Some(Filled::Stopped)) => return self.interrupt(),
                Ok(Some(Filled::Whole | Filled::End)) => return self.end(),
                Err(error) => return self.fail(error.into()),
            }
        }
    }

    /// Takes all further records of the window, if none of them is later than `until`.
    fn stride(&mut self, until: Option<Time>) {
        if self.found.len() > 1 {
            return;
        }
        let Some(boundary) = &mut self.boundary else {
            return;
        };
        if self.is_finished {
            return;
        }
        let mut ahead = boundary.clone();
        let mut chunks = std::mem::take(&mut self.found);
        let before = chunks.len();
        ahead.walk(&self.window, self.offset, u64::MAX, &mut chunks);
        let is_earlier = until.is_none_or(|until| ahead.summary().now() < until);
        if is_earlier {
            *boundary = ahead;
        } else {
            chunks.truncate(before);
        }
        chunks.reverse();
        self.found = chunks;
    }

    fn keep(&mut self, mut chunks: Vec<Chunk>) {
        chunks.reverse();
        self.next = chunks
            .last()
            .and_then(|chunk| begin_of(chunk, &self.window));
        self.found = chunks;
    }

    /// Drops what was given out and reads up to file offset `until` and more. Returns why nothing
    /// was read, if so.
    fn read_on(&mut self, until: u64) -> io::Result<Option<Filled>> {
        let next = self
            .boundary
            .as_ref()
            .map_or(self.offset, Boundary::next_offset);
        let taken = (next.saturating_sub(self.offset) as usize).min(self.window.len());
        self.window.drain(..taken);
        self.offset += taken as u64;
        let before = self.window.len();
        let wanted = (until.saturating_sub(self.offset) as usize).max(before + Self::WINDOW);
        let filled = self.fill(wanted)?;
        Ok((self.window.len() == before).then_some(filled))
    }

    fn fill(&mut self, bytes: usize) -> io::Result<Filled> {
        match &mut self.stream {
            Some(stream) => stream.fill(&mut self.window, bytes, &self.opening.watch),
            None => Ok(Filled::End),
        }
    }

    /// The input is at its end: what is left of the window is all there is.
    fn end(&mut self) {
        self.is_finished = true;
        let stopped = self.stopped();
        self.close();
        let Some(boundary) = &mut self.boundary else {
            return;
        };
        let rest =
            (boundary.next_offset().saturating_sub(self.offset) as usize).min(self.window.len());
        let mut chunks = Vec::new();
        finish(boundary, &self.window, rest, &mut chunks);
        if let Some(reason) = stopped {
            boundary.cut_short(reason);
        }
        self.keep(chunks);
    }
}

fn begin_of(chunk: &Chunk, window: &[u8]) -> Option<Time> {
    chunk.frames(window).next().map(|frame| frame.time)
}
