//! What the messages of a capture amount to, whatever calls they belong to.

use siptriage_capture::Time;

use crate::leg::Closed;
use crate::record::{FrameRef, Repeat};
use crate::study::Case;

/// Messages counted by how often they were captured.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// SIP messages, copies included.
    pub messages: u64,
    /// Copies by the capture (mirror port, both sides of a router).
    pub duplicates: Copies,
    /// Repeats faster than any sane T1 without proof of duplication.
    pub fast_repeats: Copies,
    /// Messages sent again.
    pub retransmissions: u64,
    /// Messages past [`crate::Limits::leg_records`].
    pub overflow: u64,
    /// Legs closed early for [`crate::Limits::legs`].
    pub closed_early: u64,
    /// Series closed early for [`crate::Limits::series`].
    pub series_closed_early: u64,
    /// Messages of host pairs past [`crate::Limits::pairs`].
    pub unpaired: u64,
    /// ICMP refusals past [`crate::Limits::refusals`].
    pub refusals_overflow: u64,
    /// Scans of hosts past [`crate::Limits::scanners`].
    pub scans_overflow: u64,
}

/// A count with its first examples.
#[derive(Clone, Debug, Default)]
pub struct Copies {
    /// How many.
    pub count: u64,
    /// The first of them by frame.
    pub examples: Vec<(FrameRef, Time)>,
}

impl Copies {
    /// Examples kept.
    pub const EXAMPLES: usize = 8;

    fn add(&mut self, frame: FrameRef, time: Time) {
        self.count += 1;
        if self.examples.len() == Self::EXAMPLES
            && self.examples.last().is_some_and(|(last, _)| *last < frame)
        {
            return;
        }
        let at = self.examples.partition_point(|(known, _)| *known < frame);
        self.examples.insert(at, (frame, time));
        self.examples.truncate(Self::EXAMPLES);
    }
}

impl Traffic {
    /// Adds the messages of a leg.
    pub fn add(&mut self, case: &Case) {
        self.messages += case.leg.records.len() as u64 + case.leg.overflow;
        self.overflow += case.leg.overflow;
        self.closed_early += u64::from(case.leg.closed == Closed::Limit);
        for record in &case.leg.records {
            match record.repeat {
                Repeat::First => {}
                Repeat::Retransmission | Repeat::Reply => self.retransmissions += 1,
                Repeat::Duplicate => self.duplicates.add(record.frame, record.time),
                Repeat::Fast => self.fast_repeats.add(record.frame, record.time),
            }
        }
    }
}
