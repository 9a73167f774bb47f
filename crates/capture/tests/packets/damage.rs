//! No bytes make decoder or lane panic, and no payload leaves its frame.

use proptest::prelude::*;
use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::lane::Lane;
use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Frame, Limits, LinkType, Time};

use crate::feed::{framer, message};
use crate::wire::*;

const LINKS: [u16; 22] = [
    0, 1, 9, 10, 12, 50, 51, 100, 101, 104, 105, 108, 109, 113, 117, 127, 166, 197, 228, 239, 252,
    276,
];

fn push(lane: &mut Lane, frame: &Frame<'_>) {
    let emit = &mut |payload: siptriage_capture::Payload<'_>| {
        assert!(payload.first_frame <= payload.frame);
    };
    match Decoder::new(&Limits::default()).decode(frame) {
        Decoded::Fragment(fragment) => lane.fragment(&fragment, frame.time, emit),
        Decoded::Segment(segment) => lane.segment(&segment, frame.time, emit),
        Decoded::Chunks(chunks) => lane.chunks(&chunks, frame.time, emit),
        Decoded::Datagram(payload) => {
            let all = frame.bytes.as_ptr_range();
            let part = payload.bytes.as_ptr_range();
            assert!(all.start <= part.start && part.end <= all.end);
        }
        Decoded::Refusal(_) | Decoded::Other | Decoded::Skipped(_) => {}
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut fragment = ip_message();
    fragment[6] = 0x20;
    let chunk = join(&[&[0, 3, 0, 20], &[0, 0, 0, 1], &[0; 8], b"abcd"]);
    vec![
        ethernet_message(),
        ethernet(0x0800, &fragment),
        ethernet(0x0800, &ipv4(TCP, &tcp(5060, 5062, 1, 0x18, &message(3)))),
        ethernet(
            0x0800,
            &ipv4(TCP, &tcp(80, 8080, 1, 0x18, b"\x81\xfe\x00\x7eabcd")),
        ),
        ethernet(0x0800, &ipv4(132, &join(&[&[0; 12], &chunk]))),
        ethernet(
            0x0800,
            &outer(
                47,
                &join(&[&[0xb0, 0, 0x65, 0x58], &[0; 12], &ethernet_message()]),
            ),
        ),
        ethernet(
            0x86dd,
            &ipv6(44, &join(&[&[UDP, 0, 0, 1, 0, 0, 0, 9], &udp_message()])),
        ),
        ethernet(0x8847, &join(&[&[0, 0, 1, 9], &ethernet_message()])),
        over_udp(
            2152,
            &join(&[
                &[0x34, 255, 0, 99, 0, 0, 0, 5, 0, 0, 0, 0x85, 1, 0, 0, 0],
                &ip_message(),
            ]),
        ),
        over_udp(
            4789,
            &join(&[&[8, 0, 0, 0, 0, 0, 9, 0], &ethernet_message()]),
        ),
        over_udp(
            1701,
            &join(&[&[0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21], &ip_message()]),
        ),
        over_udp(
            9060,
            &join(&[b"HEP3\x00\x40", &[0, 0, 0, 15, 0, 10], b"abcd"]),
        ),
    ]
}

proptest! {
    #[test]
    fn random_bytes(
        link in prop::sample::select(&LINKS[..]),
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..8),
    ) {
        let mut lane = Lane::new(&Limits::default(), framer);
        for (number, bytes) in (1..).zip(&packets) {
            push(&mut lane, &Frame { number, link: LinkType(link), ..frame(link, bytes) });
        }
        lane.finish(&mut |_| {});
    }

    #[test]
    fn damaged_packets(
        choices in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..64usize, 0..40u32),
            1..40,
        ),
    ) {
        let seeds = seeds();
        let limits = Limits { stream_bytes: 300, stream_total_bytes: 600, streams: 4, ..Limits::default() };
        let mut lane = Lane::new(&limits, framer);
        for (number, (seed, place, value, shorter, missing)) in (1..).zip(choices) {
            let mut bytes = seeds[seed.index(seeds.len())].clone();
            let place = place.index(bytes.len());
            bytes[place] = value;
            bytes.truncate(bytes.len().saturating_sub(shorter));
            let time = Time(number as i64 * 100 * MILLISECOND);
            let original_len = bytes.len() as u32 + missing;
            push(&mut lane, &Frame { number, time, original_len, ..frame(ETHERNET, &bytes) });
        }
        lane.finish(&mut |_| {});
    }
}
