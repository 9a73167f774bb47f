//! What is done in the order of the capture: fragments, streams, and counting by file.

use siptriage_capture::lane::Lane;
use siptriage_capture::{Disturbance, Limits, Payload, Time};
use siptriage_correlate::framing;

use super::batch::{Batch, Counts, Origin, Part, Pending};

/// Fragments and streams under reassembly, and the counts of every input.
pub(super) struct Sequence {
    lane: Lane,
    files: Vec<Counts>,
}

impl Sequence {
    pub(super) fn new(limits: &Limits, files: usize) -> Sequence {
        let lane = Lane::new(limits, framing::cut);
        Sequence {
            lane,
            files: vec![Counts::default(); files.max(1)],
        }
    }

    /// Takes the parts of the next piece. Messages that they complete join the batch.
    pub(super) fn take(&mut self, batch: &mut Batch, pending: &[Pending<'_>]) {
        for Pending { part, origin } in pending {
            let clock = origin.clock();
            let emit = &mut |payload: Payload<'_>| batch.assembled(&payload, *origin);
            match part {
                Part::Second => self.lane.advance(clock, emit),
                Part::Fragment(fragment) => self.lane.fragment(fragment, clock, emit),
                Part::Segment(segment) => self.lane.segment(segment, clock, emit),
                Part::Chunks(chunks) => self.lane.chunks(chunks, clock, emit),
            }
        }
        if !pending.is_empty() {
            batch.sort();
            batch
                .circumstances
                .disturbances
                .extend(self.lane.drain_disturbances());
        }
        self.count(batch);
    }

    /// The input ended: messages that were begun join the batch.
    pub(super) fn finish(&mut self, batch: &mut Batch, clock: Time) {
        let origin = Origin::end(clock);
        self.lane
            .finish(&mut |payload| batch.assembled(&payload, origin));
        batch.sort();
        // What is still missing at the end turns out to be missing only now.
        let missing = self.lane.drain_disturbances();
        let missing = missing.map(|missing| Disturbance {
            known: clock,
            ..missing
        });
        batch.circumstances.disturbances.extend(missing);
        self.count(batch);
        for (file, counts) in (0..).zip(&mut self.files) {
            counts.encrypted = self.lane.encrypted(file).collect();
            for port in &counts.encrypted {
                let reason = "encrypted-tls";
                counts
                    .skipped
                    .add(reason, port.connections, port.first_frame);
            }
            counts.skipped.merge(&self.lane.skipped(file));
        }
    }

    pub(super) fn into_files(self) -> Vec<Counts> {
        self.files
    }

    fn count(&mut self, batch: &Batch) {
        for (file, counts) in &batch.counts {
            let counted = &mut self.files[usize::from(*file)];
            counted.sip_messages += counts.sip_messages;
            counted.not_sip += counts.not_sip;
            counted.skipped.merge(&counts.skipped);
        }
    }
}
