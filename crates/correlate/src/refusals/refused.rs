//! A packet that was refused, and what is quoted of it.

use std::net::IpAddr;

use siptriage_capture::decode::{Cause, Refusal};
use siptriage_capture::{Flow, Time, Transport};
use siptriage_sip::{Method, Scanned, scan};

use crate::hash;
use crate::record::FrameRef;

/// A packet that was refused, as the ICMP error in `frame` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The ICMP error.
    pub frame: FrameRef,
    /// The clock at it.
    pub clock: Time,
    /// The refused packet's way.
    pub flow: Flow,
    /// Who refused it.
    pub reporter: IpAddr,
    /// Why.
    pub cause: Cause,
    /// What the error quotes of the packet.
    pub quoted: Quoted,
}

/// What an ICMP error quotes of the payload that it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoted {
    /// It begins like SIP; the hash of the Call-ID, if that is quoted.
    Sip(Option<u64>),
    /// Nothing, or too little to tell: 8 bytes after the IP header are enough for RFC 792.
    Nothing,
    /// Something that is not SIP, such as media.
    Other,
}

impl Refused {
    /// Reads what is quoted.
    pub fn of(refusal: &Refusal<'_>, frame: FrameRef, clock: Time) -> Refused {
        // After the ports of TCP and SCTP come other header fields, not the payload.
        let quoted = match refusal.flow.transport {
            Transport::Udp => Quoted::of(refusal.quoted),
            Transport::Tcp | Transport::Tls | Transport::Ws | Transport::Wss | Transport::Sctp => {
                Quoted::Nothing
            }
        };
        Refused {
            frame,
            clock,
            flow: refusal.flow,
            reporter: refusal.reporter,
            cause: refusal.cause,
            quoted,
        }
    }
}

impl Quoted {
    fn of(payload: &[u8]) -> Quoted {
        let separator = payload.iter().position(|byte| *byte == b' ');
        match separator.map(|end| &payload[..end]) {
            Some(b"SIP/2.0") => {}
            Some(token) if Method::from_token(token) != Method::Extension => {}
            None if payload.iter().all(u8::is_ascii_uppercase) => return Quoted::Nothing,
            Some(_) | None => return Quoted::Other,
        }
        // The last line may be cut.
        let whole = payload.iter().rposition(|byte| *byte == b'\n');
        let lines = &payload[..whole.map_or(0, |last| last + 1)];
        let outline = scan(lines);
        let call_id = outline
            .as_ref()
            .and_then(|outline| Scanned::new(lines, outline).call_id());
        Quoted::Sip(call_id.map(hash::call_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_tells_what_was_refused() {
        let call = Some(hash::call_id(b"a@example.com"));
        for (payload, expected) in [
            (&b""[..], Quoted::Nothing),
            (b"INVI", Quoted::Nothing),
            (b"INVITE sip:b", Quoted::Sip(None)),
            (b"SIP/2.0 200 OK\r\nCall-", Quoted::Sip(None)),
            (
                b"INVITE sip:b@example.com SIP/2.0\r\nCall-ID: a@examp",
                Quoted::Sip(None),
            ),
            (
                b"INVITE sip:b@example.com SIP/2.0\r\nCall-ID: a@example.com\r\nV",
                Quoted::Sip(call),
            ),
            (b"INVITED guests", Quoted::Other),
            (&[0x80, 0, 0, 1], Quoted::Other),
        ] {
            let quoted = Quoted::of(payload);
            assert_eq!(quoted, expected, "{}", String::from_utf8_lossy(payload));
        }
    }
}
