//! Reads captures as the pipeline does, in one piece or in many.

use siptriage_capture::format::{Boundary, Chunk, Summary, Walk};
use siptriage_capture::{Limits, Time};

/// A frame, owned, with the clock after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub number: u64,
    pub time: Time,
    pub digits: u8,
    pub interface: u32,
    pub link: u16,
    pub bytes: Vec<u8>,
    pub original_len: u32,
    pub clock: Time,
}

/// All that a capture yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub frames: Vec<Seen>,
    pub summary: Summary,
}

impl Read {
    /// The captured bytes of the frames.
    pub fn packets(&self) -> Vec<&[u8]> {
        self.frames
            .iter()
            .map(|frame| frame.bytes.as_slice())
            .collect()
    }

    /// The times of the frames in nanoseconds.
    pub fn times(&self) -> Vec<i64> {
        self.frames.iter().map(|frame| frame.time.0).collect()
    }

    /// The reasons counted, each with count and first frame.
    pub fn skipped(&self) -> Vec<(&'static str, u64, u64)> {
        let reasons = self.summary.skipped.iter();
        reasons
            .map(|(reason, entry)| (reason, entry.count, entry.first_frame))
            .collect()
    }
}

/// Reads `file` in one piece.
pub fn read(file: &[u8]) -> Read {
    read_within(file, &Limits::default())
}

/// Reads `file` in one piece under `limits`.
pub fn read_within(file: &[u8], limits: &Limits) -> Read {
    read_in_pieces(file, limits, &[file.len().max(1)], &[u64::MAX])
}

/// Reads `file` in stretches of `limit_steps` bytes, of which a further `pieces` bytes come to
/// hand whenever they are needed; both lists are gone through again and again.
pub fn read_in_pieces(file: &[u8], limits: &Limits, pieces: &[usize], limit_steps: &[u64]) -> Read {
    let head = &file[..file.len().min(Boundary::HEAD_BYTES)];
    let mut boundary = Boundary::open(head, limits).expect("a capture");
    let mut pieces = pieces.iter().cycle();
    let mut limit_steps = limit_steps.iter().cycle();
    let mut limit = 0_u64;
    let mut at_hand = 0;
    let mut frames = Vec::new();
    let mut chunks = Vec::new();
    loop {
        let offset = boundary.next_offset();
        let start = offset as usize;
        at_hand = at_hand.max(start);
        let bytes = &file[start..at_hand];
        let walk = boundary.walk(bytes, offset, limit, &mut chunks);
        take(&mut frames, bytes, &mut chunks);
        match walk {
            Walk::Limit => {
                assert!(boundary.next_offset() >= limit);
                let step = limit_steps.next().expect("a cycle");
                limit = limit.max(boundary.next_offset()).saturating_add(*step);
            }
            Walk::More { until } => {
                assert!(until > at_hand as u64, "asks for bytes that are at hand");
                if until > file.len() as u64 {
                    break;
                }
                let piece = at_hand + pieces.next().expect("a cycle");
                at_hand = piece.max(until as usize).min(file.len());
            }
        }
    }
    let rest = &file[boundary.next_offset() as usize..];
    boundary.finish(rest, &mut chunks);
    take(&mut frames, rest, &mut chunks);
    let summary = boundary.summary().clone();
    assert_eq!(summary.frames, frames.len() as u64);
    assert_eq!(summary.bytes, file.len() as u64);
    Read { frames, summary }
}

fn take(frames: &mut Vec<Seen>, bytes: &[u8], chunks: &mut Vec<Chunk>) {
    for chunk in chunks.drain(..) {
        assert_eq!(chunk.first_frame, frames.len() as u64 + 1);
        let before = frames.len();
        let mut iterator = chunk.frames(bytes);
        while let Some(frame) = iterator.next() {
            frames.push(Seen {
                number: frame.number,
                time: frame.time,
                digits: frame.time_digits,
                interface: frame.interface,
                link: frame.link.0,
                bytes: frame.bytes.to_vec(),
                original_len: frame.original_len,
                clock: iterator.clock(),
            });
            assert_eq!(frame.number, frames.len() as u64);
        }
        assert_eq!(chunk.frames, (frames.len() - before) as u64);
        assert!(chunk.frames > 0);
    }
}
