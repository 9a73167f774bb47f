//! HEP, the Homer Encapsulation Protocol, versions 1 to 3: copies of messages that SIP servers
//! send to a capture server, with the addresses and the time of the original.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::decode::{Decoded, Sighting, reason};
use crate::time::{SECOND, Time};
use crate::{Endpoint, Flow, Transport};

const KIND: u32 = 11;
const MAGIC: &[u8; 4] = b"HEP3";
const TCP: u8 = 6;
const UDP: u8 = 17;
const SCTP: u8 = 132;
const MICROSECOND: i64 = 1_000;

/// Whether the first bytes are those of HEP: the magic of version 3, or version, header length
/// and address family of the versions before.
#[inline]
pub(super) fn is_marked(bytes: &[u8]) -> bool {
    match bytes {
        [b'H', rest @ ..] => rest.starts_with(&MAGIC[1..]),
        [1 | 2, length, 2 | 10, UDP | TCP, ..] => (16..=52).contains(length),
        _ => false,
    }
}

/// A HEP packet.
pub(super) fn packet<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Option<Decoded<'a>> {
    let copy = match bytes.strip_prefix(MAGIC) {
        Some(rest) => version3(seen, rest)?,
        None => versions1_and_2(seen, bytes)?,
    };
    if copy.kind != Copied::SIP {
        return Some(Decoded::Other);
    }
    let (Some(payload), Some(src), Some(dst)) = (copy.payload, copy.src, copy.dst) else {
        return copy
            .compressed
            .then_some(Decoded::Skipped(reason::HEP_COMPRESSED));
    };
    if let Err(reason) = seen.enter(KIND, u64::from(copy.agent)) {
        return Some(Decoded::Skipped(reason));
    }
    (seen.passage.ip_id, seen.passage.ttl) = (0, 0);
    if copy.seconds > 0 {
        let seconds = i64::from(copy.seconds) * SECOND;
        seen.time = Time(seconds + i64::from(copy.microseconds) * MICROSECOND);
        seen.time_digits = 6;
    }
    let transport = match copy.protocol {
        TCP => Transport::Tcp,
        SCTP => Transport::Sctp,
        _ => Transport::Udp,
    };
    let src = Endpoint::new(src, copy.src_port);
    let dst = Endpoint::new(dst, copy.dst_port);
    Some(Decoded::Datagram(seen.payload(
        Flow {
            src,
            dst,
            transport,
        },
        payload,
    )))
}

/// What a HEP packet says about the message it carries.
#[derive(Default)]
struct Copied<'a> {
    protocol: u8,
    src: Option<IpAddr>,
    dst: Option<IpAddr>,
    src_port: u16,
    dst_port: u16,
    seconds: u32,
    microseconds: u32,
    kind: u8,
    agent: u32,
    payload: Option<&'a [u8]>,
    compressed: bool,
}

impl Copied<'_> {
    /// The protocol type of SIP.
    const SIP: u8 = 1;
}

/// Version 3: chunks of vendor, type, length (header included) and value.
fn version3<'a>(seen: &mut Sighting, rest: &'a [u8]) -> Option<Copied<'a>> {
    let (&length, rest) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(length)).checked_sub(6)?;
    if length > rest.len() + seen.missing as usize {
        return None;
    }
    let mut rest = seen.clip(rest, length);
    let mut copy = Copied::default();
    while let Some((&[_, vendor, t, u, high, low], after)) = rest.split_first_chunk::<6>() {
        let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(6)?;
        let value = after
            .get(..length)
            .or((seen.missing > 0).then_some(after))?;
        if vendor == 0 {
            chunk(&mut copy, u16::from_be_bytes([t, u]), value);
        }
        rest = &after[value.len()..];
    }
    Some(copy)
}

fn chunk<'a>(copy: &mut Copied<'a>, kind: u16, value: &'a [u8]) {
    match (kind, value) {
        (2, &[protocol]) => copy.protocol = protocol,
        (3 | 5, _) => copy.src = address(value),
        (4 | 6, _) => copy.dst = address(value),
        (7, &[high, low]) => copy.src_port = u16::from_be_bytes([high, low]),
        (8, &[high, low]) => copy.dst_port = u16::from_be_bytes([high, low]),
        (9, &[a, b, c, d]) => copy.seconds = u32::from_be_bytes([a, b, c, d]),
        (10, &[a, b, c, d]) => copy.microseconds = u32::from_be_bytes([a, b, c, d]),
        (11, &[kind]) => copy.kind = kind,
        (12, &[a, b, c, d]) => copy.agent = u32::from_be_bytes([a, b, c, d]),
        (15, _) => copy.payload = Some(value),
        (16, _) => copy.compressed = true,
        _ => {}
    }
}

/// Versions 1 and 2: version, header length, family, protocol, ports, addresses; version 2 adds
/// seconds, microseconds and agent in the byte order of the sender, nearly always little endian.
fn versions1_and_2<'a>(seen: &Sighting, bytes: &'a [u8]) -> Option<Copied<'a>> {
    let (&[version, length, family, protocol, a, b, c, d], rest) =
        bytes.split_first_chunk::<8>()?;
    let address_bytes = if family == 2 { 4 } else { 16 };
    let (src, rest) = rest.split_at_checked(address_bytes)?;
    let (dst, rest) = rest.split_at_checked(address_bytes)?;
    let head = usize::from(length);
    let known = 8 + 2 * address_bytes;
    let mut copy = Copied {
        protocol,
        src: address(src),
        dst: address(dst),
        src_port: u16::from_be_bytes([a, b]),
        dst_port: u16::from_be_bytes([c, d]),
        kind: Copied::SIP,
        payload: bytes.get(head.max(known)..),
        ..Copied::default()
    };
    if version == 2 {
        if head < known + 10 {
            return None;
        }
        let (&[a, b, c, d, e, f, g, h, i, j], _) = rest.split_first_chunk::<10>()?;
        let seconds = u32::from_le_bytes([a, b, c, d]);
        // Another byte order gives a moment far from the frame's.
        if seen.time.since(Time(i64::from(seconds) * SECOND)).abs() < 86_400 * SECOND {
            (copy.seconds, copy.microseconds) = (seconds, u32::from_le_bytes([e, f, g, h]));
        }
        copy.agent = u32::from(u16::from_le_bytes([i, j]));
    } else if head != known {
        return None;
    }
    Some(copy)
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::V4(Ipv4Addr::from(octets)));
    }
    let octets = <[u8; 16]>::try_from(bytes).ok()?;
    Some(IpAddr::V6(Ipv6Addr::from(octets)))
}
