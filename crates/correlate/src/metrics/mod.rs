//! The numbers of a capture, each with its population (RFC 6076, ITU-T E.411, E.425).

mod class;
mod distribution;
mod ratio;

use siptriage_capture::Time;
use siptriage_sip::{Method, StatusCode};

pub use class::Class;
pub use distribution::{Distribution, Figures};
pub use ratio::Ratio;

use crate::call::{Call, Part};
use crate::outcome::{Outcome, Side};
use crate::record::{RecordIdx, TransactionIdx};
use crate::study::{Case, Judgement};
use crate::timers::TIMEOUT;

/// Counts and times, added up call by call. `docs/metrics.md` defines each.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Calls by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Calls by class of D.1 of the metrics manual, in the order of [`Class::ALL`].
    pub classes: [u64; Class::ALL.len()],
    /// Abandoned calls that had rung.
    pub abandoned_ringing: u64,
    /// The steps from the naive to the corrected answer ratio.
    pub bridge: Bridge,
    /// INVITE requests at the caller's hop: what RFC 6076 counts.
    pub requests: Requests,
    /// REGISTER requests that were not challenged (RFC 6076 4.2).
    pub registers: u64,
    /// Those that failed: final failure or Timer F.
    pub registers_failed: u64,
    /// First INVITE to first 18x, or to the first other provisional response but 100.
    pub pdd: Distribution,
    /// Session request delay, successful sessions (RFC 6076 4.3.1).
    pub srd: Distribution,
    /// Session request delay, failed sessions (RFC 6076 4.3.2).
    pub srd_failed: Distribution,
    /// Session disconnect delay (RFC 6076 4.4).
    pub sdd: Distribution,
    /// Session duration time (RFC 6076 4.5).
    pub sdt: Distribution,
    /// Registration request delay (RFC 6076 4.1).
    pub rrd: Distribution,
    /// Duration of answered calls of which both ends were seen.
    pub acd: Distribution,
}

/// What leads from the answer ratio of raw transactions to that of calls. Each pair counts
/// those with a 2xx and all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bridge {
    /// Initial INVITE transactions with a final response, on every hop and branch.
    pub transactions: Ratio,
    /// Those answered 401, 407 or 494.
    pub challenges: u64,
    /// Hops and branches below the caller's hop, challenges left out.
    pub collapsed: Ratio,
    /// Attempts that another attempt of the same call superseded, challenges left out.
    pub superseded: u64,
}

/// INVITE requests as RFC 6076 counts them, at the hop nearest to the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// All.
    pub all: u64,
    /// Answered 3xx.
    pub redirected: u64,
    /// Answered 2xx.
    pub successful: u64,
    /// Answered 480, 486, 600 or 603 (RFC 6076 4.7).
    pub effective_failures: u64,
    /// Answered 408, 500, 503 or 504 (RFC 6076 4.8).
    pub ineffective: u64,
    /// Sessions with 2xx, ACK, BYE and a 2xx to it (RFC 6076 4.9).
    pub completed: u64,
}

impl Metrics {
    /// Adds a call.
    pub fn add_call(&mut self, call: &Call) {
        let judgement = call.judgement();
        let outcome = judgement.outcome;
        self.outcomes[outcome as usize] += 1;
        if outcome == Outcome::Partial {
            return;
        }
        let case = call.main_leg();
        for (leg, part) in call.legs().iter().zip(call.parts()) {
            self.add_bridge(leg, part);
        }
        if !outcome.is_known() {
            return;
        }
        let class = Class::of(case, judgement);
        self.classes[class as usize] += 1;
        if class == Class::Abandoned && judgement.ringing.is_some() {
            self.abandoned_ringing += 1;
        }
        for (leg, part) in call.legs().iter().zip(call.parts()) {
            match part {
                Part::Main | Part::Superseded => self.add_requests(leg),
                Part::Below => {}
            }
        }
        self.add_times(case, judgement);
    }

    /// Adds what a leg says about registrations; every leg, call or not.
    pub fn add_registrations(&mut self, case: &Case) {
        let mut first = None;
        for (at, register) in case.transactions(Method::Register) {
            let start = case.leg.record(register.first).time;
            let status = case.final_status(at);
            let begin = *first.get_or_insert(start);
            match status {
                Some(status) if status.is_success() => {
                    self.registers += 1;
                    self.rrd.add(final_time(case, at).since(begin));
                    first = None;
                }
                Some(StatusCode(401 | 402 | 407)) => {}
                Some(_) => {
                    self.registers += 1;
                    self.registers_failed += 1;
                    first = None;
                }
                None if case.leg.seen_until.since(start) >= TIMEOUT => {
                    self.registers += 1;
                    self.registers_failed += 1;
                    first = None;
                }
                None => first = None,
            }
        }
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
    pub fn ratios(&self) -> [(&'static str, Ratio); 13] {
        let attempts = self.attempts();
        let answered = self.class(Class::Answered);
        let abandoned = self.class(Class::Abandoned);
        let delivered = answered
            + self.class(Class::Busy)
            + self.class(Class::NoAnswer)
            + self.class(Class::Declined);
        let failed = attempts - answered - abandoned;
        let requests = self.requests;
        let eligible = requests.all - requests.redirected;
        [
            ("asr", Ratio::new(answered, attempts)),
            ("asr_adjusted", Ratio::new(answered, attempts - abandoned)),
            ("asr_naive", self.bridge.transactions),
            (
                "ner",
                Ratio::new(delivered + self.abandoned_ringing, attempts),
            ),
            ("ner_strict", Ratio::new(delivered, attempts)),
            ("abandon_rate", Ratio::new(abandoned, attempts)),
            ("failure_rate", Ratio::new(failed, attempts)),
            (
                "failure_rate_naive",
                Ratio::new(attempts - answered, attempts),
            ),
            ("ser", Ratio::new(requests.successful, eligible)),
            (
                "seer",
                Ratio::new(requests.successful + requests.effective_failures, eligible),
            ),
            ("isa", Ratio::new(requests.ineffective, requests.all)),
            ("scr", Ratio::new(requests.completed, requests.all)),
            ("ira", Ratio::new(self.registers_failed, self.registers)),
        ]
    }

    /// Every distribution by its name in the output, in the order of reports.
    pub fn distributions(&self) -> [(&'static str, &Distribution); 7] {
        [
            ("pdd", &self.pdd),
            ("srd", &self.srd),
            ("srd_failed", &self.srd_failed),
            ("sdd", &self.sdd),
            ("sdt", &self.sdt),
            ("rrd", &self.rrd),
            ("acd", &self.acd),
        ]
    }

    fn add_bridge(&mut self, case: &Case, part: Part) {
        let deciding = case
            .judgement
            .as_ref()
            .and_then(|judgement| judgement.attempt);
        for (number, attempt) in case.attempts.iter().enumerate() {
            for at in &attempt.transactions {
                let Some(status) = case.final_status(*at) else {
                    continue;
                };
                let answered = u64::from(status.is_success());
                self.bridge.transactions.add(answered, 1);
                let is_root = attempt.root() == *at;
                if status.is_challenge() {
                    self.bridge.challenges += 1;
                } else if !is_root || part == Part::Below {
                    self.bridge.collapsed.add(answered, 1);
                } else if Some(number) != deciding || part == Part::Superseded {
                    self.bridge.superseded += 1;
                }
            }
        }
    }

    fn add_requests(&mut self, case: &Case) {
        for attempt in &case.attempts {
            self.requests.all += 1;
            let status = attempt
                .final_response
                .and_then(|at| case.leg.record(at).role.status());
            match status.map_or(0, |status| status.0) {
                200..=299 => self.requests.successful += 1,
                300..=399 => self.requests.redirected += 1,
                480 | 486 | 600 | 603 => self.requests.effective_failures += 1,
                408 | 500 | 503 | 504 => self.requests.ineffective += 1,
                _ => {}
            }
        }
        if is_completed(case) {
            self.requests.completed += 1;
        }
    }

    fn add_times(&mut self, case: &Case, judgement: &Judgement) {
        let since_start = |time: Option<Time>| time.map(|time| time.since(judgement.start));
        if judgement.answered.is_some() {
            self.srd.add_some(since_start(judgement.progress));
        } else if let Some(at) = judgement.deciding {
            self.srd_failed
                .add(case.leg.record(at).time.since(judgement.start));
        }
        self.pdd.add_some(judgement.post_dial_delay());
        if let (Some(answered), Some(ended)) = (judgement.answered, judgement.ended) {
            self.sdt.add(ended.since(answered));
        }
        self.acd.add_some(judgement.talk_time());
        for (at, bye) in case.transactions(Method::Bye) {
            let accepted = case
                .final_status(at)
                .is_some_and(|status| status.is_success());
            let is_nearest =
                case.leg.transaction(at).via_count <= 1 || judgement.ended_by == Some(Side::Callee);
            if accepted && is_nearest {
                self.sdd
                    .add(final_time(case, at).since(case.leg.record(bye.first).time));
                break;
            }
        }
    }
}

fn final_time(case: &Case, at: TransactionIdx) -> Time {
    let record = case
        .leg
        .transaction(at)
        .final_response
        .unwrap_or(RecordIdx(0));
    case.leg.record(record).time
}

fn is_completed(case: &Case) -> bool {
    case.answers.iter().any(|answer| {
        let bye = answer.ending.map(|ending| ending.bye);
        let confirmed = bye.and_then(|bye| case.final_status(bye));
        !answer.acks.is_empty() && confirmed.is_some_and(|status| status.is_success())
    })
}
