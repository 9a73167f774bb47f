//! Exported PDUs (LINKTYPE_WIRESHARK_UPPER_PDU): payloads that a dissector took out of their
//! packets, behind tags that remember the addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::decode::{Decoded, Sighting, ip, link, reason, transport};
use crate::{Endpoint, Flow, Transport};

/// Tags are type, length and value in network order, up to type 0.
pub(super) fn frame<'a>(seen: &mut Sighting, mut bytes: &'a [u8]) -> Decoded<'a> {
    let mut tags = Tags::default();
    loop {
        let Some((&[t, u, high, low], rest)) = bytes.split_first_chunk::<4>() else {
            return seen.short(reason::MALFORMED_LINK);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some((value, rest)) = rest.split_at_checked(length) else {
            return seen.short(reason::MALFORMED_LINK);
        };
        bytes = rest;
        match u16::from_be_bytes([t, u]) {
            0 => break,
            tag => tags.read(tag, value),
        }
    }
    tags.payload(seen, bytes)
}

struct Tags<'a> {
    /// Name of the dissector, without the zeros that pad it.
    protocol: &'a [u8],
    src: Endpoint,
    dst: Endpoint,
    transport: Transport,
}

impl Default for Tags<'_> {
    fn default() -> Self {
        let unknown = Endpoint::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        Tags {
            protocol: b"",
            src: unknown,
            dst: unknown,
            transport: Transport::Udp,
        }
    }
}

impl<'a> Tags<'a> {
    fn read(&mut self, tag: u16, value: &'a [u8]) {
        match (tag, value) {
            // The name of a dissector, and that of a heuristic one.
            (12 | 13, _) => {
                let end = value
                    .iter()
                    .position(|&byte| byte == 0)
                    .unwrap_or(value.len());
                self.protocol = &value[..end];
            }
            (20, &[a, b, c, d]) => self.src.ip = IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            (21, &[a, b, c, d]) => self.dst.ip = IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            (22, _) => self.src.ip = version6(value).unwrap_or(self.src.ip),
            (23, _) => self.dst.ip = version6(value).unwrap_or(self.dst.ip),
            (24, &[_, _, _, 1]) => self.transport = Transport::Sctp,
            (24, &[_, _, _, 2]) => self.transport = Transport::Tcp,
            (25, &[_, _, high, low]) => self.src.port = u16::from_be_bytes([high, low]),
            (26, &[_, _, high, low]) => self.dst.port = u16::from_be_bytes([high, low]),
            _ => {}
        }
    }

    fn payload(self, seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
        match self.protocol {
            b"eth" | b"eth_withoutfcs" | b"eth_maybefcs" => link::ethernet(seen, bytes),
            b"ip" | b"ipv4" | b"ipv6" => ip::any(seen, bytes),
            b"udp" => transport::protocol(seen, self.src.ip, self.dst.ip, transport::UDP, bytes),
            b"tcp" => transport::protocol(seen, self.src.ip, self.dst.ip, transport::TCP, bytes),
            name if name.starts_with(b"sip") || name == b"raw_sip" => {
                let transport = if name == b"sip.tcp" {
                    Transport::Tcp
                } else {
                    self.transport
                };
                let flow = Flow {
                    src: self.src,
                    dst: self.dst,
                    transport,
                };
                Decoded::Datagram(seen.payload(flow, bytes))
            }
            _ => Decoded::Other,
        }
    }
}

fn version6(value: &[u8]) -> Option<IpAddr> {
    let octets = <[u8; 16]>::try_from(value).ok()?;
    Some(IpAddr::V6(Ipv6Addr::from(octets)))
}
