//! One frame to what its innermost transport carries. Stateless.

mod esp;
mod ethertype;
mod exported;
mod gre;
mod gtp;
mod guess;
mod hep;
mod icmp;
mod ip;
mod l2tp;
mod link;
mod mpls;
mod ppp;
pub mod reason;
mod sctp;
mod sighting;
mod transport;
mod tunnel;
mod wlan;

use std::net::IpAddr;

pub use sctp::{Chunk, Chunks};
pub use sighting::Sighting;

use crate::{Flow, Frame, Limits, Payload};

/// Strips link layers, tunnels, IP and transport headers from frames.
///
/// It keeps nothing between frames, allocates nothing, and can be copied to every thread.
#[derive(Clone, Copy, Debug)]
pub struct Decoder {
    nesting: u8,
}

impl Decoder {
    /// A decoder that enters at most `limits.nesting` tunnels inside tunnels.
    pub fn new(limits: &Limits) -> Decoder {
        Decoder {
            nesting: u8::try_from(limits.nesting).unwrap_or(u8::MAX),
        }
    }

    /// What the frame carries, seen from its innermost addresses.
    pub fn decode<'a>(&self, frame: &Frame<'a>) -> Decoded<'a> {
        let mut seen = Sighting::of(frame, self.nesting);
        link::frame(&mut seen, frame.link, frame.bytes)
    }

    /// What a reassembled IP datagram carries; `protocol` is the IP protocol number.
    pub(crate) fn datagram<'a>(
        seen: &mut Sighting,
        (src, dst): (IpAddr, IpAddr),
        protocol: u8,
        bytes: &'a [u8],
    ) -> Decoded<'a> {
        transport::protocol(seen, src, dst, protocol, bytes)
    }
}

/// What one frame turned out to be.
#[derive(Clone, Copy, Debug)]
pub enum Decoded<'a> {
    /// A whole datagram: it may be looked at right away and in any order.
    Datagram(Payload<'a>),
    /// A fragment of an IP datagram, for [`crate::lane::Lane::fragment`].
    Fragment(Fragment<'a>),
    /// A TCP segment, for [`crate::lane::Lane::segment`].
    Segment(Segment<'a>),
    /// An SCTP packet with user data, for [`crate::lane::Lane::chunks`].
    Chunks(Chunks<'a>),
    /// A network element refused a packet. Evidence, never a message.
    Refusal(Refusal<'a>),
    /// Understood, and it cannot carry SIP.
    Other,
    /// Not understood, with one of the names in [`reason`].
    Skipped(&'static str),
}

/// A fragment of an IP datagram (RFC 791 3.2, RFC 8200 4.5).
#[derive(Clone, Copy, Debug)]
pub struct Fragment<'a> {
    /// The packet that carried it.
    pub seen: Sighting,
    /// The sender.
    pub src: IpAddr,
    /// The receiver.
    pub dst: IpAddr,
    /// The IP protocol number of what was fragmented.
    pub protocol: u8,
    /// The identification that all fragments of the datagram share.
    pub id: u32,
    /// Where `bytes` belong in the datagram, in bytes.
    pub offset: usize,
    /// Whether it is the last fragment of the datagram.
    pub place: Place,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// Whether more fragments follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The "more fragments" flag is set.
    Inner,
    /// The flag is clear: the datagram ends here.
    Last,
}

/// A TCP segment (RFC 9293 3.1), empty ones included.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// The packet that carried it; `seen.missing` bytes of the payload were not captured.
    pub seen: Sighting,
    /// Innermost addresses.
    pub flow: Flow,
    /// The sequence number of the first byte, or of the SYN.
    pub seq: u32,
    /// The acknowledgment number; meaningful when `flags` hold [`Segment::ACK`].
    pub ack: u32,
    /// The low eight flag bits.
    pub flags: u8,
    /// The unscaled window.
    pub window: u16,
    /// The captured payload.
    pub bytes: &'a [u8],
}

impl Segment<'_> {
    /// No more data from the sender.
    pub const FIN: u8 = 0x01;
    /// Synchronise sequence numbers.
    pub const SYN: u8 = 0x02;
    /// Reset the connection.
    pub const RST: u8 = 0x04;
    /// The acknowledgment number counts.
    pub const ACK: u8 = 0x10;

    /// Whether `flag` is set.
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// An ICMP or ICMPv6 error: somebody on the way, or the receiver, refused a packet.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// The packet that carried it.
    pub seen: Sighting,
    /// Who refused.
    pub reporter: IpAddr,
    /// Who was told.
    pub told: IpAddr,
    /// Type and code of ICMP or ICMPv6.
    pub cause: Cause,
    /// The flow of the refused packet; [`crate::Transport::Udp`], `Tcp` or `Sctp`.
    pub flow: Flow,
    /// What was quoted of the refused packet after its transport ports: of a UDP datagram
    /// the start of its payload. Usually cut.
    pub quoted: &'a [u8],
}

/// Why a packet was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// ICMP (RFC 792).
    V4 {
        /// The type: 3 unreachable, 11 time exceeded, 12 parameter problem.
        kind: u8,
        /// The code.
        code: u8,
    },
    /// ICMPv6 (RFC 4443).
    V6 {
        /// The type: 1 unreachable, 2 too big, 3 time exceeded, 4 parameter problem.
        kind: u8,
        /// The code.
        code: u8,
    },
}
