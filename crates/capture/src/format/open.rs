//! Recognises a capture by its first bytes, and names what is none.

use pcap_parser::pcap::parse_pcap_header;
use thiserror::Error;

use super::compression::Compression;
use super::foreign::explain;
use super::resolution::Resolution;
use super::section::{Interface, Interfaces, Layout, PcapLayout};
use super::{ByteOrder, Section, block, record};
use crate::{Limits, LinkType};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Classic pcap (draft-ietf-opsawg-pcap).
    Pcap,
    /// pcapng (draft-ietf-opsawg-pcapng).
    Pcapng,
}

impl Format {
    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pcap => "pcap",
            Format::Pcapng => "pcapng",
        }
    }
}

/// Why bytes are not read as a capture, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// There is not a single byte.
    #[error("the file is empty")]
    Empty,
    /// It begins like a capture but ends inside the file header.
    #[error("the file ends inside the {} header, after {bytes} bytes: capture it again", format.name())]
    HeaderCut {
        /// What it begins like.
        format: Format,
        /// How long it is.
        bytes: usize,
    },
    /// Its line ends were converted as if it were text.
    #[error(
        "a pcapng file whose line ends were converted on the way: transfer it again in binary mode"
    )]
    LineEndsConverted,
    /// It is compressed.
    #[error("{} data: uncompress it first", .0.name())]
    Compressed(Compression),
    /// A capture in another format.
    #[error(
        "a capture in {name} format, which is not read: convert it with `editcap -F pcapng IN OUT`"
    )]
    OtherFormat {
        /// What it is.
        name: &'static str,
    },
    /// Text.
    #[error("text, not a capture: hex dumps are converted with `text2pcap IN OUT`")]
    Text,
    /// Nothing known.
    #[error(
        "not a capture: expected the first bytes of pcap or pcapng, found {}", Hex(*.first)
    )]
    Unknown {
        /// The first bytes, zeros beyond the end of the file.
        first: [u8; 4],
    },
}

/// Length of the classic file header.
const FILE_HEADER: usize = 24;

/// A variant of classic pcap.
struct Variant {
    /// As a little-endian machine sees its own.
    magic: u32,
    fraction_nanoseconds: u32,
    /// Bytes between the file header and the first record.
    gap: usize,
    record_header: usize,
}

const VARIANTS: [Variant; 5] = [
    Variant {
        magic: 0xa1b2_c3d4,
        fraction_nanoseconds: 1_000,
        gap: 0,
        record_header: 16,
    },
    Variant {
        magic: 0xa1b2_3c4d,
        fraction_nanoseconds: 1,
        gap: 0,
        record_header: 16,
    },
    // Kuznetzov's modified format adds interface index, protocol and packet type to the record.
    Variant {
        magic: 0xa1b2_cd34,
        fraction_nanoseconds: 1_000,
        gap: 0,
        record_header: 24,
    },
    // The IXIA hardware and software formats append the size of all records to the file header.
    Variant {
        magic: 0x1c00_01ac,
        fraction_nanoseconds: 1,
        gap: 4,
        record_header: 16,
    },
    Variant {
        magic: 0x1c00_01ab,
        fraction_nanoseconds: 1_000,
        gap: 4,
        record_header: 16,
    },
];

/// What the first bytes say.
pub(super) struct Opened {
    pub format: Format,
    pub section: Section,
    /// File offset of the first record or block.
    pub first_record: usize,
}

/// Recognises the capture.
pub(super) fn open(head: &[u8], limits: &Limits) -> Result<Opened, OpenError> {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let magic = order.u32_at(head, 0);
        if let Some(variant) = VARIANTS.iter().find(|variant| magic == Some(variant.magic)) {
            return open_pcap(head, variant, order, limits);
        }
    }
    if ByteOrder::Little.u32_at(head, 0) == Some(block::SECTION_HEADER) {
        return open_pcapng(head);
    }
    Err(explain(head))
}

fn open_pcap(
    head: &[u8],
    variant: &Variant,
    order: ByteOrder,
    limits: &Limits,
) -> Result<Opened, OpenError> {
    let cut = OpenError::HeaderCut {
        format: Format::Pcap,
        bytes: head.len(),
    };
    let Some(header) = head.first_chunk::<FILE_HEADER>() else {
        return Err(cut);
    };
    if head.len() < FILE_HEADER + variant.gap {
        return Err(cut);
    }
    // pcap-parser knows neither the IXIA formats nor the big-endian modified one; all variants
    // share the layout of the file header.
    let mut standard = *header;
    let magic: u32 = VARIANTS[0].magic;
    standard[..4].copy_from_slice(&match order {
        ByteOrder::Little => magic.to_le_bytes(),
        ByteOrder::Big => magic.to_be_bytes(),
    });
    let Ok((_, header)) = parse_pcap_header(&standard) else {
        return Err(cut);
    };
    // The upper bits hold the length of a frame check sequence and flags
    // (draft-ietf-opsawg-pcap 4).
    let link = LinkType(header.network.0 as u16);
    let layout = PcapLayout {
        header_bytes: variant.record_header,
        fraction_nanoseconds: variant.fraction_nanoseconds,
        captured_limit: captured_limit(header.snaplen, limits),
    };
    let mut interfaces = Interfaces::default();
    let resolution = Resolution::new(layout.time_digits(), 0);
    let snap_len = header.snaplen;
    interfaces.push(Some(Interface {
        link,
        snap_len,
        resolution,
        index: 0,
    }));
    Ok(Opened {
        format: Format::Pcap,
        section: Section {
            order,
            layout: Layout::Pcap(layout),
            interfaces,
        },
        first_record: FILE_HEADER + variant.gap,
    })
}

/// The snap length bounds a record where it is sensible; writers put anything into it.
fn captured_limit(snap_len: u32, limits: &Limits) -> u32 {
    let limit = u32::try_from(limits.block_bytes).unwrap_or(u32::MAX);
    match snap_len {
        _ if snap_len > limit => record::PLAUSIBLE_CAPTURED.min(limit),
        _ => snap_len.max(record::PLAUSIBLE_CAPTURED).min(limit),
    }
}

/// The section header itself is read by the walk, like any later one.
fn open_pcapng(head: &[u8]) -> Result<Opened, OpenError> {
    if head.len() < block::LEAST_SECTION_HEADER {
        return Err(OpenError::HeaderCut {
            format: Format::Pcapng,
            bytes: head.len(),
        });
    }
    let order = block::section_order(head, 0).ok_or_else(|| explain(head))?;
    Ok(Opened {
        format: Format::Pcapng,
        section: Section {
            order,
            layout: Layout::Pcapng,
            interfaces: Interfaces::default(),
        },
        first_record: 0,
    })
}

/// Prints bytes as hexadecimal digits.
struct Hex([u8; 4]);

impl std::fmt::Display for Hex {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [a, b, c, d] = self.0;
        write!(out, "{a:02x} {b:02x} {c:02x} {d:02x}")
    }
}
