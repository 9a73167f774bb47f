//! Every time that is measured, as distributions.

use super::{Distribution, Release, Seizure};

/// Every time that is measured. `docs/metrics.md` defines each.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// First INVITE to the first provisional response but 100, or the answer.
    pub pdd: Distribution,
    /// First INVITE to the first 180, 181, 182 or 183.
    pub pdd_ring: Distribution,
    /// First INVITE to the first 180, or 183 with a session description.
    pub pdd_audible: Distribution,
    /// Session request delay, successful sessions (RFC 6076 4.3.1).
    pub srd: Distribution,
    /// Session request delay, failed sessions (RFC 6076 4.3.2).
    pub srd_failed: Distribution,
    /// Session disconnect delay (RFC 6076 4.4).
    pub sdd: Distribution,
    /// Session duration time (RFC 6076 4.5.1).
    pub sdt: Distribution,
    /// The same until Timer F of a BYE that nobody answered (RFC 6076 4.5.2).
    pub sdt_failed: Distribution,
    /// Registration request delay (RFC 6076 4.1).
    pub rrd: Distribution,
    /// Duration of answered and acknowledged calls of which both ends were seen.
    pub acd: Distribution,
    /// First 18x to the moment at which the caller gave up.
    pub patience: Distribution,
}

impl Times {
    /// Adds the times of a call whose end is known.
    pub fn add(&mut self, seizure: &Seizure) {
        let moments = &seizure.moments;
        let since_start =
            |time: Option<siptriage_capture::Time>| time.map(|time| time.since(seizure.start));
        self.pdd.add_some(since_start(moments.progress));
        self.pdd_ring.add_some(since_start(moments.ring));
        self.pdd_audible.add_some(since_start(moments.audible));
        match moments.answered {
            Some(_) => self.srd.add_some(since_start(moments.progress)),
            None => self.srd_failed.add_some(since_start(moments.refused)),
        }
        if let (Some(ringing), Some(gave_up)) = (moments.ringing, moments.gave_up) {
            self.patience.add(gave_up.since(ringing));
        }
        self.acd.add_some(moments.talk);
        match (moments.answered, moments.release) {
            (_, Release::Unseen) => {}
            (answered, Release::Confirmed { sent, confirmed }) => {
                self.sdd.add(confirmed.since(sent));
                self.sdt
                    .add_some(answered.map(|answered| sent.since(answered)));
            }
            (answered, Release::Unanswered { expired }) => {
                self.sdt_failed
                    .add_some(answered.map(|answered| expired.since(answered)));
            }
            (answered, Release::Refused { sent }) => {
                self.sdt
                    .add_some(answered.map(|answered| sent.since(answered)));
            }
        }
    }

    /// Adds what another one measured.
    pub fn merge(&mut self, other: &Times) {
        let all = [
            (&mut self.pdd, &other.pdd),
            (&mut self.pdd_ring, &other.pdd_ring),
            (&mut self.pdd_audible, &other.pdd_audible),
            (&mut self.srd, &other.srd),
            (&mut self.srd_failed, &other.srd_failed),
            (&mut self.sdd, &other.sdd),
            (&mut self.sdt, &other.sdt),
            (&mut self.sdt_failed, &other.sdt_failed),
            (&mut self.rrd, &other.rrd),
            (&mut self.acd, &other.acd),
            (&mut self.patience, &other.patience),
        ];
        for (own, other) in all {
            own.merge(other);
        }
    }

    /// Every distribution by its name in the output, in the order of reports.
    pub fn all(&self) -> [(&'static str, &Distribution); 11] {
        [
            ("pdd", &self.pdd),
            ("pdd_ring", &self.pdd_ring),
            ("pdd_audible", &self.pdd_audible),
            ("srd", &self.srd),
            ("srd_failed", &self.srd_failed),
            ("sdd", &self.sdd),
            ("sdt", &self.sdt),
            ("sdt_failed", &self.sdt_failed),
            ("rrd", &self.rrd),
            ("acd", &self.acd),
            ("patience", &self.patience),
        ]
    }
}
