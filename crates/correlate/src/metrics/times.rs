//! Every time that is measured, as distributions.

use siptriage_capture::Time;

use super::seizure::{Moments, Release};
use super::{Distribution, Span};

/// From what to what is measured. `docs/metrics.md` defines each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// First INVITE to the first provisional response but 100, or the answer.
    Pdd,
    /// First INVITE to the first 180, 181, 182 or 183.
    PddRing,
    /// First INVITE to the first 180, or 183 with a session description.
    PddAudible,
    /// Session request delay, successful sessions (RFC 6076 4.3.1).
    Srd,
    /// Session request delay, failed sessions (RFC 6076 4.3.2).
    SrdFailed,
    /// Session disconnect delay (RFC 6076 4.4).
    Sdd,
    /// Session duration time (RFC 6076 4.5.1).
    Sdt,
    /// The same until Timer F of a BYE that nobody answered (RFC 6076 4.5.2).
    SdtFailed,
    /// Registration request delay (RFC 6076 4.1).
    Rrd,
    /// Duration of answered and acknowledged calls of which both ends were seen.
    Acd,
    /// First 18x to the moment at which the caller gave up.
    Patience,
}

impl Interval {
    /// Every interval, in the order of reports.
    pub const ALL: [Interval; 11] = [
        Interval::Pdd,
        Interval::PddRing,
        Interval::PddAudible,
        Interval::Srd,
        Interval::SrdFailed,
        Interval::Sdd,
        Interval::Sdt,
        Interval::SdtFailed,
        Interval::Rrd,
        Interval::Acd,
        Interval::Patience,
    ];

    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Interval::Pdd => "pdd",
            Interval::PddRing => "pdd_ring",
            Interval::PddAudible => "pdd_audible",
            Interval::Srd => "srd",
            Interval::SrdFailed => "srd_failed",
            Interval::Sdd => "sdd",
            Interval::Sdt => "sdt",
            Interval::SdtFailed => "sdt_failed",
            Interval::Rrd => "rrd",
            Interval::Acd => "acd",
            Interval::Patience => "patience",
        }
    }
}

/// The times of one attempt in nanoseconds, in the order of [`Interval::ALL`]; negative where there is
/// none, or where a clock stepped back.
#[derive(Clone, Debug)]
pub struct Spans([i64; Interval::ALL.len()]);

/// Every time that is measured.
#[derive(Clone, Debug, Default)]
pub struct Times([Distribution; Interval::ALL.len()]);

impl Times {
    /// Adds a time.
    pub fn add(&mut self, interval: Interval, span: Span) {
        self.0[interval as usize].add(span);
    }

    /// Adds the times of an attempt.
    pub fn add_all(&mut self, spans: &Spans) {
        for (distribution, nanoseconds) in self.0.iter_mut().zip(spans.0) {
            if let Some(span) = Span::new(nanoseconds) {
                distribution.add(span);
            }
        }
    }

    /// Adds what another one measured.
    pub fn merge(&mut self, other: &Times) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            own.merge(other);
        }
    }

    /// Every distribution by its name in the output, in the order of reports.
    pub fn all(&self) -> [(&'static str, &Distribution); Interval::ALL.len()] {
        Interval::ALL.map(|interval| (interval.name(), &self.0[interval as usize]))
    }
}

/// The times of an attempt that began at `start`.
pub(super) fn spans(start: Time, moments: &Moments) -> Spans {
    let mut spans = Spans([-1; Interval::ALL.len()]);
    let mut measure = |interval: Interval, nanoseconds: Option<i64>| {
        spans.0[interval as usize] = nanoseconds.unwrap_or(-1);
    };
    let since_start = |time: Option<Time>| time.map(|time| time.since(start));
    let since_answer = |time: Time| moments.answered.map(|answered| time.since(answered));
    measure(Interval::Pdd, since_start(moments.progress));
    measure(Interval::PddRing, since_start(moments.ring));
    measure(Interval::PddAudible, since_start(moments.audible));
    match moments.answered {
        Some(_) => measure(Interval::Srd, since_start(moments.progress)),
        None => measure(Interval::SrdFailed, since_start(moments.refused)),
    }
    match moments.release {
        Release::Unseen => {}
        Release::Confirmed { sent, confirmed } => {
            measure(Interval::Sdd, Some(confirmed.since(sent)));
            measure(Interval::Sdt, since_answer(sent));
        }
        Release::Refused { sent } => measure(Interval::Sdt, since_answer(sent)),
        Release::Unanswered { expired } => measure(Interval::SdtFailed, since_answer(expired)),
    }
    measure(Interval::Acd, moments.talk);
    let ringing = moments.ringing.zip(moments.gave_up);
    measure(
        Interval::Patience,
        ringing.map(|(ringing, gave_up)| gave_up.since(ringing)),
    );
    spans
}
