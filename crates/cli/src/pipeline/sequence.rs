//! What is done in the order of the capture: fragments, streams, and counting by file.

use siptriage_capture::lane::Lane;
use siptriage_capture::{Cut, Limits, Skipped, Time};
use siptriage_sip::framing;

use super::batch::{Batch, Part, Pending};

/// Fragments and streams under reassembly, and the counts of every file.
pub(super) struct Sequence {
    lane: Lane,
    files: Vec<Counted>,
    file: u16,
}

/// The counts of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    pub(super) sip_messages: u64,
    pub(super) not_sip: u64,
    pub(super) skipped: Skipped,
}

impl Sequence {
    pub(super) fn new(limits: &Limits, files: usize) -> Sequence {
        Sequence {
            lane: Lane::new(limits, frame_message),
            files: vec![Counted::default(); files.max(1)],
            file: 0,
        }
    }

    /// Takes the parts of the next piece. Messages that they complete join the batch.
    pub(super) fn take(&mut self, batch: &mut Batch, pending: &[Pending<'_>]) {
        self.file = batch.file;
        if !pending.is_empty() {
            for Pending { part, clock } in pending {
                let emit = &mut |payload: siptriage_capture::Payload<'_>| {
                    batch.assembled(&payload, *clock);
                };
                match part {
                    Part::Fragment(fragment) => self.lane.fragment(fragment, *clock, emit),
                    Part::Segment(segment) => self.lane.segment(segment, *clock, emit),
                    Part::Chunks(chunks) => self.lane.chunks(chunks, *clock, emit),
                }
            }
            batch.sort();
        }
        self.count(batch);
    }

    /// The input ended: messages that were begun join the batch.
    pub(super) fn finish(&mut self, batch: &mut Batch, clock: Time) {
        batch.begin(self.file);
        self.lane
            .finish(&mut |payload| batch.assembled(&payload, clock));
        batch.sort();
        self.count(batch);
        for port in self.lane.encrypted() {
            let tls = &mut self.files[usize::from(self.file)].skipped;
            for _ in 0..port.streams {
                tls.count("encrypted-tls", port.first_frame);
            }
        }
        let skipped = self.lane.skipped().clone();
        self.files[usize::from(self.file)].skipped.merge(&skipped);
    }

    pub(super) fn into_files(self) -> Vec<Counted> {
        self.files
    }

    fn count(&mut self, batch: &Batch) {
        let counted = &mut self.files[usize::from(batch.file)];
        counted.sip_messages += batch.counts.sip_messages;
        counted.not_sip += batch.counts.not_sip;
        counted.skipped.merge(&batch.counts.skipped);
    }
}

/// The framer of SIP streams (RFC 3261 18.3).
fn frame_message(bytes: &[u8]) -> Cut {
    match framing::cut(bytes) {
        framing::Frame::Message(length) => Cut::Message(length),
        framing::Frame::Nothing(length) => Cut::Nothing(length),
        framing::Frame::More { at_least } => Cut::More { at_least },
        framing::Frame::Foreign { skip } => Cut::Foreign { skip },
    }
}
