//! Everything that is counted of calls: in total, by trunk and by window.

use super::hop::{hops, request_flow};
use super::registrations::registrations;
use super::{Load, Metrics, Seizure, Trunks, Width, Windows};
use crate::call::Call;
use crate::limits::Limits;
use crate::scene::Scene;
use crate::series::Tally;
use crate::study::Case;

/// Everything that is counted of calls. Add them in a fixed order: which trunks are kept depends
/// on it.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// All calls by the time of their begin, each counted once, at the caller's hop.
    pub windows: Windows,
    /// Every leg of every call, by the hosts between which it passed.
    pub trunks: Trunks,
    /// Calls up at once.
    pub load: Load,
    /// Series of requests outside of calls.
    pub series: Tally,
    /// Calls of sources that the profile ignores: counted nowhere else.
    pub ignored: u64,
    /// Calls of scanners: counted nowhere else.
    pub scanners: u64,
}

impl Ledger {
    /// An empty one.
    pub fn new(limits: &Limits, width: Width) -> Ledger {
        Ledger {
            windows: Windows::new(width),
            trunks: Trunks::new(limits.trunks),
            load: Load::new(Load::INSTANTS),
            series: Tally::default(),
            ignored: 0,
            scanners: 0,
        }
    }

    /// Adds a call.
    pub fn add_call(&mut self, call: &Call, scene: &Scene) {
        let profile = &scene.profile;
        let source = request_flow(call.main_leg(), call.judgement().opening).src;
        if profile.ignores(source) {
            self.ignored += 1;
            return;
        }
        if scene.scanners.sent(call.main_leg()) {
            self.scanners += 1;
            return;
        }
        let seizure = Seizure::of_call(call, scene);
        self.load.add(seizure.start, seizure.end);
        self.windows.at(seizure.start).add_call(call, &seizure);
        for case in call.legs() {
            let is_main = std::ptr::eq(case, call.main_leg());
            let whole = is_main.then(|| (call.judgement(), &seizure));
            for hop in &hops(case) {
                let seizure = hop.seizure(case, whole, scene);
                self.trunks.add(case, hop, seizure.as_deref(), profile);
            }
        }
    }

    /// Nothing more is added: puts what was counted in order, so that figures come without copies.
    pub fn close(&mut self) {
        self.load.settle();
        self.trunks.close();
    }

    /// The metrics of all windows together.
    pub fn total(&self) -> Metrics {
        let mut total = Metrics::default();
        for (_, window) in self.windows.iter() {
            total.merge(window);
        }
        total
    }

    /// Adds what a leg says about registrations; every leg, call or not.
    pub fn add_registrations(&mut self, case: &Case, scene: &Scene) {
        let profile = &scene.profile;
        let registrations = registrations(case);
        if registrations.is_empty() || scene.scanners.sent(case) {
            return;
        }
        for registration in registrations {
            if profile.ignores(registration.flow.src) {
                continue;
            }
            self.windows.at(registration.time).register(&registration);
            self.trunks.register(&registration, profile);
        }
    }
}
