//! Classic pcap as it should be, in all its variants.

use siptriage_capture::format::ByteOrder;
use siptriage_capture::format::{Boundary, Format};
use siptriage_capture::time::SECOND;
use siptriage_capture::{Limits, Time};

use crate::reader::{Seen, read};
use crate::writer::{Order, Pcap};

#[test]
fn every_variant_yields_the_same_frames() {
    let variants = [
        (Pcap::MICROSECONDS, 6, 1_000),
        (Pcap::NANOSECONDS, 9, 1),
        (Pcap::MODIFIED, 6, 1_000),
        (Pcap::IXIA_HARDWARE, 9, 1),
        (Pcap::IXIA_SOFTWARE, 6, 1_000),
    ];
    for (magic, digits, unit) in variants {
        for order in Order::BOTH {
            let file = Pcap::new(order, magic)
                .record(100, 7, b"first")
                .record(101, 8, b"second");
            let read = read(&file.bytes);
            let seen = |number: u64, bytes: &[u8]| {
                let time = Time((99 + number as i64) * SECOND + (6 + number as i64) * unit);
                let original_len = bytes.len() as u32;
                let bytes = bytes.to_vec();
                Seen {
                    number,
                    time,
                    digits,
                    interface: 0,
                    link: 1,
                    bytes,
                    original_len,
                    clock: time,
                }
            };
            assert_eq!(
                read.frames,
                [seen(1, b"first"), seen(2, b"second")],
                "{order:?} {magic:x}"
            );
            assert!(read.summary.complete);
            assert!(read.summary.skipped.is_empty());
        }
    }
}

#[test]
fn seconds_beyond_2038_are_not_negative() {
    let file = Pcap::usual().record(u32::MAX, 999_999, b"x");
    assert_eq!(
        read(&file.bytes).times(),
        [i64::from(u32::MAX) * SECOND + 999_999_000]
    );
}

#[test]
fn a_frame_cut_by_the_snap_length_keeps_its_original_length() {
    let file = Pcap::usual()
        .header(Order::Little, [1, 0, 3, 1_500])
        .raw(b"cut");
    let read = read(&file.bytes);
    assert_eq!(read.packets(), [b"cut"]);
    assert_eq!(read.frames[0].original_len, 1_500);
    assert!(read.summary.skipped.is_empty());
}

#[test]
fn flags_in_the_link_type_field_are_masked() {
    for network in [1, 0x5000_0001, 0x5800_0001, 0x0400_0001] {
        let file = Pcap::with_header(Order::Big, Pcap::MICROSECONDS, 65_535, network);
        assert_eq!(
            read(&file.record(1, 0, b"x").bytes).frames[0].link,
            1,
            "{network:x}"
        );
    }
}

#[test]
fn the_version_is_not_asked_for() {
    let mut file = Pcap::usual().record(1, 0, b"x").bytes;
    file[4..8].copy_from_slice(&[9, 0, 77, 0]);
    assert_eq!(read(&file).packets(), [b"x"]);
}

#[test]
fn any_snap_length_is_taken() {
    for snap_len in [0, 1, 262_144, i32::MAX as u32, u32::MAX] {
        let file = Pcap::with_header(Order::Little, Pcap::MICROSECONDS, snap_len, 1);
        let read = read(&file.record(1, 0, &[7; 70_000]).bytes);
        assert_eq!(read.packets(), [[7; 70_000]], "{snap_len}");
    }
}

#[test]
fn a_capture_without_records_is_complete() {
    let read = read(&Pcap::usual().bytes);
    assert!(read.frames.is_empty() && read.summary.complete);
    assert_eq!(
        (read.summary.first_time, read.summary.last_time),
        (None, None)
    );
}

#[test]
fn an_empty_packet_is_a_frame() {
    let file = Pcap::usual().record(1, 0, b"").record(1, 1, b"x");
    assert_eq!(read(&file.bytes).packets(), [&b""[..], b"x"]);
}

#[test]
fn the_section_tells_format_and_byte_order() {
    let file = Pcap::new(Order::Big, Pcap::MICROSECONDS)
        .record(1, 0, b"x")
        .bytes;
    let mut boundary = Boundary::open(&file, &Limits::default()).expect("a capture");
    assert_eq!(boundary.next_offset(), 24);
    let mut chunks = Vec::new();
    boundary.walk(&file, 0, u64::MAX, &mut chunks);
    assert_eq!(boundary.summary().format, Format::Pcap);
    assert_eq!(boundary.summary().format.name(), "pcap");
    assert_eq!(chunks[0].section.byte_order(), ByteOrder::Big);
    assert_eq!(chunks[0].range, 24..41);
}

#[test]
fn a_record_is_walked_when_it_starts_before_the_limit() {
    let file = Pcap::usual()
        .record(1, 0, b"first")
        .record(2, 0, b"second")
        .bytes;
    let mut boundary = Boundary::open(&file, &Limits::default()).expect("a capture");
    let mut chunks = Vec::new();
    boundary.walk(&file, 0, 25, &mut chunks);
    assert_eq!((boundary.next_offset(), boundary.summary().frames), (45, 1));
    boundary.walk(&file, 0, 45, &mut chunks);
    assert_eq!((boundary.next_offset(), boundary.summary().frames), (45, 1));
    boundary.walk(&file, 0, 46, &mut chunks);
    assert_eq!((boundary.next_offset(), boundary.summary().frames), (67, 2));
}
