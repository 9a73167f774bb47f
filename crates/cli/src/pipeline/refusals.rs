//! What was refused, where messages are listed and no calls are made of them.

use std::collections::HashSet;

use siptriage_capture::{Endpoint, Transport};
use siptriage_correlate::Refusals;

use super::batch::Batch;

/// Refusals, and who speaks SIP by the messages listed.
pub(super) struct Refused {
    refusals: Refusals,
    speakers: HashSet<(Transport, Endpoint)>,
    limit: usize,
}

impl Refused {
    /// Keeps at most `limit` refusals, and as many that speak SIP.
    pub(super) fn new(limit: usize) -> Refused {
        Refused {
            refusals: Refusals::new(limit),
            speakers: HashSet::new(),
            limit,
        }
    }

    pub(super) fn take(&mut self, batch: &Batch) {
        for refused in &batch.refused {
            self.refusals.add(refused);
        }
        for flow in batch.sights.iter().map(|sight| sight.flow) {
            if self.speakers.len() < self.limit {
                self.speakers.insert((flow.transport, flow.dst));
                self.speakers.insert((flow.transport, flow.src));
            }
        }
    }

    /// The refusals, told by all that was heard.
    pub(super) fn into_refusals(mut self) -> Refusals {
        for (transport, end) in self.speakers {
            self.refusals.vouch_for(transport, end);
        }
        self.refusals
    }
}
