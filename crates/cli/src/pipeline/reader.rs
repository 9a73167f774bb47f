//! Turns inputs into chunks: workers claim pieces in order, read them side by side, and pass the
//! token that finds the records.
//!
//! A piece of a regular file is read before its turn comes, so only the walk over record headers
//! is done in order. Pipes and compressed files are read in their turn.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use siptriage_capture::format::compression::Compression;
use siptriage_capture::format::{Boundary, Chunk, OpenError, Summary, Walk};
use siptriage_capture::{Limits, Time};

use super::input::{self, Input, Opened, Stream};
use super::turnstile::Turnstile;

/// Hands out the records of all inputs, piece by piece.
pub(super) struct Reader<'i> {
    inputs: &'i [Input],
    piece_bytes: usize,
    limits: Limits,
    claims: Mutex<Claims>,
    token: Turnstile<Token>,
    stop: AtomicBool,
}

/// A piece that was read: its bytes are in the buffer given to [`Reader::next`].
pub(super) struct Piece {
    /// Its place in the order of all pieces.
    pub(super) ticket: u64,
    /// The input it is of.
    pub(super) file: u16,
    /// The clock at the end of all earlier inputs.
    pub(super) clock: Time,
    /// Silences of the capture that ended in the piece: begin and end.
    pub(super) silences: Vec<(Time, Time)>,
}

/// What became of one input.
pub(super) struct Reading {
    pub(super) compression: Option<Compression>,
    /// Absent when it could not be opened or recognised.
    pub(super) summary: Option<Summary>,
    pub(super) error: Option<ReadError>,
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
}

/// What is to be read next.
struct Claims {
    ticket: u64,
    file: usize,
    place: Place,
}

enum Place {
    Unopened,
    Regular {
        file: Arc<File>,
        next: u64,
        bytes: u64,
    },
    Stream {
        ended: Arc<AtomicBool>,
    },
}

/// What a worker is to read.
struct Job {
    ticket: u64,
    file: usize,
    work: Work,
}

enum Work {
    Range {
        file: Arc<File>,
        start: u64,
        end: u64,
        bytes: u64,
    },
    Begin {
        stream: Stream,
        ended: Arc<AtomicBool>,
    },
    Continue,
    Fail(io::Error),
}

/// What is passed from piece to piece.
struct Token {
    /// The clock at the end of all earlier inputs.
    clock: Time,
    files: Vec<Walked>,
}

#[derive(Default)]
struct Walked {
    boundary: Option<Boundary>,
    stream: Option<Stream>,
    ended: Option<Arc<AtomicBool>>,
    compression: Option<Compression>,
    carry: Vec<u8>,
    offset: u64,
    /// Silences handed out.
    silences: usize,
    finished: bool,
    error: Option<ReadError>,
}

impl<'i> Reader<'i> {
    /// How far past its end a piece is read ahead for the record that crosses it.
    const SLACK: usize = 16 * 1024;

    pub(super) fn new(inputs: &'i [Input], piece_bytes: usize, limits: Limits) -> Reader<'i> {
        let files = inputs.iter().map(|_| Walked::default()).collect();
        Reader {
            inputs,
            piece_bytes: piece_bytes.max(Boundary::HEAD_BYTES),
            limits,
            claims: Mutex::new(Claims {
                ticket: 0,
                file: 0,
                place: Place::Unopened,
            }),
            token: Turnstile::new(Token {
                clock: Time::MIN,
                files,
            }),
            stop: AtomicBool::new(false),
        }
    }

    /// Reads no further; pieces that were claimed are still handed out.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Reads the next piece into `buffer` and finds its records. Every ticket handed out is to
    /// be used on every later turnstile.
    pub(super) fn next(&self, buffer: &mut Vec<u8>, chunks: &mut Vec<Chunk>) -> Option<Piece> {
        let job = self.claim()?;
        buffer.clear();
        chunks.clear();
        let read = match &job.work {
            Work::Range {
                file,
                start,
                end,
                bytes,
            } => {
                let until = (end + Self::SLACK as u64).min(*bytes);
                read_range(file, buffer, *start, until)
            }
            Work::Begin { .. } | Work::Continue | Work::Fail(_) => Ok(()),
        };
        let mut token = self.token.enter(job.ticket);
        let clock = token.clock;
        let walked = &mut token.files[job.file];
        let result = read
            .map_err(ReadError::from)
            .and_then(|()| self.advance(job.work, walked, buffer, chunks));
        if let Err(error) = result {
            walked.error.get_or_insert(error);
            walked.close();
        }
        let silences = walked.silences();
        if walked.finished {
            let end = walked
                .boundary
                .as_ref()
                .and_then(|boundary| boundary.summary().last_time);
            token.clock = end.map_or(clock, |end| end.max(clock));
        }
        Some(Piece {
            ticket: job.ticket,
            file: job.file as u16,
            clock,
            silences,
        })
    }

    /// What became of the inputs, when all pieces were read.
    pub(super) fn finish(self) -> Vec<Reading> {
        let files = self.token.into_inner().files;
        let readings = files.into_iter().map(|mut walked| {
            walked.close();
            Reading {
                compression: walked.compression,
                summary: walked.boundary.map(|boundary| boundary.summary().clone()),
                error: walked.error,
            }
        });
        readings.collect()
    }

    fn claim(&self) -> Option<Job> {
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let input = self.inputs.get(claims.file)?;
            let work = match &mut claims.place {
                Place::Unopened => self.open(input, &mut claims.place),
                Place::Regular { file, next, bytes } if *next < *bytes => {
                    let (start, end) = (*next, (*next + self.piece_bytes as u64).min(*bytes));
                    *next = end;
                    Some(Work::Range {
                        file: Arc::clone(file),
                        start,
                        end,
                        bytes: *bytes,
                    })
                }
                Place::Stream { ended } if !ended.load(Ordering::Relaxed) => Some(Work::Continue),
                Place::Regular { .. } | Place::Stream { .. } => {
                    claims.place = Place::Unopened;
                    claims.file += 1;
                    None
                }
            };
            let Some(work) = work else { continue };
            let job = Job {
                ticket: claims.ticket,
                file: claims.file,
                work,
            };
            if matches!(job.work, Work::Fail(_)) {
                claims.file += 1;
            }
            claims.ticket += 1;
            return Some(job);
        }
    }

    fn open(&self, input: &Input, place: &mut Place) -> Option<Work> {
        match input::open(input, &self.limits) {
            Err(error) => Some(Work::Fail(error)),
            Ok(Opened::Regular { bytes: 0, .. }) => {
                *place = Place::Stream {
                    ended: Arc::new(AtomicBool::new(true)),
                };
                let empty = Stream::Plain(Box::new(io::empty()));
                Some(Work::Begin {
                    stream: empty,
                    ended: Arc::new(AtomicBool::new(true)),
                })
            }
            Ok(Opened::Regular { file, bytes }) => {
                *place = Place::Regular {
                    file: Arc::new(file),
                    next: 0,
                    bytes,
                };
                None
            }
            Ok(Opened::Stream(stream)) => {
                let ended = Arc::new(AtomicBool::new(false));
                *place = Place::Stream {
                    ended: Arc::clone(&ended),
                };
                Some(Work::Begin { stream, ended })
            }
        }
    }

    /// Finds the records of a piece. Called with the token in hand.
    fn advance(
        &self,
        work: Work,
        walked: &mut Walked,
        buffer: &mut Vec<u8>,
        chunks: &mut Vec<Chunk>,
    ) -> Result<(), ReadError> {
        match work {
            Work::Fail(error) => Err(error.into()),
            Work::Range {
                file,
                start,
                end,
                bytes,
            } => walked.range(&self.limits, &file, start..end, bytes, buffer, chunks),
            Work::Begin { stream, ended } => {
                walked.compression = match &stream {
                    Stream::Plain(_) => None,
                    Stream::Packed(compression, _) => Some(*compression),
                };
                walked.stream = Some(stream);
                walked.ended = Some(ended);
                walked.stream(&self.limits, self.piece_bytes, buffer, chunks)
            }
            Work::Continue => walked.stream(&self.limits, self.piece_bytes, buffer, chunks),
        }
    }
}

impl Walked {
    /// The records of a file that begin in `range`, whose bytes and some more are in `buffer`.
    fn range(
        &mut self,
        limits: &Limits,
        file: &File,
        range: std::ops::Range<u64>,
        bytes: u64,
        buffer: &mut Vec<u8>,
        chunks: &mut Vec<Chunk>,
    ) -> Result<(), ReadError> {
        if self.finished || self.error.is_some() {
            return Ok(());
        }
        let boundary = match &mut self.boundary {
            Some(boundary) => boundary,
            None => self.boundary.insert(Boundary::open(buffer, limits)?),
        };
        let is_last = range.end == bytes;
        while let Walk::More { until } = boundary.walk(buffer, range.start, range.end, chunks) {
            let read_to = range.start + buffer.len() as u64;
            if until > bytes || read_to >= bytes {
                break;
            }
            read_range(
                file,
                buffer,
                range.start,
                until.max(read_to + Reader::SLACK as u64).min(bytes),
            )?;
        }
        if is_last {
            let rest =
                (boundary.next_offset().saturating_sub(range.start) as usize).min(buffer.len());
            finish(boundary, buffer, rest, chunks);
            self.finished = true;
        }
        Ok(())
    }

    /// The next records of a stream.
    fn stream(
        &mut self,
        limits: &Limits,
        piece_bytes: usize,
        buffer: &mut Vec<u8>,
        chunks: &mut Vec<Chunk>,
    ) -> Result<(), ReadError> {
        let Some(stream) = &mut self.stream else {
            return Ok(());
        };
        buffer.append(&mut self.carry);
        let mut wanted = piece_bytes.max(buffer.len() + Boundary::HEAD_BYTES);
        loop {
            stream.fill(buffer, wanted)?;
            let ended = buffer.len() < wanted;
            let boundary = match &mut self.boundary {
                Some(boundary) => boundary,
                None => self.boundary.insert(Boundary::open(buffer, limits)?),
            };
            let walk = boundary.walk(buffer, self.offset, u64::MAX, chunks);
            let taken = (boundary.next_offset() - self.offset) as usize;
            if ended {
                finish(boundary, buffer, taken.min(buffer.len()), chunks);
                self.end();
                return Ok(());
            }
            if taken > 0 {
                let kept = taken.min(buffer.len());
                self.carry.extend_from_slice(&buffer[kept..]);
                self.offset += kept as u64;
                return Ok(());
            }
            let Walk::More { until } = walk else {
                return Ok(());
            };
            wanted = ((until - self.offset) as usize).max(buffer.len() + piece_bytes);
        }
    }

    /// Silences found since the last time.
    fn silences(&mut self) -> Vec<(Time, Time)> {
        let Some(boundary) = &self.boundary else {
            return Vec::new();
        };
        let gaps = &boundary.summary().gaps[self.silences..];
        self.silences += gaps.len();
        gaps.iter().map(|gap| (gap.from, gap.to)).collect()
    }

    fn end(&mut self) {
        let stopped = match self.stream.take() {
            Some(Stream::Packed(_, expansion)) => expansion.stopped(),
            Some(Stream::Plain(_)) | None => None,
        };
        if let (Some(boundary), Some(reason)) = (&mut self.boundary, stopped) {
            boundary.cut_short(reason);
        }
        self.close();
    }

    fn close(&mut self) {
        self.finished = true;
        self.stream = None;
        if let Some(ended) = &self.ended {
            ended.store(true, Ordering::Relaxed);
        }
    }
}

/// Ends a walk on the bytes of `buffer` from `rest` on.
fn finish(boundary: &mut Boundary, buffer: &[u8], rest: usize, chunks: &mut Vec<Chunk>) {
    let before = chunks.len();
    boundary.finish(&buffer[rest..], chunks);
    for chunk in &mut chunks[before..] {
        chunk.range.start += rest;
        chunk.range.end += rest;
    }
}

/// Extends `buffer`, which holds the file from `start` on, up to `until`.
fn read_range(file: &File, buffer: &mut Vec<u8>, start: u64, until: u64) -> io::Result<()> {
    let have = buffer.len();
    buffer.resize((until - start) as usize, 0);
    let read = input::read_at(file, &mut buffer[have..], start + have as u64)?;
    buffer.truncate(have + read);
    Ok(())
}
