//! The metrics of every trunk.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::FixedState;
use siptriage_capture::{Endpoint, Flow};
use smallvec::{SmallVec, smallvec};

use super::hop::Hop;
use super::registrations::Registration;
use super::{Load, Metrics, Seizure, Step};
use crate::profile::{Peer, Profile};
use crate::study::Case;

/// The metrics of every trunk, each leg of a call counted by itself.
#[derive(Clone, Debug)]
pub struct Trunks {
    by_name: HashMap<TrunkName, Box<Trunk>, FixedState>,
    limit: usize,
    /// Attempts on trunks past the limit.
    pub not_kept: u64,
}

/// What tells a trunk from another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrunkName {
    /// A peer that the profile names.
    Peer(String, Direction),
    /// A pair of hosts: who sends INVITEs to whom.
    Hosts(IpAddr, IpAddr),
}

/// Which way calls of a named peer go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the peer.
    In,
    /// To the peer.
    Out,
}

impl Direction {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
        }
    }
}

/// What was counted of one trunk.
#[derive(Clone, Debug)]
pub struct Trunk {
    /// Attempts and their times.
    pub metrics: Metrics,
    /// Calls up at once.
    pub load: Load,
}

impl Trunks {
    /// Keeps at most `limit` trunks, those that are seen first.
    pub fn new(limit: usize) -> Trunks {
        Trunks {
            by_name: HashMap::default(),
            limit,
            not_kept: 0,
        }
    }

    /// Adds what passed between two hosts.
    pub(super) fn add(
        &mut self,
        case: &Case,
        hop: &Hop,
        seizure: Option<&Seizure>,
        profile: &Profile,
    ) {
        for name in names(hop.src, hop.dst, profile) {
            let Some(trunk) = self.trunk(name) else {
                self.not_kept += u64::from(seizure.is_some());
                continue;
            };
            trunk.add(case, hop, seizure);
        }
    }

    /// Adds a REGISTER request.
    pub(super) fn register(&mut self, registration: &Registration, profile: &Profile) {
        let Flow { src, dst, .. } = registration.flow;
        for name in names(src, dst, profile) {
            let known = match name {
                // Every device registers: hosts count as a trunk once they call.
                TrunkName::Hosts(..) => self.by_name.get_mut(&name).map(Box::as_mut),
                TrunkName::Peer(..) => self.trunk(name),
            };
            if let Some(trunk) = known {
                trunk.metrics.register(registration);
            }
        }
    }

    /// The trunks with most attempts, the busiest first, and how many trunks and attempts these
    /// leave out.
    pub fn busiest(&self, most: usize) -> (Vec<(&TrunkName, &Trunk)>, LeftOut) {
        let known = self.by_name.iter().map(|(name, trunk)| (name, &**trunk));
        let mut trunks: Vec<(&TrunkName, &Trunk)> = known.collect();
        trunks.sort_by_key(|(name, trunk)| (Reverse(trunk.metrics.calls()), *name));
        let rest = trunks.split_off(most.min(trunks.len()));
        let attempts: u64 = rest.iter().map(|(_, trunk)| trunk.metrics.calls()).sum();
        let left_out = LeftOut {
            trunks: rest.len() as u64,
            attempts: attempts + self.not_kept,
        };
        (trunks, left_out)
    }

    /// Nothing more is added: puts what was counted in order.
    pub(super) fn close(&mut self) {
        for trunk in self.by_name.values_mut() {
            trunk.load.settle();
        }
    }

    /// The trunk of a name; `None` where there are too many.
    pub fn trunk(&mut self, name: TrunkName) -> Option<&mut Trunk> {
        if self.by_name.len() >= self.limit && !self.by_name.contains_key(&name) {
            return None;
        }
        Some(self.by_name.entry(name).or_insert_with(|| {
            Box::new(Trunk {
                metrics: Metrics::default(),
                load: Load::new(Load::TRUNK_INSTANTS),
            })
        }))
    }
}

/// Trunks that are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many, those past the limit not among them.
    pub trunks: u64,
    /// Attempts on them, and on those past the limit.
    pub attempts: u64,
}

impl Trunk {
    fn add(&mut self, case: &Case, hop: &Hop, seizure: Option<&Seizure>) {
        let last = hop.transactions.last();
        for at in &hop.transactions {
            let status = case.final_status(*at);
            self.metrics.requests.add(status);
            let step = if Some(at) == last {
                Step::Deciding
            } else {
                Step::Superseded
            };
            if let Some(status) = status {
                self.metrics.bridge.add(status, step);
            }
        }
        let Some(seizure) = seizure else {
            return;
        };
        self.metrics.add(seizure);
        self.load.add(seizure.start, seizure.end);
        if seizure.class.is_some() && super::is_completed(case) {
            self.metrics.requests.completed += 1;
        }
    }
}

/// The trunks that messages between two hosts belong to: those of named peers, or their pair.
fn names(src: Endpoint, dst: Endpoint, profile: &Profile) -> SmallVec<[TrunkName; 1]> {
    let name = |peer: &Peer, direction| TrunkName::Peer(peer.name.clone(), direction);
    match (profile.peer(src), profile.peer(dst)) {
        (None, None) => smallvec![TrunkName::Hosts(src.ip, dst.ip)],
        (Some(from), None) => smallvec![name(from, Direction::In)],
        (None, Some(to)) => smallvec![name(to, Direction::Out)],
        (Some(from), Some(to)) => smallvec![name(from, Direction::In), name(to, Direction::Out)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Outcome;

    fn name(host: u8) -> TrunkName {
        TrunkName::Hosts([192, 0, 2, 1].into(), [198, 51, 100, host].into())
    }

    #[test]
    fn trunks_past_the_limit_are_not_kept() {
        let mut trunks = Trunks::new(2);
        assert!(trunks.trunk(name(1)).is_some());
        assert!(trunks.trunk(name(2)).is_some());
        assert!(trunks.trunk(name(3)).is_none());
        assert!(trunks.trunk(name(1)).is_some());
    }

    #[test]
    fn the_busiest_come_first_and_the_rest_is_counted() {
        let mut trunks = Trunks::new(8);
        for (host, calls) in [(1, 5), (2, 7), (3, 5), (4, 1)] {
            let trunk = trunks.trunk(name(host)).unwrap();
            trunk.metrics.outcomes[Outcome::Busy as usize] = calls;
        }
        trunks.not_kept = 4;
        let (listed, left_out) = trunks.busiest(3);
        let listed: Vec<&TrunkName> = listed.into_iter().map(|(name, _)| name).collect();
        assert_eq!(listed, [&name(2), &name(1), &name(3)]);
        let rest = LeftOut {
            trunks: 1,
            attempts: 5,
        };
        assert_eq!(left_out, rest);
        assert_eq!(trunks.busiest(9).1.attempts, 4);
    }
}
