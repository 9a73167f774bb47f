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
        let known = self.iter().find(|(known, _)| *known == status);
        known.map_or(0, |(_, count)| count)
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

    /// A capture shows few codes, and those of success most often: one by one they are found soonest.
    fn count_mut(&mut self, status: StatusCode) -> &mut u64 {
        let mut counts = self.counts.iter();
        let place = counts.position(|(known, _)| *known >= status);
        let place = place.unwrap_or(self.counts.len());
        if self
            .counts
            .get(place)
            .is_none_or(|(known, _)| *known != status)
        {
            self.counts.insert(place, (status, 0));
        }
        &mut self.counts[place].1
    }
}
