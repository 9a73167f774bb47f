//! A ratio that never forgets its population.

/// `numerator` of `denominator`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// Those that count.
    pub numerator: u64,
    /// All of the population.
    pub denominator: u64,
}

impl Ratio {
    /// `numerator` of `denominator`.
    pub fn new(numerator: u64, denominator: u64) -> Ratio {
        Ratio {
            numerator,
            denominator,
        }
    }

    /// The value; `None` when the population is empty (RFC 6076 4).
    pub fn value(self) -> Option<f64> {
        (self.denominator > 0).then(|| self.numerator as f64 / self.denominator as f64)
    }

    /// Adds members of the population.
    pub fn add(&mut self, numerator: u64, denominator: u64) {
        self.numerator += numerator;
        self.denominator += denominator;
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: Ratio) {
        self.add(other.numerator, other.denominator);
    }
}
