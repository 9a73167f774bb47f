//! The SIP messages of one piece of a capture, found and scanned.

use std::collections::BTreeMap;

use siptriage_capture::decode::{Chunks, Decoded, Decoder, Fragment, Segment};
use siptriage_capture::lane::EncryptedPort;
use siptriage_capture::time::SECOND;
use siptriage_capture::{Flow, Passage, Payload, Skipped, Time};
use siptriage_correlate::points::POINT_SHIFT;
use siptriage_correlate::{Circumstances, FrameRef, Observation, Pairs, Refused, hash};
use siptriage_sip::{Outline, Recognition, Scanned, recognise, scan_onto};

use super::reader::Run;

/// What has to be seen in order before it can hold a message.
pub(super) enum Part<'b> {
    /// Another second began: what waits for missing parts may have waited long enough.
    Second,
    Fragment(Fragment<'b>),
    Segment(Segment<'b>),
    Chunks(Chunks<'b>),
}

/// A part and where it was captured.
pub(super) struct Pending<'b> {
    pub(super) part: Part<'b>,
    pub(super) origin: Origin,
}

/// Where in the time line something was captured.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    /// The place of the frame in its piece.
    order: u32,
    /// The clock at the frame.
    clock: Time,
}

impl Origin {
    /// Behind everything else.
    pub(super) fn end(clock: Time) -> Origin {
        Origin {
            order: u32::MAX,
            clock,
        }
    }

    /// The clock at the frame.
    pub(super) fn clock(self) -> Time {
        self.clock
    }
}

/// One SIP message, and where it was seen.
pub(super) struct Sight {
    /// The place of its outline in the batch.
    outline: u32,
    order: u32,
    frame: FrameRef,
    time: Time,
    pub(super) time_digits: u8,
    clock: Time,
    pub(super) flow: Flow,
    passage: Passage,
    truncated: bool,
    fingerprint: u64,
    pub(super) call_id_hash: u64,
    store: Store,
    start: usize,
    length: usize,
}

impl Sight {
    /// When it was heard, in stretches of [`Pairs::STRETCH`].
    pub(super) fn stretch(&self) -> i64 {
        Pairs::stretch(self.clock)
    }
}

/// Where the bytes of a message are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    /// In the piece as it was read.
    Piece,
    /// In the batch: put together from several packets.
    Batch,
}

/// What was counted of a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) sip_messages: u64,
    pub(super) not_sip: u64,
    pub(super) skipped: Skipped,
    /// TLS by server port, known at the end.
    pub(super) encrypted: Vec<EncryptedPort>,
}

/// The messages of one piece, in the order of their frames.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) sights: Vec<Sight>,
    /// In the order in which the messages were scanned.
    outlines: Vec<Outline>,
    /// What was counted, by input.
    pub(super) counts: BTreeMap<u16, Counts>,
    /// The clock after the last frame of the piece.
    pub(super) clock: Option<Time>,
    /// What became known about the capture.
    pub(super) circumstances: Circumstances,
    /// Packets that were refused.
    pub(super) refused: Vec<Refused>,
    assembled: Vec<u8>,
}

impl Batch {
    /// Empties the batch for another piece.
    pub(super) fn begin(&mut self) {
        self.sights.clear();
        self.outlines.clear();
        self.assembled.clear();
        self.counts.clear();
        self.clock = None;
        self.circumstances.clear();
        self.refused.clear();
    }

    /// Decodes the frames of a piece and scans its datagrams; what needs order goes to `pending`.
    pub(super) fn decode<'b>(
        &mut self,
        decoder: Decoder,
        piece: &'b [u8],
        runs: &[Run],
        mut clock: Time,
        pending: &mut Vec<Pending<'b>>,
    ) {
        let mut order = 0;
        let mut next_second = second_after(clock);
        for Run { file, probe, chunk } in runs {
            let mut counts = self.counts.remove(file).unwrap_or_default();
            let mut frames = chunk.frames(piece);
            while let Some(mut frame) = frames.next() {
                clock = clock.max(frames.clock());
                frame.file = *file;
                frame.interface |= u32::from(*probe) << POINT_SHIFT;
                let origin = Origin { order, clock };
                order += 1;
                let mut wait = |part| pending.push(Pending { part, origin });
                if clock >= next_second {
                    wait(Part::Second);
                    next_second = second_after(clock);
                }
                match decoder.decode(&frame) {
                    Decoded::Datagram(payload) => {
                        // Datagrams lie in the piece: their place is the distance of addresses.
                        let start = payload
                            .bytes
                            .as_ptr()
                            .addr()
                            .wrapping_sub(piece.as_ptr().addr());
                        let place = (Store::Piece, start);
                        let found = (&mut self.sights, &mut self.outlines);
                        sight(found, &payload, origin, place, &mut counts);
                    }
                    Decoded::Segment(segment) => wait(Part::Segment(segment)),
                    Decoded::Fragment(fragment) => wait(Part::Fragment(fragment)),
                    Decoded::Chunks(chunks) => wait(Part::Chunks(chunks)),
                    Decoded::Refusal(refusal) => {
                        let refused = Refused::of(&refusal, frame.place(), clock);
                        self.refused.push(refused);
                    }
                    Decoded::Other => {}
                    Decoded::Skipped(reason) => counts.skipped.count(reason, frame.number),
                }
            }
            self.clock = Some(clock);
            self.counts.insert(*file, counts);
        }
    }

    /// Takes a message that was put together from several packets, or cut from a stream.
    pub(super) fn assembled(&mut self, payload: &Payload<'_>, origin: Origin) {
        let place = (Store::Batch, self.assembled.len());
        let counts = self.counts.entry(payload.frame.file()).or_default();
        let found = (&mut self.sights, &mut self.outlines);
        if sight(found, payload, origin, place, counts) {
            self.assembled.extend_from_slice(payload.bytes);
        }
    }

    /// Brings the messages into the order of their frames after some were put together.
    pub(super) fn sort(&mut self) {
        self.sights.sort_by_key(|sight| sight.order);
    }

    /// A message of the batch as an observation.
    pub(super) fn observation<'b>(&'b self, sight: &'b Sight, piece: &'b [u8]) -> Observation<'b> {
        let store = match sight.store {
            Store::Piece => piece,
            Store::Batch => &self.assembled,
        };
        let bytes = store
            .get(sight.start..sight.start + sight.length)
            .unwrap_or_default();
        Observation {
            frame: sight.frame,
            time: sight.time,
            clock: sight.clock,
            flow: sight.flow,
            passage: sight.passage,
            truncated: sight.truncated,
            fingerprint: sight.fingerprint,
            call_id_hash: sight.call_id_hash,
            message: Scanned::new(bytes, &self.outlines[sight.outline as usize]),
        }
    }
}

/// When the next whole second begins.
fn second_after(clock: Time) -> Time {
    Time((clock.0.div_euclid(SECOND) + 1).saturating_mul(SECOND))
}

/// A SIP message that the snap length of the capture cut before the end of Via, From, To, Call-ID or
/// CSeq: it is listed, but nobody can tell what it belongs to.
const SIP_HEAD_CUT: &str = "sip-head-cut";
/// A SIP message without a Call-ID: it is listed, but belongs to nothing.
const SIP_WITHOUT_CALL_ID: &str = "sip-without-call-id";

/// Scans a payload and adds it to what was found, if it is SIP. Returns whether it is. Inlined to
/// where datagrams are decoded, so that what is known of them stays in registers.
#[inline(always)]
fn sight(
    (sights, outlines): (&mut Vec<Sight>, &mut Vec<Outline>),
    payload: &Payload<'_>,
    origin: Origin,
    (store, start): (Store, usize),
    counts: &mut Counts,
) -> bool {
    let place = outlines.len();
    let Some(outline) = scan_onto(outlines, payload.bytes).filter(|outline| !outline.is_foreign())
    else {
        outlines.truncate(place);
        counts.not_sip += match recognise(payload.bytes) {
            Recognition::KeepAlive | Recognition::Stun => 0,
            Recognition::Sip | Recognition::Other => 1,
        };
        return false;
    };
    let message = Scanned::new(payload.bytes, outline);
    let call_id = message.call_id().unwrap_or_default();
    counts.sip_messages += 1;
    if !message.is_named(payload.truncated) {
        let reason = if payload.truncated {
            SIP_HEAD_CUT
        } else {
            SIP_WITHOUT_CALL_ID
        };
        counts.skipped.count(reason, payload.frame.number());
    }
    sights.push(Sight {
        outline: place as u32,
        order: origin.order,
        frame: payload.frame,
        time: payload.time,
        time_digits: payload.time_digits,
        clock: origin.clock,
        flow: payload.flow,
        passage: payload.passage,
        truncated: payload.truncated,
        fingerprint: hash::bytes(payload.bytes),
        call_id_hash: hash::call_id(call_id),
        store,
        start,
        length: payload.bytes.len(),
    });
    true
}

#[cfg(test)]
mod tests {
    use allocation_counter::measure;
    use siptriage_capture::Limits;
    use siptriage_capture::format::Boundary;
    use siptriage_testkit::capture::write_pcap;
    use siptriage_testkit::{Packet, Trace, Variation};

    use super::*;

    const CALL: &str = "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n\
                        0.8 bob -> alice 180\n6.0 bob -> alice 200 sdp\n\
                        6.03 alice -> bob ACK\n66.0 alice -> bob BYE\n66.02 bob -> alice 200\n";

    /// Allocations made from the records of a piece to the messages of `calls` calls by a thread
    /// that has read such a piece before.
    fn allocations(calls: usize) -> (u64, usize) {
        let packets = Trace::parse(CALL).unwrap().packets(&Variation::default());
        let all: Vec<Packet> = packets.iter().cycle().take(calls * 7).cloned().collect();
        let piece = write_pcap(&all);
        let limits = Limits::default();
        let mut boundary = Boundary::open(&piece, &limits).unwrap();
        let mut chunks = Vec::new();
        boundary.walk(&piece, 0, piece.len() as u64, &mut chunks);
        let run = |chunk| Run {
            file: 0,
            probe: 0,
            chunk,
        };
        let runs: Vec<Run> = chunks.into_iter().map(run).collect();
        let (mut batch, mut pending) = (Batch::default(), Vec::new());
        let mut decode = || {
            batch.begin();
            batch.decode(
                Decoder::new(&limits),
                &piece,
                &runs,
                Time::MIN,
                &mut pending,
            );
        };
        decode();
        let counted = measure(&mut decode);
        (counted.count_total, batch.sights.len())
    }

    #[test]
    fn packets_and_messages_cost_no_allocation() {
        let (few, messages) = allocations(10);
        assert_eq!(messages, 70);
        let (many, messages) = allocations(1_000);
        assert_eq!(messages, 7_000);
        assert_eq!(many, few, "allocations do not grow with the messages");
        assert!(few <= 2, "{few} allocations for a piece");
    }
}
