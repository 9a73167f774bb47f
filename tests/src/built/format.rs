//! Capture files of every format, compressed or not.

use std::io::{self, Write};

use siptriage_testkit::Packet;

/// LINKTYPE_ETHERNET.
pub const ETHERNET: u16 = 1;
const NANOSECONDS: u64 = 1_000_000_000;

/// The byte order of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl Order {
    fn u16(self, value: u16) -> [u8; 2] {
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    fn u32(self, value: u64) -> [u8; 4] {
        let value = u32::try_from(value).unwrap_or(u32::MAX);
        match self {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }
}

/// A kind of pcap file, told by its magic number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pcap {
    /// Times in microseconds.
    Microseconds,
    /// Times in nanoseconds.
    Nanoseconds,
    /// With the fields that Alexey Kuznetsov's patch added to each record.
    Modified,
}

impl Pcap {
    fn magic(self) -> u64 {
        match self {
            Pcap::Microseconds => 0xa1b2_c3d4,
            Pcap::Nanoseconds => 0xa1b2_3c4d,
            Pcap::Modified => 0xa1b2_cd34,
        }
    }

    /// A file of packets with this link type.
    #[must_use]
    pub fn file(self, order: Order, link: u16, packets: &[Packet]) -> Vec<u8> {
        let mut file = order.u32(self.magic()).to_vec();
        file.extend(order.u16(2));
        file.extend(order.u16(4));
        file.extend([0; 8]);
        file.extend(order.u32(262_144));
        file.extend(order.u32(u64::from(link)));
        for packet in packets {
            file.extend(self.record(order, packet));
        }
        file
    }

    fn record(self, order: Order, packet: &Packet) -> Vec<u8> {
        let fraction = packet.time_ns % NANOSECONDS;
        let fraction = match self {
            Pcap::Microseconds | Pcap::Modified => fraction / 1000,
            Pcap::Nanoseconds => fraction,
        };
        let fields = [
            packet.time_ns / NANOSECONDS,
            fraction,
            packet.bytes.len() as u64,
            packet.original_length_bytes as u64,
        ];
        let mut record = fields.map(|field| order.u32(field)).concat();
        if self == Pcap::Modified {
            // Interface index, protocol, packet type, padding.
            record.extend([2, 0, 0, 0, 8, 0, 4, 0]);
        }
        record.extend(&packet.bytes);
        record
    }
}

/// The kind of block that holds a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Enhanced Packet Block.
    Enhanced,
    /// Simple Packet Block, which has no time.
    Simple,
    /// The obsolete Packet Block.
    Obsolete,
}

/// One section of a pcapng file.
#[derive(Clone, Debug)]
pub struct Section {
    /// Byte order.
    pub order: Order,
    /// The packets' kind of block.
    pub block: Block,
    /// The interfaces; packets are dealt to them by turns.
    pub interfaces: Vec<Interface>,
}

/// An interface of a section.
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    /// Its link type.
    pub link: u16,
    /// What is done to an Ethernet frame so that it fits the link type.
    pub wrap: super::Wrap,
    /// `if_tsresol`: a power of ten, or with the highest bit set a power of two.
    pub resolution: u8,
    /// `if_tsoffset`: seconds that are added to every time.
    pub offset_seconds: u64,
}

impl Interface {
    /// Ethernet frames with nanoseconds.
    pub const PLAIN: Interface = Interface {
        link: ETHERNET,
        wrap: |packet| packet.bytes.clone(),
        resolution: 9,
        offset_seconds: 0,
    };

    fn ticks(&self, time_ns: u64) -> u64 {
        let time_ns = u128::from(time_ns - self.offset_seconds * NANOSECONDS);
        let per_second = match self.resolution {
            power @ 0x80.. => 1_u128 << (power & 0x7f),
            power => 10_u128.pow(u32::from(power)),
        };
        let ticks = time_ns * per_second / u128::from(NANOSECONDS);
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

impl Section {
    /// Enhanced packets of one interface.
    #[must_use]
    pub fn plain(order: Order) -> Section {
        Section {
            order,
            block: Block::Enhanced,
            interfaces: vec![Interface::PLAIN],
        }
    }

    /// The section with these packets.
    #[must_use]
    pub fn with(&self, packets: &[Packet]) -> Vec<u8> {
        let mut header = self.order.u32(0x1a2b_3c4d).to_vec();
        header.extend(self.order.u16(1));
        header.extend(self.order.u16(0));
        header.extend([0xff; 8]);
        let mut section = self.framed(0x0a0d_0d0a, &header);
        for interface in &self.interfaces {
            section.extend(self.description(interface));
        }
        for (number, packet) in packets.iter().enumerate() {
            section.extend(self.packet(number % self.interfaces.len(), packet));
        }
        section
    }

    fn description(&self, interface: &Interface) -> Vec<u8> {
        let mut body = self.order.u16(interface.link).to_vec();
        body.extend([0; 2]);
        body.extend(self.order.u32(262_144));
        body.extend([self.order.u16(9), self.order.u16(1)].concat());
        body.extend([interface.resolution, 0, 0, 0]);
        body.extend([self.order.u16(14), self.order.u16(8)].concat());
        let (low, high) = (
            interface.offset_seconds & 0xffff_ffff,
            interface.offset_seconds >> 32,
        );
        body.extend(match self.order {
            Order::Little => [self.order.u32(low), self.order.u32(high)].concat(),
            Order::Big => [self.order.u32(high), self.order.u32(low)].concat(),
        });
        body.extend([0; 4]);
        self.framed(1, &body)
    }

    fn packet(&self, number: usize, packet: &Packet) -> Vec<u8> {
        let interface = &self.interfaces[number];
        let bytes = (interface.wrap)(packet);
        let length = bytes.len() as u64;
        let ticks = interface.ticks(packet.time_ns);
        let times_and_lengths = [ticks >> 32, ticks & 0xffff_ffff, length, length];
        let number = number as u64;
        let (kind, mut body) = match self.block {
            Block::Enhanced => (6, self.order.u32(number).to_vec()),
            Block::Simple => (3, self.order.u32(length).to_vec()),
            Block::Obsolete => (2, [self.order.u16(number as u16), [0; 2]].concat()),
        };
        if self.block != Block::Simple {
            body.extend(
                times_and_lengths
                    .map(|field| self.order.u32(field))
                    .concat(),
            );
        }
        body.extend(&bytes);
        self.framed(kind, &body)
    }

    fn framed(&self, kind: u64, body: &[u8]) -> Vec<u8> {
        let padded = body.len().next_multiple_of(4);
        let length = self.order.u32(padded as u64 + 12);
        let mut block = self.order.u32(kind).to_vec();
        block.extend(length);
        block.extend(body);
        block.resize(8 + padded, 0);
        block.extend(length);
        block
    }
}

/// A compression of whole files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The LZ4 frame format.
    Lz4,
    /// bzip2.
    Bzip2,
    /// The .xz format.
    Xz,
}

impl Codec {
    /// Every codec.
    pub const ALL: [Codec; 5] = [
        Codec::Gzip,
        Codec::Zstd,
        Codec::Lz4,
        Codec::Bzip2,
        Codec::Xz,
    ];

    /// The bytes as one member of a compressed file.
    ///
    /// # Errors
    /// When the codec fails, which memory to write to cannot make it do.
    pub fn pack(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Codec::Gzip => {
                let level = flate2::Compression::fast();
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
                writer.write_all(plain)?;
                writer.finish()
            }
            Codec::Zstd => {
                let mut writer = zstd::Encoder::new(Vec::new(), 1)?;
                writer.write_all(plain)?;
                writer.finish()
            }
            Codec::Lz4 => {
                let mut writer = lz4_flex::frame::FrameEncoder::new(Vec::new());
                writer.write_all(plain)?;
                writer.finish().map_err(io::Error::other)
            }
            Codec::Bzip2 => {
                let level = bzip2::Compression::fast();
                let mut writer = bzip2::write::BzEncoder::new(Vec::new(), level);
                writer.write_all(plain)?;
                writer.finish()
            }
            Codec::Xz => {
                let mut writer = liblzma::write::XzEncoder::new(Vec::new(), 1);
                writer.write_all(plain)?;
                writer.finish()
            }
        }
    }
}
