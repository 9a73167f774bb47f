//! What an Ethernet type announces: tags to step over, then IP.

use crate::decode::{Decoded, Sighting, ip, link, mpls, ppp, reason};

pub(super) const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;

/// Dispatches on an Ethernet type, stepping over any stack of 802.1Q and 802.1ad tags.
#[inline]
pub(super) fn dispatch<'a>(
    seen: &mut Sighting,
    mut ethertype: u16,
    mut bytes: &'a [u8],
) -> Decoded<'a> {
    loop {
        match ethertype {
            IPV4 => return ip::version4(seen, bytes),
            IPV6 => return ip::version6(seen, bytes),
            0x8100 | 0x88a8 | 0x9100 | 0x9200 | 0x9300 => {
                let Some((&[high, low, e, f], rest)) = bytes.split_first_chunk::<4>() else {
                    return seen.short(reason::MALFORMED_LINK);
                };
                seen.on_link(u64::from(u16::from_be_bytes([high, low]) & 0x0fff) | 1 << 32);
                (ethertype, bytes) = (u16::from_be_bytes([e, f]), rest);
            }
            0x8847 | 0x8848 => return mpls::stack(seen, bytes),
            0x8864 => return ppp::over_ethernet(seen, bytes),
            0x880b => return ppp::frame(seen, bytes),
            // VN-Tag and Cisco metadata sit between the addresses and the real type.
            0x8926 | 0x8909 => {
                let Some((&[_, _, _, _, e, f], rest)) = bytes.split_first_chunk::<6>() else {
                    return seen.short(reason::MALFORMED_LINK);
                };
                (ethertype, bytes) = (u16::from_be_bytes([e, f]), rest);
            }
            // 802.1ah: a service tag, then a whole customer frame.
            0x88e7 => return bridged(seen, bytes.get(4..).unwrap_or_default()),
            // Transparent Ethernet bridging.
            0x6558 => return bridged(seen, bytes),
            // ARP, RARP, AppleTalk, IPX, loopback test, slow protocols, PPPoE discovery,
            // Homeplug, EAPOL, PROFINET, AoE, LLDP, 802.9 keys, PTP, CFM, FCoE, RoCE, Cisco L2.
            0x0806 | 0x8035 | 0x809b | 0x80f3 | 0x8137 | 0x9000 | 0x8809 | 0x8863 | 0x887b
            | 0x88e1 | 0x888e | 0x8892 | 0x88a2 | 0x88cc | 0x88c7 | 0x88f7 | 0x8902 | 0x8906
            | 0x8914 | 0x8915 | 0x2000 | 0x2004 | 0x88b5 | 0x88b6 | 0x88d9 | 0x890d | 0x893a
            | 0x8912 | 0x0842 => return Decoded::Other,
            // Below 0x0600 it is a length: 802.3 with LLC.
            0..=0x05ff => return logical_link(seen, bytes, ethertype),
            _ => return Decoded::Skipped(reason::UNKNOWN_ETHERTYPE),
        }
    }
}

/// A frame inside a frame.
fn bridged<'a>(seen: &mut Sighting, frame: &'a [u8]) -> Decoded<'a> {
    const KIND: u32 = 13;
    match seen.enter(KIND, 0) {
        Ok(()) => link::ethernet(seen, frame),
        Err(reason) => Decoded::Skipped(reason),
    }
}

/// 802.2 LLC: IP comes behind a SNAP header (RFC 1042) or, rarely, on its own access point.
pub(super) fn logical_link<'a>(seen: &mut Sighting, bytes: &'a [u8], length: u16) -> Decoded<'a> {
    let frame = match usize::from(length) {
        0 => bytes,
        length => seen.clip(bytes, length),
    };
    match frame {
        [0xaa, 0xaa, 0x03, organisation @ ..] if organisation.len() >= 5 => {
            let (&[o, p, q, e, f], rest) = match organisation.split_first_chunk::<5>() {
                Some(split) => split,
                None => return seen.short(reason::MALFORMED_LINK),
            };
            match [o, p, q] {
                // RFC 1042 encapsulation, and 802.1H bridge tunnelling.
                [0, 0, 0] | [0, 0, 0xf8] => match u16::from_be_bytes([e, f]) {
                    // A length here would lead back to where we are.
                    0..=0x05ff => Decoded::Other,
                    ethertype => dispatch(seen, ethertype, rest),
                },
                _ => Decoded::Other,
            }
        }
        [0x06, 0x06, 0x03, rest @ ..] => ip::version4(seen, rest),
        [_, _, _, ..] => Decoded::Other,
        _ => seen.short(reason::MALFORMED_LINK),
    }
}
