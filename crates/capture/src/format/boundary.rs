//! The token that walks record headers through a capture.

use std::sync::Arc;

use super::open::{self, OpenError};
use super::section::{Layout, Section};
use super::stretch::{End, Pause, Window};
use super::{ByteOrder, Chunk, Summary, pcap, pcapng, reason};
use crate::Limits;

/// The place that a walk has reached in a capture, and all that must be known to go on.
///
/// It is the only part of reading a capture that has to be done in order; whoever holds it may
/// walk the next stretch of the file.
#[derive(Clone, Debug)]
pub struct Boundary {
    next_offset: u64,
    /// Where the garbage began that is being searched, and what to count if it has no end.
    lost: Option<Lost>,
    /// How the next records are laid out.
    pub(super) section: Arc<Section>,
    /// The byte order of the file header; of the first section in pcapng.
    pub(super) file_order: ByteOrder,
    /// Interfaces described so far, all sections counted through.
    pub(super) interfaces: u32,
    /// Largest pcapng block that is believed.
    pub(super) record_limit: usize,
    pub(super) summary: Summary,
}

#[derive(Clone, Copy, Debug)]
struct Lost {
    from: u64,
    reason: &'static str,
}

/// Why a walk returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// The next record starts at or after the limit.
    Limit,
    /// The bytes do not reach far enough.
    More {
        /// File offset up to which bytes are needed to go on. Where the file ends before it, the
        /// walk is to be finished.
        until: u64,
    },
}

impl Boundary {
    /// How many first bytes of the file [`Boundary::open`] wants; fewer only of a shorter file.
    pub const HEAD_BYTES: usize = 64;

    /// Recognises the capture by its first bytes.
    pub fn open(head: &[u8], limits: &Limits) -> Result<Boundary, OpenError> {
        let opened = open::open(head, limits)?;
        let mut summary = Summary::new(opened.format);
        if let Some(interface) = opened.section.interfaces.get(0) {
            summary.interface(interface.link, interface.snap_len);
        }
        Ok(Boundary {
            next_offset: opened.first_record as u64,
            lost: None,
            file_order: opened.section.order,
            section: Arc::new(opened.section),
            interfaces: 0,
            record_limit: limits.block_bytes,
            summary,
        })
    }

    /// File offset of the next record, or of the next byte to search for one.
    pub fn next_offset(&self) -> u64 {
        self.next_offset
    }

    /// Walks the records that start at or after [`Boundary::next_offset`] and before `limit`, and
    /// appends them to `chunks`.
    ///
    /// `bytes` are those of the file from `offset` on, which must not be greater than
    /// [`Boundary::next_offset`]; records must be whole in them to be taken. Chunk ranges are
    /// indices into `bytes`. A chunk also ends where garbage, a section or a further interface
    /// comes between records.
    pub fn walk(&mut self, bytes: &[u8], offset: u64, limit: u64, chunks: &mut Vec<Chunk>) -> Walk {
        let Some(ahead) = self.next_offset.checked_sub(offset) else {
            return Walk::More {
                until: self.next_offset,
            };
        };
        let at = usize::try_from(ahead).unwrap_or(usize::MAX);
        if at > bytes.len() {
            return if self.next_offset >= limit {
                Walk::Limit
            } else {
                Walk::More {
                    until: self.next_offset + 1,
                }
            };
        }
        let limit = usize::try_from(limit.saturating_sub(offset)).unwrap_or(usize::MAX);
        match self.stretch(
            Window {
                bytes,
                start: offset,
                end: End::Open,
            },
            at,
            limit,
            chunks,
        ) {
            Pause::Limit => Walk::Limit,
            Pause::More(until) => Walk::More {
                until: offset + until as u64,
            },
            Pause::End => Walk::More {
                until: offset + bytes.len() as u64 + 1,
            },
        }
    }

    /// Ends the walk. `rest` are the bytes of the file from [`Boundary::next_offset`] to its end,
    /// which may hold a cut record, garbage, or records that could only be judged by what follows
    /// them; the latter are appended to `chunks`, as ranges of `rest`.
    pub fn finish(&mut self, rest: &[u8], chunks: &mut Vec<Chunk>) {
        let window = Window {
            bytes: rest,
            start: self.next_offset,
            end: End::File,
        };
        self.stretch(window, 0, usize::MAX, chunks);
        self.summary.end();
        self.summary.complete = true;
        if let Some(lost) = self.lost.take() {
            self.summary.skip(lost.reason);
            self.summary.garbage_bytes += self.next_offset - lost.from;
            self.summary.complete = false;
        }
    }

    /// Counts why the bytes ended before the capture did: [`reason::EXPANSION_LIMIT`] or
    /// [`reason::COMPRESSED_DAMAGED`]. To be called after [`Boundary::finish`].
    pub fn cut_short(&mut self, reason: &'static str) {
        self.summary.skip(reason);
        self.summary.complete = false;
    }

    /// What is known about the capture so far.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Whether the walk is searching garbage for the next record.
    #[inline]
    pub(super) fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// No record starts at `offset`. `reason` is counted unless a record is found later.
    pub(super) fn lose(&mut self, offset: u64, reason: &'static str) {
        self.lost = Some(Lost {
            from: offset,
            reason,
        });
    }

    /// A record starts at `offset` after all.
    pub(super) fn found(&mut self, offset: u64) {
        if let Some(lost) = self.lost.take() {
            self.summary.skip(reason::RESYNCHRONISED);
            self.summary.garbage_bytes += offset - lost.from;
        }
    }

    /// The records from here on have headers in the other byte order.
    pub(super) fn swap_order(&mut self) {
        let section = Arc::make_mut(&mut self.section);
        section.order = section.order.swapped();
    }

    fn stretch(
        &mut self,
        window: Window<'_>,
        from: usize,
        limit: usize,
        chunks: &mut Vec<Chunk>,
    ) -> Pause {
        let mut at = from;
        let pause = match self.section.layout {
            Layout::Pcap(layout) => pcap::walk(self, layout, window, limit, &mut at, chunks),
            Layout::Pcapng => pcapng::walk(self, window, limit, &mut at, chunks),
        };
        self.next_offset = window.offset(at);
        self.summary.bytes = self.next_offset;
        pause
    }
}
