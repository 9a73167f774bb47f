//! Who sent a payload to whom, over what, and where it was seen.

use std::fmt;
use std::net::IpAddr;

/// An address and port, printed as `host:port` with IPv6 in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// The innermost network address.
    pub ip: IpAddr,
    /// The transport port; 0 where the transport has none.
    pub port: u16,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            IpAddr::V4(ip) => write!(out, "{ip}:{}", self.port),
            IpAddr::V6(ip) => write!(out, "[{ip}]:{}", self.port),
        }
    }
}

/// The transport that carried a SIP message (RFC 3261 18, RFC 4168, RFC 7118).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// One message a datagram.
    Udp,
    /// Messages cut by Content-Length.
    Tcp,
    /// TCP whose payload was decrypted.
    Tls,
    /// One message a WebSocket message.
    Ws,
    /// WebSocket inside decrypted TLS.
    Wss,
    /// One message an SCTP user message.
    Sctp,
}

impl Transport {
    /// The lower-case name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Udp => "udp",
            Transport::Tcp => "tcp",
            Transport::Tls => "tls",
            Transport::Ws => "ws",
            Transport::Wss => "wss",
            Transport::Sctp => "sctp",
        }
    }

    /// Whether the transport itself delivers reliably (RFC 3261 17: no Timer A, E, G).
    pub fn is_reliable(self) -> bool {
        self != Transport::Udp
    }
}

/// One direction of one conversation: the 5-tuple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flow {
    /// The sender.
    pub src: Endpoint,
    /// The receiver.
    pub dst: Endpoint,
    /// What carried it.
    pub transport: Transport,
}

impl Flow {
    /// The other direction of the same conversation.
    #[must_use]
    pub fn reversed(self) -> Flow {
        Flow {
            src: self.dst,
            dst: self.src,
            transport: self.transport,
        }
    }
}

/// Where and how a packet passed the capture point: what tells a mirror-port copy from a
/// retransmission (same 5-tuple and bytes, other hop count or link).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Passage {
    /// Interface of the capture (pcapng interface index; 0 for classic pcap).
    pub interface: u32,
    /// Hash of link addresses and VLAN tags.
    pub link: u32,
    /// Hash of the tunnel path; 0 when not tunnelled.
    pub tunnel: u32,
    /// IPv4 identification; 0 for IPv6 and where unknown.
    pub ip_id: u16,
    /// IPv4 time to live or IPv6 hop limit.
    pub ttl: u8,
}
