//! Any bytes as a frame of any link: what it carries lies inside it, and the lane takes it.

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::lane::Lane;
use siptriage_capture::{Frame, Limits, LinkType, Payload, Time};
use siptriage_correlate::framing;

use super::Script;
use super::feed::tight;

/// One frame: two bytes of link type, one of cut length, then the packet.
pub(super) fn check(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let link = LinkType(script.short());
    let cut = u32::from(script.byte());
    let bytes = script.rest();
    let limits = Limits::default();
    let decoder = Decoder::new(&limits);
    let mut lane = Lane::new(&tight(), framing::cut);
    for number in 1..=2 {
        let frame = Frame {
            file: 0,
            number,
            time: Time(0),
            time_digits: 6,
            interface: 0,
            link,
            bytes,
            original_len: u32::try_from(bytes.len()).unwrap_or(u32::MAX) + cut,
        };
        let emit = &mut |payload: Payload<'_>| {
            assert!(matches!(payload.frame.number(), 1 | 2));
            assert!(payload.first_frame <= payload.frame);
        };
        match decoder.decode(&frame) {
            Decoded::Datagram(payload) => {
                assert_within(bytes, payload.bytes);
                emit(payload);
            }
            Decoded::Fragment(fragment) => {
                assert_within(bytes, fragment.bytes);
                lane.fragment(&fragment, frame.time, emit);
            }
            Decoded::Segment(segment) => {
                assert_within(bytes, segment.bytes);
                lane.segment(&segment, frame.time, emit);
            }
            Decoded::Chunks(chunks) => lane.chunks(&chunks, frame.time, emit),
            Decoded::Refusal(refusal) => assert_within(bytes, refusal.quoted),
            Decoded::Other => {}
            Decoded::Skipped(reason) => assert!(!reason.is_empty()),
        }
    }
    lane.finish(&mut |payload| assert!(payload.first_frame <= payload.frame));
}

#[track_caller]
fn assert_within(whole: &[u8], part: &[u8]) {
    let (around, inside) = (whole.as_ptr_range(), part.as_ptr_range());
    let is_inside = around.start <= inside.start && inside.end <= around.end;
    assert!(is_inside || part.is_empty(), "bytes from elsewhere");
}
