//! What holds for any bytes: no panic, no loop, and the same frames however the input is split.

use proptest::collection::vec;
use proptest::prelude::*;
use siptriage_capture::Limits;

use crate::reader::{read, read_in_pieces, read_within};
use crate::writer::{Order, Pcap, Pcapng};

/// A piece of a classic file.
#[derive(Clone, Debug)]
enum Piece {
    Record {
        seconds: u32,
        fraction: u32,
        packet: Vec<u8>,
    },
    Swapped {
        seconds: u32,
        packet: Vec<u8>,
    },
    Header {
        fields: [u32; 4],
    },
    Garbage(Vec<u8>),
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let seconds = 1_000_000..1_000_100_u32;
    let packet = || vec(any::<u8>(), 0..200);
    let length = prop_oneof![0..300_u32, Just(300_000), any::<u32>()];
    let piece = prop_oneof![
        6 => (seconds.clone(), 0..1_000_000_u32, packet())
            .prop_map(|(seconds, fraction, packet)| Piece::Record { seconds, fraction, packet }),
        1 => (seconds.clone(), packet())
            .prop_map(|(seconds, packet)| Piece::Swapped { seconds, packet }),
        1 => (seconds, any::<u32>(), length.clone(), length)
            .prop_map(|(seconds, fraction, captured, original)| Piece::Header {
                fields: [seconds, fraction, captured, original],
            }),
        1 => vec(any::<u8>(), 0..40).prop_map(Piece::Garbage),
        1 => (0..100_usize).prop_map(|length| Piece::Garbage(vec![0; length])),
    ];
    vec(piece, 0..12)
}

fn classic(order: Order, magic: u32, pieces: &[Piece]) -> Vec<u8> {
    let mut file = Pcap::new(order, magic);
    for piece in pieces {
        file = match piece {
            Piece::Record {
                seconds,
                fraction,
                packet,
            } => file.record(*seconds, *fraction, packet),
            Piece::Swapped { seconds, packet } => file.record_in(order.swapped(), *seconds, packet),
            Piece::Header { fields } => file.header(order, *fields),
            Piece::Garbage(bytes) => file.raw(bytes),
        };
    }
    file.bytes
}

/// A piece of a pcapng file.
#[derive(Clone, Debug)]
enum Block {
    Section(bool),
    Interface {
        link: u16,
        snap_len: u32,
        tsresol: u8,
    },
    Packet {
        interface: u32,
        ticks: u64,
        packet: Vec<u8>,
        comment: Vec<u8>,
    },
    Simple {
        original: u32,
        packet: Vec<u8>,
    },
    Obsolete {
        interface: u16,
        packet: Vec<u8>,
    },
    Other {
        kind: u32,
        leading: u32,
        body: Vec<u8>,
        trailing: u32,
    },
    Any {
        kind: u32,
        body: Vec<u8>,
    },
    Garbage(Vec<u8>),
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let bytes = || vec(any::<u8>(), 0..80);
    let length = || prop_oneof![0..100_u32, Just(300_000), any::<u32>()];
    let kind = || prop_oneof![0..12_u32, Just(0x0a0d_0d0a), any::<u32>()];
    let ticks = prop_oneof![4 => 1_000_000..9_000_000_u64, 1 => any::<u64>()];
    let block = prop_oneof![
        1 => any::<bool>().prop_map(Block::Section),
        2 => (any::<u16>(), 0..50_u32, any::<u8>())
            .prop_map(|(link, snap_len, tsresol)| Block::Interface { link, snap_len, tsresol }),
        6 => (0..3_u32, ticks, bytes(), bytes()).prop_map(|(interface, ticks, packet, comment)| {
            Block::Packet { interface, ticks, packet, comment }
        }),
        1 => (length(), bytes()).prop_map(|(original, packet)| Block::Simple { original, packet }),
        1 => (0..3_u16, bytes())
            .prop_map(|(interface, packet)| Block::Obsolete { interface, packet }),
        1 => (kind(), length(), bytes(), length()).prop_map(|(kind, leading, body, trailing)| {
            Block::Other { kind, leading, body, trailing }
        }),
        1 => (kind(), bytes()).prop_map(|(kind, body)| Block::Any { kind, body }),
        1 => bytes().prop_map(Block::Garbage),
    ];
    vec(block, 0..16)
}

fn next_generation(order: Order, blocks: &[Block]) -> Vec<u8> {
    let mut file = Pcapng::new(order).interface(1, 0, &[]);
    for block in blocks {
        file = match block {
            Block::Section(true) => file.section(Order::Big),
            Block::Section(false) => file.section(Order::Little),
            Block::Interface {
                link,
                snap_len,
                tsresol,
            } => file.interface(*link, *snap_len, &[(9, &[*tsresol])]),
            Block::Packet {
                interface,
                ticks,
                packet,
                comment,
            } => file.packet_with(*interface, *ticks, packet, &[(1, comment)]),
            Block::Simple { original, packet } => file.simple(*original, packet),
            Block::Obsolete { interface, packet } => file.obsolete(*interface, 5, packet),
            Block::Other {
                kind,
                leading,
                body,
                trailing,
            } => file.block_with_lengths(*kind, *leading, body, *trailing),
            Block::Any { kind, body } => file.block(*kind, body),
            Block::Garbage(bytes) => file.raw(bytes),
        };
    }
    file.bytes
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Little), Just(Order::Big)]
}

fn magic() -> impl Strategy<Value = u32> {
    prop_oneof![
        Just(Pcap::MICROSECONDS),
        Just(Pcap::NANOSECONDS),
        Just(Pcap::MODIFIED)
    ]
}

/// Sizes of pieces and of stretches.
fn splits() -> impl Strategy<Value = (Vec<usize>, Vec<u64>)> {
    (vec(1..400_usize, 1..5), vec(1..400_u64, 1..5))
}

proptest! {
    #[test]
    fn a_classic_capture_reads_the_same_however_it_is_split(
        order in order(),
        magic in magic(),
        pieces in pieces(),
        cut in 0..50_usize,
        (sizes, steps) in splits(),
    ) {
        let mut file = classic(order, magic, &pieces);
        file.truncate(file.len().saturating_sub(cut).max(24));
        let whole = read(&file);
        prop_assert_eq!(read_in_pieces(&file, &Limits::default(), &sizes, &steps), whole);
    }

    #[test]
    fn a_pcapng_capture_reads_the_same_however_it_is_split(
        order in order(),
        blocks in blocks(),
        cut in 0..50_usize,
        (sizes, steps) in splits(),
    ) {
        let mut file = next_generation(order, &blocks);
        file.truncate(file.len().saturating_sub(cut).max(28));
        let whole = read(&file);
        prop_assert_eq!(read_in_pieces(&file, &Limits::default(), &sizes, &steps), whole);
    }

    #[test]
    fn both_formats_give_the_same_frames(
        order in order(),
        packets in vec((1_000_000..1_001_000_u32, 0..1_000_000_u32, vec(any::<u8>(), 0..99)), 0..9),
    ) {
        let mut classic = Pcap::new(order, Pcap::MICROSECONDS);
        let mut next = Pcapng::new(order).interface(1, 65_535, &[]);
        for (seconds, fraction, packet) in &packets {
            classic = classic.record(*seconds, *fraction, packet);
            let ticks = u64::from(*seconds) * 1_000_000 + u64::from(*fraction);
            next = next.packet(0, ticks, packet);
        }
        let (classic, next) = (read(&classic.bytes), read(&next.bytes));
        prop_assert_eq!(classic.frames.len(), packets.len());
        prop_assert_eq!(classic.frames, next.frames);
        prop_assert_eq!(classic.summary.gaps, next.summary.gaps);
        prop_assert_eq!(classic.summary.interfaces, next.summary.interfaces);
    }

    #[test]
    fn any_bytes_after_a_classic_header_are_read_to_the_end(
        order in order(),
        magic in magic(),
        bytes in vec(any::<u8>(), 0..600),
        block_bytes in 0..400_usize,
    ) {
        let file = Pcap::new(order, magic).raw(&bytes).bytes;
        read_within(&file, &Limits { block_bytes, ..Limits::default() });
    }

    #[test]
    fn any_bytes_after_a_section_header_are_read_to_the_end(
        order in order(),
        words in vec(prop_oneof![0..12_u32, any::<u32>()], 0..100),
        block_bytes in 0..400_usize,
    ) {
        let bytes: Vec<u8> = words.into_iter().flat_map(|word| order.u32(word)).collect();
        let file = Pcapng::new(order).raw(&bytes).bytes;
        read_within(&file, &Limits { block_bytes, ..Limits::default() });
    }
}
