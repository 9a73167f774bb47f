//! Classic pcap that is cut, garbled or written wrongly.

use siptriage_capture::Limits;
use siptriage_capture::time::SECOND;

use crate::reader::{read, read_within};
use crate::writer::{Order, Pcap};

#[test]
fn a_capture_cut_anywhere_in_its_last_record_is_read_up_to_it() {
    let whole = Pcap::usual()
        .record(1, 0, b"first")
        .record(2, 0, b"second")
        .bytes;
    for length in 46..whole.len() {
        let read = read(&whole[..length]);
        assert_eq!(read.packets(), [b"first"], "{length}");
        assert!(!read.summary.complete);
        assert_eq!(read.skipped(), [("cut-in-last-record", 1, 2)]);
    }
    assert!(read(&whole[..45]).summary.complete);
}

#[test]
fn a_record_header_in_the_other_byte_order_is_read_and_counted() {
    for order in Order::BOTH {
        let file = Pcap::new(order, Pcap::MICROSECONDS)
            .record(100, 0, b"first")
            .record_in(order.swapped(), 101, b"second")
            .record(102, 0, b"third");
        let read = read(&file.bytes);
        assert_eq!(read.packets(), [&b"first"[..], b"second", b"third"]);
        assert_eq!(read.times(), [100 * SECOND, 101 * SECOND, 102 * SECOND]);
        assert_eq!(read.skipped(), [("record-header-byte-order", 1, 2)]);
        assert!(read.summary.complete);
    }
}

#[test]
fn a_file_of_records_in_the_other_byte_order_is_read() {
    let mut file = Pcap::new(Order::Big, Pcap::MICROSECONDS);
    for second in 0..5 {
        file = file.record_in(Order::Little, 1_340_495_109 + second, &[second as u8; 600]);
    }
    let read = read(&file.bytes);
    assert_eq!(read.frames.len(), 5);
    assert_eq!(read.times()[4], 1_340_495_113 * SECOND);
    assert_eq!(read.skipped(), [("record-header-byte-order", 5, 1)]);
}

#[test]
fn odd_headers_are_believed_when_the_records_after_them_are() {
    // Captured length above the original one, as some writers swap them.
    let mut file = Pcap::usual();
    for second in 1..=5 {
        file = file.header(Order::Little, [second, 0, 6, 2]).raw(b"packet");
    }
    let captured = read(&file.bytes);
    assert_eq!(captured.packets(), [b"packet"; 5]);
    assert_eq!(captured.skipped(), [("record-header-odd", 5, 1)]);
    // A fraction of more than a second.
    let file = Pcap::usual()
        .record(1, 1_500_000, b"first")
        .record(2, 0, b"second");
    let fraction = read(&file.bytes);
    assert_eq!(fraction.times(), [2_500_000_000, 2 * SECOND]);
    assert_eq!(fraction.skipped(), [("record-header-odd", 1, 1)]);
}

#[test]
fn garbage_between_records_is_stepped_over() {
    let garbage: [&[u8]; 4] = [
        &[0xff; 50],
        &[0; 50],
        b"INVITE sip:bob@example.com SIP/2.0",
        &[1],
    ];
    for garbage in garbage {
        let file = Pcap::usual()
            .record(100, 0, b"first")
            .raw(garbage)
            .record(101, 0, b"second")
            .record(102, 0, b"third");
        let read = read(&file.bytes);
        assert_eq!(
            read.packets(),
            [&b"first"[..], b"second", b"third"],
            "{garbage:x?}"
        );
        assert_eq!(read.skipped(), [("resynchronised", 1, 2)]);
        assert_eq!(read.summary.garbage_bytes, garbage.len() as u64);
        assert!(read.summary.complete);
    }
}

#[test]
fn garbage_before_the_first_record_is_stepped_over() {
    let file = Pcap::usual()
        .raw(&[0xff; 33])
        .record(7, 0, b"first")
        .record(8, 0, b"second");
    let read = read(&file.bytes);
    assert_eq!(read.packets(), [&b"first"[..], b"second"]);
    assert_eq!(read.skipped(), [("resynchronised", 1, 1)]);
}

#[test]
fn a_last_whole_record_after_garbage_is_found() {
    let file = Pcap::usual()
        .record(100, 0, b"first")
        .raw(&[0xff; 20])
        .record(101, 0, b"second");
    let whole = read(&file.bytes);
    assert_eq!(whole.packets(), [&b"first"[..], b"second"]);
    assert!(whole.summary.complete);
    let cut = read(&file.raw(&[1, 2, 3]).bytes);
    assert_eq!(cut.packets(), [&b"first"[..], b"second"]);
    assert_eq!(
        cut.skipped(),
        [("cut-in-last-record", 1, 3), ("resynchronised", 1, 2)]
    );
}

#[test]
fn garbage_at_the_end_leaves_the_capture_incomplete() {
    let file = Pcap::usual().record(100, 0, b"first").raw(&[0; 4_096]);
    let read = read(&file.bytes);
    assert_eq!(read.packets(), [b"first"]);
    assert_eq!(read.skipped(), [("garbage-at-end", 1, 2)]);
    assert_eq!(read.summary.garbage_bytes, 4_096);
    assert!(!read.summary.complete);
}

#[test]
fn a_damaged_length_costs_one_record() {
    for length in [u32::MAX, i32::MAX as u32, 16 << 20, 300_000, 100_000] {
        let file = Pcap::usual()
            .record(100, 0, b"first")
            .header(Order::Little, [100, 0, length, length])
            .raw(b"second")
            .record(101, 0, b"third")
            .record(102, 0, b"fourth");
        let read = read(&file.bytes);
        assert_eq!(
            read.packets(),
            [&b"first"[..], b"third", b"fourth"],
            "{length}"
        );
        assert_eq!(read.skipped(), [("resynchronised", 1, 2)]);
        assert_eq!(read.summary.garbage_bytes, 22);
        assert!(read.summary.complete);
    }
}

#[test]
fn a_header_found_in_garbage_must_be_near_in_time() {
    let file = Pcap::usual()
        .record(1_000_000, 0, b"first")
        .raw(&[0xff; 20])
        .record(5_000_000, 0, b"elsewhere")
        .record(5_000_001, 0, b"elsewhere")
        .record(1_000_001, 0, b"second")
        .record(1_000_002, 0, b"third");
    assert_eq!(
        read(&file.bytes).packets(),
        [&b"first"[..], b"second", b"third"]
    );
}

#[test]
fn a_record_above_the_limit_is_not_read() {
    let limits = Limits {
        block_bytes: 1_000,
        ..Limits::default()
    };
    let file = Pcap::usual()
        .record(1, 0, &[1; 1_000])
        .record(2, 0, &[2; 1_001])
        .record(3, 0, b"third")
        .record(4, 0, b"fourth");
    let read = read_within(&file.bytes, &limits);
    assert_eq!(read.packets(), [&[1; 1_000][..], b"third", b"fourth"]);
    assert_eq!(read.skipped(), [("resynchronised", 1, 2)]);
}
