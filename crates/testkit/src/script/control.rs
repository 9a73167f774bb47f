//! Packets beside SIP that a trace can ask for.

use super::Word;

/// A packet that carries no SIP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// Quotes the latest packet from DST.
    Icmp(Unreachable),
    /// A stream of packets to the media port of DST.
    Rtp,
    /// A connection attempt without an answer of its own.
    Syn,
    Fin,
    /// Also the answer to a `syn`.
    Rst,
    /// A TCP segment without data.
    TcpAck,
}

/// Why a packet could not be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreachable {
    Network,
    Host,
    Port,
    Prohibited,
}

impl Unreachable {
    /// Code of ICMP type 3 (RFC 792, RFC 1812 section 5.2.7.1).
    pub(crate) fn icmp_code(self) -> u8 {
        match self {
            Unreachable::Network => 0,
            Unreachable::Host => 1,
            Unreachable::Port => 3,
            Unreachable::Prohibited => 13,
        }
    }

    /// Code of ICMPv6 type 1 (RFC 4443 section 3.1).
    pub(crate) fn icmpv6_code(self) -> u8 {
        match self {
            Unreachable::Network => 0,
            Unreachable::Prohibited => 1,
            Unreachable::Host => 3,
            Unreachable::Port => 4,
        }
    }
}

/// The control that the words begin with, and the words after it.
pub(super) fn control(words: &[Word]) -> Option<(Control, &[Word])> {
    let (first, rest) = words.split_first()?;
    let control = match first.text.as_str() {
        "rtp" => Control::Rtp,
        "syn" => Control::Syn,
        "fin" => Control::Fin,
        "rst" => Control::Rst,
        "tcp-ack" => Control::TcpAck,
        "icmp" => {
            let (reason, rest) = rest.split_first()?;
            return Some((Control::Icmp(unreachable(&reason.text)?), rest));
        }
        _ => return None,
    };
    Some((control, rest))
}

fn unreachable(word: &str) -> Option<Unreachable> {
    match word {
        "network-unreachable" => Some(Unreachable::Network),
        "host-unreachable" => Some(Unreachable::Host),
        "port-unreachable" => Some(Unreachable::Port),
        "prohibited" => Some(Unreachable::Prohibited),
        _ => None,
    }
}
