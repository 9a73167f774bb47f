//! Who sent a payload to whom, over what, and where it was seen.

use std::fmt;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};

/// An address and port, printed as `host:port` with IPv6 in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// The innermost network address.
    pub ip: IpAddr,
    /// The transport port; 0 where the transport has none.
    pub port: u16,
}

impl Endpoint {
    /// A port of an address.
    pub const fn new(ip: IpAddr, port: u16) -> Endpoint {
        Endpoint { ip, port }
    }

    /// Appends the text that is printed, for rows of which there are very many.
    pub fn push(self, text: &mut Vec<u8>) {
        match self.ip {
            IpAddr::V4(ip) => {
                let dotted = Dotted::new(ip, self.port);
                // A fixed number of bytes is a few moves.
                let end = text.len() + dotted.length;
                text.extend_from_slice(&dotted.bytes);
                text.truncate(end);
            }
            // Writing to memory cannot fail.
            IpAddr::V6(_) => _ = write!(text, "{self}"),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            IpAddr::V4(ip) => {
                let dotted = Dotted::new(ip, self.port);
                out.write_str(str::from_utf8(dotted.bytes()).unwrap_or_default())
            }
            IpAddr::V6(ip) => write!(out, "[{ip}]:{}", self.port),
        }
    }
}

/// An IPv4 address and a port as text. Every row of every output has two of them, and the general
/// way of writing numbers costs ten times as much.
struct Dotted {
    bytes: [u8; Dotted::LONGEST],
    length: usize,
}

impl Dotted {
    const LONGEST: usize = "255.255.255.255:65535".len();

    fn new(ip: Ipv4Addr, port: u16) -> Dotted {
        let mut bytes = [0; Dotted::LONGEST];
        let mut length = 0;
        for octet in ip.octets() {
            let octet = &OCTETS[usize::from(octet)];
            bytes[length..length + 4].copy_from_slice(&octet.text);
            length += usize::from(octet.length);
        }
        bytes[length - 1] = b':';
        let mut digits = itoa::Buffer::new();
        let port = digits.format(port).as_bytes();
        bytes[length..length + port.len()].copy_from_slice(port);
        length += port.len();
        Dotted { bytes, length }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// A part of an IPv4 address with the dot behind it.
#[derive(Clone, Copy)]
struct Octet {
    text: [u8; 4],
    length: u8,
}

const OCTETS: [Octet; 256] = {
    let mut octets = [Octet {
        text: [b'.'; 4],
        length: 0,
    }; 256];
    let mut number = 0;
    while number < octets.len() {
        let octet = &mut octets[number];
        let mut unit = 100;
        while unit > 0 {
            if number >= unit || unit == 1 {
                octet.text[octet.length as usize] = b'0' + (number / unit % 10) as u8;
                octet.length += 1;
            }
            unit /= 10;
        }
        octet.length += 1;
        number += 1;
    }
    octets
};

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
    /// Whether two endpoints are one host: by their addresses, and where both ends of this flow are
    /// on one machine by their ports as well.
    pub fn is_same_host(self, one: Endpoint, other: Endpoint) -> bool {
        one.ip == other.ip && (self.src.ip != self.dst.ip || one.port == other.port)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_prints_as_the_standard_library_prints_it() {
        let octets = [0, 9, 10, 99, 100, 255];
        let ports = [0, 9, 10, 5060, 9999, 10_000, u16::MAX];
        for (place, octet) in octets.iter().enumerate() {
            for port in ports {
                let ip = Ipv4Addr::new(*octet, 0, octets[5 - place], *octet);
                let endpoint = Endpoint::new(ip.into(), port);
                assert_eq!(endpoint.to_string(), format!("{ip}:{port}"));
                assert_appends_what_is_printed(endpoint);
            }
        }
    }

    #[test]
    fn an_ipv6_address_prints_in_brackets() {
        let endpoint = Endpoint::new("2001:db8::1".parse().unwrap(), 5060);
        assert_eq!(endpoint.to_string(), "[2001:db8::1]:5060");
        assert_appends_what_is_printed(endpoint);
    }

    #[track_caller]
    fn assert_appends_what_is_printed(endpoint: Endpoint) {
        let mut text = b"src=".to_vec();
        endpoint.push(&mut text);
        assert_eq!(text, format!("src={endpoint}").into_bytes());
    }
}
