//! MPLS label stacks (RFC 3032). What they carry is not announced and has to be guessed.

use crate::decode::{Decoded, Sighting, guess, ip, link, reason};

/// Steps over the labels. IP is recognised by a header that is right in itself; everything else
/// may be a pseudowire with Ethernet (RFC 4448), with or without a control word (RFC 4385).
pub(super) fn stack<'a>(seen: &mut Sighting, mut bytes: &'a [u8]) -> Decoded<'a> {
    const BOTTOM: u32 = 0x100;
    loop {
        let Some((&entry, rest)) = bytes.split_first_chunk::<4>() else {
            return seen.short(reason::MALFORMED_LINK);
        };
        bytes = rest;
        let entry = u32::from_be_bytes(entry);
        seen.on_link(u64::from(entry >> 12) | 1 << 35);
        if entry & BOTTOM != 0 {
            break;
        }
    }
    if guess::is_ip(seen, bytes) {
        return ip::any(seen, bytes);
    }
    let ethernet = match bytes {
        // A control word begins with four zero bits, an associated channel with 0001.
        [0x00..=0x0f, _, _, _, rest @ ..] if guess::is_ethernet(seen, rest) => rest,
        [0x10..=0x1f, ..] => return Decoded::Other,
        _ if guess::is_ethernet(seen, bytes) => bytes,
        // A cut or unusual IP header still says which it is.
        _ => return ip::any(seen, bytes),
    };
    const PSEUDOWIRE: u32 = 1;
    match seen.enter(PSEUDOWIRE, 0) {
        Ok(()) => link::ethernet(seen, ethernet),
        Err(reason) => Decoded::Skipped(reason),
    }
}
