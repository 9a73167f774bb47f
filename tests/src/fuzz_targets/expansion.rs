//! Any bytes as a compressed capture, through every codec.

use std::io::Read;

use siptriage_capture::Limits;
use siptriage_capture::format::compression::{Compression, Expansion};

use super::Script;

/// Uncompressed bytes that are looked at.
const READ_BYTES: usize = 256 * 1024;

/// The first byte chooses the codec, the second the size of the reads.
pub(super) fn check(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let codec = Compression::ALL[usize::from(script.byte()) % Compression::ALL.len()];
    let size = usize::from(script.byte()) * 64 + 1;
    let whole = read(codec, script.rest(), READ_BYTES);
    let pieces = read(codec, script.rest(), size);
    let ends = [&whole, &pieces].map(|(plain, stopped)| (plain.len(), *stopped));
    assert!(whole == pieces, "the size of the reads matters: {ends:?}");
}

/// The uncompressed bytes and why they end.
fn read(codec: Compression, packed: &[u8], size: usize) -> (Vec<u8>, Option<&'static str>) {
    let limits = Limits::default();
    let mut expansion =
        Expansion::new(codec, packed, &limits).expect("all codecs are part of the build");
    let mut plain = Vec::new();
    let mut buffer = vec![0; size];
    while plain.len() < READ_BYTES {
        let room = size.min(READ_BYTES - plain.len());
        let read = expansion.read(&mut buffer[..room]);
        let read = read.expect("an input in memory does not fail");
        if read == 0 {
            break;
        }
        plain.extend_from_slice(&buffer[..read]);
    }
    assert!(expansion.compressed_bytes() <= packed.len() as u64);
    (plain, expansion.stopped())
}
