//! Names the bytes that are no capture siptriage reads.

use super::compression::Compression;
use super::{ByteOrder, OpenError};

/// First bytes that tell other capture formats.
const OTHER_FORMATS: [(&[u8], &str); 16] = [
    (b"snoop\0\0\0", "Solaris snoop"),
    (b"btsnoop\0", "Bluetooth btsnoop"),
    (b"RTSS", "Microsoft Network Monitor 1"),
    (b"GMBU", "Microsoft Network Monitor 2"),
    (b"TRSNIFF data    \x1a", "NetXray Sniffer"),
    (b"XCP\0", "NetXray"),
    (b"VL\0\0", "NetXray"),
    (b"\x05VNF", "Visual Networks"),
    (b"\x7fver", "OmniPeek"),
    (b"\x00\x00\x02\x00\x12\x05\x00\x10", "Tektronix K12"),
    (b"+---------+---------------+----------+", "K12 text"),
    (b"\x54\x52\x00\x64\x00", "HP-UX nettl"),
    (b"\xaa\xaa\xaa\xaa", "InfoVista 5View"),
    (b"ObserverPktBuffe", "Viavi Observer"),
    (b"\x01\x10\x4c\x00", "Novell LANalyzer"),
    (b"iptrace ", "AIX iptrace"),
];

/// The pcapng signature after line ends were converted to and from that of another system; it was
/// chosen to show this (draft-ietf-opsawg-pcapng 4.1).
const CONVERTED: [&[u8]; 4] = [
    b"\x0a\x0d\x0a",
    b"\x0d\x0a\x0d\x0d\x0d\x0a",
    b"\x0a\x0a\x0a\x0a",
    b"\x0d\x0d\x0d\x0d",
];

/// Names what is no capture that is read.
pub(super) fn explain(head: &[u8]) -> OpenError {
    if head.is_empty() {
        return OpenError::Empty;
    }
    if let Some(compression) = Compression::detect(head) {
        return OpenError::Compressed(compression);
    }
    if let Some((_, name)) = OTHER_FORMATS
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
    {
        return OpenError::OtherFormat { name };
    }
    if CONVERTED.iter().any(|magic| head.starts_with(magic)) && is_section_header(head) {
        return OpenError::LineEndsConverted;
    }
    if is_text(head) {
        return OpenError::Text;
    }
    if is_packet_logger(head) {
        return OpenError::OtherFormat {
            name: "Apple PacketLogger",
        };
    }
    if is_erf(head) {
        return OpenError::OtherFormat { name: "Endace ERF" };
    }
    let mut first = [0; 4];
    for (to, from) in first.iter_mut().zip(head) {
        *to = *from;
    }
    OpenError::Unknown { first }
}

/// Whether the byte-order magic of a Section Header Block stands near, in either order.
fn is_section_header(head: &[u8]) -> bool {
    let magics = [0x1a2b_3c4d_u32.to_le_bytes(), 0x1a2b_3c4d_u32.to_be_bytes()];
    head.windows(4)
        .any(|window| magics.iter().any(|magic| window == magic))
}

fn is_text(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter()
        .all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..))
        && head.iter().filter(|byte| byte.is_ascii()).count() * 2 > head.len()
}

/// Seconds of 2001 to 2037, by which a number is believed to be a time.
const SINCE_2001: std::ops::RangeInclusive<u32> = 978_307_200..=i32::MAX as u32;

/// A record is length, seconds, microseconds (big-endian, or little-endian in version 2) and type.
fn is_packet_logger(head: &[u8]) -> bool {
    let fits = |order: ByteOrder| {
        let length = order.u32_at(head, 0)?;
        let seconds = order.u32_at(head, 4)?;
        let microseconds = order.u32_at(head, 8)?;
        let kind = head.get(12)?;
        let lengths = (9..=65_536).contains(&length);
        let times = SINCE_2001.contains(&seconds) && microseconds < 1_000_000;
        Some(lengths && times && matches!(kind, 0x00..=0x03 | 0x08..=0x0c | 0xf7..=0xff))
    };
    [ByteOrder::Big, ByteOrder::Little]
        .into_iter()
        .any(|order| fits(order) == Some(true))
}

/// A record is a 64-bit little-endian fixed-point time, type, flags, record length, loss counter
/// and length on the wire. Nothing was lost before the first one.
fn is_erf(head: &[u8]) -> bool {
    let Some(seconds) = ByteOrder::Little.u32_at(head, 4) else {
        return false;
    };
    let Some(kind) = head.get(8) else {
        return false;
    };
    let Some(record) = ByteOrder::Big.u16_at(head, 10) else {
        return false;
    };
    let Some(wire) = ByteOrder::Big.u16_at(head, 14) else {
        return false;
    };
    SINCE_2001.contains(&seconds)
        && head.get(12..14) == Some(&[0, 0])
        && (1..=48).contains(&(kind & 0x7f))
        && record >= 16
        && (1..=u16::MAX).contains(&wire)
        && usize::from(record) <= usize::from(wire) + 64
}
