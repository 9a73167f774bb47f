//! Where the capture lacks packets and where its clock was set, as far as known at a time.

use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Disturbance, DisturbanceKind, Time};

use crate::leg::Leg;

/// Where the capture lacks packets and where its clock was set.
///
/// What became known after a leg had settled says nothing about it, so that a verdict depends on
/// the capture only, not on how far it was read ahead.
#[derive(Clone, Debug, Default)]
pub struct Disturbances {
    known: Vec<Disturbance>,
    /// Disturbances that are not in the list: the last one that is stands for them.
    pub beyond: u64,
}

impl Disturbances {
    /// Disturbances kept with their place.
    pub const KEPT: usize = 8_192;
    /// A message that is missing may be looked for this long before and after its time.
    const MARGIN: i64 = 500 * MILLISECOND;

    /// Adds one.
    pub fn add(&mut self, disturbance: Disturbance) {
        match self.known.get_mut(Self::KEPT - 1) {
            Some(last) => {
                // With so many the whole capture is in doubt from here on.
                last.kind = DisturbanceKind::Dropped { packets: 1 };
                last.until = last.until.max(disturbance.until);
                self.beyond += 1;
            }
            None => self.known.push(disturbance),
        }
    }

    /// All of them in the order in which they became known.
    pub fn all(&self) -> &[Disturbance] {
        &self.known
    }

    /// Whether packets between the hosts of a leg may be missing while it lasted.
    pub fn lose(&self, leg: &Leg) -> bool {
        self.during(leg).any(|disturbance| match disturbance.kind {
            DisturbanceKind::Dropped { .. } => true,
            DisturbanceKind::Hole { src, dst } => leg.vantages.iter().any(|vantage| {
                let (one, other) = (vantage.flow.src.ip, vantage.flow.dst.ip);
                (one, other) == (src, dst) || (one, other) == (dst, src)
            }),
            DisturbanceKind::SetBack { .. } => false,
        })
    }

    /// Whether a clock of the capture was set while a leg lasted.
    pub fn set_clock(&self, leg: &Leg) -> bool {
        self.during(leg).any(|disturbance| match disturbance.kind {
            DisturbanceKind::SetBack { .. } => true,
            DisturbanceKind::Dropped { .. } | DisturbanceKind::Hole { .. } => false,
        })
    }

    /// Those that a leg overlaps and that were known when it settled.
    fn during(&self, leg: &Leg) -> impl Iterator<Item = &Disturbance> {
        let begin = leg.records.first().map_or(Time::MIN, |first| first.time);
        let (begin, end) = (begin.plus(-Self::MARGIN), leg.seen_until);
        self.known.iter().filter(move |disturbance| {
            disturbance.known <= end && disturbance.until >= begin && disturbance.from <= end
        })
    }
}
