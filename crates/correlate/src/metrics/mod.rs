//! The numbers of a capture, each with its population (RFC 6076, ITU-T E.411, E.425).
//!
//! A [`Ledger`] holds them all. It reduces every call to a [`Seizure`], which goes into the
//! [`Metrics`] of the whole, of its window and of its trunks.

mod bridge;
mod class;
mod codes;
mod distribution;
mod hop;
mod ledger;
mod load;
mod ratio;
mod registrations;
mod requests;
mod seizure;
mod times;
mod trunks;
mod windows;

use siptriage_sip::StatusCode;
use siptriage_sip::codes::FaultDomain;

pub use bridge::{Bridge, Step};
pub use class::{Class, Refusal};
pub use codes::Codes;
pub use distribution::{Distribution, Figures, Span};
pub(crate) use hop::request_flow;
pub use ledger::Ledger;
pub use load::{Load, Peak};
pub use ratio::Ratio;
pub use registrations::{Registered, Registration, registrations};
pub use requests::{Requests, is_effective_failure, is_ineffective};
pub use seizure::Seizure;
pub use times::{Interval, Spans, Times};
pub use trunks::{Direction, LeftOut, Trunk, TrunkName, Trunks};
pub use windows::{Width, Windows};

use crate::call::{Call, Part};
use crate::outcome::Outcome;
use crate::study::Case;

/// Counts and times, added up attempt by attempt. `docs/metrics.md` defines each.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Calls by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Calls by class, in the order of [`Class::ALL`].
    pub classes: [u64; Class::ALL.len()],
    /// Calls by the status that decided them.
    pub codes: Codes,
    /// Calls of class [`Class::Failed`] by whose doing it was.
    pub faults: Faults,
    /// Calls that rang, of those whose end is known.
    pub rang: u64,
    /// Abandoned calls that had rung.
    pub abandoned_ringing: u64,
    /// Calls of class [`Class::Unavailable`] whose refusal says that the terminal was reached.
    pub unavailable_reached: u64,
    /// Calls that ended with a redirection which nobody followed.
    pub redirected: u64,
    /// Calls refused with a code of RFC 6076 4.7.
    pub effective_failures: u64,
    /// Attempts without any response that another attempt of the same call superseded.
    pub vain_bids: u64,
    /// Call-IDs whose last final response to an INVITE was a 2xx, of those with any.
    pub last_codes: Ratio,
    /// The steps from the naive to the corrected answer ratio.
    pub bridge: Bridge,
    /// INVITE requests at the caller's hop: what RFC 6076 counts.
    pub requests: Requests,
    /// REGISTER requests that failed, of all (RFC 6076 4.2).
    pub registers: Ratio,
    /// Calls whose times are left out because the clocks that stamped them cannot be trusted.
    pub untimed: u64,
    /// Every time that is measured.
    pub times: Times,
}

/// Failed calls by whose doing it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Servers and connections, or implementations that do not agree.
    pub network: u64,
    /// A decision to refuse.
    pub policy: u64,
    /// The caller.
    pub caller: u64,
    /// The called party.
    pub callee: u64,
}

impl Metrics {
    /// Adds a call with everything that it consists of.
    pub fn add_call(&mut self, call: &Call, seizure: &Seizure) {
        if seizure.outcome != Outcome::Partial {
            for (leg, part) in call.legs().zip(call.parts()) {
                self.add_transactions(leg, part);
            }
        }
        if seizure.class.is_some() {
            for (leg, part) in call.legs().zip(call.parts()) {
                match part {
                    Part::Main | Part::Superseded => self.add_requests(leg),
                    Part::Below => {}
                }
            }
        }
        self.add(seizure);
    }

    /// Adds an attempt: its end and its times.
    pub fn add(&mut self, seizure: &Seizure) {
        self.outcomes[seizure.outcome as usize] += 1;
        let Some(class) = seizure.class else { return };
        self.classes[class as usize] += 1;
        if let Some(status) = seizure.status {
            self.codes.add(status);
            self.effective_failures += u64::from(is_effective_failure(status));
        }
        if seizure.rang {
            self.rang += 1;
            self.abandoned_ringing += u64::from(class == Class::Abandoned);
        }
        self.redirected += u64::from(seizure.outcome == Outcome::Redirected);
        self.unavailable_reached += u64::from(class == Class::Unavailable && seizure.reached);
        if let Some(fault) = seizure.fault {
            self.faults.add(fault);
        }
        let Some(times) = &seizure.times else {
            self.untimed += 1;
            return;
        };
        self.times.add_all(times);
    }

    /// Adds a REGISTER request.
    pub fn register(&mut self, registration: &Registration) {
        match registration.result {
            Registered::After(delay) => {
                self.registers.add(0, 1);
                if let Some(delay) = Span::new(delay) {
                    self.times.add(Interval::Rrd, delay);
                }
            }
            Registered::Challenged => self.registers.add(0, 1),
            Registered::Failed => self.registers.add(1, 1),
        }
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Metrics) {
        for (own, other) in self.outcomes.iter_mut().zip(other.outcomes) {
            *own += other;
        }
        for (own, other) in self.classes.iter_mut().zip(other.classes) {
            *own += other;
        }
        self.codes.merge(&other.codes);
        self.faults.merge(other.faults);
        self.rang += other.rang;
        self.abandoned_ringing += other.abandoned_ringing;
        self.unavailable_reached += other.unavailable_reached;
        self.redirected += other.redirected;
        self.effective_failures += other.effective_failures;
        self.vain_bids += other.vain_bids;
        self.last_codes.merge(other.last_codes);
        self.bridge.merge(&other.bridge);
        self.requests.merge(&other.requests);
        self.registers.merge(other.registers);
        self.untimed += other.untimed;
        self.times.merge(&other.times);
    }

    /// All calls, those whose end is not known among them.
    pub fn calls(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// Calls whose end is known: the population of every ratio.
    pub fn attempts(&self) -> u64 {
        self.classes.iter().sum()
    }

    /// Calls of a class.
    pub fn class(&self, class: Class) -> u64 {
        self.classes[class as usize]
    }

    /// Calls with an outcome.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    /// Every ratio by its name in the output, in the order of reports.
    pub fn ratios(&self) -> [(&'static str, Ratio); 22] {
        let attempts = self.attempts();
        let answered = self.class(Class::Answered);
        let abandoned = self.class(Class::Abandoned);
        let delivered = answered
            + self.class(Class::Busy)
            + self.class(Class::NoAnswer)
            + self.class(Class::Declined)
            + self.unavailable_reached;
        let of_attempts = |number| Ratio::new(number, attempts);
        let requests = self.requests;
        let effective = requests.successful + requests.effective_failures;
        let waited_for = attempts.saturating_sub(self.redirected);
        [
            ("asr", of_attempts(answered)),
            ("asr_adjusted", Ratio::new(answered, attempts - abandoned)),
            ("asr_naive", self.bridge.transactions),
            ("asr_naive_code", self.last_codes),
            ("abr", Ratio::new(answered, attempts + self.vain_bids)),
            ("ner", of_attempts(delivered + self.abandoned_ringing)),
            ("ner_strict", of_attempts(delivered)),
            ("abandon_rate", of_attempts(abandoned)),
            (
                "abandon_rate_ringing",
                Ratio::new(self.abandoned_ringing, self.rang),
            ),
            ("failure_rate", of_attempts(attempts - answered - abandoned)),
            ("failure_rate_naive", of_attempts(attempts - answered)),
            ("fail_net", of_attempts(self.faults.network)),
            ("fail_policy", of_attempts(self.faults.policy)),
            ("fail_caller", of_attempts(self.faults.caller)),
            ("fail_callee", of_attempts(self.faults.callee)),
            ("ser", Ratio::new(requests.successful, requests.eligible())),
            ("ser_folded", Ratio::new(answered, waited_for)),
            ("seer", Ratio::new(effective, requests.eligible())),
            (
                "seer_folded",
                Ratio::new(answered + self.effective_failures, waited_for),
            ),
            ("isa", Ratio::new(requests.ineffective, requests.all)),
            ("scr", Ratio::new(requests.completed, requests.all)),
            ("ira", self.registers),
        ]
    }

    /// Every distribution by its name in the output, in the order of reports.
    pub fn distributions(&self) -> [(&'static str, &Distribution); Interval::ALL.len()] {
        self.times.all()
    }

    /// Adds the initial INVITE transactions of a leg, on every hop and branch.
    fn add_transactions(&mut self, case: &Case, part: Part) {
        let deciding = case
            .judgement
            .as_ref()
            .and_then(|judgement| judgement.attempt);
        let mut last = None;
        for (number, attempt) in case.attempts.iter().enumerate() {
            let is_superseded = Some(number) != deciding || part == Part::Superseded;
            if is_superseded && part != Part::Below && is_vain(case, attempt.root()) {
                self.vain_bids += 1;
            }
            for at in &attempt.transactions {
                let Some(status) = case.final_status(*at) else {
                    continue;
                };
                last = last.max(Some((case.leg.transaction(*at).final_response, status)));
                let is_root = attempt.root() == *at;
                let step = if !is_root || part == Part::Below {
                    Step::Below
                } else if is_superseded {
                    Step::Superseded
                } else {
                    Step::Deciding
                };
                self.bridge.add(status, step);
            }
        }
        if let Some((_, status)) = last {
            self.last_codes.add(u64::from(status.is_success()), 1);
        }
    }

    fn add_requests(&mut self, case: &Case) {
        for attempt in &case.attempts {
            let status: Option<StatusCode> = attempt
                .final_response
                .and_then(|at| case.leg.record(at).role.status());
            self.requests.add(status);
        }
        self.requests.completed += u64::from(is_completed(case));
    }
}

impl Faults {
    fn add(&mut self, fault: FaultDomain) {
        match fault {
            FaultDomain::Network | FaultDomain::Protocol | FaultDomain::Nobody => self.network += 1,
            FaultDomain::Policy => self.policy += 1,
            FaultDomain::Caller => self.caller += 1,
            FaultDomain::Callee => self.callee += 1,
        }
    }

    fn merge(&mut self, other: Faults) {
        self.network += other.network;
        self.policy += other.policy;
        self.caller += other.caller;
        self.callee += other.callee;
    }
}

/// Whether nobody answered an INVITE.
fn is_vain(case: &Case, at: crate::record::TransactionIdx) -> bool {
    case.responses(at).next().is_none()
}

/// Whether a session went all the way: 2xx, ACK, BYE and a 2xx to it (RFC 6076 4.9).
fn is_completed(case: &Case) -> bool {
    case.answers.iter().any(|answer| {
        let bye = answer.ending.map(|ending| ending.bye);
        let confirmed = bye.and_then(|bye| case.final_status(bye));
        !answer.acks.is_empty() && confirmed.is_some_and(|status| status.is_success())
    })
}
