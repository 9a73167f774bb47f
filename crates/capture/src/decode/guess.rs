//! Recognises IP and Ethernet where nothing announces them.

use crate::decode::Sighting;

/// Whether the bytes begin with an IP header that fits them: its lengths are possible and, in
/// IPv4, its checksum is right or its length is exact.
pub(super) fn is_ip(seen: &Sighting, bytes: &[u8]) -> bool {
    let available = bytes.len() + seen.missing as usize;
    match bytes {
        [first @ 0x45..=0x4f, _, high, low, ..] => {
            let header_length = usize::from(first & 0x0f) * 4;
            let total = usize::from(u16::from_be_bytes([*high, *low]));
            let Some(header) = bytes.get(..header_length) else {
                return false;
            };
            if total == 0 {
                return checksum_is_right(header);
            }
            (header_length..=available).contains(&total)
                && (total == available || checksum_is_right(header))
        }
        [0x60..=0x6f, _, _, _, high, low, next, _, ..] => {
            let total = usize::from(u16::from_be_bytes([*high, *low])) + 40;
            total == available
                || total < available && matches!(next, 0 | 6 | 17 | 43 | 44 | 50 | 58 | 60 | 132)
        }
        _ => false,
    }
}

/// Whether the bytes begin with an Ethernet header that announces IP, or a header that may stand
/// before it.
pub(super) fn is_ethernet(seen: &Sighting, bytes: &[u8]) -> bool {
    match bytes.split_at_checked(12) {
        Some((_, [0x08, 0x00, rest @ ..] | [0x86, 0xdd, rest @ ..])) => is_ip(seen, rest),
        // Tags, MPLS, PPPoE, ARP.
        Some((
            _,
            [0x81 | 0x91, 0x00, ..]
            | [0x88, 0xa8 | 0x47 | 0x48 | 0x63 | 0x64, ..]
            | [0x08, 0x06, 0x00, 0x01, ..],
        )) => true,
        Some(_) | None => false,
    }
}

/// RFC 1071: the sum of a header with its checksum is all ones.
fn checksum_is_right(header: &[u8]) -> bool {
    let mut sum = 0u32;
    for word in header.chunks_exact(2) {
        sum += u32::from(u16::from_be_bytes([word[0], word[1]]));
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum == 0xffff
}
