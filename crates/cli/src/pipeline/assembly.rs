//! Settled legs in, numbered and judged calls out, in an order that depends on the capture only.

use std::collections::BTreeMap;

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_correlate::{Call, Case, Metrics, Opening, Pairs, Scene, Traffic};
use siptriage_rules::{judge, judge_leg};

use super::{Event, Flow};

/// What the shards yield between two pieces of the capture.
#[derive(Default)]
pub(super) struct Yield {
    /// Calls that began: the frame and clock of their first message.
    pub(super) openings: Vec<Opening>,
    /// Legs that were settled, with the clock at which they were.
    pub(super) settled: Vec<(Time, Case)>,
    /// Who was heard, by stretch of [`Pairs::STRETCH`].
    pub(super) heard: BTreeMap<i64, Pairs>,
    /// Silences of the capture: begin and end.
    pub(super) silences: Vec<(Time, Time)>,
}

/// Makes calls of settled legs.
pub(super) struct Assembly<'s> {
    sink: &'s mut (dyn FnMut(Event<'_>) -> Flow + Send),
    scene: Scene,
    metrics: Metrics,
    traffic: Traffic,
    duplicates: Vec<u64>,
    openings: Vec<Opening>,
    numbers: BTreeMap<Opening, u32>,
    calls: u32,
    waiting: Vec<(Time, Case)>,
    heard: BTreeMap<i64, Pairs>,
}

impl<'s> Assembly<'s> {
    pub(super) fn new(
        files: usize,
        scene: Scene,
        sink: &'s mut (dyn FnMut(Event<'_>) -> Flow + Send),
    ) -> Assembly<'s> {
        Assembly {
            sink,
            scene,
            metrics: Metrics::default(),
            traffic: Traffic::default(),
            duplicates: vec![0; files.max(1)],
            openings: Vec::new(),
            numbers: BTreeMap::new(),
            calls: 0,
            waiting: Vec::new(),
            heard: BTreeMap::new(),
        }
    }

    /// Takes what all shards yielded up to `clock`; whatever was settled in an earlier second is
    /// complete and handed on.
    pub(super) fn take(&mut self, mut yielded: Yield, clock: Option<Time>) -> Flow {
        self.openings.append(&mut yielded.openings);
        self.waiting.append(&mut yielded.settled);
        self.scene.silences.append(&mut yielded.silences);
        for (stretch, pairs) in yielded.heard {
            self.heard
                .entry(stretch)
                .or_insert_with(|| self.scene.pairs.like())
                .merge(&pairs);
        }
        match clock {
            Some(clock) => self.release(Time(clock.0.div_euclid(SECOND).saturating_mul(SECOND))),
            None => Flow::Continue(()),
        }
    }

    /// The input ended: hands on everything that is left.
    pub(super) fn finish(&mut self) -> Flow {
        self.release(Time(i64::MAX))
    }

    /// The scene, and everything added up.
    pub(super) fn into_totals(self) -> (Scene, Metrics, Traffic, Vec<u64>) {
        (self.scene, self.metrics, self.traffic, self.duplicates)
    }

    fn release(&mut self, before: Time) -> Flow {
        let waiting = std::mem::take(&mut self.waiting);
        let (mut due, later): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(settled, _)| *settled < before);
        self.waiting = later;
        if due.is_empty() {
            return Flow::Continue(());
        }
        self.number();
        due.sort_by_key(|(settled, case)| (settled.0.div_euclid(SECOND), case.leg.first_frame()));
        for (settled, case) in due {
            self.listen(settled);
            self.add(case)?;
        }
        Flow::Continue(())
    }

    /// Numbers the calls that began, in the order of their first frames.
    fn number(&mut self) {
        self.openings.sort_unstable();
        for opening in self.openings.drain(..) {
            self.calls += 1;
            self.numbers.insert(opening, self.calls);
        }
    }

    /// Takes note of who was heard in the stretches of time that were over at `settled`.
    fn listen(&mut self, settled: Time) {
        while let Some(first) = self.heard.first_entry() {
            if first.key().saturating_add(1).saturating_mul(Pairs::STRETCH) > settled.0 {
                break;
            }
            self.scene.pairs.merge(&first.remove());
        }
    }

    fn add(&mut self, case: Case) -> Flow {
        self.traffic.add(&case);
        self.metrics.add_registrations(&case);
        for file in case.duplicates() {
            self.duplicates[usize::from(file)] += 1;
        }
        let number = case
            .leg
            .opening
            .and_then(|opening| self.numbers.remove(&opening));
        match Call::new(number.unwrap_or(0), case) {
            Ok(call) => {
                self.metrics.add_call(&call);
                let judged = judge(&call, &self.scene);
                (self.sink)(Event::Call {
                    call: &call,
                    judged: &judged,
                })
            }
            Err(case) => {
                let judged = judge_leg(&case, &self.scene);
                (self.sink)(Event::Leg { judged: &judged })
            }
        }
    }
}
