//! The repeats of one message that its sender's own timer made.

use siptriage_capture::{Flow, Time};
use siptriage_correlate::timers::{Grid, estimated_t1, on_grid, steps_on_grid};
use siptriage_correlate::{RecordIdx, Repeat, Sending};

use crate::context::Context;

/// A message and its repeats on the grid of its sender's timer, on one vantage.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The first sending and those that continue the grid; never empty.
    pub records: Vec<RecordIdx>,
    /// When they were captured, in the same order.
    pub times: Vec<Time>,
    /// The sender's T1 as its first gap shows it, in nanoseconds.
    pub t1: i64,
    /// The gap that would come next, in nanoseconds.
    pub next_gap: i64,
    /// Steps of the grid covered: sendings that the capture missed count.
    pub steps: usize,
    /// The addresses.
    pub flow: Flow,
}

impl Schedule {
    /// The schedule of a message's sendings; repeats that only answer a repeated request are left
    /// out, since no timer of their sender made them.
    pub fn of(context: &Context<'_>, sending: &Sending, grid: Grid) -> Option<Schedule> {
        let own = sending
            .records
            .iter()
            .copied()
            .filter(|at| context.case.leg.record(*at).repeat != Repeat::Reply);
        let mut records: Vec<RecordIdx> = own.collect();
        let times: Vec<i64> = records.iter().map(|at| context.time(*at).0).collect();
        let first_gap = times.get(1)?.saturating_sub(times[0]);
        records.truncate(1 + on_grid(&times, grid));
        let steps = steps_on_grid(&times, grid);
        let t1 = estimated_t1(first_gap);
        let next_gap = (0..steps).fold(t1, |gap, _| {
            siptriage_correlate::timers::next(gap, t1, grid)
        });
        let flow = context.flow(*records.first()?);
        let times = records.iter().map(|at| context.time(*at)).collect();
        Some(Schedule {
            records,
            times,
            t1,
            next_gap,
            steps,
            flow,
        })
    }

    /// The one that shows most of its sender's timer.
    pub fn longest(
        context: &Context<'_>,
        sendings: impl IntoIterator<Item = Sending>,
        grid: Grid,
    ) -> Option<Schedule> {
        let mut longest: Option<Schedule> = None;
        for sending in sendings {
            let Some(schedule) = Schedule::of(context, &sending, grid) else {
                continue;
            };
            if longest
                .as_ref()
                .is_none_or(|known| known.records.len() < schedule.records.len())
            {
                longest = Some(schedule);
            }
        }
        longest
    }

    /// Sendings after the first.
    pub fn repeats(&self) -> usize {
        self.records.len() - 1
    }

    /// When it was first sent.
    pub fn first(&self) -> Time {
        self.times[0]
    }

    /// When it was last sent on the grid.
    pub fn last(&self) -> Time {
        self.times[self.times.len() - 1]
    }

    /// From the first sending to the last, in nanoseconds.
    pub fn length(&self) -> i64 {
        self.last().since(self.first())
    }

    /// How many repeats came before `time`.
    pub fn repeats_before(&self, time: Time) -> usize {
        self.times
            .iter()
            .skip(1)
            .filter(|sent| **sent < time)
            .count()
    }

    /// How many repeats came after `time`.
    pub fn repeats_after(&self, time: Time) -> usize {
        self.times
            .iter()
            .skip(1)
            .filter(|sent| **sent > time)
            .count()
    }
}
