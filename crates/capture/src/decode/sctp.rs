//! SCTP (RFC 9260): the DATA chunks of a packet, for the lane.

use std::net::IpAddr;

use crate::decode::{Decoded, Sighting, reason};
use crate::{Endpoint, Flow, Transport};

const DATA: u8 = 0;
const DATA_INTERLEAVED: u8 = 64;

/// An SCTP packet that holds user data.
#[derive(Clone, Copy, Debug)]
pub struct Chunks<'a> {
    /// The packet.
    pub seen: Sighting,
    /// Innermost addresses.
    pub flow: Flow,
    /// The verification tag: it names the association towards the receiver.
    pub tag: u32,
    rest: &'a [u8],
}

/// One DATA (RFC 9260 3.3.1) or I-DATA (RFC 8260 2.1) chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// Transmission sequence number.
    pub tsn: u32,
    /// The chunk flags.
    pub flags: u8,
    /// The stream in the association.
    pub stream: u16,
    /// Message identifier and fragment sequence number: by these, and not by `tsn`, the fragments
    /// of an I-DATA message follow one another.
    pub interleaved: Option<(u32, u32)>,
    /// The captured bytes of the user message.
    pub bytes: &'a [u8],
    /// Bytes that were sent but not captured.
    pub missing: u32,
}

impl Chunk<'_> {
    /// The last fragment of a user message.
    pub const END: u8 = 0x01;
    /// The first fragment of a user message.
    pub const BEGIN: u8 = 0x02;
    const UNORDERED: u8 = 0x04;

    /// Whether it is a whole user message.
    pub fn is_whole(&self) -> bool {
        self.flags & (Self::BEGIN | Self::END) == Self::BEGIN | Self::END
    }

    /// Whether it is out of the order of its stream.
    pub fn is_unordered(&self) -> bool {
        self.flags & Self::UNORDERED != 0
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        loop {
            let (&[kind, flags, high, low], body) = self.rest.split_first_chunk::<4>()?;
            let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(4)?;
            let value = body.get(..length).unwrap_or(body);
            // Chunks are padded to 4 bytes (RFC 9260 3.2).
            self.rest = body.get(length.next_multiple_of(4)..).unwrap_or_default();
            let head = match kind {
                DATA => 12,
                DATA_INTERLEAVED => 16,
                _ => continue,
            };
            let (&[a, b, c, d, s, t], _) = value.split_first_chunk::<6>()?;
            return Some(Chunk {
                tsn: u32::from_be_bytes([a, b, c, d]),
                flags,
                stream: u16::from_be_bytes([s, t]),
                interleaved: interleaved(kind, flags, value),
                bytes: value.get(head..)?,
                missing: u32::try_from(length - value.len()).unwrap_or(u32::MAX),
            });
        }
    }
}

/// The identifier of an I-DATA message and the number of the fragment, which the first one leaves
/// out (RFC 8260 2.1).
fn interleaved(kind: u8, flags: u8, value: &[u8]) -> Option<(u32, u32)> {
    if kind != DATA_INTERLEAVED {
        return None;
    }
    let message = u32::from_be_bytes(*value.get(8..)?.first_chunk()?);
    let number = u32::from_be_bytes(*value.get(12..)?.first_chunk()?);
    let is_first = flags & Chunk::BEGIN != 0;
    Some((message, if is_first { 0 } else { number }))
}

/// An SCTP packet; one without user data is [`Decoded::Other`].
pub(super) fn packet<'a>(
    seen: &Sighting,
    src: IpAddr,
    dst: IpAddr,
    bytes: &'a [u8],
) -> Decoded<'a> {
    let Some((&[a, b, c, d, t, u, v, w, ..], rest)) = bytes.split_first_chunk::<12>() else {
        return seen.short(reason::MALFORMED_SCTP);
    };
    let flow = Flow {
        src: Endpoint::new(src, u16::from_be_bytes([a, b])),
        dst: Endpoint::new(dst, u16::from_be_bytes([c, d])),
        transport: Transport::Sctp,
    };
    let tag = u32::from_be_bytes([t, u, v, w]);
    let chunks = Chunks {
        seen: *seen,
        flow,
        tag,
        rest,
    };
    match chunks.into_iter().next() {
        Some(_) => Decoded::Chunks(chunks),
        None => Decoded::Other,
    }
}

/// SCTP in UDP (RFC 6951). Every chunk must end where the packet allows.
pub(super) fn over_udp<'a>(
    seen: &mut Sighting,
    flow: &Flow,
    bytes: &'a [u8],
) -> Option<Decoded<'a>> {
    let mut rest = bytes.get(12..)?;
    while !rest.is_empty() && seen.missing == 0 {
        let (&[_, _, high, low], body) = rest.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(4)?;
        body.get(..length)?;
        rest = body.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Some(packet(seen, flow.src.ip, flow.dst.ip, bytes))
}
