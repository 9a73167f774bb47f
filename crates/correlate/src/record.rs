//! What is kept of one message: a few dozen bytes.

pub use siptriage_capture::FrameRef;
use siptriage_capture::Time;
use siptriage_sip::StatusCode;

use crate::text::TextId;

/// Position of a record in [`crate::Leg::records`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordIdx(pub u16);

/// Position of a transaction in [`crate::Leg::transactions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionIdx(pub u16);

/// Position of a vantage in [`crate::Leg::vantages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VantageIdx(pub u16);

/// What a message is to its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The request itself.
    Request,
    /// A response.
    Response(StatusCode),
    /// The ACK to a final response of an INVITE (RFC 3261 13.2.2.4, 17.1.1.3).
    Ack,
}

impl Role {
    /// The status of a response.
    pub fn status(self) -> Option<StatusCode> {
        match self {
            Role::Response(status) => Some(status),
            Role::Request | Role::Ack => None,
        }
    }
}

/// How a message relates to an earlier one of the same transaction, identity and addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing like it was seen on this path before, or so long ago that it is said anew.
    First,
    /// Sent again by its sender.
    Retransmission,
    /// A response sent again because its request was (RFC 3261 17.2.1, 17.2.2).
    Reply,
    /// The same packet captured twice (mirror port, both sides of a router).
    Duplicate,
    /// The same bytes again, faster than any sane T1, without proof of duplication.
    Fast,
}

/// Facts of a single message that transactions do not carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(pub u8);

impl Facts {
    /// The body is, or contains, a session description.
    pub const SDP: Facts = Facts(1);
    /// A reliable provisional response: `Require: 100rel` and an RSeq (RFC 3262).
    pub const RELIABLE: Facts = Facts(2);
    /// Cut by the capture.
    pub const TRUNCATED: Facts = Facts(4);
    /// Carries Authorization or Proxy-Authorization.
    pub const CREDENTIALS: Facts = Facts(8);
    /// An ACK to a 2xx that carries the INVITE's branch (RFC 3261 13.2.2.4 wants a new one).
    pub const INVITE_BRANCH: Facts = Facts(16);
    /// Its tags matched only without regard to case.
    pub const CASE_FOLDED: Facts = Facts(32);
    /// Inside a dialog: its session description puts the other side on hold (RFC 3264 8.4).
    pub const HOLD: Facts = Facts(64);

    /// Whether all of `other` hold.
    pub fn has(self, other: Facts) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Facts) -> Facts {
        Facts(self.0 | other.0)
    }
}

/// What is kept of one message.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// When it was captured.
    pub time: Time,
    /// The frame that completed it.
    pub frame: FrameRef,
    /// The transaction it belongs to.
    pub transaction: TransactionIdx,
    /// The record before it in the same transaction.
    pub(crate) previous: Option<RecordIdx>,
    /// Where it was seen.
    pub vantage: VantageIdx,
    /// What it is to its transaction.
    pub role: Role,
    /// Whether it was seen before.
    pub repeat: Repeat,
    /// Facts of this message.
    pub facts: Facts,
    /// The To tag; [`TextId::NONE`] without one.
    pub to_tag: TextId,
    /// RSeq of a reliable provisional response, 0 otherwise (RFC 3262 7.1).
    pub rseq: u32,
    pub(crate) fingerprint: u32,
    /// Some of the bits of [`siptriage_capture::Passage::link`].
    pub(crate) link: u16,
    pub(crate) ip_id: u16,
    /// Hash of the Contact of an INVITE, an UPDATE or a response to one; 0 without one.
    pub(crate) contact: u16,
    pub(crate) ttl: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stays_small() {
        assert_eq!(size_of::<Record>(), 48);
    }
}
