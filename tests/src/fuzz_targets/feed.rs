//! Feeds a lane packet by packet, keeps what comes out, and holds it to its limits.

use std::net::{IpAddr, Ipv4Addr};

use siptriage_capture::decode::{Chunks, Fragment, Segment, Sighting};
use siptriage_capture::lane::Lane;
use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Endpoint, Flow, FrameRef, Limits, Passage, Payload, Time, Transport};
use siptriage_correlate::framing;

pub(super) const ALICE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
pub(super) const BOB: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 2));

/// What passes between two packets, in milliseconds: nothing, little, or enough for a timer.
const PAUSES: [i64; 8] = [0, 1, 20, 150, 2_500, 31_000, 601_000, -5];

/// A lane and what it gave out.
pub(super) struct Feed {
    lane: Lane,
    limits: Limits,
    /// The payloads given out so far.
    pub(super) given: Vec<Vec<u8>>,
    frame: u64,
    time: Time,
    clock: Time,
}

impl Feed {
    pub(super) fn new() -> Feed {
        let limits = tight();
        Feed {
            lane: Lane::new(&limits, framing::cut),
            limits,
            given: Vec::new(),
            frame: 0,
            time: Time(0),
            clock: Time(0),
        }
    }

    /// The next packet, after one of the [`PAUSES`]; `missing` bytes of it were not captured.
    pub(super) fn sight(&mut self, pause: u8, missing: u8) -> Sighting {
        let pause = PAUSES[usize::from(pause) % PAUSES.len()];
        self.frame += 1;
        self.time = self.time.plus(pause * MILLISECOND);
        self.clock = self.clock.max(self.time);
        Sighting {
            frame: FrameRef::new(0, self.frame),
            first_frame: FrameRef::new(0, self.frame),
            time: self.time,
            passage: Passage::default(),
            missing: u32::from(missing),
            time_digits: 6,
            nesting: 2,
        }
    }

    pub(super) fn fragment(&mut self, fragment: &Fragment<'_>) {
        let given = &mut self.given;
        self.lane
            .fragment(fragment, self.clock, &mut |payload| keep(given, payload));
    }

    pub(super) fn segment(&mut self, segment: &Segment<'_>) {
        let given = &mut self.given;
        self.lane
            .segment(segment, self.clock, &mut |payload| keep(given, payload));
    }

    pub(super) fn chunks(&mut self, chunks: &Chunks<'_>) {
        let given = &mut self.given;
        self.lane
            .chunks(chunks, self.clock, &mut |payload| keep(given, payload));
    }

    /// A connection whose one side sends `stream` in order, in segments of `sizes` in turn.
    pub(super) fn stream(&mut self, stream: &[u8], sizes: &[usize], flow: Flow) {
        let mut segment = Segment {
            seen: self.sight(1, 0),
            flow,
            seq: u32::MAX - 8,
            ack: 0,
            flags: Segment::SYN,
            window: 512,
            bytes: &[],
        };
        self.segment(&segment);
        segment.seq = segment.seq.wrapping_add(1);
        segment.flags = Segment::ACK;
        let mut sizes = sizes.iter().cycle();
        let mut rest = stream;
        while !rest.is_empty() {
            let size = sizes.next().copied().unwrap_or(rest.len());
            let (part, behind) = rest.split_at(size.clamp(1, rest.len()));
            segment.seen = self.sight(1, 0);
            segment.bytes = part;
            self.segment(&segment);
            segment.seq = segment.seq.wrapping_add(part.len() as u32);
            rest = behind;
        }
    }

    /// The capture is over; the lane has kept to its limits.
    pub(super) fn finish(&mut self) {
        let given = &mut self.given;
        self.lane.finish(&mut |payload| keep(given, payload));
        let statistics = self.lane.statistics();
        assert!(statistics.streams_most <= self.limits.streams);
        assert!(statistics.stream_bytes_most <= self.limits.stream_total_bytes);
    }

    /// Whether the lane lost nothing.
    pub(super) fn is_without_loss(&self) -> bool {
        self.lane.skipped(0).is_empty()
    }
}

/// Limits that a few hundred bytes can reach.
pub(super) fn tight() -> Limits {
    Limits {
        fragment_datagrams: 4,
        fragment_bytes: 4_096,
        streams: 4,
        stream_bytes: 2_048,
        stream_total_bytes: 4_096,
        stream_probe_bytes: 512,
        ..Limits::default()
    }
}

/// The connection from a client's port.
pub(super) fn from_client(port: u16) -> Flow {
    Flow {
        src: Endpoint::new(ALICE, 49_152 + port),
        dst: Endpoint::new(BOB, 5_060),
        transport: Transport::Tcp,
    }
}

fn keep(given: &mut Vec<Vec<u8>>, payload: Payload<'_>) {
    assert!(payload.first_frame <= payload.frame);
    given.push(payload.bytes.to_vec());
}
