//! Everything that is counted of calls: in total, by trunk and by window.

use super::hop::{hops, request_flow};
use super::registrations::registrations;
use super::{Load, Metrics, Seizure, Trunks, Width, Windows};
use crate::call::Call;
use crate::limits::Limits;
use crate::scene::Scene;
use crate::study::Case;

/// Everything that is counted of calls. Add them in a fixed order: sketches depend on it.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// All calls, each counted once, at the caller's hop.
    pub total: Metrics,
    /// All calls by the time of their begin.
    pub windows: Windows,
    /// Every leg of every call, by the hosts between which it passed.
    pub trunks: Trunks,
    /// Calls up at once.
    pub load: Load,
    /// Calls of sources that the profile ignores: counted nowhere else.
    pub ignored: u64,
    /// Calls of scanners: counted nowhere else.
    pub scanners: u64,
}

impl Ledger {
    /// An empty one.
    pub fn new(limits: &Limits, width: Width) -> Ledger {
        Ledger {
            total: Metrics::default(),
            windows: Windows::new(width),
            trunks: Trunks::new(limits.trunks),
            load: Load::new(Load::INSTANTS),
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
        let window = self.windows.at(seizure.start);
        for metrics in [&mut self.total, window] {
            metrics.add_call(call, &seizure);
        }
        for case in call.legs() {
            for hop in hops(case, scene) {
                self.trunks.add(case, &hop, profile);
            }
        }
    }

    /// Adds what a leg says about registrations; every leg, call or not.
    pub fn add_registrations(&mut self, case: &Case, scene: &Scene) {
        let profile = &scene.profile;
        if scene.scanners.sent(case) {
            return;
        }
        for registration in registrations(case) {
            if profile.ignores(registration.flow.src) {
                continue;
            }
            self.total.register(&registration);
            self.windows.at(registration.time).register(&registration);
            self.trunks.register(&registration, profile);
        }
    }
}
