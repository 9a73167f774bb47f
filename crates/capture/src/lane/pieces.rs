//! Parts of a datagram or stream that wait for the parts before them.

use std::collections::BTreeMap;

use crate::decode::Sighting;

/// Bookkeeping of one piece, charged on top of its bytes.
const OVERHEAD_BYTES: usize = 128;

/// Non-overlapping pieces by position. Of overlapping input the first wins.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: BTreeMap<u64, Piece>,
    bytes: usize,
}

/// One piece; it is never empty.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) seen: Sighting,
    pub(super) bytes: Box<[u8]>,
}

/// How new bytes agreed with the pieces that were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overlap {
    /// Nothing of them was there, or it was the same.
    Agrees,
    /// Something else was there, and stays.
    Conflicts,
}

impl Pieces {
    /// Adds the parts of `bytes` that are not there yet.
    pub(super) fn insert(&mut self, start: u64, bytes: &[u8], seen: &Sighting) -> Overlap {
        let mut overlap = Overlap::Agrees;
        let (mut at, mut rest) = (start, bytes);
        while !rest.is_empty() {
            let length = match self.pieces.range(..=at).next_back() {
                Some((&begin, piece)) if begin + piece.bytes.len() as u64 > at => {
                    let there = &piece.bytes[(at - begin) as usize..];
                    let length = there.len().min(rest.len());
                    if there[..length] != rest[..length] {
                        overlap = Overlap::Conflicts;
                    }
                    length
                }
                Some(_) | None => {
                    let room = match self.pieces.range(at..).next() {
                        Some((&begin, _)) => begin - at,
                        None => u64::MAX,
                    };
                    let length = rest.len().min(usize::try_from(room).unwrap_or(usize::MAX));
                    self.add(at, &rest[..length], seen, length == rest.len());
                    length
                }
            };
            at += length as u64;
            rest = &rest[length..];
        }
        overlap
    }

    fn add(&mut self, at: u64, bytes: &[u8], seen: &Sighting, ends: bool) {
        let missing = if ends { seen.missing } else { 0 };
        let seen = Sighting { missing, ..*seen };
        self.bytes += bytes.len();
        self.pieces.insert(
            at,
            Piece {
                seen,
                bytes: bytes.into(),
            },
        );
    }

    /// The first piece and its position.
    pub(super) fn first(&self) -> Option<(u64, &Piece)> {
        self.pieces
            .first_key_value()
            .map(|(&start, piece)| (start, piece))
    }

    /// Takes the piece that starts at `at`.
    pub(super) fn take(&mut self, at: u64) -> Option<Piece> {
        let piece = self.pieces.remove(&at)?;
        self.bytes -= piece.bytes.len();
        Some(piece)
    }

    /// The bytes of all pieces.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What all pieces cost in memory, about.
    pub(super) fn cost_bytes(&self) -> usize {
        self.bytes + self.pieces.len() * OVERHEAD_BYTES
    }

    /// The position after the last piece.
    pub(super) fn end(&self) -> u64 {
        self.pieces
            .last_key_value()
            .map_or(0, |(&start, piece)| start + piece.bytes.len() as u64)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// All bytes in order, gaps left out.
    pub(super) fn joined(&self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.bytes);
        for piece in self.pieces.values() {
            whole.extend_from_slice(&piece.bytes);
        }
        whole
    }
}
