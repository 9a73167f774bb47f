//! The bytes one call of a walk may look at, and the chunks it cuts out of them.

use std::sync::Arc;

use super::{Chunk, Section, Summary};

/// What follows the last byte of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// More of the file, not at hand.
    Open,
    /// Nothing: the file ends there.
    File,
}

/// Bytes of the capture. All positions are indices into them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'w> {
    pub bytes: &'w [u8],
    /// Offset of the first byte in the file.
    pub start: u64,
    pub end: End,
}

impl Window<'_> {
    /// The offset in the file of index `at`.
    pub fn offset(&self, at: usize) -> u64 {
        self.start + at as u64
    }
}

/// Why a walk paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// The next record starts at or after the limit.
    Limit,
    /// The bytes up to this index are needed to go on.
    More(usize),
    /// The file ends here.
    End,
}

/// The answer of a test that looks ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ahead {
    /// What follows is as expected.
    Holds,
    /// It is not.
    Broken,
    /// The bytes up to this index are needed to tell.
    More(usize),
}

/// How a search for the next record in garbage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// At a record.
    Found,
    /// Before one was found.
    Paused(Pause),
}

/// The chunk that is being extended.
pub(super) struct Run {
    chunk: Option<Chunk>,
}

impl Run {
    pub fn new() -> Run {
        Run { chunk: None }
    }

    /// Begins a chunk with the record at index `at` unless one is open.
    #[inline]
    pub fn open(&mut self, at: usize, section: &Arc<Section>, summary: &Summary) {
        if self.chunk.is_none() {
            self.chunk = Some(Chunk {
                range: at..at,
                first_frame: summary.frames + 1,
                frames: 0,
                clock: summary.clock(),
                section: Arc::clone(section),
            });
        }
    }

    /// Ends the open chunk, if any, before index `at`.
    pub fn close(&mut self, at: usize, summary: &Summary, chunks: &mut Vec<Chunk>) {
        if let Some(mut chunk) = self.chunk.take() {
            chunk.range.end = at;
            chunk.frames = summary.frames + 1 - chunk.first_frame;
            if chunk.frames > 0 {
                chunks.push(chunk);
            }
        }
    }
}
