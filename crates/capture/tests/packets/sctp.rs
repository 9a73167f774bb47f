//! SCTP user messages.

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::lane::{Lane, reason};
use siptriage_capture::{Frame, Limits, Time, Transport};

use crate::feed::{framer, message};
use crate::wire::*;

const WHOLE: u8 = 3;
const BEGIN: u8 = 2;
const MIDDLE: u8 = 0;
const END: u8 = 1;

fn data(tsn: u32, flags: u8, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() + 16) as u16;
    let padding = vec![0; bytes.len().next_multiple_of(4) - bytes.len()];
    let head = join(&[&[0, flags], &length.to_be_bytes(), &tsn.to_be_bytes()]);
    join(&[&head, &[0, 1, 0, 2, 0, 0, 0, 0], bytes, &padding])
}

fn packet(chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = [0x13, 0xc4, 0x13, 0xc6, 0, 0, 0, 5, 0, 0, 0, 0];
    ipv4(132, &join(&[&header, &chunks.concat()]))
}

/// Frame, first frame and bytes of what the packets hold, and the lane after its end.
fn feed(packets: &[Vec<u8>]) -> (Vec<(u64, u64, Vec<u8>)>, Lane) {
    let mut lane = Lane::new(&Limits::default(), framer);
    let mut given = Vec::new();
    for (number, packet) in (1..).zip(packets) {
        let frame = Frame {
            file: 0,
            number,
            ..frame(RAW, packet)
        };
        let Decoded::Chunks(chunks) = Decoder::new(&Limits::default()).decode(&frame) else {
            panic!("no chunks")
        };
        lane.chunks(&chunks, Time(0), &mut |payload| {
            assert_eq!(payload.flow.transport, Transport::Sctp);
            assert_ends(payload.flow);
            given.push((
                payload.frame.number(),
                payload.first_frame.number(),
                payload.bytes.to_vec(),
            ));
        });
    }
    lane.finish(&mut |_| {});
    (given, lane)
}

#[test]
fn every_chunk_of_a_packet_is_a_message() {
    let acknowledgment = vec![3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0];
    let both = [
        data(1, WHOLE, &message(1)),
        acknowledgment,
        data(2, WHOLE, &message(2)),
    ];
    let (given, _) = feed(&[packet(&both)]);
    assert_eq!(given, [(1, 1, message(1)), (1, 1, message(2))]);
}

#[test]
fn a_repeated_chunk_is_given_once() {
    let late = data(u32::MAX, WHOLE, &message(1));
    let packets = [
        packet(&[data(0, WHOLE, &message(2))]),
        packet(std::slice::from_ref(&late)),
        packet(&[
            late,
            data(0, WHOLE, &message(2)),
            data(1, WHOLE, &message(3)),
        ]),
    ];
    let (given, lane) = feed(&packets);
    assert_eq!(
        given,
        [(1, 1, message(2)), (2, 2, message(1)), (3, 3, message(3))]
    );
    assert_eq!(lane.statistics().segments_repeated, 2);
}

#[test]
fn fragments_in_any_order() {
    let whole = message(6);
    let parts = [
        packet(&[data(7, BEGIN, &whole[..40])]),
        packet(&[data(8, MIDDLE, &whole[40..60])]),
        packet(&[data(9, END, &whole[60..])]),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        let (given, lane) = feed(&order.map(|index| parts[index].clone()));
        assert_eq!(given, [(3, 1, whole.clone())], "{order:?}");
        assert!(lane.skipped(0).is_empty());
    }
    let (given, lane) = feed(&[parts[0].clone(), parts[2].clone()]);
    assert!(given.is_empty());
    assert_eq!(lane.skipped(0).get(reason::MESSAGE_UNFINISHED), 1);
}

#[test]
fn in_udp() {
    let inner = packet(&[data(1, WHOLE, &message(1))]);
    let bytes = ipv4(UDP, &udp(9899, 9899, &inner[20..]));
    let Decoded::Chunks(mut chunks) = decode(RAW, &bytes) else {
        panic!("no chunks")
    };
    assert_ends(chunks.flow);
    assert_eq!(
        chunks.next().map(|chunk| chunk.bytes.to_vec()),
        Some(message(1))
    );
    assert_eq!(chunks.next(), None);
}

/// A chunk of RFC 8260: fragment `number` of message `identifier`.
fn interleaved(tsn: u32, flags: u8, identifier: u8, number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() + 20) as u16;
    let padding = vec![0; bytes.len().next_multiple_of(4) - bytes.len()];
    let head = join(&[&[64, flags], &length.to_be_bytes(), &tsn.to_be_bytes()]);
    let place = [0, 1, 0, 0, 0, 0, 0, identifier, 0, 0, 0, number];
    join(&[&head, &place, bytes, &padding])
}

#[test]
fn messages_that_interleave_are_told_apart() {
    let (one, two) = (message(4), message(5));
    // The first fragment has no number: it says what the payload is.
    let (given, lane) = feed(&[
        packet(&[interleaved(1, BEGIN, 7, 9, &one[..30])]),
        packet(&[interleaved(2, BEGIN, 8, 9, &two[..30])]),
        packet(&[interleaved(3, END, 8, 1, &two[30..])]),
        packet(&[interleaved(4, MIDDLE, 7, 1, &one[30..40])]),
        packet(&[interleaved(5, END, 7, 2, &one[40..])]),
    ]);
    assert_eq!(given, [(3, 2, two), (5, 1, one)]);
    assert!(lane.skipped(0).is_empty());
}
