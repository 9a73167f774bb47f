//! How a time is distributed: exact for small numbers, a sketch for large ones.

use sketches_ddsketch::{Config, DDSketch};

/// Times in nanoseconds.
///
/// Count, minimum, maximum and mean are exact. Percentiles are exact up to
/// [`Distribution::EXACT`] values; past that they are off by at most 1 % of the value.
#[derive(Clone)]
pub struct Distribution {
    exact: Vec<i64>,
    sketch: Option<Box<DDSketch>>,
    count: u64,
    /// The greatest number while there is no value.
    min: i64,
    max: i64,
    sum: i128,
}

/// A time to be counted, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(i64);

/// A distribution in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Number of values.
    pub count: u64,
    /// Smallest.
    pub min: f64,
    /// Median: the value at rank ceil(count / 2).
    pub p50: f64,
    /// The value at rank ceil(0.95 * count).
    pub p95: f64,
    /// Largest.
    pub max: f64,
    /// Arithmetic mean.
    pub mean: f64,
}

impl Span {
    /// A time in nanoseconds; `None` for a negative one (a clock stepped back).
    pub fn new(nanoseconds: i64) -> Option<Span> {
        (nanoseconds >= 0).then_some(Span(nanoseconds))
    }
}

impl Default for Distribution {
    fn default() -> Distribution {
        Distribution {
            exact: Vec::new(),
            sketch: None,
            count: 0,
            min: i64::MAX,
            max: 0,
            sum: 0,
        }
    }
}

impl Distribution {
    /// Values kept one by one before a sketch takes over.
    pub const EXACT: usize = 1024;

    /// Adds one time.
    pub fn add(&mut self, Span(nanoseconds): Span) {
        self.min = self.min.min(nanoseconds);
        self.max = self.max.max(nanoseconds);
        self.count += 1;
        self.sum += i128::from(nanoseconds);
        match &mut self.sketch {
            Some(sketch) => sketch.add(nanoseconds as f64),
            None if self.exact.len() < Self::EXACT => self.exact.push(nanoseconds),
            None => self.sketched().add(nanoseconds as f64),
        }
    }

    /// Adds what another one measured.
    pub fn merge(&mut self, other: &Distribution) {
        if other.count == 0 {
            return;
        }
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.count += other.count;
        self.sum += other.sum;
        if other.sketch.is_none() && self.sketch.is_none() {
            let all = self.exact.len() + other.exact.len();
            if all <= Self::EXACT {
                return self.exact.extend_from_slice(&other.exact);
            }
        }
        let sketch = self.sketched();
        for value in &other.exact {
            sketch.add(*value as f64);
        }
        if let Some(other) = &other.sketch {
            // Fails only for sketches of another configuration, and there is one.
            let _ = sketch.merge(other);
        }
    }

    /// The figures; `None` without values.
    pub fn figures(&self) -> Option<Figures> {
        if self.count == 0 {
            return None;
        }
        let milliseconds = |nanoseconds: f64| nanoseconds / 1e6;
        let [p50, p95] = self.percentiles([0.5, 0.95]);
        Some(Figures {
            count: self.count,
            min: milliseconds(self.min as f64),
            p50: milliseconds(p50),
            p95: milliseconds(p95),
            max: milliseconds(self.max as f64),
            mean: milliseconds(self.sum as f64 / self.count as f64),
        })
    }

    /// The sketch, begun with the values kept so far if there is none yet.
    fn sketched(&mut self) -> &mut DDSketch {
        let exact = &mut self.exact;
        self.sketch.get_or_insert_with(|| {
            let mut sketch = DDSketch::new(Config::new(0.01, 2048, 1.0));
            for value in std::mem::take(exact) {
                sketch.add(value as f64);
            }
            Box::new(sketch)
        })
    }

    fn percentiles<const N: usize>(&self, shares: [f64; N]) -> [f64; N] {
        let mut exact = self.exact.clone();
        shares.map(|share| match &self.sketch {
            Some(sketch) => {
                let value = sketch.quantile(share).ok().flatten();
                value.map_or(0.0, |value| value.clamp(self.min as f64, self.max as f64))
            }
            None => {
                let rank = (share * exact.len() as f64).ceil() as usize;
                *exact.select_nth_unstable(rank.saturating_sub(1)).1 as f64
            }
        })
    }
}

impl std::fmt::Debug for Distribution {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Distribution")
            .field(&self.figures())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(milliseconds: i64) -> Span {
        Span::new(milliseconds * 1_000_000).unwrap()
    }

    #[test]
    fn small_numbers_are_exact() {
        let mut times = Distribution::default();
        for milliseconds in [30, 10, 20, 40] {
            times.add(span(milliseconds));
        }
        let figures = times.figures().unwrap();
        assert_eq!(
            (figures.min, figures.p50, figures.p95, figures.max),
            (10.0, 20.0, 40.0, 40.0)
        );
        assert_eq!(figures.mean, 25.0);
    }

    #[test]
    fn large_numbers_stay_within_one_percent() {
        let mut times = Distribution::default();
        for milliseconds in 1..=10_000 {
            times.add(span(milliseconds));
        }
        let figures = times.figures().unwrap();
        assert!((figures.p50 - 5_000.0).abs() <= 50.0, "{figures:?}");
        assert!((figures.p95 - 9_500.0).abs() <= 95.0, "{figures:?}");
        assert_eq!((figures.count, figures.max), (10_000, 10_000.0));
    }

    #[test]
    fn parts_merge_to_the_whole() {
        for numbers in [10, 600, 5_000] {
            let mut parts = [(); 3].map(|()| Distribution::default());
            let mut whole = Distribution::default();
            for number in 1..=numbers {
                parts[number as usize % 3].add(span(number));
                whole.add(span(number));
            }
            let mut merged = Distribution::default();
            for part in &parts {
                merged.merge(part);
            }
            assert_eq!(merged.figures(), whole.figures(), "{numbers}");
        }
    }

    #[test]
    fn nothing_has_no_figures() {
        assert_eq!(Distribution::default().figures(), None);
    }
}
