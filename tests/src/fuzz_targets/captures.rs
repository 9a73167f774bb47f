//! Any bytes as a capture file: the walk and the frames agree, however the file comes in pieces.

use siptriage_capture::format::{Boundary, Chunk, Summary, Walk};
use siptriage_capture::{Limits, Time};

use super::Script;

/// Largest record that the walk believes here, so that small inputs reach the limit.
const BLOCK_BYTES: usize = 4_096;

/// The file comes once as a whole and once in the pieces that the first four bytes ask for.
pub(super) fn check(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let piece = usize::from(script.short()) + 1;
    let step = u64::from(script.short()) + 1;
    let file = script.rest();
    let whole = read(file, file.len(), u64::MAX);
    let pieces = read(file, piece, step);
    assert_eq!(whole, pieces, "the pieces change what is read");
}

/// What a frame is known by: number, time, interface and link, length on the wire, its bytes.
type Seen<'a> = (u64, Time, (u32, u16), u32, &'a [u8]);

fn read(file: &[u8], piece: usize, step: u64) -> Option<(Vec<Seen<'_>>, Summary)> {
    let limits = Limits {
        block_bytes: BLOCK_BYTES,
        ..Limits::default()
    };
    let head = &file[..file.len().min(Boundary::HEAD_BYTES)];
    let mut boundary = match Boundary::open(head, &limits) {
        Ok(boundary) => boundary,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    let (mut at_hand, mut limit) = (0, 0);
    let (mut seen, mut chunks) = (Vec::new(), Vec::new());
    loop {
        let offset = boundary.next_offset();
        let start = usize::try_from(offset).expect("within the file");
        at_hand = at_hand.max(start);
        let bytes = &file[start..at_hand];
        let walk = boundary.walk(bytes, offset, limit, &mut chunks);
        keep(&mut seen, bytes, &mut chunks);
        match walk {
            Walk::Limit => {
                assert!(boundary.next_offset() >= limit, "paused before the limit");
                limit = boundary.next_offset().saturating_add(step);
            }
            Walk::More { until } => {
                assert!(until > at_hand as u64, "asks for bytes that are at hand");
                if until > file.len() as u64 {
                    break;
                }
                let until = usize::try_from(until).expect("within the file");
                at_hand = (at_hand + piece).max(until).min(file.len());
            }
        }
    }
    let rest = &file[usize::try_from(boundary.next_offset()).expect("within the file")..];
    boundary.finish(rest, &mut chunks);
    keep(&mut seen, rest, &mut chunks);
    let summary = boundary.summary().clone();
    assert_eq!(summary.frames, seen.len() as u64, "walk and frames differ");
    assert_eq!(summary.bytes, file.len() as u64, "bytes are left over");
    Some((seen, summary))
}

fn keep<'a>(seen: &mut Vec<Seen<'a>>, bytes: &'a [u8], chunks: &mut Vec<Chunk>) {
    for chunk in chunks.drain(..) {
        assert_eq!(chunk.first_frame, seen.len() as u64 + 1);
        let before = seen.len();
        for frame in chunk.frames(bytes) {
            let source = (frame.interface, frame.link.0);
            let length = frame.original_len;
            seen.push((frame.number, frame.time, source, length, frame.bytes));
            assert_eq!(frame.number, seen.len() as u64, "frame numbers have gaps");
        }
        assert_eq!(chunk.frames, (seen.len() - before) as u64);
        assert!(chunk.frames > 0, "a chunk without frames");
    }
}
