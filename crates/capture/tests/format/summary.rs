//! What the walk finds out about a capture as a whole.

use siptriage_capture::format::Gap;
use siptriage_capture::time::SECOND;
use siptriage_capture::{Disturbance, DisturbanceKind, Time};

use crate::reader::read;
use crate::writer::{Order, Pcap, Pcapng};

const YEAR: u32 = 365 * 86_400;

#[test]
fn the_span_goes_from_the_earliest_to_the_latest_time() {
    let file = Pcap::usual()
        .record(11, 0, b"")
        .record(10, 0, b"")
        .record(12, 0, b"");
    let read = read(&file.record(11, 0, b"").bytes);
    assert_eq!(read.summary.first_time, Some(Time(10 * SECOND)));
    assert_eq!(read.summary.last_time, Some(Time(12 * SECOND)));
    let clocks: Vec<i64> = read
        .frames
        .iter()
        .map(|frame| frame.clock.0 / SECOND)
        .collect();
    assert_eq!(clocks, [11, 11, 12, 12]);
}

#[test]
fn a_stray_time_moves_neither_clock_nor_span() {
    let file = Pcap::usual()
        .record(YEAR, 0, b"")
        .record(24 * YEAR, 0, b"")
        .record(YEAR + 1, 0, b"")
        .record(5, 0, b"")
        .record(YEAR + 2, 0, b"");
    let read = read(&file.bytes);
    assert_eq!(read.times()[1], i64::from(24 * YEAR) * SECOND);
    assert_eq!(
        read.summary.first_time,
        Some(Time(i64::from(YEAR) * SECOND))
    );
    assert_eq!(
        read.summary.last_time,
        Some(Time(i64::from(YEAR + 2) * SECOND))
    );
    assert!(read.summary.gaps.is_empty());
    assert_eq!(read.skipped(), [("stray-time", 2, 2)]);
}

#[test]
fn a_long_silence_is_not_a_stray_time() {
    let file = Pcap::usual().record(YEAR, 0, b"").record(2 * YEAR, 0, b"");
    let silence = Gap {
        from: Time(i64::from(YEAR) * SECOND),
        to: Time(i64::from(2 * YEAR) * SECOND),
        frame: 2,
        is_pause: false,
    };
    for file in [file.clone(), file.record(2 * YEAR + 1, 0, b"")] {
        let read = read(&file.bytes);
        assert_eq!(read.summary.gaps, [silence]);
        assert!(read.summary.skipped.is_empty());
    }
}

#[test]
fn silences_longer_than_30_seconds_are_gaps() {
    let file = Pcap::usual()
        .record(100, 0, b"")
        .record(130, 0, b"")
        .record(160, 1, b"")
        .record(150, 0, b"")
        .record(191, 0, b"");
    let gap = |from: i64, to: i64, frame| Gap {
        from: Time(from),
        to: Time(to),
        frame,
        is_pause: false,
    };
    let expected = [
        gap(130 * SECOND, 160 * SECOND + 1_000, 3),
        gap(160 * SECOND + 1_000, 191 * SECOND, 5),
    ];
    assert_eq!(read(&file.bytes).summary.gaps, expected);
}

#[test]
fn a_silence_after_long_traffic_is_a_pause() {
    // A frame every second but for one silence, then a longer one.
    let steady = |seconds: u32, first: u32, last: u32| {
        let begin = Pcap::usual().record(YEAR - first, 0, b"");
        let busy = (0..seconds).fold(begin, |file, second| file.record(YEAR + second, 0, b""));
        let end = busy.record(YEAR + seconds - 1 + last, 0, b"");
        let summary = read(&end.bytes).summary;
        summary.pauses(0).count()
    };
    assert_eq!((steady(1_000, 12, 110), steady(1_200, 12, 110)), (0, 1));
    // One that is ten times longer than any before, at a pace that is known.
    assert_eq!((steady(126, 10, 3_600), steady(127, 10, 3_600)), (0, 1));
    assert_eq!((steady(300, 12, 119), steady(300, 12, 120)), (0, 1));
    assert_eq!((steady(300, 1, 99), steady(300, 1, 101)), (0, 1));
    let sparse = (1..=40).fold(Pcap::usual(), |file, step| file.record(step * 30, 0, b""));
    let summary = read(&sparse.record(1_290, 0, b"").bytes).summary;
    assert_eq!((summary.gaps.len(), summary.pauses(0).count()), (1, 0));
}

#[test]
fn pauses_may_be_short_and_many() {
    // Hours that begin with as many seconds of a frame every 10 ms.
    let busy = |hours: u32, seconds: u32, step: u32| {
        (1..=hours).fold(Pcap::usual(), |file, hour| {
            (0..seconds * 100).fold(file, |file, frame| {
                let (second, part) = (frame / 100, frame % 100);
                file.record(hour * step + second, part * 10_000, b"")
            })
        })
    };
    let pauses = |file: Pcap| read(&file.bytes).summary.pauses(0).count();
    assert_eq!(pauses(busy(3, 5, 3_600)), 2);
    assert_eq!(pauses(busy(3, 5, 7)), 2);
    assert_eq!(pauses(busy(3, 5, 6)), 0);
    // Too few frames to know the pace by, and from then on the silence is no news.
    assert_eq!(pauses(busy(3, 1, 8)), 0);
    // What recurs again and again is how the network works.
    assert_eq!(pauses(busy(30, 5, 20)), 8);
}

#[test]
fn gaps_beyond_those_kept_are_counted() {
    let mut file = Pcap::usual();
    for minute in 0..1_030 {
        file = file.record(minute * 60, 0, b"x");
    }
    let summary = read(&file.bytes).summary;
    assert_eq!((summary.gaps.len(), summary.gaps_beyond), (1_024, 5));
}

#[test]
fn steps_backwards_are_counted_by_interface() {
    let file = Pcapng::new(Order::Little)
        .interface(1, 0, &[])
        .interface(1, 0, &[])
        .packet(0, 10_000, b"")
        .packet(1, 5_000, b"")
        .packet(0, 9_000, b"")
        .packet(0, 7_999, b"")
        .packet(1, 6_000, b"")
        .packet(0, 10_000, b"")
        .packet(0, 8_000, b"");
    let summary = read(&file.bytes).summary;
    let [first, second] = &summary.interfaces[..] else {
        panic!("two interfaces")
    };
    assert_eq!(
        (first.backward_steps, first.first_backward_frame),
        (2, Some(4))
    );
    assert_eq!(
        (second.backward_steps, second.first_backward_frame),
        (0, None)
    );
    assert_eq!((first.frames, second.frames), (5, 2));
    assert_eq!(
        (first.first, first.last),
        (Some(Time(7_999_000)), Some(Time(10_000_000)))
    );
    assert_eq!(
        (second.first, second.last),
        (Some(Time(5_000_000)), Some(Time(6_000_000)))
    );
}

#[test]
fn a_clock_that_was_set_back_is_kept_with_its_place() {
    let file = Pcap::usual()
        .record(100, 0, b"")
        .record(99, 1, b"")
        .record(101, 500_000, b"")
        .record(100, 0, b"")
        .record(24 * YEAR, 0, b"")
        .record(102, 0, b"");
    let summary = read(&file.bytes).summary;
    let set_back = Disturbance {
        kind: DisturbanceKind::SetBack {
            by: SECOND + SECOND / 2,
        },
        interface: Some(0),
        from: Time(100 * SECOND),
        until: Time(101 * SECOND + SECOND / 2),
        known: Time(101 * SECOND + SECOND / 2),
    };
    assert_eq!(summary.disturbances, [set_back]);
    assert_eq!(summary.interfaces[0].backward_steps, 3);
}

#[test]
fn disturbances_are_bounded() {
    let mut file = Pcap::usual();
    for step in 0..1_100 {
        file = file.record(10 + step, 0, b"").record(5 + step, 0, b"");
    }
    let disturbances = read(&file.bytes).summary.disturbances;
    assert_eq!(disturbances.len(), 1_024);
    let last = disturbances.last().map(|last| last.until);
    assert_eq!(last, Some(Time((10 + 1_099) * SECOND)));
}

#[test]
fn comments_beyond_those_kept_are_counted() {
    let mut file = Pcapng::usual();
    for _ in 0..4_100 {
        file = file.packet_with(0, 1, b"", &[(1, b"comment")]);
    }
    let many = read(&file.bytes);
    assert_eq!(many.summary.comments.len(), 4_096);
    assert_eq!(many.skipped(), [("comment-limit", 4, 4_097)]);
    let mut file = Pcapng::usual();
    for _ in 0..17 {
        file = file.packet_with(0, 1, b"", &[(1, &[b'c'; 65_535])]);
    }
    let large = read(&file.bytes);
    assert_eq!(large.summary.comments.len(), 16);
    assert_eq!(large.skipped(), [("comment-limit", 1, 17)]);
}

#[test]
fn secrets_beyond_those_kept_are_counted() {
    let secrets = vec![b's'; 9 << 20];
    let file = Pcapng::usual()
        .secrets(1, &secrets)
        .secrets(1, &secrets)
        .secrets(1, b"small");
    let read = read(&file.bytes);
    let lengths: Vec<usize> = read
        .summary
        .secrets
        .iter()
        .map(|secrets| secrets.bytes.len())
        .collect();
    assert_eq!(lengths, [9 << 20, 5]);
    assert_eq!(read.skipped(), [("secrets-limit", 1, 1)]);
}

#[test]
fn interfaces_beyond_those_kept_still_have_frames() {
    let mut file = Pcapng::new(Order::Little);
    for _ in 0..4_097 {
        file = file.interface(1, 0, &[]);
    }
    let read = read(&file.packet(4_096, 1, b"x").packet(4_095, 1, b"y").bytes);
    assert_eq!(read.summary.interfaces.len(), 4_096);
    assert_eq!(read.summary.interfaces[4_095].frames, 1);
    assert_eq!(read.frames[0].interface, 4_096);
}
