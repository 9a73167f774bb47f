//! Tells SIP from everything else that shares its ports, by content alone.

use crate::lines::leading_line_ends;
use crate::start_line;

/// What a payload is (RFC 3261 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recognition {
    /// Begins with a start line of SIP.
    Sip,
    /// Keeps a binding or a connection open: nothing but CR and LF (RFC 5626 3.5.1), up to four
    /// zero bytes, or nothing at all.
    KeepAlive,
    /// A STUN message with the magic cookie (RFC 8489 5).
    Stun,
    /// Anything else.
    Other,
}

/// Longest keep-alive of zero bytes in use.
const ZEROS_LIMIT: usize = 4;

/// STUN header: type, length, magic cookie, transaction id (RFC 8489 5).
const STUN_HEADER_BYTES: usize = 20;
const STUN_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// Says what the payload of a datagram is (RFC 3261 7). Media is turned away by its first byte.
#[inline]
pub fn recognise(bytes: &[u8]) -> Recognition {
    match bytes.first() {
        None => Recognition::KeepAlive,
        Some(0..=3) => binary(bytes),
        Some(b'\r' | b'\n') if leading_line_ends(bytes) == bytes.len() => Recognition::KeepAlive,
        Some(_) if start_line::read(bytes).is_some() => Recognition::Sip,
        Some(_) => Recognition::Other,
    }
}

fn binary(bytes: &[u8]) -> Recognition {
    if bytes.len() <= ZEROS_LIMIT && bytes.iter().all(|byte| *byte == 0) {
        return Recognition::KeepAlive;
    }
    if bytes.len() >= STUN_HEADER_BYTES && bytes[4..8] == STUN_COOKIE {
        return Recognition::Stun;
    }
    Recognition::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let mut stun = [0; 20];
        stun[1] = 1;
        stun[4..8].copy_from_slice(&STUN_COOKIE);
        for (bytes, expected) in [
            (
                &b"REGISTER sip:example.com SIP/2.0\r\n\r\n"[..],
                Recognition::Sip,
            ),
            (b"SIP/2.0 200 OK\r\n\r\n", Recognition::Sip),
            (b"\r\n\r\nSIP/2.0 200 OK\r\n\r\n", Recognition::Sip),
            (b"\r\n\r\n", Recognition::KeepAlive),
            (b"\r\n", Recognition::KeepAlive),
            (b"\0\0\0\0", Recognition::KeepAlive),
            (b"", Recognition::KeepAlive),
            (b"\0\0\0\0\0", Recognition::Other),
            (&stun, Recognition::Stun),
            (b"\x80\x00\x12\x34abcdefgh", Recognition::Other),
            (b"GET / HTTP/1.1\r\n\r\n", Recognition::Other),
            (b"m\r\n", Recognition::Other),
        ] {
            assert_eq!(recognise(bytes), expected, "{bytes:?}");
        }
    }
}
