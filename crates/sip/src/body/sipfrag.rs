//! `message/sipfrag` (RFC 3420): how a transfer went (RFC 3515 2.4.5).

use crate::start_line;
use crate::{Start, StatusCode};

/// A fragment of a message (RFC 3420 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sipfrag<'a> {
    /// Begins with a status line.
    Response {
        /// The status code.
        status: StatusCode,
        /// The reason phrase.
        reason: &'a [u8],
    },
    /// Begins with a request line or with header fields.
    Other(&'a [u8]),
}

/// Reads a fragment; `None` if it is empty (RFC 3420 2).
pub fn sipfrag(body: &[u8]) -> Option<Sipfrag<'_>> {
    if body.is_empty() {
        return None;
    }
    match start_line::read(body).map(|(start, _)| start) {
        Some(Start::Response { status, reason }) => Some(Sipfrag::Response {
            status,
            reason: reason.of(body)?,
        }),
        Some(Start::Request { .. }) | None => Some(Sipfrag::Other(body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_a_transfer_is_found() {
        let expected = Sipfrag::Response {
            status: StatusCode(486),
            reason: b"Busy Here",
        };
        assert_eq!(sipfrag(b"SIP/2.0 486 Busy Here\r\n"), Some(expected));
        assert_eq!(sipfrag(b"SIP/2.0 486 Busy Here"), Some(expected));
        assert_eq!(sipfrag(b"To: x\r\n"), Some(Sipfrag::Other(b"To: x\r\n")));
        assert_eq!(sipfrag(b""), None);
    }
}
