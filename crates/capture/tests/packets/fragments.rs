//! IP datagrams in fragments.

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::lane::{Lane, reason};
use siptriage_capture::time::SECOND;
use siptriage_capture::{Disturbance, Frame, Limits, Time};

use crate::feed::framer;
use crate::wire::*;

/// What a lane gave out: frame, first frame, bytes.
type Given = Vec<(u64, u64, Vec<u8>)>;

struct Feed {
    lane: Lane,
    number: u64,
    time: Time,
    given: Given,
}

impl Feed {
    fn new(limits: &Limits) -> Feed {
        Feed {
            lane: Lane::new(limits, framer),
            number: 0,
            time: Time(0),
            given: Vec::new(),
        }
    }

    fn push(&mut self, packet: &[u8]) -> &mut Feed {
        self.number += 1;
        let frame = Frame {
            file: 0,
            number: self.number,
            time: self.time,
            ..frame(RAW, packet)
        };
        let Decoded::Fragment(fragment) = Decoder::new(&Limits::default()).decode(&frame) else {
            panic!("no fragment")
        };
        let given = &mut self.given;
        self.lane.fragment(&fragment, self.time, &mut |payload| {
            given.push((
                payload.frame.number(),
                payload.first_frame.number(),
                payload.bytes.to_vec(),
            ));
        });
        self
    }

    fn skipped(&self, reason: &str) -> u64 {
        self.lane.skipped(0).get(reason)
    }
}

fn feed(packets: &[&[u8]]) -> Feed {
    let mut feed = Feed::new(&Limits::default());
    for packet in packets {
        feed.push(packet);
    }
    feed
}

/// The IPv4 fragment that holds `range` of the datagram; `range` ends early or at its end.
fn fragment4(datagram: &[u8], from: usize, to: usize) -> Vec<u8> {
    let mut packet = ipv4(UDP, &datagram[from..to.min(datagram.len())]);
    let more = if to < datagram.len() { 0x2000 } else { 0 };
    let field = (from / 8) as u16 | more;
    packet[6..8].copy_from_slice(&field.to_be_bytes());
    checksum(&mut packet[..20]);
    packet
}

fn fragment6(datagram: &[u8], from: usize, to: usize) -> Vec<u8> {
    let more = u16::from(to < datagram.len());
    let field = (from as u16 | more).to_be_bytes();
    let header = join(&[&[UDP, 0], &field, &[0, 0, 0, 9]]);
    ipv6(
        44,
        &join(&[&header, &datagram[from..to.min(datagram.len())]]),
    )
}

fn thirds4(datagram: &[u8]) -> [Vec<u8>; 3] {
    [
        fragment4(datagram, 0, 24),
        fragment4(datagram, 24, 48),
        fragment4(datagram, 48, 999),
    ]
}

#[test]
fn any_order_gives_the_datagram() {
    let datagram = udp_message();
    let six = [
        fragment6(&datagram, 0, 24),
        fragment6(&datagram, 24, 48),
        fragment6(&datagram, 48, 999),
    ];
    for parts in [thirds4(&datagram), six] {
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            let feed = feed(&order.map(|index| &parts[index][..]));
            assert_eq!(feed.given, [(3, 1, MESSAGE.to_vec())], "{order:?}");
            assert!(feed.lane.skipped(0).is_empty());
        }
    }
}

#[test]
fn a_mirror_port_that_doubles_every_frame_is_harmless() {
    let [first, second, third] = thirds4(&udp_message());
    let mut feed = feed(&[&first, &first, &second, &second, &third, &third]);
    assert_eq!(feed.given, [(5, 1, MESSAGE.to_vec())]);
    feed.lane.finish(&mut |_| {});
    assert!(feed.lane.skipped(0).is_empty());
}

#[test]
fn of_overlapping_fragments_the_first_wins() {
    let datagram = udp_message();
    let mut other = datagram.clone();
    other[24..48].fill(b'X');
    let overlapping = fragment4(&other, 16, 999);
    let [first, second, _] = thirds4(&datagram);
    let feed = feed(&[&first, &second, &overlapping]);
    assert_eq!(feed.given, [(3, 1, MESSAGE.to_vec())]);
    assert_eq!(feed.skipped(reason::FRAGMENTS_CONFLICTING), 1);
}

#[test]
fn two_ends_contradict() {
    let datagram = udp_message();
    let [first, second, third] = thirds4(&datagram);
    let early = fragment4(&datagram[..56], 48, 56);
    let feed = feed(&[&first, &third, &early, &second]);
    assert_eq!(feed.given.len(), 1);
    assert_eq!(feed.skipped(reason::FRAGMENTS_CONFLICTING), 1);
}

#[test]
fn beyond_the_largest_datagram_nothing_is_held() {
    let mut packet = ipv4(UDP, &[0; 64]);
    packet[6..8].copy_from_slice(&0x1fffu16.to_be_bytes());
    let feed = feed(&[&packet]);
    assert_eq!(feed.skipped(reason::FRAGMENTS_CONFLICTING), 1);
}

#[test]
fn what_stays_incomplete_is_counted_once_it_is_old() {
    let [first, second, third] = thirds4(&udp_message());
    let mut feed = Feed::new(&Limits::default());
    feed.push(&first).push(&second);
    feed.time = Time(31 * SECOND);
    feed.push(&third);
    assert!(feed.given.is_empty());
    assert_eq!(feed.skipped(reason::FRAGMENTS_INCOMPLETE), 1);
    let missing: Vec<Disturbance> = feed.lane.drain_disturbances().collect();
    let [missing] = missing[..] else {
        panic!("{missing:?}")
    };
    assert!(missing.until < Time(SECOND));
    assert_eq!(missing.known, Time(31 * SECOND));
    feed.lane.finish(&mut |_| {});
    assert_eq!(feed.skipped(reason::FRAGMENTS_INCOMPLETE), 2);
}

#[test]
fn the_oldest_datagrams_make_room() {
    let limits = Limits {
        fragment_datagrams: 2,
        ..Limits::default()
    };
    let mut feed = Feed::new(&limits);
    let [first, second, third] = thirds4(&udp_message());
    let numbered = |packet: &[u8], id: u8| {
        let mut packet = packet.to_vec();
        packet[5] = id;
        packet
    };
    feed.push(&numbered(&first, 1))
        .push(&numbered(&first, 2))
        .push(&numbered(&first, 3));
    assert_eq!(feed.skipped(reason::FRAGMENTS_EVICTED), 1);
    feed.push(&numbered(&second, 3)).push(&numbered(&third, 3));
    assert_eq!(feed.given, [(5, 3, MESSAGE.to_vec())]);
}

#[test]
fn the_bytes_held_are_bounded() {
    let limits = Limits {
        fragment_bytes: 4_096,
        ..Limits::default()
    };
    let mut feed = Feed::new(&limits);
    for id in 0..16 {
        let mut packet = fragment4(&[0; 2_000], 0, 1_000);
        packet[5] = id;
        feed.push(&packet);
    }
    assert_eq!(feed.skipped(reason::FRAGMENTS_EVICTED), 13);
}

#[test]
fn a_first_fragment_that_was_cut_is_all_there_will_be() {
    let [first, ..] = thirds4(&udp_message());
    let frame = Frame {
        original_len: first.len() as u32,
        ..frame(RAW, &first[..first.len() - 4])
    };
    let Decoded::Fragment(fragment) = Decoder::new(&Limits::default()).decode(&frame) else {
        panic!("no fragment")
    };
    let mut lane = Lane::new(&Limits::default(), framer);
    let mut given = Vec::new();
    lane.fragment(&fragment, Time(0), &mut |payload| {
        given.push((payload.bytes.to_vec(), payload.truncated));
    });
    assert_eq!(given, [(MESSAGE[..12].to_vec(), true)]);
}

#[test]
fn tunnels_and_segments_inside_fragments_are_followed() {
    let inner = outer(4, &ip_message());
    let mut carried = Vec::new();
    for from in (0..inner.len() - 20).step_by(40) {
        carried.push(fragment4(&inner[20..], from, from + 40));
    }
    for packet in &mut carried {
        packet[9] = 4;
    }
    let packets: Vec<&[u8]> = carried.iter().map(Vec::as_slice).collect();
    assert_eq!(
        feed(&packets).given,
        [(carried.len() as u64, 1, MESSAGE.to_vec())]
    );

    let segment = tcp(5060, 5062, 1, 0x18, MESSAGE);
    let mut parts = thirds4(&segment);
    for packet in &mut parts {
        packet[9] = TCP;
    }
    let feed = feed(&[&parts[0], &parts[1], &parts[2]]);
    assert_eq!(feed.given, [(3, 3, MESSAGE.to_vec())]);
}
