//! Where the capture lacks packets and where its clock was set, as far as known at a time.

use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Disturbance, DisturbanceKind, Flow, Time};

use crate::leg::Leg;
use crate::study::Case;

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
    pub const MARGIN: i64 = 500 * MILLISECOND;

    /// Adds one.
    pub fn add(&mut self, disturbance: Disturbance) {
        match self.known.get_mut(Self::KEPT - 1) {
            Some(last) => {
                // With so many the whole capture is in doubt from here on.
                last.kind = DisturbanceKind::Dropped { packets: 1 };
                last.interface = None;
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

    /// Whether packets of a leg between the hosts of `flow` may be missing between two times.
    pub fn lose(&self, case: &Case, flow: Flow, from: Time, until: Time) -> bool {
        let margin = Self::MARGIN.saturating_add(case.clocks.shift);
        let (from, until) = (from.plus(-margin), until.plus(margin));
        let mut within = self.during(&case.leg, from, until);
        within.any(|disturbance| match disturbance.kind {
            DisturbanceKind::Dropped { .. } => is_on(disturbance, &case.leg),
            DisturbanceKind::Hole { src, dst } => {
                let (one, other) = (flow.src.ip, flow.dst.ip);
                (one, other) == (src, dst) || (one, other) == (dst, src)
            }
            DisturbanceKind::SetBack { .. } => false,
        })
    }

    /// Whether a clock that stamped a leg was set while it lasted.
    pub fn set_clock(&self, leg: &Leg) -> bool {
        let begin = leg.records.first().map_or(Time::MIN, |first| first.time);
        let mut during = self.during(leg, begin.plus(-Self::MARGIN), leg.seen_until);
        during.any(|disturbance| match disturbance.kind {
            DisturbanceKind::SetBack { .. } => is_on(disturbance, leg),
            DisturbanceKind::Dropped { .. } | DisturbanceKind::Hole { .. } => false,
        })
    }

    /// Those between two times that were known when a leg settled.
    fn during(&self, leg: &Leg, from: Time, until: Time) -> impl Iterator<Item = &Disturbance> {
        let end = leg.seen_until;
        let until = until.min(end);
        self.known.iter().filter(move |disturbance| {
            disturbance.known <= end && disturbance.until >= from && disturbance.from <= until
        })
    }
}

/// Whether it happened on an interface that shows the leg.
fn is_on(disturbance: &Disturbance, leg: &Leg) -> bool {
    let Some(interface) = disturbance.interface else {
        return true;
    };
    let mut vantages = leg.vantages.iter();
    vantages.any(|vantage| vantage.interface == interface)
}
