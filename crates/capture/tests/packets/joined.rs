//! Streams joined in the middle, streams of something else, and how the two are told apart.

use siptriage_capture::lane::reason;

use crate::feed::{ACK, FIN, Feed, SYN, message};

/// The end of a body of text that began before the capture did, in segments of 1,000 bytes.
/// Returns the number of the byte after it.
fn feed_text(feed: &mut Feed, bytes: u32) -> u32 {
    for seq in (100..100 + bytes).step_by(1_000) {
        feed.data(seq, &[b'x'; 1_000]);
    }
    100 + bytes
}

#[test]
fn other_protocols_are_let_go() {
    let mut feed = Feed::new();
    let mut seq = 100;
    for _ in 0..20 {
        feed.data(seq, &[0x80; 1_000]);
        seq += 1_000;
    }
    let inside = [vec![0x80; 3], message(1)].concat();
    let headless = &message(1)[..30];
    feed.data(seq, &inside);
    seq += inside.len() as u32;
    feed.data(seq, headless);
    assert_eq!(feed.lane.statistics().streams_let_go, 1);
    assert!(feed.lane.statistics().stream_bytes_most < 2_000);
    feed.segment(0x7000_0000, SYN, &[])
        .data(0x7000_0001, &message(1));
    assert_eq!(
        feed.messages(),
        [message(1)],
        "a new connection is looked at again"
    );
    assert_eq!(feed.skipped(reason::STREAM_NOT_SIP), 1);
}

#[test]
fn a_direction_joined_in_a_large_message_comes_back_where_a_segment_begins_one() {
    let mut feed = Feed::new();
    let seq = feed_text(&mut feed, 30_000);
    assert_eq!(feed.lane.statistics().streams_let_go, 1);
    let next = seq + message(1).len() as u32;
    feed.data(seq, &message(1)).data(next, &message(2));
    assert_eq!(feed.messages(), [message(1), message(2)]);
}

#[test]
fn what_comes_before_the_first_segment_is_counted_where_the_stream_is_sip() {
    let before = message(1);
    let start = 1_000 - before.len() as u32;
    let mut feed = Feed::new();
    feed.data(1_000, &message(2)).data(999, b"x");
    assert_eq!(
        feed.skipped(reason::SEGMENT_BEFORE_FIRST),
        0,
        "a keep-alive probe"
    );
    feed.data(start, &before).data(start, &before);
    assert_eq!(feed.messages(), [message(2)]);
    assert_eq!(feed.skipped(reason::SEGMENT_BEFORE_FIRST), 1, "and once");

    let mut feed = Feed::new();
    feed.segment(start - 1, SYN, &[])
        .data(1_000, &message(2))
        .data(start, &before);
    assert_eq!(feed.messages(), [message(1), message(2)]);
    assert_eq!(feed.skipped(reason::SEGMENT_BEFORE_FIRST), 0);
}

#[test]
fn so_it_does_behind_a_gap() {
    let mut feed = Feed::new();
    let seq = feed_text(&mut feed, 30_000);
    feed.data(seq + 500, &message(1));
    assert_eq!(feed.messages(), [message(1)]);
}

#[test]
fn a_direction_is_taken_back_when_the_other_is_sip() {
    let mut feed = Feed::new();
    feed.reply(100, 0, &[b'x'; 5_000]);
    let inside = [b"x\r\n".to_vec(), message(1)].concat();
    feed.reply(5_100, 0, &inside);
    assert!(
        feed.given.is_empty(),
        "the middle of a large body looked like another protocol"
    );
    let end = 5_100 + inside.len() as u32;
    feed.data(500, &message(2)).reply(end, 0, &message(3));
    assert_eq!(feed.messages(), [message(2), message(3)]);
}

#[test]
fn a_direction_is_searched_for_longer_when_the_other_is_sip() {
    let mut feed = Feed::new();
    feed.reply(500, 0, &message(2));
    let seq = feed_text(&mut feed, 30_000);
    let inside = [b"x\r\n".to_vec(), message(1)].concat();
    feed.data(seq, &inside);
    assert_eq!(feed.messages(), [message(2), message(1)]);
    assert!(feed.lane.skipped(0).is_empty());
}

#[test]
fn a_short_stream_of_something_else_is_counted() {
    let mut feed = Feed::new();
    feed.data(100, b"GET / HTTP/1.1\r\n")
        .data(116, b"\r\n")
        .finish();
    assert_eq!(feed.skipped(reason::STREAM_WITHOUT_SIP), 1);
    let mut feed = Feed::new();
    feed.data(100, b"\r\n\r\n").data(104, b"x").finish();
    assert!(feed.lane.skipped(0).is_empty(), "keep-alives are nothing");
}

#[test]
fn what_was_sent_last_and_not_captured_is_a_hole() {
    let (first, lost) = (message(1), message(2));
    let end = 100 + (first.len() + lost.len()) as u32;
    for closing in [FIN | ACK, ACK] {
        let mut feed = Feed::new();
        feed.data(100, &first).segment(end, closing, &[]).finish();
        assert_eq!(feed.messages(), std::slice::from_ref(&first));
        assert_eq!(feed.skipped(reason::STREAM_HOLE), 1, "{closing:#x}");
        assert_eq!(feed.lane.drain_disturbances().count(), 1);
    }
    let end = 100 + first.len() as u32;
    let mut feed = Feed::new();
    feed.data(100, &first).segment(end, FIN | ACK, &[]);
    feed.segment(end + 1, ACK, &[]).finish();
    assert!(feed.lane.skipped(0).is_empty(), "a FIN takes a number");
}

#[test]
fn a_capture_of_flags_only_has_no_holes() {
    let mut feed = Feed::new();
    feed.segment(99, SYN, &[])
        .segment(5_000, FIN | ACK, &[])
        .finish();
    assert!(feed.lane.skipped(0).is_empty());
}
