//! Hands out the records of all inputs, piece by piece, in the order of time.
//!
//! A single regular file is cut into ranges, which workers read before their turn comes, so that
//! only the walk over record headers is done in order. Pipes, compressed files and several files at
//! once are merged in their turn; their bytes may be read ahead by threads of their own (`ahead`).

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use siptriage_capture::Time;
use siptriage_capture::format::compression::Compression;
use siptriage_capture::format::{Chunk, OpenError, Summary};
use siptriage_correlate::Circumstances;

use super::Options;
use super::input::{self, Input, Opened, Opening};
use super::merger::Merger;
use super::ranges::Ranges;
use super::turnstile::Turnstile;
use super::watch::Watch;

/// Hands out the records of all inputs, piece by piece.
pub(super) struct Reader {
    plan: Plan,
    piece_bytes: usize,
    /// The next ticket.
    ticket: AtomicU64,
    token: Turnstile<Token>,
    watch: Arc<Watch>,
    /// All records were handed out.
    is_over: AtomicBool,
}

/// Records of one input that follow one another in a piece.
#[derive(Debug)]
pub(super) struct Run {
    /// The input, in the order given.
    pub(super) file: u16,
    /// The capture point: files that follow one another share it.
    pub(super) probe: u16,
    /// The records.
    pub(super) chunk: Chunk,
}

/// A piece that was read: its bytes and runs are in the buffers given to [`Reader::next`].
pub(super) struct Piece {
    /// Its place in the order of all pieces.
    pub(super) ticket: u64,
    /// The clock before its first frame.
    pub(super) clock: Time,
    /// What the walk over its records says about the capture.
    pub(super) circumstances: Circumstances,
}

/// What became of one input.
pub(super) struct Reading {
    pub(super) compression: Option<Compression>,
    /// Absent when it could not be opened or recognised.
    pub(super) summary: Option<Summary>,
    pub(super) error: Option<ReadError>,
    /// Whether the run ended before the input did.
    pub(super) is_interrupted: bool,
}

/// Why an input could not be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The operating system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no capture.
    #[error(transparent)]
    Format(#[from] OpenError),
    /// Its compression ended before a capture began, for a reason of
    /// [`siptriage_capture::format::reason`].
    #[error("{0}")]
    Stopped(&'static str),
    /// So many captures were open when its turn came, as many as may be.
    #[error("{0} captures that overlap in time are open already")]
    TooManyOpen(usize),
}

enum Plan {
    /// One regular file, and its size in bytes.
    Ranges(File, u64),
    Merge,
}

/// What is passed from piece to piece.
struct Token {
    /// The greatest time so far.
    clock: Time,
    source: Source,
}

enum Source {
    Ranges(Box<Ranges>),
    Merge(Box<Merger>),
}

impl Reader {
    /// How far past its end a range is read ahead for the record that crosses it.
    pub(super) const SLACK: u64 = 4 * 1024;

    pub(super) fn new(inputs: &[Input], options: &Options) -> Reader {
        let opening = Opening::of(options);
        let (plan, source) = match inputs {
            [only] => match input::open(only, &opening) {
                Ok(Opened::Regular { file, bytes }) if bytes > 0 => (
                    Plan::Ranges(file, bytes),
                    Source::Ranges(Box::new(Ranges::new(opening.limits))),
                ),
                opened => {
                    let merger = Merger::of_one(opened, &opening);
                    (Plan::Merge, Source::Merge(Box::new(merger)))
                }
            },
            several => {
                let merger = Merger::new(several, &opening);
                (Plan::Merge, Source::Merge(Box::new(merger)))
            }
        };
        options.watch.expect(match (&plan, &source) {
            (Plan::Ranges(_, bytes), _) => *bytes,
            (Plan::Merge, Source::Merge(merger)) => merger.expected_bytes(),
            (Plan::Merge, Source::Ranges(_)) => 0,
        });
        Reader {
            plan,
            piece_bytes: options.piece_bytes.max(4096),
            ticket: AtomicU64::new(0),
            token: Turnstile::new(Token {
                clock: Time::MIN,
                source,
            }),
            watch: Arc::clone(&options.watch),
            is_over: AtomicBool::new(false),
        }
    }

    /// Reads no further; what was read is still handed out.
    pub(super) fn stop(&self) {
        self.watch.stop();
    }

    /// Reads the next piece into `buffer` and finds its records. Every ticket handed out is to
    /// be used on every later turnstile.
    pub(super) fn next(&self, buffer: &mut Vec<u8>, runs: &mut Vec<Run>) -> Option<Piece> {
        let (ticket, range) = self.claim()?;
        runs.clear();
        let read = self.read_ahead(buffer, &range);
        let mut pass = self.token.enter(ticket);
        let token = pass.state();
        let clock = token.clock;
        let mut circumstances = Circumstances::default();
        match (&mut token.source, &self.plan) {
            (Source::Ranges(ranges), Plan::Ranges(file, bytes)) => {
                self.watch.count_read(range.end - range.start);
                ranges.take(file, *bytes, range, read, buffer, runs);
                circumstances = ranges.circumstances();
                token.clock = ranges.clock().max(clock);
            }
            (Source::Merge(merger), _) => {
                let known = &mut circumstances;
                token.clock = merger.take(self.piece_bytes, clock, buffer, runs, known);
                if runs.is_empty() {
                    self.is_over.store(true, Ordering::Relaxed);
                }
            }
            (Source::Ranges(_), Plan::Merge) => {}
        }
        Some(Piece {
            ticket,
            clock,
            circumstances,
        })
    }

    /// What became of the inputs, when all pieces were read.
    pub(super) fn finish(self) -> Vec<Reading> {
        match self.token.into_inner().source {
            Source::Ranges(ranges) => vec![ranges.into_reading()],
            Source::Merge(merger) => merger.into_readings(),
        }
    }

    fn claim(&self) -> Option<(u64, Range<u64>)> {
        // What a merge has read already is still handed out.
        let is_stopped = match &self.plan {
            Plan::Merge => false,
            Plan::Ranges(..) => self.watch.is_stopped(),
        };
        if is_stopped || self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        let ticket = self.ticket.fetch_add(1, Ordering::Relaxed);
        match &self.plan {
            Plan::Merge => Some((ticket, 0..0)),
            Plan::Ranges(_, bytes) => {
                let start = ticket.saturating_mul(self.piece_bytes as u64);
                let end = start.saturating_add(self.piece_bytes as u64).min(*bytes);
                (start < *bytes).then_some((ticket, start..end))
            }
        }
    }

    /// Reads a range and a little more, before the turn of its ticket comes.
    fn read_ahead(&self, buffer: &mut Vec<u8>, range: &Range<u64>) -> io::Result<()> {
        match &self.plan {
            Plan::Ranges(file, bytes) => {
                let until = (range.end + Self::SLACK).min(*bytes);
                input::refill(file, buffer, range.start, until)
            }
            Plan::Merge => {
                buffer.clear();
                Ok(())
            }
        }
    }
}
