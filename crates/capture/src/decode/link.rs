//! The first header of a frame, by the link type of its capture.

use crate::LinkType;
use crate::decode::{Decoded, Sighting, ethertype, exported, ip, ppp, reason, wlan};

/// Dispatches on the `LINKTYPE_` number.
#[inline]
pub(super) fn frame<'a>(seen: &mut Sighting, link: LinkType, bytes: &'a [u8]) -> Decoded<'a> {
    match link.0 {
        1 => ethernet_inlined(seen, bytes),
        0 | 108 => loopback(seen, bytes),
        // LINKTYPE_RAW, the DLT_RAW values of BSD that some writers leave in files, and
        // LINKTYPE_IPV4, LINKTYPE_IPV6.
        12 | 14 | 101 | 228 | 229 => ip::any(seen, bytes),
        113 => cooked(seen, bytes),
        276 => cooked2(seen, bytes),
        252 => exported::frame(seen, bytes),
        9 => ppp::frame(seen, bytes),
        50 | 104 => ppp::serial(seen, bytes),
        51 => ppp::over_ethernet(seen, bytes),
        // PPP behind a direction byte.
        166 | 204 => ppp::frame(seen, bytes.get(1..).unwrap_or_default()),
        // RFC 1483 over ATM, and FDDI behind frame control and addresses.
        100 => ethertype::logical_link(seen, bytes, 0),
        10 => ethertype::logical_link(seen, bytes.get(13..).unwrap_or_default(), 0),
        105 => wlan::frame(seen, bytes),
        127 => wlan::radiotap(seen, bytes),
        109 => encapsulating(seen, bytes),
        117 => packet_filter(seen, bytes),
        197 => extensible_record(seen, bytes),
        239 => netfilter(seen, bytes),
        // Netlink, USB, Bluetooth, systemd journal: understood, without SIP.
        253 | 189 | 220 | 249 | 187 | 201 => Decoded::Other,
        _ => Decoded::Skipped(reason::UNKNOWN_LINK_TYPE),
    }
}

/// Ethernet II or 802.3.
#[inline(never)]
pub(super) fn ethernet<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    ethernet_inlined(seen, bytes)
}

/// The same, inlined into its caller, where nearly all frames come by.
#[inline(always)]
fn ethernet_inlined<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((header, rest)) = bytes.split_first_chunk::<14>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    let &[a, b, c, d, e, f, g, h, i, j, k, l, high, low] = header;
    seen.on_link(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    seen.on_link(u64::from(u32::from_be_bytes([i, j, k, l])));
    match u16::from_be_bytes([high, low]) {
        ethertype::IPV4 => ip::version4_inlined(seen, rest),
        other => ethertype::dispatch(seen, other, rest),
    }
}

/// BSD loopback: an address family in the byte order of the capturing host (LINKTYPE_NULL) or
/// in network order (LINKTYPE_LOOP).
///
/// The family of IPv6 differs between systems: 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD,
/// 30 macOS.
fn loopback<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((&family, rest)) = bytes.split_first_chunk::<4>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    by_family(seen, either_order(family), rest)
}

/// A number below 65 536 in either byte order.
fn either_order(number: [u8; 4]) -> u32 {
    match u32::from_be_bytes(number) {
        number @ 0..=0xffff => number,
        _ => u32::from_le_bytes(number),
    }
}

fn by_family<'a>(seen: &mut Sighting, family: u32, bytes: &'a [u8]) -> Decoded<'a> {
    match family {
        2 => ip::version4(seen, bytes),
        10 | 24 | 28 | 30 => ip::version6(seen, bytes),
        _ => Decoded::Skipped(reason::UNKNOWN_ETHERTYPE),
    }
}

/// LINKTYPE_ENC: family, security parameter index, flags.
fn encapsulating<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    match bytes.split_first_chunk::<12>() {
        Some((&[a, b, c, d, ..], rest)) => by_family(seen, either_order([a, b, c, d]), rest),
        None => seen.short(reason::MALFORMED_LINK),
    }
}

/// LINKTYPE_PFLOG: its length without padding, then the family.
fn packet_filter<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let &[length, family, ..] = bytes else {
        return seen.short(reason::MALFORMED_LINK);
    };
    match bytes.get(usize::from(length).next_multiple_of(4)..) {
        Some(rest) => by_family(seen, u32::from(family), rest),
        None => seen.short(reason::MALFORMED_LINK),
    }
}

/// LINKTYPE_ERF: time, type, flags, lengths; extension headers while the first bit is set; two
/// bytes of padding before Ethernet.
fn extensible_record<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((header, mut rest)) = bytes.split_first_chunk::<16>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    let (kind, mut more) = (header[8] & 0x7f, header[8] & 0x80 != 0);
    while more {
        let Some((extension, after)) = rest.split_first_chunk::<8>() else {
            return seen.short(reason::MALFORMED_LINK);
        };
        (more, rest) = (extension[0] & 0x80 != 0, after);
    }
    match kind {
        // Plain, coloured, filtered and hashed Ethernet.
        2 | 4 | 11 | 16 | 20 => ethernet(seen, rest.get(2..).unwrap_or_default()),
        22 | 23 => ip::any(seen, rest),
        _ => Decoded::Other,
    }
}

/// LINKTYPE_NFLOG: fields of length, type and value in the byte order of the capturing host.
fn netfilter<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((_, fields)) = bytes.split_first_chunk::<4>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    let found = netfilter_payload(fields, u16::from_le_bytes)
        .or_else(|| netfilter_payload(fields, u16::from_be_bytes));
    match found {
        Some(packet) => ip::any(seen, packet),
        None => seen.short(reason::MALFORMED_LINK),
    }
}

fn netfilter_payload(mut fields: &[u8], number: fn([u8; 2]) -> u16) -> Option<&[u8]> {
    const PAYLOAD: u16 = 9;
    loop {
        let (&[a, b, c, d], rest) = fields.split_first_chunk::<4>()?;
        let length = usize::from(number([a, b])).checked_sub(4)?;
        if number([c, d]) == PAYLOAD {
            return Some(rest.get(..length).unwrap_or(rest));
        }
        fields = rest.get(length.next_multiple_of(4)..)?;
    }
}

/// LINKTYPE_LINUX_SLL: packet type, ARPHRD, address length, address, protocol.
fn cooked<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((header, rest)) = bytes.split_first_chunk::<16>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    let &[_, _, h, t, _, _, a, b, c, d, e, f, g, i, high, low] = header;
    seen.on_link(u64::from_be_bytes([a, b, c, d, e, f, g, i]));
    linux(
        seen,
        u16::from_be_bytes([h, t]),
        u16::from_be_bytes([high, low]),
        rest,
    )
}

/// LINKTYPE_LINUX_SLL2: protocol, reserved, interface, ARPHRD, packet type, address.
fn cooked2<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((header, rest)) = bytes.split_first_chunk::<20>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    let &[
        high,
        low,
        _,
        _,
        w,
        x,
        y,
        z,
        h,
        t,
        _,
        _,
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        i,
    ] = header;
    seen.on_link(u64::from(u32::from_be_bytes([w, x, y, z])) | 1 << 33);
    seen.on_link(u64::from_be_bytes([a, b, c, d, e, f, g, i]));
    linux(
        seen,
        u16::from_be_bytes([h, t]),
        u16::from_be_bytes([high, low]),
        rest,
    )
}

/// What the protocol field of a cooked header means depends on the type of the device.
fn linux<'a>(seen: &mut Sighting, device: u16, protocol: u16, bytes: &'a [u8]) -> Decoded<'a> {
    const NETLINK: u16 = 824;
    if device == NETLINK {
        return Decoded::Other;
    }
    match protocol {
        // 802.3 without and with an LLC header, and CAN.
        0x0001 | 0x000c | 0x000d => Decoded::Other,
        0x0004 => ethertype::logical_link(seen, bytes, 0),
        0..=0x05ff => Decoded::Skipped(reason::UNKNOWN_ETHERTYPE),
        ethertype => ethertype::dispatch(seen, ethertype, bytes),
    }
}
