//! Several inputs, or streams, merged into one time line.
//!
//! Every input keeps a window of its next bytes and knows its next record. The input whose next
//! record is earliest gives its records until another one is earlier. Files that follow one
//! another therefore come out one after the other; files that overlap come out interleaved.

use std::io;

use siptriage_capture::format::Gap;
use siptriage_capture::time::SECOND;
use siptriage_capture::{Disturbance, Limits, Time};
use siptriage_correlate::points::POINT_SHIFT;
use siptriage_correlate::{Circumstances, Shift, Turn};

use super::input::{Input, Opened};
use super::points::Points;
use super::reader::{Reading, Run};
use super::source::Source;

/// Several inputs merged by time.
pub(super) struct Merger {
    /// In the order given.
    inputs: Vec<Input>,
    sources: Vec<Source>,
    points: Points,
    /// Frames so far.
    frames: u64,
    /// The time of the first one.
    first_time: Option<Time>,
}

impl Merger {
    /// A silence of the merged capture is longer than this.
    const SILENCE: i64 = 30 * SECOND;

    /// Looks at all inputs; those that cannot be read give an error and no records.
    pub(super) fn new(inputs: &[Input], limits: Limits) -> Merger {
        let sources = inputs
            .iter()
            .map(|input| Source::new(input, limits))
            .collect();
        Merger {
            inputs: inputs.to_vec(),
            sources,
            points: Points::default(),
            frames: 0,
            first_time: None,
        }
    }

    /// A single stream.
    pub(super) fn of_one(opened: io::Result<Opened>, limits: Limits) -> Merger {
        Merger {
            inputs: Vec::new(),
            sources: vec![Source::open(opened, limits)],
            points: Points::default(),
            frames: 0,
            first_time: None,
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
            let Some((first, until)) = self.earliest() else {
                break;
            };
            let Some(begin) = self.sources[first].next_time() else {
                break;
            };
            if self.is_pause(first, clock, begin) {
                known.silences.push((clock, begin));
            }
            self.first_time.get_or_insert(begin);
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
            let disturbances = source.disturbances().into_iter();
            known.disturbances.extend(disturbances.map(|disturbance| {
                Disturbance {
                    interface: disturbance
                        .interface
                        .map(|interface| interface | u32::from(probe) << POINT_SHIFT),
                    ..disturbance
                }
            }));
            if source.is_over() && self.points.end(first) {
                known.shifts.push(shift(end.max(begin), Turn::Ends));
            }
        }
        clock
    }

    /// Bytes of all inputs, where they are known.
    pub(super) fn expected_bytes(&self) -> u64 {
        let bytes: Option<u64> = self.sources.iter().map(Source::bytes).sum();
        bytes.unwrap_or(0)
    }

    pub(super) fn into_readings(self) -> Vec<Reading> {
        self.sources.into_iter().map(Source::into_reading).collect()
    }

    /// The input with the earliest next record, and the time of the earliest of all others. At
    /// equal times an input that was begun goes first: the other one may be its continuation.
    fn earliest(&mut self) -> Option<(usize, Option<Time>)> {
        let mut first: Option<((Time, bool), usize)> = None;
        let mut second: Option<Time> = None;
        for (index, source) in self.sources.iter_mut().enumerate() {
            let Some(time) = source.next_time() else {
                continue;
            };
            let is_new = self.points.of(index).is_none();
            match first {
                Some((earliest, _)) if (time, is_new) >= earliest => {
                    second = Some(second.map_or(time, |second| second.min(time)));
                }
                _ => {
                    second = first.map(|((earliest, _), _)| earliest);
                    first = Some(((time, is_new), index));
                }
            }
        }
        first.map(|(_, index)| (index, second))
    }

    /// Whether nothing was captured between `clock` and `begin`, when input `first` goes on: always
    /// where that input only begins then.
    fn is_pause(&self, first: usize, clock: Time, begin: Time) -> bool {
        let Some(first_time) = self.first_time else {
            return false;
        };
        let length = begin.since(clock);
        length > Self::SILENCE
            && (self.points.of(first).is_none()
                || Gap::is_pause(self.frames, clock.since(first_time), length))
    }

    /// The capture point of an input, and whether the input begins only now.
    fn probe(&mut self, index: usize) -> (u16, bool) {
        match self.points.of(index) {
            Some(point) => (point, false),
            None => {
                self.sources[index].wake();
                let begun = self.points.begin(index, &self.inputs, &mut self.sources);
                (begun, true)
            }
        }
    }
}
