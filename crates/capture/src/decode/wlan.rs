//! IEEE 802.11 data frames, with or without a radio header, as far as they are not encrypted.

use crate::decode::{Decoded, Sighting, ethertype, reason};

const DATA: u8 = 2;
const PROTECTED: u8 = 0x40;
const HT_CONTROL: u8 = 0x80;

/// A frame behind a radiotap header, whose length stands in its third and fourth byte.
pub(super) fn radiotap<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let inner = match bytes {
        [0, _, low, high, ..] => bytes.get(usize::from(u16::from_le_bytes([*low, *high]))..),
        _ => None,
    };
    match inner {
        Some(inner) => frame(seen, inner),
        None => seen.short(reason::MALFORMED_LINK),
    }
}

/// A MAC frame (IEEE 802.11 9.3.2): frame control, duration, three addresses, sequence control,
/// then what type and flags announce. Aggregates of frames are not taken apart.
pub(super) fn frame<'a>(seen: &mut Sighting, bytes: &'a [u8]) -> Decoded<'a> {
    let Some((header, _)) = bytes.split_first_chunk::<24>() else {
        return Decoded::Other;
    };
    let (control, flags) = (header[0], header[1]);
    let subtype = control >> 4;
    // Subtypes with the bit 4 set carry no data.
    if (control >> 2) & 3 != DATA || subtype & 4 != 0 {
        return Decoded::Other;
    }
    if flags & PROTECTED != 0 {
        return Decoded::Skipped(reason::WLAN_ENCRYPTED);
    }
    for address in [4, 10, 16] {
        let bytes = &header[address..address + 6];
        let number = bytes
            .iter()
            .fold(0, |number, &byte| number << 8 | u64::from(byte));
        seen.on_link(number);
    }
    let is_between_stations = flags & 3 == 3;
    let is_quality_of_service = subtype & 8 != 0;
    let mut length = 24;
    length += if is_between_stations { 6 } else { 0 };
    length += if is_quality_of_service { 2 } else { 0 };
    length += if is_quality_of_service && flags & HT_CONTROL != 0 {
        4
    } else {
        0
    };
    match bytes.get(length..) {
        Some(payload) => ethertype::logical_link(seen, payload, 0),
        None => seen.short(reason::MALFORMED_LINK),
    }
}
