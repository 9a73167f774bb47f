//! How many series there are of each kind, and how they ended.

use super::{Series, SeriesEnd, SeriesKind};

/// Series counted by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    kinds: [Counts; SeriesKind::ALL.len()],
}

/// What is counted of the series of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By how they ended, in the order of [`SeriesEnd::ALL`].
    pub ends: [u64; SeriesEnd::ALL.len()],
    /// Requests.
    pub requests: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Requests that nobody answered.
    pub unanswered: u64,
}

impl Counts {
    /// Series of the kind.
    pub fn all(&self) -> u64 {
        self.ends.iter().sum()
    }
}

impl Tally {
    /// Adds a series.
    pub fn add(&mut self, series: &Series) {
        let counts = &mut self.kinds[series.kind as usize];
        counts.ends[series.end as usize] += 1;
        counts.requests += u64::from(series.requests);
        counts.refused += u64::from(series.refused);
        counts.unanswered += u64::from(series.unanswered);
    }

    /// What was counted of the kinds that occur, in the order of reports.
    pub fn kinds(&self) -> impl Iterator<Item = (SeriesKind, &Counts)> {
        let kinds = SeriesKind::ALL.into_iter().zip(&self.kinds);
        kinds.filter(|(_, counts)| counts.all() > 0)
    }
}
