//! pcapng that is cut, garbled or written wrongly.

use siptriage_capture::Limits;

use crate::reader::{read, read_within};
use crate::writer::{Order, Pcapng};

#[test]
fn a_capture_cut_anywhere_in_its_last_block_is_read_up_to_it() {
    let before = Pcapng::usual().packet(0, 1, b"first");
    let whole = before.clone().packet(0, 2, b"second").bytes;
    for length in before.bytes.len() + 1..whole.len() {
        let read = read(&whole[..length]);
        assert_eq!(read.packets(), [b"first"], "{length}");
        assert!(!read.summary.complete);
        assert_eq!(read.skipped(), [("cut-in-last-record", 1, 2)]);
    }
    assert!(read(&before.bytes).summary.complete);
}

#[test]
fn a_length_that_cannot_be_costs_one_block() {
    for length in [
        0,
        8,
        11,
        13,
        40,
        44,
        1_000,
        1 << 20,
        17 << 20,
        i32::MAX as u32,
        u32::MAX,
    ] {
        for order in Order::BOTH {
            let file = Pcapng::new(order)
                .interface(1, 0, &[])
                .packet(0, 1, b"first");
            let body = file.packet_body(0, 2, 4, b"lost");
            let lost = body.len() as u64 + 12;
            let file = file
                .block_with_lengths(Pcapng::ENHANCED, length, &body, 36)
                .packet(0, 3, b"second")
                .packet(0, 4, b"third");
            let read = read(&file.bytes);
            assert_eq!(
                read.packets(),
                [&b"first"[..], b"second", b"third"],
                "{length}"
            );
            assert_eq!(read.skipped(), [("resynchronised", 1, 2)], "{length}");
            assert_eq!(read.summary.garbage_bytes, lost);
            assert!(read.summary.complete);
        }
    }
}

#[test]
fn a_wrong_trailing_length_is_forgiven_when_a_block_follows() {
    let file = Pcapng::usual();
    let body = file.packet_body(0, 1, 4, b"kept");
    let file = file.block_with_lengths(Pcapng::ENHANCED, 36, &body, 99);
    let last = read(&file.bytes);
    assert_eq!(last.packets(), [b"kept"]);
    assert_eq!(last.skipped(), [("block-trailer-mismatch", 1, 1)]);
    let followed = read(&file.packet(0, 2, b"second").bytes);
    assert_eq!(followed.packets(), [&b"kept"[..], b"second"]);
    assert_eq!(followed.skipped(), [("block-trailer-mismatch", 1, 1)]);
}

#[test]
fn a_length_that_is_no_multiple_of_four_is_taken_at_its_word() {
    let file = Pcapng::usual();
    let mut body = file.packet_body(0, 1, 5, b"first");
    body.truncate(25);
    let file = file.block(Pcapng::ENHANCED, &body).packet(0, 2, b"second");
    let read = read(&file.bytes);
    assert_eq!(read.packets(), [&b"first"[..], b"second"]);
    assert_eq!(read.skipped(), [("block-length-unaligned", 1, 1)]);
}

#[test]
fn packets_that_contradict_their_block_are_counted_and_passed() {
    let file = Pcapng::new(Order::Little)
        .packet(0, 1, b"early")
        .interface(1, 0, &[]);
    let beyond = file.packet_body(0, 1, 9, b"12345678");
    let huge = file.packet_body(0, 1, u32::MAX, b"12345678");
    let file = file
        .block(Pcapng::ENHANCED, &beyond)
        .block(Pcapng::OBSOLETE, &huge)
        .block(Pcapng::ENHANCED, &[0; 16])
        .block(3, &[])
        .simple(9, b"12345678")
        .packet(1, 1, b"nobody's")
        .packet(0, 1, b"good");
    let read = read(&file.bytes);
    assert_eq!(read.packets(), [b"good"]);
    let expected = [
        ("malformed-block", 2, 1),
        ("packet-beyond-block", 3, 1),
        ("unknown-interface", 2, 1),
    ];
    assert_eq!(read.skipped(), expected);
    assert!(read.summary.complete);
}

#[test]
fn descriptions_that_cannot_be_read_are_counted() {
    let file = Pcapng::new(Order::Little)
        .block(1, &[0; 4])
        .interface(101, 0, &[])
        .block(5, &[0; 8])
        .block(10, &[0xff; 8])
        .statistics(0, &[(4, 1)])
        .packet(0, 1, b"nobody's")
        .packet(1, 1, b"good");
    let read = read(&file.bytes);
    assert_eq!(read.packets(), [b"good"]);
    assert_eq!(read.frames[0].link, 101);
    assert_eq!(
        read.skipped(),
        [("malformed-block", 3, 1), ("unknown-interface", 2, 1)]
    );
}

#[test]
fn a_time_that_does_not_fit_is_replaced_by_the_clock() {
    let file = Pcapng::usual()
        .packet(0, 5, b"good")
        .packet(0, u64::MAX, b"wild");
    let read = read(&file.bytes);
    assert_eq!(read.times(), [5_000, 5_000]);
    assert_eq!(read.skipped(), [("time-out-of-range", 1, 2)]);
}

#[test]
fn garbage_between_blocks_is_stepped_over() {
    let garbage: [&[u8]; 4] = [
        &[0xff; 50],
        &[0; 50],
        b"INVITE sip:bob@example.com SIP/2.0",
        &[6],
    ];
    for garbage in garbage {
        let file = Pcapng::usual()
            .packet(0, 1, b"first")
            .raw(garbage)
            .packet(0, 2, b"second");
        let read = read(&file.bytes);
        assert_eq!(read.packets(), [&b"first"[..], b"second"], "{garbage:x?}");
        assert_eq!(read.skipped(), [("resynchronised", 1, 2)]);
        assert_eq!(read.summary.garbage_bytes, garbage.len() as u64);
    }
}

#[test]
fn a_section_in_the_other_byte_order_ends_garbage() {
    let file = Pcapng::usual()
        .packet(0, 1, b"first")
        .raw(&[0xff; 31])
        .section(Order::Big)
        .interface(1, 0, &[])
        .packet(0, 2, b"second");
    assert_eq!(read(&file.bytes).packets(), [&b"first"[..], b"second"]);
}

#[test]
fn a_damaged_first_section_header_is_stepped_over() {
    let mut file = Pcapng::usual().packet(0, 1, b"first").bytes;
    file[4..8].fill(0);
    let read = read(&file);
    assert_eq!(read.packets(), [b"first"]);
    assert_eq!(read.skipped(), [("resynchronised", 1, 1)]);
}

#[test]
fn garbage_at_the_end_leaves_the_capture_incomplete() {
    let read = read(
        &Pcapng::usual()
            .packet(0, 1, b"first")
            .raw(&[0; 4_096])
            .bytes,
    );
    assert_eq!(read.packets(), [b"first"]);
    assert_eq!(read.skipped(), [("garbage-at-end", 1, 2)]);
    assert!(!read.summary.complete);
}

#[test]
fn a_block_above_the_limit_is_not_read() {
    let limits = Limits {
        block_bytes: 1_000,
        ..Limits::default()
    };
    let file = Pcapng::usual()
        .block(0xbad, &[1; 988])
        .packet(0, 1, b"first")
        .block(0xbad, &[1; 992])
        .packet(0, 2, b"second");
    let read = read_within(&file.bytes, &limits);
    assert_eq!(read.packets(), [&b"first"[..], b"second"]);
    assert_eq!(read.skipped(), [("resynchronised", 1, 2)]);
    assert_eq!(read.summary.garbage_bytes, 1_004);
}
