//! WebSocket on TCP (RFC 6455), whose messages are SIP messages (RFC 7118).

use memchr::memmem;

use crate::{Cut, Framer};

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;

/// What the unread head of a WebSocket connection holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A whole frame.
    Frame(Frame),
    /// A frame that is not all there.
    More,
    /// No frame.
    Broken,
}

/// One frame (RFC 6455 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    header_bytes: usize,
    /// Length of header and payload.
    pub(super) whole_bytes: usize,
    mask: [u8; 4],
    pub(super) kind: Kind,
    /// The message ends here.
    pub(super) last: bool,
    /// The first reserved bit, which RFC 7692 uses for compressed messages.
    pub(super) compressed: bool,
}

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The begin of a message.
    Begin,
    /// More of a message.
    Continuation,
    /// Ping, pong or close.
    Control,
}

impl Frame {
    /// The payload, unmasked (RFC 6455 5.3), added to `message`.
    pub(super) fn unmask(&self, bytes: &[u8], message: &mut Vec<u8>) {
        let payload = bytes
            .get(self.header_bytes..self.whole_bytes)
            .unwrap_or_default();
        let masked = payload.iter().zip(self.mask.iter().cycle());
        message.extend(masked.map(|(byte, mask)| byte ^ mask));
    }
}

/// Reads the frame at the head of `bytes`; frames beyond `most_bytes` count as broken.
pub(super) fn head(bytes: &[u8], most_bytes: usize) -> Head {
    match header(bytes) {
        Some(Ok(frame)) if frame.whole_bytes > most_bytes => Head::Broken,
        Some(Ok(frame)) if frame.whole_bytes > bytes.len() => Head::More,
        Some(Ok(frame)) => Head::Frame(frame),
        Some(Err(Malformed)) => Head::Broken,
        None => Head::More,
    }
}

struct Malformed;

/// The frame header; `None` while it is not all there.
fn header(bytes: &[u8]) -> Option<Result<Frame, Malformed>> {
    let &[first, second, ..] = bytes else {
        return None;
    };
    let (last, opcode) = (first & 0x80 != 0, first & 0x0f);
    let kind = match opcode {
        TEXT | BINARY => Kind::Begin,
        CONTINUATION => Kind::Continuation,
        CLOSE..=10 if last && second & 0x7f <= 125 => Kind::Control,
        _ => return Some(Err(Malformed)),
    };
    if first & 0x30 != 0 {
        return Some(Err(Malformed));
    }
    let (length, length_end) = match second & 0x7f {
        126 => (
            u64::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
            4,
        ),
        127 => (u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?), 10),
        short => (u64::from(short), 2),
    };
    let (mask, header_bytes) = match second & 0x80 {
        0 => ([0; 4], length_end),
        _ => (*bytes.get(length_end..)?.first_chunk()?, length_end + 4),
    };
    let whole = usize::try_from(length)
        .ok()
        .and_then(|length| length.checked_add(header_bytes));
    let Some(whole_bytes) = whole else {
        return Some(Err(Malformed));
    };
    let compressed = first & 0x40 != 0;
    Some(Ok(Frame {
        header_bytes,
        whole_bytes,
        mask,
        kind,
        last,
        compressed,
    }))
}

/// Whether bytes in the middle of a connection look like a WebSocket frame that begins a SIP
/// message. Enough of the payload is looked at for a start line.
pub(super) fn begins_sip(bytes: &[u8], framer: Framer) -> bool {
    const LOOK_BYTES: usize = 2_048;
    let Some(Ok(frame)) = header(bytes) else {
        return false;
    };
    if frame.kind != Kind::Begin || frame.compressed {
        return false;
    }
    let mut start = Vec::new();
    let whole_bytes = frame.whole_bytes.min(bytes.len()).min(LOOK_BYTES);
    Frame {
        whole_bytes,
        ..frame
    }
    .unmask(bytes, &mut start);
    match framer(&start) {
        Cut::Message(_) => true,
        Cut::More { .. } => memmem::find(&start, b"SIP/2.0").is_some(),
        Cut::Nothing(_) | Cut::Foreign { .. } => false,
    }
}

/// What the head of a stream says about an upgrade from HTTP (RFC 6455 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upgrade {
    /// The handshake is over after so many bytes.
    Done(usize),
    /// A handshake that is not all there.
    More,
    /// No handshake for SIP.
    None,
}

/// Reads a handshake: a request that offers the subprotocol `sip` or a response that switches
/// to it (RFC 7118 4.1). A response that names no subprotocol is taken for one.
pub(super) fn upgrade(bytes: &[u8]) -> Upgrade {
    let starts = |word: &[u8]| {
        let length = word.len().min(bytes.len());
        length > 0 && bytes[..length] == word[..length]
    };
    if !starts(b"GET ") && !starts(b"HTTP/1.1 101") {
        return Upgrade::None;
    }
    let Some(end) = memmem::find(bytes, b"\r\n\r\n") else {
        return Upgrade::More;
    };
    let is_request = bytes.starts_with(b"GET ");
    match subprotocol(&bytes[..end]) {
        Some(names) if names.split(|&byte| byte == b',').any(is_sip) => Upgrade::Done(end + 4),
        None if !is_request => Upgrade::Done(end + 4),
        Some(_) | None => Upgrade::None,
    }
}

fn is_sip(name: &[u8]) -> bool {
    name.trim_ascii().eq_ignore_ascii_case(b"sip")
}

fn subprotocol(header_section: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"sec-websocket-protocol:";
    for line in header_section.split(|&byte| byte == b'\n') {
        if let Some((name, value)) = line.split_at_checked(NAME.len())
            && name.eq_ignore_ascii_case(NAME)
        {
            return Some(value);
        }
    }
    None
}
