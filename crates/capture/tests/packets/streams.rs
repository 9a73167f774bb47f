//! TCP streams: messages cut, found again, lost, and streams that are none of ours.

use siptriage_capture::decode::Segment;
use siptriage_capture::lane::{EncryptedPort, reason};
use siptriage_capture::time::{MILLISECOND, SECOND};
use siptriage_capture::{Disturbance, DisturbanceKind, Limits, Time, Transport};

use crate::feed::{ACK, FIN, Feed, Given, SYN, message};
use crate::wire::{ALICE, BOB, join};

fn whole(frame: u64, first_frame: u64, number: usize) -> Given {
    let bytes = message(number);
    Given {
        frame,
        first_frame,
        bytes,
        truncated: false,
        transport: Transport::Tcp,
    }
}

#[test]
fn several_messages_in_a_segment_and_one_over_several() {
    let two = [message(1), b"\r\n\r\n".to_vec(), message(2)].concat();
    let mut feed = Feed::new();
    feed.data(100, &two);
    assert_eq!(feed.given, [whole(1, 1, 1), whole(1, 1, 2)]);
    let at = 100 + two.len() as u32;
    let third = [message(3), message(4)].concat();
    feed.data(at, &third[..30]);
    feed.data(at + 30, &third[30..60]);
    feed.data(at + 60, &third[60..]);
    assert_eq!(feed.given[2..], [whole(4, 2, 3), whole(4, 4, 4)]);
}

#[test]
fn sequence_numbers_wrap() {
    let mut feed = Feed::new();
    let bytes = message(3);
    feed.segment(u32::MAX - 10, SYN, &[]);
    feed.data(u32::MAX - 9, &bytes[..20]).data(10, &bytes[20..]);
    assert_eq!(feed.given, [whole(3, 2, 3)]);
}

#[test]
fn retransmissions_and_probes_add_nothing() {
    let bytes = message(4);
    let mut feed = Feed::new();
    feed.data(100, &bytes[..40])
        .data(100, &bytes[..40])
        .data(120, &bytes[20..]);
    let end = 100 + bytes.len() as u32;
    feed.data(end - 1, b"x")
        .data(end - 1, &[])
        .data(110, &bytes[10..]);
    assert_eq!(feed.given, [whole(3, 1, 4)]);
    assert_eq!(feed.lane.statistics().segments_repeated, 2);
    assert!(feed.lane.skipped(0).is_empty());
}

#[test]
fn the_packet_that_fills_the_gap_completes_the_message() {
    let bytes = [message(5), message(6)].concat();
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]);
    feed.data(150, &bytes[50..]).data(100, &bytes[..50]);
    assert_eq!(feed.given, [whole(3, 2, 5), whole(3, 2, 6)]);
    assert_eq!(feed.lane.statistics().segments_out_of_order, 1);
}

#[test]
fn of_contradicting_segments_the_first_wins() {
    let bytes = message(5);
    let mut wrong = bytes.clone();
    wrong[70..].fill(b'X');
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]);
    feed.data(160, &bytes[60..]).data(100, &wrong);
    assert_eq!(feed.given, [whole(3, 2, 5)]);
    assert_eq!(feed.skipped(reason::SEGMENTS_CONFLICTING), 1);
    let mut feed = Feed::new();
    feed.data(100, &bytes[..50])
        .data(100, &[b'X'; 50])
        .data(150, &bytes[50..]);
    assert_eq!(feed.given, [whole(3, 1, 5)]);
    assert_eq!(feed.skipped(reason::SEGMENTS_CONFLICTING), 1);
}

#[test]
fn a_repetition_is_compared_with_what_was_given_out() {
    let bytes = message(5);
    let mut wrong = bytes.clone();
    wrong[70..].fill(b'X');
    let mut feed = Feed::new();
    feed.data(100, &bytes).data(100, &bytes);
    assert!(feed.lane.skipped(0).is_empty());
    let end = 100 + bytes.len() as u32;
    feed.data(end - 1, b"?").data(100, &wrong);
    assert_eq!(feed.given, [whole(1, 1, 5)]);
    assert_eq!(feed.skipped(reason::SEGMENTS_CONFLICTING), 1);
}

#[test]
fn a_stream_joined_in_the_middle_begins_at_a_start_line() {
    let mut feed = Feed::new();
    let rest = [b"Content-Length: 0\r\n\r\n".to_vec(), message(1)].concat();
    feed.data(100, &rest);
    assert_eq!(feed.given, [whole(1, 1, 1)]);
    let mut feed = Feed::new();
    let line = [b"tail of a body\r\n".to_vec(), message(1)].concat();
    feed.data(100, &line[..20]).data(120, &line[20..]);
    assert_eq!(feed.given, [whole(2, 1, 1)]);
    let mut feed = Feed::new();
    feed.data(100, b"<body without a line end/>")
        .data(126, &message(1));
    assert_eq!(feed.given, [whole(2, 2, 1)]);
}

/// Frame 3 is never captured: a hole inside the body of message 6, whose length is known.
fn with_a_hole() -> Feed {
    let bytes = [message(6), message(1)].concat();
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]);
    feed.data(100, &bytes[..80]).data(200 - 10, &bytes[90..]);
    feed
}

#[test]
fn a_hole_is_declared_when_it_is_old() {
    let mut feed = with_a_hole();
    feed.time = feed.time.plus(SECOND);
    feed.ports(9, 10).data(1, b"x");
    assert!(feed.given.is_empty());
    feed.time = feed.time.plus(SECOND);
    feed.data(2, b"x");
    let cut = Given {
        bytes: message(6)[..80].to_vec(),
        truncated: true,
        ..whole(2, 2, 6)
    };
    assert_eq!(feed.given, [cut, whole(3, 3, 1)]);
    assert_eq!(feed.skipped(reason::STREAM_HOLE), 1);
    let holes: Vec<Disturbance> = feed.lane.drain_disturbances().collect();
    let hole = Disturbance {
        kind: DisturbanceKind::Hole {
            src: ALICE.into(),
            dst: BOB.into(),
        },
        interface: None,
        from: Time(3 * MILLISECOND).plus(-2 * SECOND),
        until: Time(3 * MILLISECOND),
        known: feed.time,
    };
    assert_eq!(holes, [hole]);
    assert_eq!(feed.lane.drain_disturbances().count(), 0);
}

#[test]
fn what_is_left_of_a_message_behind_a_hole_is_passed_over() {
    let inner = String::from_utf8_lossy(&message(1)).into_owned();
    let body = format!("{}{inner}", "-".repeat(40));
    let head = format!(
        "OPTIONS sip:a@example.com SIP/2.0\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let bytes = [format!("{head}{body}").into_bytes(), message(2)].concat();
    let cut = head.len() + 10;
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]).data(100, &bytes[..cut]);
    feed.data(100 + cut as u32 + 20, &bytes[cut + 20..])
        .finish();
    assert_eq!(feed.messages(), [bytes[..cut].to_vec(), message(2)]);
}

#[test]
fn a_hole_that_the_receiver_does_not_have_is_declared_soon() {
    let mut feed = with_a_hole();
    feed.acknowledge(185);
    feed.time = feed.time.plus(200 * MILLISECOND);
    feed.acknowledge(185);
    assert!(feed.given.is_empty(), "the receiver still waits for it");
    feed.acknowledge(191);
    feed.time = feed.time.plus(200 * MILLISECOND);
    feed.acknowledge(191);
    assert_eq!(feed.given.len(), 2);
}

#[test]
fn a_late_segment_fills_what_is_not_yet_a_hole() {
    let mut feed = with_a_hole();
    feed.acknowledge(191);
    feed.data(180, &message(6)[80..90]);
    assert_eq!(feed.given, [whole(5, 2, 6), whole(5, 3, 1)]);
    assert!(feed.lane.skipped(0).is_empty());
}

#[test]
fn a_hole_in_the_headers_loses_the_message() {
    let bytes = [message(6), message(1)].concat();
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]);
    feed.data(100, &bytes[..30])
        .data(140, &bytes[40..])
        .finish();
    assert_eq!(feed.given, [whole(3, 3, 1)]);
    assert_eq!(feed.skipped(reason::MESSAGE_LOST), 1);
}

#[test]
fn a_segment_cut_by_the_snap_length_is_a_hole_at_once() {
    let bytes = message(6);
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]).cutting(20).data(100, &bytes);
    let cut = Given {
        bytes: bytes[..bytes.len() - 20].to_vec(),
        truncated: true,
        ..whole(2, 2, 6)
    };
    assert_eq!(feed.given, [cut]);
    feed.data(100 + bytes.len() as u32, &message(1));
    assert_eq!(feed.given[1..], [whole(3, 3, 1)]);
}

#[test]
fn the_end_of_the_connection_and_of_the_capture() {
    let bytes = message(6);
    let begun = |truncated| {
        let bytes = bytes[..90].to_vec();
        Given {
            bytes,
            truncated,
            ..whole(1, 1, 6)
        }
    };
    let mut feed = Feed::new();
    feed.data(100, &bytes[..90]).segment(190, FIN | ACK, &[]);
    assert_eq!(feed.given, [begun(false)], "the sender's doing");
    let mut feed = Feed::new();
    feed.data(100, &bytes[..90]).segment(190, Segment::RST, &[]);
    assert_eq!(feed.given, [begun(false)], "the sender's doing");
    let mut feed = Feed::new();
    feed.data(100, &bytes[..90]).finish();
    assert_eq!(feed.given, [begun(true)], "the capture's end");
    let mut feed = Feed::new();
    feed.data(100, &bytes[..40]).finish();
    assert!(feed.given.is_empty());
    assert_eq!(feed.skipped(reason::MESSAGE_UNFINISHED), 1);
}

#[test]
fn a_syn_captured_late_does_not_begin_another_connection() {
    let bytes = message(6);
    let mut feed = Feed::new();
    feed.data(100, &bytes[..50])
        .segment(99, SYN, &[])
        .data(150, &bytes[50..]);
    assert_eq!(feed.given, [whole(3, 1, 6)]);
    feed.segment(99, SYN, &[]).data(100, &bytes);
    assert_eq!(feed.given.len(), 1, "a repeated one neither");
}

#[test]
fn the_end_is_seen_behind_a_hole_too() {
    let bytes = message(6);
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]);
    feed.data(110, &bytes[..90]).segment(200, FIN | ACK, &[]);
    feed.time = feed.time.plus(3 * SECOND);
    feed.ports(9, 10).data(1, b"x");
    assert_eq!(
        feed.given,
        [Given {
            bytes: bytes[..90].to_vec(),
            ..whole(2, 2, 6)
        }]
    );
}

#[test]
fn ports_are_used_again() {
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[]).data(100, &message(1)[..20]);
    feed.segment(50, SYN, &[])
        .segment(50, SYN, &[])
        .data(51, &message(2));
    assert_eq!(feed.given, [whole(5, 5, 2)]);
    feed.data(0x8000_0000, &message(3));
    assert_eq!(feed.given[1..], [whole(6, 6, 3)]);
}

#[test]
fn what_follows_the_end_is_not_given_twice() {
    let bytes = message(1);
    let end = 100 + bytes.len() as u32;
    let mut feed = Feed::new();
    feed.data(100, &bytes)
        .segment(end, FIN | ACK, &[])
        .data(100, &bytes);
    feed.segment(end, FIN | ACK, &[]);
    assert_eq!(feed.given, [whole(1, 1, 1)]);
}

#[test]
fn a_message_longer_than_the_limit_is_passed_over() {
    let limits = Limits {
        stream_bytes: 1_000,
        ..Limits::default()
    };
    let mut feed = Feed::with(&limits);
    let body = vec![b'b'; 3_000];
    let head = b"OPTIONS sip:long@example.com SIP/2.0\r\nContent-Length: 3000\r\n\r\n".to_vec();
    let bytes = [head, body, message(1)].concat();
    let mut seq = 100;
    for part in bytes.chunks(400) {
        feed.data(seq, part);
        seq += part.len() as u32;
    }
    assert_eq!(feed.given.len(), 2);
    assert!(feed.given[0].truncated);
    assert_eq!(feed.given[1].bytes, message(1));
    assert_eq!(feed.skipped(reason::MESSAGE_TOO_LONG), 1);
}

#[test]
fn a_gap_does_not_hold_more_than_the_limit() {
    let limits = Limits {
        stream_bytes: 4_000,
        ..Limits::default()
    };
    let mut feed = Feed::with(&limits);
    feed.segment(99, SYN, &[]);
    let mut seq = 110;
    for number in 0..60 {
        let bytes = message(number);
        feed.data(seq, &bytes);
        seq += bytes.len() as u32;
    }
    assert_eq!(feed.given.len(), 60);
    assert_eq!(feed.skipped(reason::STREAM_HOLE), 1);
}

#[test]
fn the_number_of_streams_is_bounded() {
    let limits = Limits {
        streams: 8,
        ..Limits::default()
    };
    let mut feed = Feed::with(&limits);
    for port in 1..100 {
        feed.ports(port, 5060).data(100, &message(1)[..20]);
    }
    assert_eq!(feed.lane.statistics().streams_most, 8);
    assert_eq!(feed.skipped(reason::STREAM_EVICTED), 91);
    feed.ports(99, 5060).data(120, &message(1)[20..]);
    assert_eq!(feed.given.len(), 1);
}

#[test]
fn a_silent_stream_is_forgotten() {
    let mut feed = Feed::new();
    feed.data(100, &message(6)[..90]);
    feed.time = Time(601 * SECOND);
    feed.ports(1, 2).data(1, b"x");
    assert_eq!(feed.given.len(), 1);
    assert!(feed.given[0].truncated);
}

#[test]
fn encrypted_streams_are_counted_by_server_port() {
    let mut feed = Feed::new();
    let hello = join(&[&[22, 3, 1, 0, 60, 1, 0, 0, 56, 3, 3], &[7; 54]]);
    feed.ports(40_000, 5061)
        .data(100, &hello)
        .data(165, &[7; 40]);
    feed.ports(40_002, 5061).data(100, &hello);
    feed.ports(5061, 40_002)
        .data(100, &[22, 3, 3, 0, 60, 2, 0, 0, 56, 3, 3]);
    feed.ports(443, 50_000)
        .data(100, &[23, 3, 3, 0, 40, 1, 2, 3]);
    let found: Vec<EncryptedPort> = feed.lane.encrypted(0).collect();
    let expected = [
        EncryptedPort {
            port: 443,
            connections: 1,
            first_frame: 5,
        },
        EncryptedPort {
            port: 5061,
            connections: 2,
            first_frame: 1,
        },
    ];
    assert_eq!(found, expected);
}
