//! Several inputs, or streams, merged into one time line.
//!
//! Every input keeps a window of its next bytes and knows its next record. The input whose next
//! record is earliest gives its records until another one is earlier. Files that follow one
//! another therefore come out one after the other; files that overlap come out interleaved.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use siptriage_capture::format::Pace;
use siptriage_capture::{Disturbance, Time};
use siptriage_correlate::points::POINT_SHIFT;
use siptriage_correlate::{Circumstances, Shift, Turn};

use super::input::{Hold, Input, Opened, Opening};
use super::points::Points;
use super::reader::{Reading, Run};
use super::source::Source;

/// Several inputs merged by time.
pub(super) struct Merger {
    /// In the order given.
    sources: Vec<Source>,
    /// Every source that has a next record, by its time; at equal times one that was begun goes
    /// first, since the other one may be its continuation. Filled when the first one is wanted.
    turns: Option<BinaryHeap<Reverse<(Time, Begun, usize)>>>,
    points: Points,
    /// Sources that hold their file open, and how many may.
    open: usize,
    most_open: usize,
    /// Frames so far.
    frames: u64,
    /// The time of the first one.
    first_time: Option<Time>,
    /// How steadily they come.
    pace: Pace,
}

/// Whether records of an input were given out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Begun {
    Yes,
    No,
}

impl Merger {
    /// Looks at all inputs; those that cannot be read give an error and no records.
    pub(super) fn new(inputs: &[Input], opening: &Opening) -> Merger {
        let sources = inputs.iter().map(|input| Source::new(input, opening));
        Merger::over(sources.collect(), Points::new(inputs), opening)
    }

    /// A single stream.
    pub(super) fn of_one(opened: io::Result<Opened>, opening: &Opening) -> Merger {
        let sources = vec![Source::open(opened, opening)];
        Merger::over(sources, Points::new(&[]), opening)
    }

    fn over(sources: Vec<Source>, points: Points, opening: &Opening) -> Merger {
        Merger {
            open: sources.iter().filter(|source| source.is_open()).count(),
            most_open: opening.limits.open_files,
            sources,
            turns: None,
            points,
            frames: 0,
            first_time: None,
            pace: Pace::default(),
        }
    }

    /// Appends the next records, about `bytes` of them, to `buffer` and `runs`. `clock` is the
    /// greatest time so far; returns the greatest time after them. What comes out about the
    /// capture is added to `known`.
    pub(super) fn take(
        &mut self,
        bytes: usize,
        mut clock: Time,
        buffer: &mut Vec<u8>,
        runs: &mut Vec<Run>,
        known: &mut Circumstances,
    ) -> Time {
        while buffer.len() < bytes {
            let Some((first, begin, until)) = self.earliest() else {
                break;
            };
            if self.is_pause(first, clock, begin) {
                known.silences.push((clock, begin));
            }
            self.first_time.get_or_insert(begin);
            let was_open = self.sources[first].is_open();
            let (probe, is_new) = self.probe(first);
            let shift = |at, turn| Shift {
                point: probe,
                at,
                turn,
            };
            if is_new {
                known.shifts.push(shift(begin, Turn::Begins));
            }
            let source = &mut self.sources[first];
            let file = first as u16;
            let frames = &mut self.frames;
            let end = source.take(until, bytes, buffer, &mut |chunk| {
                *frames += chunk.frames;
                runs.push(Run { file, probe, chunk });
            });
            clock = clock.max(end);
            self.pace.mark(self.frames, clock);
            known.silences.extend(source.pauses(begin, end));
            let disturbances = source.disturbances().into_iter();
            known.disturbances.extend(disturbances.map(|disturbance| {
                Disturbance {
                    interface: disturbance
                        .interface
                        .map(|interface| interface | u32::from(probe) << POINT_SHIFT),
                    ..disturbance
                }
            }));
            match source.next_time() {
                Some(time) => {
                    let turns = self.turns.get_or_insert_default();
                    turns.push(Reverse((time, Begun::Yes, first)));
                }
                None if self.points.end(first) => {
                    known.shifts.push(shift(end.max(begin), Turn::Ends));
                }
                None => {}
            }
            self.count_open(was_open, first);
        }
        clock
    }

    /// Bytes of all inputs on disk, where they are known.
    pub(super) fn expected_bytes(&self) -> u64 {
        let bytes: Option<u64> = self.sources.iter().map(Source::bytes).sum();
        bytes.unwrap_or(0)
    }

    pub(super) fn into_readings(self) -> Vec<Reading> {
        self.sources.into_iter().map(Source::into_reading).collect()
    }

    /// Takes the input with the earliest next record out of the turns: the input, the time of that
    /// record, and the time of the earliest of all others.
    fn earliest(&mut self) -> Option<(usize, Time, Option<Time>)> {
        let sources = &mut self.sources;
        let turns = self.turns.get_or_insert_with(|| {
            let first = |(index, source): (usize, &mut Source)| {
                Some(Reverse((source.next_time()?, Begun::No, index)))
            };
            sources.iter_mut().enumerate().filter_map(first).collect()
        });
        let (time, first) = loop {
            let Reverse((time, _, first)) = turns.pop()?;
            if !sources[first].is_put_off() {
                break (time, first);
            }
        };
        let second = turns.peek().map(|Reverse((time, ..))| *time);
        Some((first, time, second))
    }

    /// Counts the source among those that are open, or no longer.
    fn count_open(&mut self, was_open: bool, index: usize) {
        match (was_open, self.sources[index].is_open()) {
            (false, true) => self.open += 1,
            (true, false) => self.open -= 1,
            (true, true) | (false, false) => {}
        }
    }

    /// Whether nothing was captured between `clock` and `begin`, when input `first` goes on: always
    /// where that input only begins then.
    fn is_pause(&mut self, first: usize, clock: Time, begin: Time) -> bool {
        let Some(first_time) = self.first_time else {
            return false;
        };
        let stands_out = self.pace.rest(self.frames, first_time, clock, begin);
        stands_out || begin.since(clock) > Pace::GAP && self.points.of(first).is_none()
    }

    /// The capture point of an input, and whether the input begins only now.
    fn probe(&mut self, index: usize) -> (u16, bool) {
        match self.points.of(index) {
            Some(point) => (point, false),
            None => {
                let hold = if self.open < self.most_open {
                    Hold::Open
                } else {
                    Hold::Closed
                };
                self.sources[index].wake(hold);
                let begun = self.points.begin(index, &mut self.sources);
                (begun, true)
            }
        }
    }
}
