//! WebSocket connections that carry SIP.

use flate2::{Compress, Compression, FlushCompress, Status};
use siptriage_capture::Transport;
use siptriage_capture::lane::reason;

use crate::feed::{Feed, message};

const UPGRADE: &[u8] = b"GET /ws HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Protocol: chat, sip\r\n\r\n";
const SWITCH: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: sip\r\n\r\n";

fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let flag = if mask.is_some() { 0x80 } else { 0 };
    match u8::try_from(payload.len()) {
        Ok(short @ 0..=125) => bytes.push(flag | short),
        _ => {
            bytes.push(flag | 126);
            bytes.extend((payload.len() as u16).to_be_bytes());
        }
    }
    let mask = mask.inspect(|mask| bytes.extend(mask)).unwrap_or_default();
    bytes.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

const MASK: Option<[u8; 4]> = Some([1, 2, 3, 4]);
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
/// Set in the first frame of a compressed message (RFC 7692 6).
const RSV1: u8 = 0x40;

fn assert_messages(feed: &Feed, numbers: &[usize]) {
    let expected: Vec<Vec<u8>> = numbers.iter().map(|&number| message(number)).collect();
    assert_eq!(feed.messages(), expected);
    assert!(
        feed.given
            .iter()
            .all(|given| given.transport == Transport::Ws && !given.truncated)
    );
}

#[test]
fn after_the_handshake_every_message_is_one_of_sip() {
    let ping = frame(0x89, MASK, b"hello");
    let bytes = [
        UPGRADE.to_vec(),
        frame(TEXT, MASK, &message(1)),
        ping,
        frame(BINARY, MASK, &message(6)),
    ]
    .concat();
    for size in [1, 7, 50, 10_000] {
        let mut feed = Feed::new();
        let mut seq = 1;
        for part in bytes.chunks(size) {
            feed.data(seq, part);
            seq += part.len() as u32;
        }
        assert_messages(&feed, &[1, 6]);
        assert!(feed.lane.skipped(0).is_empty());
    }
}

#[test]
fn the_servers_side_is_not_masked() {
    let mut feed = Feed::new();
    feed.data(
        1,
        &[SWITCH.to_vec(), frame(TEXT, None, &message(2))].concat(),
    );
    assert_messages(&feed, &[2]);
}

#[test]
fn a_message_in_several_frames() {
    let whole = message(6);
    let parts = [
        UPGRADE.to_vec(),
        frame(0x01, MASK, &whole[..30]),
        frame(0x8a, MASK, &[]),
        frame(0x00, MASK, &whole[30..60]),
        frame(0x80, MASK, &whole[60..]),
    ];
    let mut feed = Feed::new();
    let mut seq = 1;
    for part in &parts {
        feed.data(seq, part);
        seq += part.len() as u32;
    }
    assert_messages(&feed, &[6]);
    assert_eq!((feed.given[0].first_frame, feed.given[0].frame), (2, 5));
}

#[test]
fn a_connection_joined_in_the_middle() {
    for mask in [None, MASK] {
        let mut feed = Feed::new();
        let bytes = frame(TEXT, mask, &message(6));
        feed.data(1, &bytes[..100]).data(101, &bytes[100..]);
        assert_messages(&feed, &[6]);
    }
}

#[test]
fn a_connection_joined_inside_a_frame_or_after_a_hole() {
    let bytes = frame(TEXT, MASK, &message(6));
    let mut feed = Feed::new();
    feed.data(1, &bytes[30..]);
    let mut seq = 1 + bytes.len() as u32 - 30;
    feed.data(seq, &bytes);
    assert_messages(&feed, &[6]);
    seq += bytes.len() as u32;
    feed.data(seq, &bytes[..50])
        .data(seq + 300, &frame(TEXT, MASK, &message(1)))
        .finish();
    assert_messages(&feed, &[6, 1]);
    assert_eq!(feed.skipped(reason::MESSAGE_LOST), 1);
}

#[test]
fn other_subprotocols_are_not_looked_into() {
    let mut feed = Feed::new();
    let chat = b"GET /ws HTTP/1.1\r\nSec-WebSocket-Protocol: chat\r\n\r\n";
    feed.data(1, chat);
    feed.data(1 + chat.len() as u32, &frame(TEXT, MASK, &[b'x'; 60]));
    assert!(feed.given.is_empty());
}

/// Messages 1, 6 and 8 as one sender compresses them (RFC 7692 7.2.1).
fn compressed() -> [Vec<u8>; 3] {
    let mut sender = Compress::new(Compression::best(), false);
    [1, 6, 8].map(|number| {
        let mut packed = Vec::with_capacity(4_096);
        let done = sender.compress_vec(&message(number), &mut packed, FlushCompress::Sync);
        assert_eq!(done.expect("memory"), Status::Ok);
        packed.truncate(packed.len() - 4);
        packed
    })
}

#[test]
fn compressed_messages_are_read_one_after_the_other() {
    let [first, second, third] = compressed();
    let (head, tail) = second.split_at(second.len() / 2);
    let bytes = [
        UPGRADE.to_vec(),
        frame(TEXT | RSV1, MASK, &first),
        frame(0x01 | RSV1, MASK, head),
        frame(0x89, MASK, b"ping"),
        frame(0x80, MASK, tail),
        frame(TEXT, MASK, &message(3)),
        frame(BINARY | RSV1, MASK, &third),
    ]
    .concat();
    let mut feed = Feed::new();
    feed.data(1, &bytes);
    assert_messages(&feed, &[1, 6, 3, 8]);
    assert!(feed.lane.skipped(0).is_empty());
}

#[test]
fn compressed_messages_behind_a_hole_are_counted() {
    let [first, second, third] = compressed();
    let lost = frame(TEXT | RSV1, MASK, &first);
    let next = UPGRADE.len() as u32 + 1;
    let mut feed = Feed::new();
    feed.data(1, UPGRADE);
    let next = next + lost.len() as u32;
    let rest = [
        frame(TEXT, MASK, &message(3)),
        frame(TEXT | RSV1, MASK, &second),
        frame(TEXT | RSV1, MASK, &third),
    ];
    feed.data(next, &rest.concat());
    feed.finish();
    assert_messages(&feed, &[3]);
    assert_eq!(feed.skipped(reason::WEBSOCKET_COMPRESSED), 2);
}

#[test]
fn compressed_and_broken_frames_are_counted() {
    let mut feed = Feed::new();
    feed.data(
        1,
        &[
            UPGRADE.to_vec(),
            frame(TEXT | RSV1, MASK, &[0x06, 0, 0]),
            vec![0xb1, 0, 0, 0],
        ]
        .concat(),
    );
    assert!(feed.given.is_empty());
    assert_eq!(feed.skipped(reason::WEBSOCKET_COMPRESSED), 1);
    assert_eq!(feed.skipped(reason::WEBSOCKET_BROKEN), 1);
}
