//! pcapng as it should be: sections, interfaces, every kind of packet block.

use siptriage_capture::format::Format;
use siptriage_capture::time::{MILLISECOND, SECOND};
use siptriage_capture::{Disturbance, DisturbanceKind, Time};

use crate::reader::read;
use crate::writer::{Order, Pcap, Pcapng};

const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;
const COMMENT: u16 = 1;

#[test]
fn the_same_packets_give_the_same_frames_as_classic_pcap() {
    let packets: [(u32, u32, &[u8]); 4] = [
        (100, 1, b"first"),
        (100, 999_999, b"second!!"),
        (99, 5, b""),
        (101, 0, b"x"),
    ];
    for order in Order::BOTH {
        let mut classic = Pcap::new(order, Pcap::MICROSECONDS);
        let mut next = Pcapng::new(order).interface(1, 0, &[]);
        for (seconds, fraction, packet) in packets {
            classic = classic.record(seconds, fraction, packet);
            next = next.packet(
                0,
                u64::from(seconds) * 1_000_000 + u64::from(fraction),
                packet,
            );
        }
        let (classic, next) = (read(&classic.bytes), read(&next.bytes));
        assert_eq!(classic.frames, next.frames);
        assert_eq!(next.summary.format, Format::Pcapng);
        assert_eq!(next.summary.format.name(), "pcapng");
        assert_eq!(classic.summary.first_time, next.summary.first_time);
        assert_eq!(
            classic.summary.interfaces[0].frames,
            next.summary.interfaces[0].frames
        );
        assert!(next.summary.complete && next.summary.skipped.is_empty());
    }
}

#[test]
fn a_section_begins_with_no_interfaces_and_its_own_byte_order() {
    let file = Pcapng::new(Order::Little)
        .interface(1, 0, &[])
        .interface(113, 0, &[])
        .packet(1, 1, b"first")
        .section(Order::Big)
        .packet(0, 2, b"lost")
        .interface(101, 0, &[])
        .packet(0, 3, b"second");
    let read = read(&file.bytes);
    let seen: Vec<(u64, u32, u16)> = read
        .frames
        .iter()
        .map(|frame| (frame.number, frame.interface, frame.link))
        .collect();
    assert_eq!(seen, [(1, 1, 113), (2, 2, 101)]);
    assert_eq!(read.times(), [1_000, 3_000]);
    assert_eq!(read.skipped(), [("unknown-interface", 1, 2)]);
}

#[test]
fn interfaces_may_come_between_packets() {
    let mut file = Pcapng::new(Order::Little);
    for id in 0..300 {
        file = file
            .interface(id, 0, &[])
            .packet(u32::from(id), u64::from(id), b"x");
    }
    let read = read(&file.bytes);
    let links: Vec<u16> = read.frames.iter().map(|frame| frame.link).collect();
    assert_eq!(links, (0..300).collect::<Vec<u16>>());
    assert_eq!(read.summary.interfaces.len(), 300);
}

#[test]
fn an_interface_gives_its_resolution_and_offset() {
    for order in Order::BOTH {
        let offset = order.u64(1_000);
        let before = order.u64((-10_i64).cast_unsigned());
        let file = Pcapng::new(order)
            .interface(1, 0, &[(IF_TSRESOL, &[9])])
            .interface(1, 0, &[(IF_TSRESOL, &[3]), (IF_TSOFFSET, &offset)])
            .interface(1, 0, &[(IF_TSRESOL, &[0x80 | 20])])
            .interface(1, 0, &[(IF_TSOFFSET, &before)])
            .interface(1, 0, &[(2, b"eth0"), (IF_TSRESOL, &[0])])
            .packet(0, 1_234_567_891, b"a")
            .packet(1, 5, b"b")
            .packet(2, 3 << 19, b"c")
            .packet(3, 20_000_000, b"d")
            .packet(4, 7, b"e");
        let read = read(&file.bytes);
        let expected = [
            1_234_567_891,
            1_000 * SECOND + 5 * MILLISECOND,
            SECOND + SECOND / 2,
            10 * SECOND,
            7 * SECOND,
        ];
        assert_eq!(read.times(), expected);
        let digits: Vec<u8> = read.frames.iter().map(|frame| frame.digits).collect();
        assert_eq!(digits, [9, 3, 6, 6, 0]);
    }
}

#[test]
fn options_after_their_end_are_padding() {
    let file = Pcapng::new(Order::Little)
        .interface(1, 0, &[(0, b""), (IF_TSRESOL, &[0])])
        .packet(0, 5, b"x");
    assert_eq!(read(&file.bytes).times(), [5_000]);
}

#[test]
fn an_obsolete_packet_block_is_a_packet() {
    for order in Order::BOTH {
        let file = Pcapng::new(order)
            .interface(113, 0, &[])
            .interface(1, 0, &[])
            .obsolete(1, 5_000_000_000, b"packet");
        let read = read(&file.bytes);
        assert_eq!(read.packets(), [b"packet"]);
        assert_eq!(
            (read.times(), read.frames[0].link),
            (vec![5_000 * SECOND], 1)
        );
    }
}

#[test]
fn a_simple_packet_is_clipped_to_the_snap_length_of_the_first_interface() {
    let file = Pcapng::new(Order::Little)
        .interface(1, 5, &[])
        .interface(1, 0, &[])
        .packet(1, 7, b"timed")
        .simple(900, b"clipp")
        .simple(3, b"abc");
    let clipped = read(&file.bytes);
    assert_eq!(clipped.packets(), [&b"timed"[..], b"clipp", b"abc"]);
    assert_eq!(clipped.frames[1].original_len, 900);
    assert_eq!(clipped.times(), [7_000, 7_000, 7_000]);
    assert_eq!(clipped.skipped(), [("packet-without-time", 2, 2)]);
    let unlimited = read(&Pcapng::usual().simple(6, b"packet").bytes);
    assert_eq!(
        (unlimited.packets(), unlimited.times()),
        (vec![&b"packet"[..]], vec![0])
    );
    assert_eq!(unlimited.summary.first_time, None);
}

#[test]
fn other_blocks_are_stepped_over() {
    let mut file = Pcapng::usual();
    for kind in [4, 9, 0xbad, 0x4000_0bad, 0x8000_0001] {
        file = file.block(kind, b"whatever").packet(0, 1, b"x");
    }
    let known = read(&file.bytes);
    assert_eq!(known.packets(), [b"x"; 5]);
    assert!(known.summary.skipped.is_empty());
    let unknown = read(&file.block(0x1234, b"").packet(0, 1, b"x").bytes);
    assert_eq!(unknown.packets(), [b"x"; 6]);
    assert_eq!(unknown.skipped(), [("unknown-block", 1, 6)]);
}

#[test]
fn comments_stay_with_their_frame() {
    for order in Order::BOTH {
        let file = Pcapng::new(order)
            .interface(1, 0, &[])
            .packet(0, 1, b"x")
            .packet_with(
                0,
                2,
                b"xyz",
                &[(2, &[0; 4]), (COMMENT, b"here"), (COMMENT, b"and here")],
            )
            .packet_with(
                0,
                3,
                b"",
                &[(COMMENT, b"\xff"), (0, b""), (COMMENT, b"padding")],
            );
        let comments = read(&file.bytes).summary.comments;
        let texts: Vec<(u64, &[u8])> = comments
            .iter()
            .map(|comment| (comment.frame, &*comment.text))
            .collect();
        assert_eq!(texts, [(2, &b"here"[..]), (2, b"and here"), (3, b"\xff")]);
    }
}

#[test]
fn secrets_are_kept_without_padding() {
    for order in Order::BOTH {
        let file = Pcapng::new(order)
            .secrets(0x544c_534b, b"CLIENT_RANDOM 00 00\n.")
            .interface(1, 0, &[])
            .packet(0, 1, b"x")
            .secrets(0x5747_4b4c, b"");
        let secrets = read(&file.bytes).summary.secrets;
        let found: Vec<(u32, u64, &[u8])> = secrets
            .iter()
            .map(|secrets| (secrets.kind, secrets.frame, &*secrets.bytes))
            .collect();
        let expected = [
            (0x544c_534b, 1, &b"CLIENT_RANDOM 00 00\n."[..]),
            (0x5747_4b4c, 2, b""),
        ];
        assert_eq!(found, expected);
    }
}

#[test]
fn statistics_give_what_an_interface_received_and_dropped() {
    for order in Order::BOTH {
        let file = Pcapng::new(order)
            .interface(1, 0, &[])
            .interface(1, 0, &[])
            .statistics(1, &[(4, 10), (5, 1)])
            .statistics(1, &[(4, 100), (5, 2), (7, 3)])
            .statistics(0, &[]);
        let read = read(&file.bytes);
        let counters: Vec<(Option<u64>, Option<u64>)> = read
            .summary
            .interfaces
            .iter()
            .map(|entry| (entry.received, entry.dropped))
            .collect();
        assert_eq!(counters, [(None, None), (Some(100), Some(5))]);
    }
}

#[test]
fn drops_are_between_the_counters_that_tell_of_them() {
    let file = Pcapng::new(Order::Little)
        .interface(1, 0, &[])
        .packet(0, 1_000_000, b"")
        .packet(0, 2_000_000, b"")
        .statistics(0, &[(5, 3)])
        .packet(0, 5_000_000, b"")
        .statistics(0, &[(5, 3)])
        .packet(0, 9_000_000, b"")
        .statistics(0, &[(5, 4), (7, 1)]);
    let dropped = |packets, from: i64, until: i64| Disturbance {
        kind: DisturbanceKind::Dropped { packets },
        interface: Some(0),
        from: Time(from * SECOND),
        until: Time(until * SECOND),
        known: Time(until * SECOND),
    };
    let summary = read(&file.bytes).summary;
    assert_eq!(summary.disturbances, [dropped(3, 1, 2), dropped(2, 5, 9)]);
    let mut seen = 1;
    assert_eq!(summary.disturbances_from(&mut seen), [dropped(2, 5, 9)]);
    assert_eq!(seen, 2);
}
