//! The SIP messages of one piece of a capture, found and scanned.

use siptriage_capture::decode::{Chunks, Decoded, Decoder, Fragment, Segment};
use siptriage_capture::format::Chunk;
use siptriage_capture::{Flow, Passage, Payload, Skipped, Time};
use siptriage_correlate::{FrameRef, Observation, hash};
use siptriage_sip::{Facts, HeaderName, Outline, Recognition, Scanned, recognise, scan};

/// What has to be seen in order before it can hold a message.
pub(super) enum Part<'b> {
    Fragment(Fragment<'b>),
    Segment(Segment<'b>),
    Chunks(Chunks<'b>),
}

/// A part and the clock when it was captured.
pub(super) struct Pending<'b> {
    pub(super) part: Part<'b>,
    pub(super) clock: Time,
}

/// One SIP message, and where it was seen.
pub(super) struct Sight {
    outline: Outline,
    frame: u64,
    time: Time,
    pub(super) time_digits: u8,
    clock: Time,
    flow: Flow,
    passage: Passage,
    truncated: bool,
    fingerprint: u64,
    pub(super) call_id_hash: u64,
    store: Store,
    start: usize,
    length: usize,
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
#[derive(Default)]
pub(super) struct Counts {
    pub(super) sip_messages: u64,
    pub(super) not_sip: u64,
    pub(super) skipped: Skipped,
}

/// The messages of one piece, in the order of their frames.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) file: u16,
    pub(super) sights: Vec<Sight>,
    pub(super) counts: Counts,
    /// The clock after the last frame of the piece.
    pub(super) clock: Option<Time>,
    /// Silences of the capture that ended in the piece: begin and end.
    pub(super) silences: Vec<(Time, Time)>,
    assembled: Vec<u8>,
}

impl Batch {
    /// An empty batch of a file.
    pub(super) fn begin(&mut self, file: u16) {
        self.file = file;
        self.sights.clear();
        self.assembled.clear();
        self.counts = Counts::default();
        self.clock = None;
        self.silences.clear();
    }

    /// Decodes the frames of a piece and scans its datagrams; what needs order goes to `pending`.
    pub(super) fn decode<'b>(
        &mut self,
        decoder: Decoder,
        piece: &'b [u8],
        chunks: &[Chunk],
        earliest: Time,
        pending: &mut Vec<Pending<'b>>,
    ) {
        for chunk in chunks {
            let mut frames = chunk.frames(piece);
            while let Some(frame) = frames.next() {
                let clock = frames.clock().max(earliest);
                self.clock = Some(clock);
                match decoder.decode(&frame) {
                    Decoded::Datagram(payload) => self.datagram(&payload, piece, clock),
                    Decoded::Segment(segment) => {
                        pending.push(Pending {
                            part: Part::Segment(segment),
                            clock,
                        });
                    }
                    Decoded::Fragment(fragment) => {
                        pending.push(Pending {
                            part: Part::Fragment(fragment),
                            clock,
                        });
                    }
                    Decoded::Chunks(chunks) => {
                        pending.push(Pending {
                            part: Part::Chunks(chunks),
                            clock,
                        });
                    }
                    Decoded::Refusal(_) | Decoded::Other => {}
                    Decoded::Skipped(reason) => self.counts.skipped.count(reason, frame.number),
                }
            }
        }
    }

    /// Takes a message that was put together from several packets, or cut from a stream.
    pub(super) fn assembled(&mut self, payload: &Payload<'_>, clock: Time) {
        let start = self.assembled.len();
        if self.observe(payload, clock, Store::Batch, start) {
            self.assembled.extend_from_slice(payload.bytes);
        }
    }

    /// Brings the messages into the order of their frames after some were put together.
    pub(super) fn sort(&mut self) {
        self.sights.sort_by_key(|sight| sight.frame);
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
            frame: FrameRef::new(self.file, sight.frame),
            time: sight.time,
            clock: sight.clock,
            flow: sight.flow,
            passage: sight.passage,
            truncated: sight.truncated,
            fingerprint: sight.fingerprint,
            call_id_hash: sight.call_id_hash,
            message: Scanned::new(bytes, &sight.outline),
        }
    }

    fn datagram(&mut self, payload: &Payload<'_>, piece: &[u8], clock: Time) {
        // Datagrams lie in the piece: their offset is the distance of the two addresses.
        let start = payload
            .bytes
            .as_ptr()
            .addr()
            .wrapping_sub(piece.as_ptr().addr());
        self.observe(payload, clock, Store::Piece, start);
    }

    /// Scans a payload. Returns whether it is a message.
    fn observe(&mut self, payload: &Payload<'_>, clock: Time, store: Store, start: usize) -> bool {
        match recognise(payload.bytes) {
            Recognition::Sip => {}
            Recognition::KeepAlive | Recognition::Stun => return false,
            Recognition::Other => {
                self.counts.not_sip += 1;
                return false;
            }
        }
        let Some(outline) = scan(payload.bytes).filter(|outline| !is_foreign(outline)) else {
            self.counts.not_sip += 1;
            return false;
        };
        let call_id = Scanned::new(payload.bytes, &outline)
            .call_id()
            .unwrap_or_default();
        let call_id_hash = hash::call_id(call_id);
        self.counts.sip_messages += 1;
        self.sights.push(Sight {
            outline,
            frame: payload.frame,
            time: payload.time,
            time_digits: payload.time_digits,
            clock,
            flow: payload.flow,
            passage: payload.passage,
            truncated: payload.truncated,
            fingerprint: hash::bytes(payload.bytes),
            call_id_hash,
            store,
            start,
            length: payload.bytes.len(),
        });
        true
    }
}

/// A start line of SIP before lines that are none of its headers: another protocol in disguise.
fn is_foreign(outline: &Outline) -> bool {
    const CORE: [HeaderName; 5] = [
        HeaderName::Via,
        HeaderName::From,
        HeaderName::To,
        HeaderName::CallId,
        HeaderName::CSeq,
    ];
    outline.facts.contains(Facts::ODD_LINE) && !CORE.iter().any(|name| outline.has.contains(*name))
}
