//! Puts WebSocket messages together from their frames.

use crate::FrameRef;
use crate::decode::Sighting;
use crate::lane::inflation::Inflation;
use crate::lane::outlet::Outlet;
use crate::lane::reason;
use crate::lane::websocket::{self, Head, Kind};

/// The frames of a WebSocket message that is not complete, and the memory of compressed ones.
#[derive(Debug, Default)]
pub(super) struct Partial {
    message: Vec<u8>,
    first_frame: FrameRef,
    compressed: bool,
    inflation: Inflation,
}

impl Partial {
    /// The bytes held.
    pub(super) fn held_bytes(&self) -> usize {
        self.message.len()
    }

    /// The memory taken.
    pub(super) fn cost_bytes(&self) -> usize {
        self.message.capacity() + self.inflation.cost_bytes()
    }
}

/// What to do after looking at the head of the unread bytes.
pub(super) enum Step {
    /// So many bytes are done with; 0 when only the mode has changed.
    Advance(usize),
    /// More bytes are needed.
    Wait,
    /// The stream is none of ours.
    LetGo,
}

/// Takes one WebSocket frame off the head of `rest`.
pub(super) fn unwrap(
    partial: &mut Partial,
    rest: &[u8],
    first_frame: FrameRef,
    seen: &Sighting,
    out: &mut Outlet<'_, '_>,
) -> Step {
    let frame = match websocket::head(rest, out.limits.stream_bytes) {
        Head::Frame(frame) => frame,
        Head::More => return Step::Wait,
        Head::Broken => {
            out.tally.count(reason::WEBSOCKET_BROKEN, seen.frame);
            return Step::LetGo;
        }
    };
    match frame.kind {
        Kind::Control => return Step::Advance(frame.whole_bytes),
        Kind::Begin => {
            partial.message.clear();
            (partial.first_frame, partial.compressed) = (first_frame, frame.compressed);
        }
        Kind::Continuation => {}
    }
    frame.unmask(rest, &mut partial.message);
    if frame.last {
        let message = std::mem::take(&mut partial.message);
        let most_bytes = out.limits.stream_bytes;
        let content = if partial.compressed {
            partial.inflation.inflate(&message, most_bytes)
        } else {
            Some(message)
        };
        match content {
            Some(content) => out.deliver_websocket(&content, partial.first_frame, seen),
            None => out.tally.count(reason::WEBSOCKET_COMPRESSED, seen.frame),
        }
    } else if partial.message.len() > out.limits.stream_bytes {
        out.tally.count(reason::MESSAGE_TOO_LONG, seen.frame);
        (partial.message, partial.inflation) = (Vec::new(), Inflation::Lost);
    }
    Step::Advance(frame.whole_bytes)
}
