//! The first header of a frame, by the link type of its capture.

use crate::LinkType;
use crate::decode::{Decoded, Sighting, ethertype, ip, reason};

/// Dispatches on the `LINKTYPE_` number.
#[inline]
pub(super) fn frame<'a>(seen: &mut Sighting, link: LinkType, bytes: &'a [u8]) -> Decoded<'a> {
    match link.0 {
        1 => ethernet(seen, bytes),
        0 | 108 => loopback(seen, bytes),
        // LINKTYPE_RAW, the DLT_RAW values of BSD that some writers leave in files, and
        // LINKTYPE_IPV4, LINKTYPE_IPV6.
        12 | 14 | 101 | 228 | 229 => ip::any(seen, bytes),
        113 => cooked(seen, bytes),
        276 => cooked2(seen, bytes),
        _ => Decoded::Skipped(reason::UNKNOWN_LINK_TYPE),
    }
}

/// Ethernet II or 802.3.
#[inline]
pub(super) fn ethernet<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((header, rest)) = bytes.split_first_chunk::<14>() else {
        return seen.short(reason::MALFORMED_LINK);
    };
    let &[a, b, c, d, e, f, g, h, i, j, k, l, high, low] = header;
    seen.on_link(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    seen.on_link(u64::from(u32::from_be_bytes([i, j, k, l])));
    ethertype::dispatch(seen, u16::from_be_bytes([high, low]), rest)
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
    let family = match u32::from_be_bytes(family) {
        number @ 0..=0xffff => number,
        _ => u32::from_le_bytes(family),
    };
    match family {
        2 => ip::version4(seen, rest),
        10 | 24 | 28 | 30 => ip::version6(seen, rest),
        _ => Decoded::Skipped(reason::UNKNOWN_ETHERTYPE),
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
