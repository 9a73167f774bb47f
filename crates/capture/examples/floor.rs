//! What the machine allows: reads a capture, walks its records and counts the line ends in it.
//!
//! `floor FILE` does the least that any reader of SIP has to do, on one thread. The comparison
//! under `tests/bench` measures the analyzer in multiples of it.

use std::fs::File;
use std::io::{self, Read, Write};

use siptriage_capture::Limits;
use siptriage_capture::format::Boundary;

/// Bytes read at once.
const PIECE: usize = 256 * 1024;

fn main() -> io::Result<()> {
    let path = std::env::args_os()
        .nth(1)
        .ok_or(io::ErrorKind::InvalidInput)?;
    let mut file = File::open(path)?;
    let (mut window, mut offset) = (Vec::new(), 0);
    let (mut frames, mut lines) = (0, 0);
    let mut boundary = None;
    loop {
        let before = window.len();
        Read::take(&mut file, PIECE as u64).read_to_end(&mut window)?;
        if window.len() == before {
            break;
        }
        let boundary = match &mut boundary {
            Some(boundary) => boundary,
            None => boundary
                .insert(Boundary::open(&window, &Limits::default()).map_err(io::Error::other)?),
        };
        let mut chunks = Vec::new();
        boundary.walk(&window, offset, u64::MAX, &mut chunks);
        frames += chunks.iter().map(|chunk| chunk.frames).sum::<u64>();
        let taken = (boundary.next_offset() - offset) as usize;
        lines += memchr::memchr_iter(b'\n', &window[..taken.min(window.len())]).count();
        window.drain(..taken.min(window.len()));
        offset = boundary.next_offset();
    }
    writeln!(io::stderr(), "{frames} frames, {lines} lines")
}
