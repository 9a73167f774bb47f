//! Many times counted in few bins: percentiles that are off by a share of the value.

/// Times in nanoseconds, counted in bins of which each is a little more than 2 % wider than the one
/// before, so that the middle of a bin is off by at most 1 % (a DDSketch, arXiv:1908.10693).
///
/// What comes out depends on what was added only, never on the order.
#[derive(Clone, Default)]
pub(super) struct Sketch {
    /// From the first bin that has any to the last one; 64-bit nanoseconds need 2184 bins.
    counts: Vec<u64>,
    first: usize,
}

/// How far a percentile may be off.
const ERROR: f64 = 0.01;
/// The border between two bins, divided by the one before.
const GAMMA: f64 = (1.0 + ERROR) / (1.0 - ERROR);
/// The natural logarithm of [`GAMMA`].
const LN_GAMMA: f64 = 0.020000666706669435;

impl Sketch {
    /// Adds a time by its bin.
    pub(super) fn add(&mut self, bin: Bin) {
        *self.count(usize::from(bin.0)) += 1;
    }

    /// Adds what another one counted.
    pub(super) fn merge(&mut self, other: &Sketch) {
        for (bin, count) in (other.first..).zip(&other.counts) {
            *self.count(bin) += count;
        }
    }

    /// The time that has `rank` others before it, in nanoseconds.
    pub(super) fn ranked(&self, rank: u64) -> f64 {
        let mut passed = 0;
        for (bin, count) in (self.first..).zip(&self.counts) {
            passed += count;
            if passed > rank {
                return Bin(bin as u16).middle();
            }
        }
        0.0
    }

    fn count(&mut self, bin: usize) -> &mut u64 {
        if self.counts.is_empty() {
            self.first = bin;
        }
        if bin < self.first {
            let before = std::iter::repeat_n(0, self.first - bin);
            self.counts.splice(..0, before);
            self.first = bin;
        }
        let place = bin - self.first;
        if place >= self.counts.len() {
            self.counts.resize(place + 1, 0);
        }
        &mut self.counts[place]
    }
}

/// Where a time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bin(u16);

impl Bin {
    /// The bin of a time. The first one has what is no longer than a nanosecond.
    pub(super) fn of(nanoseconds: i64) -> Bin {
        Bin(((nanoseconds.max(1) as f64).ln() / LN_GAMMA) as u16)
    }

    /// The time that is off by the same share at both borders of the bin.
    fn middle(self) -> f64 {
        if self.0 == 0 {
            return 0.0;
        }
        (f64::from(self.0) * LN_GAMMA).exp() * (2.0 * GAMMA / (1.0 + GAMMA))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_as_wide_as_they_say() {
        assert_eq!(LN_GAMMA, GAMMA.ln());
    }

    #[test]
    fn the_middle_of_a_bin_is_off_by_one_percent_at_most() {
        let times = (1..63).flat_map(|power| [(1 << power) - 1, 1 << power, 3 << (power - 1)]);
        for nanoseconds in times.filter(|nanoseconds| *nanoseconds > 1) {
            let middle = Bin::of(nanoseconds).middle();
            let error = middle / nanoseconds as f64 - 1.0;
            assert!(error.abs() <= ERROR + 1e-9, "{nanoseconds}: {middle}");
        }
    }

    #[test]
    fn the_shortest_and_the_longest_have_bins() {
        let mut sketch = Sketch::default();
        for nanoseconds in [1_000, i64::MAX, 1, 0] {
            sketch.add(Bin::of(nanoseconds));
        }
        assert_eq!(sketch.ranked(1), 0.0);
        let longest = sketch.ranked(3);
        assert!(
            (longest / i64::MAX as f64 - 1.0).abs() <= ERROR,
            "{longest}"
        );
    }

    #[test]
    fn parts_merge_to_the_whole() {
        let mut parts = [Sketch::default(), Sketch::default()];
        for nanoseconds in [5_000, 7, 300, 900_000, 20] {
            parts[usize::from(nanoseconds > 1_000)].add(Bin::of(nanoseconds));
        }
        let [mut merged, long] = parts;
        merged.merge(&long);
        let ranked = [0, 1, 2, 3, 4].map(|rank| merged.ranked(rank));
        let middles = [7, 20, 300, 5_000, 900_000].map(|time| Bin::of(time).middle());
        assert_eq!(ranked, middles);
    }
}
