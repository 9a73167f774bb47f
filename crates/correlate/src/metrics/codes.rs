//! Something counted by response code.

use siptriage_sip::{StatusClass, StatusCode};

/// Something counted by response code: at most one entry for each code of three digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// In ascending order of the codes.
    counts: Vec<(StatusCode, u64)>,
}

impl Codes {
    /// Counts one.
    pub fn add(&mut self, status: StatusCode) {
        *self.count_mut(status) += 1;
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Codes) {
        for (status, count) in &other.counts {
            *self.count_mut(*status) += count;
        }
    }

    /// How many with a code.
    pub fn count(&self, status: StatusCode) -> u64 {
        self.place(status).map_or(0, |place| self.counts[place].1)
    }

    /// How many with a code of a class.
    pub fn of_class(&self, class: StatusClass) -> u64 {
        self.iter()
            .filter(|(status, _)| status.class() == Some(class))
            .map(|(_, count)| count)
            .sum()
    }

    /// Codes in ascending order, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (StatusCode, u64)> + '_ {
        self.counts.iter().copied()
    }

    fn count_mut(&mut self, status: StatusCode) -> &mut u64 {
        let place = self.place(status).unwrap_or_else(|place| {
            self.counts.insert(place, (status, 0));
            place
        });
        &mut self.counts[place].1
    }

    /// Where a code is, or else where it belongs.
    fn place(&self, status: StatusCode) -> Result<usize, usize> {
        self.counts
            .binary_search_by_key(&status, |(known, _)| *known)
    }
}
