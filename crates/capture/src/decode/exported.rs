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
    /// Name of the table by which a dissector is to be found, where none is named: that of a
    /// transport's ports, as `tshark -U "OSI layer 4"` writes it.
    table: &'a [u8],
    src: Endpoint,
    dst: Endpoint,
    transport: Transport,
}

impl Default for Tags<'_> {
    fn default() -> Self {
        let unknown = Endpoint {
            ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: 0,
        };
        Tags {
            protocol: b"",
            table: b"",
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
            (12 | 13, _) => self.protocol = unpadded(value),
            (14, _) => self.table = unpadded(value),
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

    fn payload(&self, seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
        match self.protocol {
            b"eth" | b"eth_withoutfcs" | b"eth_maybefcs" => link::ethernet(seen, bytes),
            b"ip" | b"ipv4" | b"ipv6" => ip::any(seen, bytes),
            b"udp" => transport::protocol(seen, self.src.ip, self.dst.ip, transport::UDP, bytes),
            b"tcp" => transport::protocol(seen, self.src.ip, self.dst.ip, transport::TCP, bytes),
            b"sip.tcp" => self.message(Transport::Tcp, seen, bytes),
            name if name.starts_with(b"sip") || name == b"raw_sip" => {
                self.message(self.transport, seen, bytes)
            }
            b"" => match self.table {
                b"udp.port" => self.message(Transport::Udp, seen, bytes),
                b"tcp.port" => self.message(Transport::Tcp, seen, bytes),
                b"sctp.port" | b"sctp.ppi" => self.message(Transport::Sctp, seen, bytes),
                _ => Decoded::Other,
            },
            _ => Decoded::Other,
        }
    }

    /// A payload that may be a message.
    fn message(&self, transport: Transport, seen: &Sighting, bytes: &'a [u8]) -> Decoded<'a> {
        let flow = Flow {
            src: self.src,
            dst: self.dst,
            transport,
        };
        Decoded::Datagram(seen.payload(flow, bytes))
    }
}

/// A name without the zeros that pad it.
fn unpadded(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|&byte| byte == 0);
    &value[..end.unwrap_or(value.len())]
}

fn version6(value: &[u8]) -> Option<IpAddr> {
    let octets = <[u8; 16]>::try_from(value).ok()?;
    Some(IpAddr::V6(Ipv6Addr::from(octets)))
}
