//! Settled legs in, numbered and judged calls out, in an order that depends on the capture only.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;
use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_correlate::call::{CallLeg, CallLegs};
use siptriage_correlate::link::{Allocation, CallKey, Ended, Hint, Opening};
use siptriage_correlate::series::concerns;
use siptriage_correlate::{
    Book, Call, Case, Circumstances, FrameRef, Ledger, Leg, LegId, Linker, Pairs, Refused, Scan,
    Scene, Traffic,
};
use siptriage_rules::{judge, judge_leg};

use super::spare::Spare;
use super::{Event, Flow};

/// What the shards yield between two pieces of the capture.
#[derive(Default)]
pub(super) struct Yield {
    /// What happened to legs.
    pub(super) waiting: Vec<Waiting>,
    /// Who was heard, by stretch of [`Pairs::STRETCH`].
    pub(super) heard: BTreeMap<i64, Pairs>,
    /// What became known about the capture.
    pub(super) circumstances: Circumstances,
    /// Packets that were refused.
    pub(super) refused: Vec<Refused>,
}

/// Makes calls of settled legs.
pub(super) struct Assembly<'s> {
    sink: &'s mut (dyn FnMut(Event<'_>) -> Flow + Send),
    scene: Scene,
    linker: Linker,
    ledger: Ledger,
    series: Book,
    traffic: Traffic,
    duplicates: Vec<u64>,
    /// The legs settled so far of calls with others in progress.
    calls: HashMap<CallKey, CallLegs, FixedState>,
    waiting: Vec<Waiting>,
    /// What is handed on, empty between two times.
    due: Vec<Waiting>,
    heard: BTreeMap<i64, Pairs>,
    /// Emptied legs of what was handed on, which the next ones may use.
    pub(super) spent: Vec<Box<Leg>>,
}

/// Something that happened at a time.
pub(super) struct Waiting {
    turn: Turn,
    what: What,
}

/// When it is something's turn.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    half: Half,
    /// When the leg was first heard of; frame numbers of different files say nothing about time.
    begun: Time,
    frame: FrameRef,
    /// Two messages of a stream may end in one frame.
    call_id_hash: u64,
}

/// The half of a second in which it is something's turn: the first is for all that opens, the second
/// for all that ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Half(i64);

enum What {
    /// A leg turned out to belong to a call.
    Opening(Box<Opening>),
    /// A clue to what a leg belongs to turned up later.
    Hint(Box<Hint>),
    /// A scanner sent something.
    Scan(Box<Scan>),
    /// A leg was settled.
    Settled(Box<Case>),
}

impl<'s> Assembly<'s> {
    pub(super) fn new(
        files: usize,
        scene: Scene,
        ledger: Ledger,
        series: Book,
        sink: &'s mut (dyn FnMut(Event<'_>) -> Flow + Send),
    ) -> Assembly<'s> {
        Assembly {
            sink,
            scene,
            linker: Linker::default(),
            ledger,
            series,
            traffic: Traffic::default(),
            duplicates: vec![0; files.max(1)],
            calls: HashMap::default(),
            waiting: Vec::new(),
            due: Vec::new(),
            heard: BTreeMap::new(),
            spent: Vec::new(),
        }
    }

    /// Takes what all shards yielded up to `clock`; whatever happened in an earlier second is
    /// complete and handed on.
    pub(super) fn take(&mut self, mut yielded: Yield, clock: Option<Time>) -> Flow {
        self.waiting.append(&mut yielded.waiting);
        self.scene.learn(yielded.circumstances);
        for refused in &yielded.refused {
            self.scene.refusals.add(refused);
        }
        for (stretch, pairs) in yielded.heard {
            self.heard
                .entry(stretch)
                .or_insert_with(|| self.scene.pairs.like())
                .merge(&pairs);
        }
        match clock {
            Some(clock) => self.release(Half::opening(clock)),
            None => Flow::Continue(()),
        }
    }

    /// The run was ended before the capture was: whatever was said of its end, this is not it.
    pub(super) fn expect_more(&mut self) {
        self.scene.assume_complete = false;
    }

    /// The input ended at `clock`: hands on everything that is left.
    pub(super) fn finish(&mut self, clock: Time) -> Flow {
        self.release(Half::NEVER)?;
        self.ledger.close();
        self.series.finish(clock, &self.scene);
        self.hand_on_series()
    }

    /// The scene, and everything added up.
    pub(super) fn into_totals(self) -> (Scene, Ledger, Traffic, Vec<u64>) {
        (self.scene, self.ledger, self.traffic, self.duplicates)
    }

    /// Hands on everything whose turn comes before.
    fn release(&mut self, before: Half) -> Flow {
        let mut due = std::mem::take(&mut self.due);
        due.extend(
            self.waiting
                .extract_if(.., |waiting| waiting.turn.half < before),
        );
        due.sort_unstable_by(|one, other| one.turn.cmp(&other.turn));
        self.anticipate(&due);
        for waiting in due.drain(..) {
            match waiting.what {
                What::Opening(opening) => self.linker.open(opening),
                What::Hint(hint) => self.linker.hint(*hint),
                What::Scan(scan) => self.scene.scanners.meet(*scan),
                What::Settled(case) => {
                    let clock = case.leg.seen_until;
                    self.listen(clock);
                    self.series.advance(clock, &self.scene);
                    self.settle(case)?;
                    self.hand_on_series()?;
                }
            }
        }
        self.due = due;
        Flow::Continue(())
    }

    /// Looks up what settled legs will need, which changes nothing but the time that it takes (see
    /// [`Leg::touch`](siptriage_correlate::Leg::touch)).
    fn anticipate(&self, due: &[Waiting]) {
        let call = |waiting: &Waiting| match &waiting.what {
            What::Settled(case) => self.linker.call(case.leg.id()?),
            What::Opening(_) | What::Hint(_) | What::Scan(_) => None,
        };
        let calls: Vec<CallKey> = due.iter().filter_map(call).collect();
        let touched = calls.iter().map(|call| self.linker.touch(*call));
        std::hint::black_box(touched.fold(0, |seen, one| seen ^ one));
    }

    /// Takes note of who was heard in the stretches of time that were over at `clock`.
    fn listen(&mut self, clock: Time) {
        while let Some(first) = self.heard.first_entry() {
            if first.key().saturating_add(1).saturating_mul(Pairs::STRETCH) > clock.0 {
                break;
            }
            self.scene.pairs.merge(&first.remove());
        }
    }

    fn settle(&mut self, mut case: Box<Case>) -> Flow {
        self.scene.skews.add(&case.leg);
        case.align(&self.scene.skews);
        case.reconsider(&self.scene);
        self.traffic.add(&case);
        self.scene.refusals.vouch(&case.leg);
        self.scene.scanners.learn(&case);
        self.ledger.add_registrations(&case, &self.scene);
        let mut copies = 0;
        for file in case.duplicates() {
            self.duplicates[usize::from(file)] += 1;
            copies += 1;
        }
        self.scene.misses.add(&case, copies, &self.scene.pairs);
        let ended = case.leg.id().and_then(|id| self.linker.end(id));
        let number = ended.as_ref().map(|ended| ended.allocation.call.number);
        self.note_series(&case, number);
        let Some(Ended { allocation, caused }) = ended else {
            let judged = judge_leg(&case, &self.scene);
            let flow = (self.sink)(Event::Leg { judged: &judged });
            self.spend(case.leg);
            return flow;
        };
        let Allocation { call, link, cause } = allocation;
        let leg = CallLeg { case, link, cause };
        let Some(caused) = caused else {
            self.calls.entry(call).or_default().push(leg);
            return Flow::Continue(());
        };
        let mut legs = self.calls.remove(&call).unwrap_or_default();
        legs.push(leg);
        let Some(call) = Call::new(call.number, legs, caused, &self.scene.skews) else {
            return Flow::Continue(());
        };
        self.ledger.add_call(&call, &self.scene);
        let judged = judge(&call, &self.scene);
        let flow = (self.sink)(Event::Call {
            call: &call,
            judged: &judged,
        });
        for leg in call.into_legs() {
            self.spend(leg);
        }
        flow
    }

    /// Leaves the memory of a leg to another one, unless enough is left already.
    fn spend(&mut self, leg: Box<Leg>) {
        if self.spent.len() < Spare::KEPT {
            self.spent.push(leg.emptied());
        }
    }
}

impl Assembly<'_> {
    /// Adds what a leg says about series, unless a scanner sent it or the profile ignores it.
    fn note_series(&mut self, case: &Case, call: Option<u32>) {
        let is_ignored = || {
            let first = case.leg.vantages.first();
            first.is_some_and(|vantage| self.scene.profile.ignores(vantage.flow.src))
        };
        if concerns(case) && !self.scene.scanners.sent(case) && !is_ignored() {
            self.series.take(case, call, &self.scene);
        }
    }

    /// Hands on the series that are over.
    fn hand_on_series(&mut self) -> Flow {
        for series in self.series.drain() {
            self.ledger.series.add(&series);
            (self.sink)(Event::Series { series: &series })?;
        }
        self.traffic.series_closed_early = self.series.closed_early;
        Flow::Continue(())
    }
}

impl Waiting {
    pub(super) fn opening(opening: Box<Opening>) -> Waiting {
        let LegId {
            frame,
            call_id_hash,
        } = opening.id;
        Waiting {
            turn: Turn::heard(opening.clock, frame, call_id_hash),
            what: What::Opening(opening),
        }
    }

    pub(super) fn hint(hint: Hint) -> Waiting {
        Waiting {
            turn: Turn::heard(hint.clock, hint.frame, hint.call_id_hash),
            what: What::Hint(Box::new(hint)),
        }
    }

    pub(super) fn scan(scan: Scan) -> Waiting {
        Waiting {
            turn: Turn::heard(scan.clock, scan.frame, 0),
            what: What::Scan(Box::new(scan)),
        }
    }

    /// Studies a settled leg.
    pub(super) fn settled(leg: Box<Leg>) -> Waiting {
        let case = Case::new(leg);
        let clock = case.leg.seen_until;
        Waiting {
            turn: Turn {
                half: Half::ending(clock),
                begun: case.leg.records.first().map_or(clock, |first| first.time),
                frame: case.leg.first_frame(),
                call_id_hash: case.leg.call_id_hash,
            },
            what: What::Settled(case),
        }
    }
}

impl Turn {
    /// The turn of what was heard in a frame.
    fn heard(clock: Time, frame: FrameRef, call_id_hash: u64) -> Turn {
        Turn {
            half: Half::opening(clock),
            begun: clock,
            frame,
            call_id_hash,
        }
    }
}

impl Half {
    /// Behind all that happens.
    const NEVER: Half = Half(i64::MAX);

    /// Of what opens at this time.
    fn opening(clock: Time) -> Half {
        Half(clock.0.div_euclid(SECOND) * 2)
    }

    /// Of what ends at this time.
    fn ending(clock: Time) -> Half {
        Half(clock.0.div_euclid(SECOND) * 2 + 1)
    }
}
