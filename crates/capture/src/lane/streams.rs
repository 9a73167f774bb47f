//! The table of TCP directions that are followed.

use std::collections::BTreeSet;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::decode::Segment;
use crate::lane::cutter::End;
use crate::lane::direction::Direction;
use crate::lane::order::Order;
use crate::lane::outlet::Outlet;
use crate::lane::tally::Tally;
use crate::lane::{Emit, reason};
use crate::{Flow, Framer, Limits, Time};

/// TCP directions by flow. Tunnels and links are not part of the key: the copies of a
/// connection that passed the capture in different ways are repetitions.
#[derive(Debug)]
pub(super) struct Streams {
    /// Boxed, because a table that grows has two to four times as many places as entries.
    directions: HashMap<Flow, Box<Direction>, FixedState>,
    order: Order<Flow>,
    /// The directions that wait for a gap to be filled, by deadline.
    waiting: BTreeSet<(Time, Flow)>,
    held_bytes: usize,
    framer: Framer,
    limits: Limits,
}

impl Streams {
    pub(super) fn new(limits: &Limits, framer: Framer) -> Streams {
        Streams {
            directions: HashMap::with_hasher(FixedState::default()),
            order: Order::new(),
            waiting: BTreeSet::new(),
            held_bytes: 0,
            framer,
            limits: *limits,
        }
    }

    pub(super) fn segment(
        &mut self,
        segment: &Segment<'_>,
        clock: Time,
        tally: &mut Tally,
        emit: &mut Emit<'_>,
    ) {
        self.expire(clock, tally, emit);
        self.acknowledge(segment, clock);
        let flow = segment.flow;
        if !self.directions.contains_key(&flow) {
            let is_data = !segment.bytes.is_empty() || segment.has(Segment::SYN);
            if !is_data || segment.has(Segment::RST) {
                return;
            }
            let mut direction = Box::new(Direction::new(segment, clock));
            let peer = self.directions.get(&flow.reversed());
            if peer.is_some_and(|peer| peer.is_sip()) {
                direction.expect();
            }
            self.directions.insert(flow, direction);
            self.order.push(clock, flow);
        }
        let found = self.with(flow, tally, emit, |direction, out| {
            let was_sip = direction.is_sip();
            direction.segment(segment, clock, out);
            direction.is_sip() && !was_sip
        });
        if found == Some(true)
            && let Some(peer) = self.directions.get_mut(&flow.reversed())
        {
            peer.expect();
        }
        self.bound(tally, emit);
        let statistics = &mut tally.statistics;
        statistics.streams_most = statistics.streams_most.max(self.directions.len());
        statistics.stream_bytes_most = statistics.stream_bytes_most.max(self.held_bytes);
    }

    /// Gives out what is left, in the order of the last segments.
    pub(super) fn finish(&mut self, tally: &mut Tally, emit: &mut Emit<'_>) {
        let mut flows: Vec<(Time, Flow)> = self
            .directions
            .iter()
            .map(|(&flow, direction)| (direction.touched, flow))
            .collect();
        flows.sort_unstable();
        for (_, flow) in flows {
            self.forget(flow, End::Unseen, tally, emit);
        }
        self.order = Order::new();
    }

    /// Works on one direction and keeps the books about it.
    fn with<T>(
        &mut self,
        flow: Flow,
        tally: &mut Tally,
        emit: &mut Emit<'_>,
        work: impl FnOnce(&mut Direction, &mut Outlet<'_, '_>) -> T,
    ) -> Option<T> {
        let direction = self.directions.get_mut(&flow)?;
        let (held_before, deadline_before) = (direction.cost_bytes(), direction.deadline());
        let mut out = Outlet {
            flow,
            framer: self.framer,
            limits: &self.limits,
            tally,
            emit,
        };
        let result = work(direction, &mut out);
        self.held_bytes += direction.cost_bytes();
        self.held_bytes -= held_before;
        reschedule(
            &mut self.waiting,
            flow,
            deadline_before,
            direction.deadline(),
        );
        Some(result)
    }

    /// Declares the holes whose time has come and forgets who has long been silent.
    pub(super) fn expire(&mut self, clock: Time, tally: &mut Tally, emit: &mut Emit<'_>) {
        while let Some(&(deadline, flow)) = self.waiting.first() {
            if deadline > clock {
                break;
            }
            self.waiting.pop_first();
            self.with(flow, tally, emit, |direction, out| {
                direction.declare_holes(clock, out)
            });
        }
        let idle = self.limits.stream_idle;
        loop {
            let touched = |flow| self.directions.get(&flow).map(|known| known.touched);
            let is_due = |queued| clock.since(queued) > idle;
            let Some(flow) = self.order.pop(is_due, touched) else {
                break;
            };
            self.forget(flow, End::Unseen, tally, emit);
        }
    }

    /// Lets the other direction know what its receiver has got.
    fn acknowledge(&mut self, segment: &Segment<'_>, clock: Time) {
        if self.waiting.is_empty() || !segment.has(Segment::ACK) {
            return;
        }
        let flow = segment.flow.reversed();
        if let Some(direction) = self.directions.get_mut(&flow) {
            let before = direction.deadline();
            direction.acknowledged(segment.ack, clock.plus(self.limits.hole_grace));
            reschedule(&mut self.waiting, flow, before, direction.deadline());
        }
    }

    /// Keeps to the limits by giving up the directions that were silent longest.
    fn bound(&mut self, tally: &mut Tally, emit: &mut Emit<'_>) {
        while self.directions.len() > self.limits.streams
            || self.held_bytes > self.limits.stream_total_bytes
        {
            let touched = |flow| self.directions.get(&flow).map(|known| known.touched);
            let Some(flow) = self.order.pop(|_| true, touched) else {
                break;
            };
            let known = self.directions.get(&flow);
            if let Some(known) = known.filter(|known| !known.is_let_go()) {
                tally.count(reason::STREAM_EVICTED, known.last_frame);
            }
            self.forget(flow, End::Evicted, tally, emit);
        }
    }

    fn forget(&mut self, flow: Flow, end: End, tally: &mut Tally, emit: &mut Emit<'_>) {
        self.with(flow, tally, emit, |direction, out| direction.end(end, out));
        self.directions.remove(&flow);
    }
}

/// Moves a direction in the order of deadlines.
fn reschedule(
    waiting: &mut BTreeSet<(Time, Flow)>,
    flow: Flow,
    before: Option<Time>,
    after: Option<Time>,
) {
    if before == after {
        return;
    }
    if let Some(before) = before {
        waiting.remove(&(before, flow));
    }
    if let Some(after) = after {
        waiting.insert((after, flow));
    }
}
