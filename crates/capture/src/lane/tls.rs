//! Recognises TLS, which is counted and not read.

use crate::Flow;

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// RFC 8446 5.2: 2^14 bytes and at most 256 of expansion; TLS 1.2 allowed 2048.
const LARGEST_RECORD: u16 = (1 << 14) + 2048;

/// If the bytes begin with a TLS record (RFC 8446 5.1), the port of the server: that of the
/// receiver of a ClientHello, of the sender of a ServerHello, else the lower one.
pub(super) fn server_port(bytes: &[u8], flow: &Flow) -> Option<u16> {
    let (&[content, 3, minor, high, low], fragment) = bytes.split_first_chunk::<5>()? else {
        return None;
    };
    let length = u16::from_be_bytes([high, low]);
    if !(20..=23).contains(&content) || minor > 4 || !(1..=LARGEST_RECORD).contains(&length) {
        return None;
    }
    match (content, fragment.first()) {
        (HANDSHAKE, Some(&CLIENT_HELLO)) => Some(flow.dst.port),
        (HANDSHAKE, Some(&SERVER_HELLO)) => Some(flow.src.port),
        _ => Some(flow.src.port.min(flow.dst.port)),
    }
}
