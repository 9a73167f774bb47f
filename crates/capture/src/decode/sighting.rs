//! What is known about a packet before its payload is reached.

use std::net::IpAddr;

use crate::decode::{Decoded, reason};
use crate::{Flow, Frame, FrameRef, Passage, Payload, Time};

/// When and where a packet was captured, and what its outer layers said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The frame.
    pub frame: FrameRef,
    /// The first frame that contributed; an earlier one than `frame` after reassembly.
    pub first_frame: FrameRef,
    /// The time of `frame`.
    pub time: Time,
    /// How it passed the capture point.
    pub passage: Passage,
    /// Bytes at the end of the packet that were sent but not captured.
    pub missing: u32,
    /// Fractional digits of the time that the capture really has.
    pub time_digits: u8,
    /// Tunnels that may still be entered.
    pub nesting: u8,
}

impl Sighting {
    pub(super) fn of(frame: &Frame<'_>, nesting: u8) -> Sighting {
        let captured = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        Sighting {
            frame: frame.place(),
            first_frame: frame.place(),
            time: frame.time,
            passage: Passage {
                interface: frame.interface,
                ..Passage::default()
            },
            missing: frame.original_len.saturating_sub(captured),
            time_digits: frame.time_digits,
            nesting,
        }
    }

    /// The payload that this packet completed.
    #[inline]
    pub(crate) fn payload<'a>(&self, flow: Flow, bytes: &'a [u8]) -> Payload<'a> {
        Payload {
            frame: self.frame,
            first_frame: self.first_frame,
            time: self.time,
            time_digits: self.time_digits,
            flow,
            passage: self.passage,
            bytes,
            truncated: self.missing > 0,
        }
    }

    /// The first `length` of `bytes`; where fewer were captured, notes how many are missing.
    #[inline]
    pub(super) fn clip<'a>(&mut self, bytes: &'a [u8], length: usize) -> &'a [u8] {
        match bytes.get(..length) {
            Some(whole) => {
                self.missing = 0;
                whole
            }
            None => {
                let short = u32::try_from(length - bytes.len()).unwrap_or(u32::MAX);
                self.missing = self.missing.min(short);
                bytes
            }
        }
    }

    /// Notes that the packet is inside a tunnel: `kind` tells tunnels apart, `identity` is
    /// whatever names this one (its key, its end points).
    pub(super) fn enter(&mut self, kind: u32, identity: u64) -> Result<(), &'static str> {
        let Some(left) = self.nesting.checked_sub(1) else {
            return Err(reason::NESTED_TOO_DEEP);
        };
        self.nesting = left;
        self.passage.tunnel = mix(mix(self.passage.tunnel, u64::from(kind)), identity).max(1);
        Ok(())
    }

    /// What names a tunnel between two addresses.
    pub(super) fn between(src: IpAddr, dst: IpAddr, key: u32) -> u64 {
        let ends = fold(src).rotate_left(32) ^ fold(dst);
        ends.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(key)
    }

    /// What names a tunnel inside UDP. Ports are left out: senders vary them by inner flow.
    pub(super) fn along(flow: &Flow, key: u32) -> u64 {
        Sighting::between(flow.src.ip, flow.dst.ip, key)
    }

    /// Adds link addresses or tags to the hash of the link.
    #[inline]
    pub(super) fn on_link(&mut self, identity: u64) {
        self.passage.link = mix(self.passage.link, identity);
    }

    /// The name for a header that ends early: the capture's fault or the sender's.
    pub(super) fn short(&self, malformed: &'static str) -> Decoded<'static> {
        Decoded::Skipped(if self.missing > 0 {
            reason::TRUNCATED
        } else {
            malformed
        })
    }
}

fn fold(ip: IpAddr) -> u64 {
    match ip {
        IpAddr::V4(ip) => u64::from(ip.to_bits()),
        IpAddr::V6(ip) => {
            let bits = ip.to_bits();
            (bits >> 64) as u64 ^ (bits as u64).rotate_left(17)
        }
    }
}

#[inline]
fn mix(hash: u32, value: u64) -> u32 {
    let product = (u64::from(hash) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (product >> 32) as u32 ^ (product as u32).rotate_left(7)
}
