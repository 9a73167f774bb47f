//! Messages that WebSocket compressed (permessage-deflate, RFC 7692).

use flate2::{Decompress, FlushDecompress, Status};

/// The end of a deflate block that senders leave out (RFC 7692 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// What the window and tables of one direction take in memory, about.
const COST_BYTES: usize = 48 * 1024;

/// The state of one direction. Messages may refer to those before them ("context takeover",
/// RFC 7692 7.1.1); where they do not, the memory of those does no harm.
#[derive(Debug, Default)]
pub(super) enum Inflation {
    /// No compressed message was seen.
    #[default]
    Unused,
    /// All of them were read.
    Going(Box<Decompress>),
    /// One could not be read, so those after it cannot either.
    Lost,
}

impl Inflation {
    /// The content of the next compressed message; `None` where what it refers to was not
    /// captured, or where it is longer than `most_bytes`.
    pub(super) fn inflate(&mut self, message: &[u8], most_bytes: usize) -> Option<Vec<u8>> {
        if let Inflation::Unused = self {
            *self = Inflation::Going(Box::new(Decompress::new(false)));
        }
        let Inflation::Going(state) = self else {
            return None;
        };
        let mut content = Vec::new();
        let is_whole = advance(state, message, &mut content, most_bytes)
            && advance(state, &TAIL, &mut content, most_bytes);
        if !is_whole {
            *self = Inflation::Lost;
            return None;
        }
        Some(content)
    }

    /// The memory taken.
    pub(super) fn cost_bytes(&self) -> usize {
        match self {
            Inflation::Unused | Inflation::Lost => 0,
            Inflation::Going(_) => COST_BYTES,
        }
    }
}

/// Inflates all of `input`. Returns whether that went well and stayed within `most_bytes`.
fn advance(
    state: &mut Decompress,
    mut input: &[u8],
    content: &mut Vec<u8>,
    most_bytes: usize,
) -> bool {
    loop {
        if content.len() == content.capacity() {
            content.reserve(content.len().max(1_024));
        }
        let before = state.total_in();
        let Ok(status) = state.decompress_vec(input, content, FlushDecompress::Sync) else {
            return false;
        };
        let used = (state.total_in() - before) as usize;
        input = input.get(used..).unwrap_or_default();
        if content.len() > most_bytes {
            return false;
        }
        if status == Status::StreamEnd {
            // A block may be marked as the last one; another one follows (RFC 7692 7.2.3.4).
            state.reset(false);
        }
        let has_room = content.len() < content.capacity();
        if has_room && (input.is_empty() || used == 0) {
            return input.is_empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress};

    use super::*;

    /// What a sender puts into one message.
    fn deflate(state: &mut Compress, text: &[u8]) -> Vec<u8> {
        let mut packed = Vec::with_capacity(text.len() + 1_024);
        let done = state.compress_vec(text, &mut packed, FlushCompress::Sync);
        assert_eq!(done.expect("memory"), Status::Ok);
        assert_eq!(packed.split_off(packed.len() - 4), TAIL);
        packed
    }

    #[test]
    fn messages_refer_to_those_before_them() {
        let mut sender = Compress::new(Compression::best(), false);
        let mut state = Inflation::default();
        let text = b"OPTIONS sip:bob@example.com SIP/2.0\r\nCall-ID: 1@example.com\r\n".repeat(60);
        let first = deflate(&mut sender, &text);
        let second = deflate(&mut sender, &text);
        assert!(second.len() < first.len());
        assert_eq!(state.inflate(&first, 10_000), Some(text.clone()));
        assert_eq!(state.inflate(&second, 10_000), Some(text.clone()));
        let mut joined = Inflation::default();
        assert_eq!(joined.inflate(&second, 10_000), None);
        assert_eq!(joined.inflate(&first, 10_000), None);
    }

    #[test]
    fn a_message_is_bounded() {
        let mut sender = Compress::new(Compression::best(), false);
        let packed = deflate(&mut sender, &[b'x'; 100_000]);
        assert_eq!(Inflation::default().inflate(&packed, 99_999), None);
        let inflated = Inflation::default().inflate(&packed, 100_000);
        assert_eq!(inflated.map(|content| content.len()), Some(100_000));
        assert_eq!(Inflation::default().inflate(&[0x07, 0xff], 10), None);
    }

    #[test]
    fn a_block_marked_as_the_last_one_ends_the_context() {
        let mut sender = Compress::new(Compression::best(), false);
        let mut packed = Vec::with_capacity(1_024);
        let done = sender.compress_vec(b"hello", &mut packed, FlushCompress::Finish);
        assert_eq!(done.expect("memory"), Status::StreamEnd);
        packed.push(0);
        let mut state = Inflation::default();
        for _ in 0..2 {
            assert_eq!(state.inflate(&packed, 100).as_deref(), Some(&b"hello"[..]));
        }
    }
}
