//! Something counted by response code.

use std::collections::BTreeMap;

use siptriage_sip::{StatusClass, StatusCode};

/// Something counted by response code: at most one entry for each code of three digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes(BTreeMap<u16, u64>);

impl Codes {
    /// Counts one.
    pub fn add(&mut self, status: StatusCode) {
        *self.0.entry(status.0).or_default() += 1;
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Codes) {
        for (status, count) in &other.0 {
            *self.0.entry(*status).or_default() += count;
        }
    }

    /// How many with a code.
    pub fn count(&self, status: StatusCode) -> u64 {
        self.0.get(&status.0).copied().unwrap_or(0)
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
        self.0
            .iter()
            .map(|(status, count)| (StatusCode(*status), *count))
    }
}
