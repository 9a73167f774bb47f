//! One regular file, range by range.

use std::fs::File;
use std::io;
use std::ops::Range;

use siptriage_capture::format::{Boundary, Chunk, Walk};
use siptriage_capture::{Limits, Time};
use siptriage_correlate::Circumstances;

use super::input;
use super::reader::{ReadError, Reader, Reading, Run};

/// How far the walk through one regular file has come.
pub(super) struct Ranges {
    limits: Limits,
    boundary: Option<Boundary>,
    chunks: Vec<Chunk>,
    /// Silences looked at.
    silences: usize,
    /// Disturbances looked at.
    disturbances: usize,
    finished: bool,
    error: Option<ReadError>,
}

impl Ranges {
    pub(super) fn new(limits: Limits) -> Ranges {
        Ranges {
            limits,
            boundary: None,
            chunks: Vec::new(),
            silences: 0,
            disturbances: 0,
            finished: false,
            error: None,
        }
    }

    /// Finds the records that begin in `range`, whose bytes and some more were `read` into
    /// `buffer`.
    pub(super) fn take(
        &mut self,
        file: &File,
        bytes: u64,
        range: Range<u64>,
        read: io::Result<()>,
        buffer: &mut Vec<u8>,
        runs: &mut Vec<Run>,
    ) {
        if self.finished || self.error.is_some() {
            return;
        }
        let walked = read.map_err(ReadError::from);
        let walked = walked.and_then(|()| self.walk(file, bytes, range, buffer));
        if let Err(error) = walked {
            self.error = Some(error);
        }
        runs.extend(self.chunks.drain(..).map(|chunk| Run {
            file: 0,
            probe: 0,
            chunk,
        }));
    }

    /// What was found out about the capture since the last time.
    pub(super) fn circumstances(&mut self) -> Circumstances {
        let Some(boundary) = &self.boundary else {
            return Circumstances::default();
        };
        let summary = boundary.summary();
        let pauses = summary.pauses(self.silences);
        let silences = pauses.map(|gap| (gap.from, gap.to)).collect();
        self.silences = summary.gaps.len();
        Circumstances {
            silences,
            disturbances: summary.disturbances_from(&mut self.disturbances),
            shifts: Vec::new(),
        }
    }

    /// The clock after the frames so far.
    pub(super) fn clock(&self) -> Time {
        self.boundary
            .as_ref()
            .map_or(Time::MIN, |boundary| boundary.summary().now())
    }

    pub(super) fn into_reading(self) -> Reading {
        Reading {
            compression: None,
            summary: self.boundary.map(|boundary| boundary.summary().clone()),
            is_interrupted: !self.finished && self.error.is_none(),
            error: self.error,
        }
    }

    fn walk(
        &mut self,
        file: &File,
        bytes: u64,
        range: Range<u64>,
        buffer: &mut Vec<u8>,
    ) -> Result<(), ReadError> {
        let boundary = match &mut self.boundary {
            Some(boundary) => boundary,
            None => self.boundary.insert(Boundary::open(buffer, &self.limits)?),
        };
        while let Walk::More { until } =
            boundary.walk(buffer, range.start, range.end, &mut self.chunks)
        {
            let have = range.start + buffer.len() as u64;
            let wanted = until.max(have + Reader::SLACK).min(bytes);
            input::extend(file, buffer, range.start, wanted)?;
            let is_all = range.start + buffer.len() as u64 >= bytes || wanted == have;
            if until > bytes && is_all {
                self.finished = true;
                break;
            }
        }
        if self.finished || range.end == bytes {
            self.finished = true;
            let next = boundary.next_offset().saturating_sub(range.start) as usize;
            finish(boundary, buffer, next.min(buffer.len()), &mut self.chunks);
        }
        Ok(())
    }
}

/// Ends a walk on the bytes of `buffer` from `rest` on.
pub(super) fn finish(boundary: &mut Boundary, buffer: &[u8], rest: usize, chunks: &mut Vec<Chunk>) {
    let before = chunks.len();
    boundary.finish(&buffer[rest..], chunks);
    for chunk in &mut chunks[before..] {
        chunk.range.start += rest;
        chunk.range.end += rest;
    }
}
