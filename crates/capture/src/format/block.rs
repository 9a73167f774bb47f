//! pcapng blocks: their frame of type and lengths, and the three kinds that carry a packet.
//!
//! Packet blocks are read here and not with pcap-parser: the walk needs the obsolete Packet
//! Block, the snap length of Simple Packet Blocks and lengths checked against the block, and it
//! visits every packet, so it must not build a list of options for each.

use super::section::Interface;
use super::{ByteOrder, Section, reason};
use crate::Time;

/// The least length of a block: type and two lengths.
pub(super) const LEAST: usize = 12;

/// The least length of a Section Header Block: also byte order, version and section length.
pub(super) const LEAST_SECTION_HEADER: usize = 28;

/// Section Header Block.
pub(super) const SECTION_HEADER: u32 = 0x0a0d_0d0a;
/// Interface Description Block.
pub(super) const INTERFACE_DESCRIPTION: u32 = 1;
/// Packet Block, obsolete.
pub(super) const PACKET: u32 = 2;
/// Simple Packet Block.
pub(super) const SIMPLE_PACKET: u32 = 3;
/// Name Resolution Block.
pub(super) const NAME_RESOLUTION: u32 = 4;
/// Interface Statistics Block.
pub(super) const INTERFACE_STATISTICS: u32 = 5;
/// Enhanced Packet Block.
pub(super) const ENHANCED_PACKET: u32 = 6;
/// Systemd Journal Export Block.
pub(super) const JOURNAL_EXPORT: u32 = 9;
/// Decryption Secrets Block.
pub(super) const DECRYPTION_SECRETS: u32 = 10;
/// Custom Block that may be copied.
pub(super) const CUSTOM: u32 = 0x0000_0bad;
/// Custom Block that may not be copied.
pub(super) const CUSTOM_NOT_COPIED: u32 = 0x4000_0bad;
/// Process Information Block of Apple's tcpdump.
pub(super) const PROCESS_INFORMATION: u32 = 0x8000_0001;

/// Type and length in front of the fields of a packet block, and the fields of the Enhanced
/// Packet Block, which the obsolete Packet Block shares but for the first.
const ENHANCED_HEADER: usize = 28;
const SIMPLE_HEADER: usize = 12;
const TRAILER: usize = 4;
const OPTION_END: u16 = 0;
const OPTION_COMMENT: u16 = 1;

/// Whether the specification, or a writer known well enough, gives `kind` a meaning.
pub(super) fn is_known(kind: u32) -> bool {
    matches!(
        kind,
        SECTION_HEADER
            | INTERFACE_DESCRIPTION
            | PACKET
            | SIMPLE_PACKET
            | NAME_RESOLUTION
            | INTERFACE_STATISTICS
            | ENHANCED_PACKET
            | JOURNAL_EXPORT
            | DECRYPTION_SECRETS
            | CUSTOM
            | CUSTOM_NOT_COPIED
            | PROCESS_INFORMATION
    )
}

/// The type and the leading length of the block at index `at`, unchecked.
#[inline]
pub(super) fn head(bytes: &[u8], at: usize, order: ByteOrder) -> Option<(u32, usize)> {
    let raw: &[u8; 8] = bytes.get(at..)?.first_chunk()?;
    let [a, b, c, d, e, f, g, h] = *raw;
    Some((order.u32([a, b, c, d]), order.u32([e, f, g, h]) as usize))
}

/// The byte order of the section that the Section Header Block at index `at` begins.
pub(super) fn section_order(bytes: &[u8], at: usize) -> Option<ByteOrder> {
    const MAGIC: u32 = 0x1a2b_3c4d;
    match ByteOrder::Little.u32_at(bytes, at + 8)? {
        MAGIC => Some(ByteOrder::Little),
        magic if magic == MAGIC.swap_bytes() => Some(ByteOrder::Big),
        _ => None,
    }
}

/// A packet as a block carries it.
pub(super) struct Packet<'a, 's> {
    pub interface: &'s Interface,
    /// The reason when the block has none that can be used.
    pub time: Result<Time, &'static str>,
    /// The captured bytes.
    pub bytes: &'a [u8],
    /// The length on the wire.
    pub original: u32,
    /// The options, without the trailing length.
    options: &'a [u8],
}

impl<'a, 's> Packet<'a, 's> {
    /// The packet of one whole `block`; `None` when its kind carries none, the reason when the
    /// block cannot be read.
    #[inline]
    pub fn read(
        kind: u32,
        block: &'a [u8],
        section: &'s Section,
    ) -> Option<Result<Packet<'a, 's>, &'static str>> {
        match kind {
            ENHANCED_PACKET => Some(Packet::enhanced(block, section, u32_interface)),
            PACKET => Some(Packet::enhanced(block, section, u16_interface)),
            SIMPLE_PACKET => Some(Packet::simple(block, section)),
            _ => None,
        }
    }

    /// draft-ietf-opsawg-pcapng 4.3 and, with a narrower interface number, appendix A.
    #[inline]
    fn enhanced(
        block: &'a [u8],
        section: &'s Section,
        interface: fn(&[u8; ENHANCED_HEADER], ByteOrder) -> u32,
    ) -> Result<Packet<'a, 's>, &'static str> {
        let order = section.order;
        let Some((header, rest)) = block.split_first_chunk::<ENHANCED_HEADER>() else {
            return Err(reason::MALFORMED_BLOCK);
        };
        let Some((body, _)) = rest.split_last_chunk::<TRAILER>() else {
            return Err(reason::MALFORMED_BLOCK);
        };
        let field =
            |at: usize| order.u32([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let Some(interface) = section.interfaces.get(interface(header, order)) else {
            return Err(reason::UNKNOWN_INTERFACE);
        };
        let captured = field(20) as usize;
        let Some((bytes, after)) = body.split_at_checked(captured) else {
            return Err(reason::PACKET_BEYOND_BLOCK);
        };
        let padding = captured.wrapping_neg() % 4;
        let ticks = u64::from(field(12)) << 32 | u64::from(field(16));
        Ok(Packet {
            interface,
            time: interface
                .resolution
                .time(ticks)
                .ok_or(reason::TIME_OUT_OF_RANGE),
            bytes,
            original: field(24),
            options: after.get(padding..).unwrap_or_default(),
        })
    }

    /// draft-ietf-opsawg-pcapng 4.4: the packet belongs to the first interface, whose snap length
    /// tells padding from packet.
    fn simple(block: &'a [u8], section: &'s Section) -> Result<Packet<'a, 's>, &'static str> {
        let Some((header, rest)) = block.split_first_chunk::<SIMPLE_HEADER>() else {
            return Err(reason::MALFORMED_BLOCK);
        };
        let Some((body, _)) = rest.split_last_chunk::<TRAILER>() else {
            return Err(reason::MALFORMED_BLOCK);
        };
        let Some(interface) = section.interfaces.get(0) else {
            return Err(reason::UNKNOWN_INTERFACE);
        };
        let original = section
            .order
            .u32([header[8], header[9], header[10], header[11]]);
        let captured = match interface.snap_len {
            0 => original,
            snap_len => original.min(snap_len),
        };
        let bytes = body
            .get(..captured as usize)
            .ok_or(reason::PACKET_BEYOND_BLOCK)?;
        let time = Err(reason::PACKET_WITHOUT_TIME);
        Ok(Packet {
            interface,
            time,
            bytes,
            original,
            options: &[],
        })
    }

    /// The comments among the options (draft-ietf-opsawg-pcapng 3.5.1).
    #[inline]
    pub fn comments(&self, order: ByteOrder) -> Comments<'a> {
        Comments {
            options: self.options,
            order,
        }
    }
}

fn u32_interface(header: &[u8; ENHANCED_HEADER], order: ByteOrder) -> u32 {
    order.u32([header[8], header[9], header[10], header[11]])
}

fn u16_interface(header: &[u8; ENHANCED_HEADER], order: ByteOrder) -> u32 {
    u32::from(order.u16([header[8], header[9]]))
}

/// Iterator over the comments of one packet.
pub(super) struct Comments<'a> {
    options: &'a [u8],
    order: ByteOrder,
}

impl<'a> Iterator for Comments<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let code = self.order.u16_at(self.options, 0)?;
            let length = usize::from(self.order.u16_at(self.options, 2)?);
            let value = self.options.get(4..4 + length)?;
            self.options = self
                .options
                .get(4 + length.next_multiple_of(4)..)
                .unwrap_or_default();
            match code {
                OPTION_END => return None,
                OPTION_COMMENT => return Some(value),
                _ => {}
            }
        }
    }
}
