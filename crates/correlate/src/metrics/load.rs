//! How many calls were up at once, and how many began in a second.

use std::borrow::Cow;
use std::collections::BTreeMap;

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

/// Begins and ends of calls on a grid of time that gets coarser when there are too many.
///
/// Up to [`Load::INSTANTS`] different moments all figures are exact. With more, moments are taken
/// together as far as need be; calls that end and begin within one step then count as up at once.
/// What comes out depends on what was added only, never on the order.
#[derive(Clone, Debug)]
pub struct Load {
    /// In order of time, each once.
    steps: Vec<Step>,
    /// Steps in which calls began that were not put in order yet.
    begun: Vec<i64>,
    /// The same of calls that ended.
    ended: Vec<i64>,
    /// Index of the grid in [`GRIDS`].
    grid: usize,
    limit: usize,
}

/// What happened in one step of the grid.
#[derive(Clone, Copy, Debug)]
struct Step {
    number: i64,
    begun: u32,
    ended: u32,
}

/// Steps of time in nanoseconds, each a multiple of the one before.
const GRIDS: [i64; 10] = [
    1,
    1_000,
    1_000_000,
    10_000_000,
    100_000_000,
    SECOND,
    10 * SECOND,
    60 * SECOND,
    3_600 * SECOND,
    86_400 * SECOND,
];

/// The most calls at once, and the most that began in one second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peak {
    /// The most calls up at once.
    pub concurrent: u64,
    /// The most calls that began in one second of the clock; an average over a step of the grid
    /// where that is longer.
    pub per_second: u64,
}

impl Load {
    /// Moments kept for all calls together.
    pub const INSTANTS: usize = 131_072;
    /// Moments kept for the calls of one trunk.
    pub const TRUNK_INSTANTS: usize = 8_192;

    /// So much of the limit is put in order at once: in memory there are hardly more steps than
    /// the limit allows.
    const SHARE_AT_ONCE: usize = 4;

    /// Keeps at most `limit` different moments.
    pub fn new(limit: usize) -> Load {
        Load {
            steps: Vec::new(),
            begun: Vec::new(),
            ended: Vec::new(),
            grid: 0,
            limit: limit.max(1),
        }
    }

    /// Adds a call; one without an end is up until the capture ends.
    pub fn add(&mut self, start: Time, end: Option<Time>) {
        if self.begun.len() + self.ended.len() >= self.limit.div_ceil(Self::SHARE_AT_ONCE) {
            self.settle();
        }
        self.begun.push(self.number(start));
        if let Some(end) = end {
            self.ended.push(self.number(end.max(start)));
        }
    }

    /// Nanoseconds within which moments are told apart.
    pub fn resolution(&self) -> i64 {
        GRIDS[self.settled().grid]
    }

    /// The peak of the whole capture.
    pub fn peak(&self) -> Peak {
        let load = self.settled();
        let mut sweep = Sweep::new(GRIDS[load.grid]);
        for step in &load.steps {
            sweep.pass(*step);
        }
        sweep.peak
    }

    /// The peaks of consecutive windows of `width` nanoseconds, by their number since the epoch.
    /// Windows in which nothing began or ended are not listed.
    pub fn peaks(&self, width: i64) -> BTreeMap<i64, Peak> {
        let mut peaks = BTreeMap::new();
        let load = self.settled();
        let resolution = GRIDS[load.grid];
        let mut sweep = Sweep::new(resolution);
        let mut current = None;
        for step in &load.steps {
            let begin = step.number.saturating_mul(resolution);
            let window = begin.div_euclid(width.max(1));
            if current != Some(window) {
                sweep.begin();
                current = Some(window);
            }
            sweep.pass(*step);
            peaks.insert(window, sweep.peak);
        }
        peaks
    }

    fn number(&self, time: Time) -> i64 {
        time.0.div_euclid(GRIDS[self.grid])
    }

    /// The same with its steps in order of time, each once, and no more than the limit.
    fn settled(&self) -> Cow<'_, Load> {
        if self.begun.is_empty() && self.ended.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut settled = self.clone();
        settled.settle();
        Cow::Owned(settled)
    }

    /// Puts all steps in order of time and takes them together until there are no more than the
    /// limit. Whoever asks for figures afterwards gets them sooner.
    pub(super) fn settle(&mut self) {
        merge(&mut self.steps, &mut self.begun, |number| Step {
            number,
            begun: 1,
            ended: 0,
        });
        merge(&mut self.steps, &mut self.ended, |number| Step {
            number,
            begun: 0,
            ended: 1,
        });
        unite(&mut self.steps);
        while self.steps.len() > self.limit && self.grid + 1 < GRIDS.len() {
            let factor = GRIDS[self.grid + 1] / GRIDS[self.grid];
            self.grid += 1;
            for step in &mut self.steps {
                step.number = step.number.div_euclid(factor);
            }
            unite(&mut self.steps);
        }
    }
}

/// Moves what happened at `numbers` to where it belongs among the steps, from the last to the first.
fn merge(steps: &mut Vec<Step>, numbers: &mut Vec<i64>, step: fn(i64) -> Step) {
    numbers.sort_unstable();
    let mut before = steps.len();
    steps.extend(numbers.iter().copied().map(step));
    let mut place = steps.len();
    for number in numbers.drain(..).rev() {
        while before > 0 && steps[before - 1].number > number {
            before -= 1;
            place -= 1;
            steps[place] = steps[before];
        }
        place -= 1;
        steps[place] = step(number);
    }
}

/// Makes one of steps with the same number.
fn unite(steps: &mut Vec<Step>) {
    steps.dedup_by(|next, kept| {
        let is_same = next.number == kept.number;
        if is_same {
            kept.begun = kept.begun.saturating_add(next.begun);
            kept.ended = kept.ended.saturating_add(next.ended);
        }
        is_same
    });
}

/// A walk over the steps in order of time.
struct Sweep {
    resolution: i64,
    up: u64,
    second: Option<i64>,
    begun: u64,
    peak: Peak,
}

impl Sweep {
    fn new(resolution: i64) -> Sweep {
        Sweep {
            resolution,
            up: 0,
            second: None,
            begun: 0,
            peak: Peak::default(),
        }
    }

    /// Begins anew with the calls that are up.
    fn begin(&mut self) {
        self.begun = 0;
        self.peak = Peak {
            concurrent: self.up,
            per_second: 0,
        };
    }

    fn pass(&mut self, happened: Step) {
        let begin = happened.number.saturating_mul(self.resolution);
        let second = begin.div_euclid(SECOND);
        if self.second != Some(second) {
            self.second = Some(second);
            self.begun = 0;
        }
        let (begun, mut ended) = (u64::from(happened.begun), u64::from(happened.ended));
        self.begun += begun;
        // A call that ends at the nanosecond at which another one begins makes room for it, unless
        // it began in that very step itself.
        if self.resolution == 1 {
            let before = ended.min(self.up);
            self.up -= before;
            ended -= before;
        }
        self.up += begun;
        self.peak.concurrent = self.peak.concurrent.max(self.up);
        self.up = self.up.saturating_sub(ended);
        let steps_of_seconds = (self.resolution / SECOND).max(1) as u64;
        let per_second = self.begun.div_ceil(steps_of_seconds);
        self.peak.per_second = self.peak.per_second.max(per_second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(limit: usize, calls: &[(i64, i64)]) -> Load {
        let mut load = Load::new(limit);
        for (start, end) in calls {
            load.add(Time(start * SECOND), Some(Time(end * SECOND)));
        }
        load
    }

    #[test]
    fn calls_that_overlap_are_up_at_once() {
        let peak = load(100, &[(0, 10), (5, 15), (10, 20), (30, 31)]).peak();
        assert_eq!((peak.concurrent, peak.per_second), (2, 1));
    }

    #[test]
    fn a_call_without_end_stays_up() {
        let mut load = load(100, &[(10, 20)]);
        load.add(Time(0), None);
        assert_eq!(load.peak().concurrent, 2);
    }

    #[test]
    fn a_coarse_grid_keeps_its_limit_whatever_the_order() {
        let calls: Vec<(i64, i64)> = (0..1_000).map(|second| (second, second + 30)).collect();
        let mut backwards = calls.clone();
        backwards.reverse();
        let (one, other) = (load(150, &calls), load(150, &backwards));
        assert_eq!(one.resolution(), 10 * SECOND);
        assert!(one.settled().steps.len() <= 150);
        assert_eq!(one.peak(), other.peak());
        assert_eq!(one.peak().per_second, 1);
        let exact = load(10_000, &calls).peak().concurrent;
        assert!((exact..=exact + 10).contains(&one.peak().concurrent));
    }

    #[test]
    fn hardly_more_is_kept_than_the_limit_allows() {
        let mut load = Load::new(100);
        for second in 0..1_000 {
            load.add(Time(second * SECOND), Some(Time((second + 30) * SECOND)));
            let kept = load.steps.len() + load.begun.len() + load.ended.len();
            assert!(kept <= 100 + 25 + 1, "{kept} after {second}");
        }
    }

    #[test]
    fn a_window_begins_with_the_calls_that_are_up() {
        let peaks = load(100, &[(0, 70), (1, 2), (65, 66)]).peaks(60 * SECOND);
        assert_eq!(peaks[&0].concurrent, 2);
        assert_eq!(peaks[&1].concurrent, 2);
        assert_eq!(peaks[&0].per_second, 1);
    }

    #[test]
    fn extreme_times_do_no_harm() {
        let mut load = Load::new(1);
        load.add(Time(i64::MIN), Some(Time(i64::MAX)));
        load.add(Time(i64::MAX), Some(Time(i64::MIN)));
        assert_eq!(load.peak().concurrent, 2);
    }
}
