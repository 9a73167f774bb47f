//! Everything that was not understood, counted with its reason and first frame.

use std::collections::BTreeMap;

/// Counts by reason, each with the first frame it happened in.
///
/// Reasons are kebab-case names shown to users as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    entries: BTreeMap<&'static str, Entry>,
}

/// How often a reason occurred and where first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of occurrences.
    pub count: u64,
    /// The first frame concerned; 0 where no frame is concerned.
    pub first_frame: u64,
}

impl Skipped {
    /// Counts one occurrence of `reason` in `frame`.
    pub fn count(&mut self, reason: &'static str, frame: u64) {
        self.add(reason, 1, frame);
    }

    /// Counts `count` occurrences of `reason`, the first of them in `first_frame`.
    pub fn add(&mut self, reason: &'static str, count: u64, first_frame: u64) {
        let known = self.entries.entry(reason).or_insert(Entry {
            count: 0,
            first_frame,
        });
        known.count += count;
        known.first_frame = known.first_frame.min(first_frame);
    }

    /// Adds the counts of another part of the same capture.
    pub fn merge(&mut self, other: &Skipped) {
        for (reason, entry) in &other.entries {
            self.add(reason, entry.count, entry.first_frame);
        }
    }

    /// All reasons in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Entry)> + '_ {
        self.entries.iter().map(|(reason, entry)| (*reason, *entry))
    }

    /// How often `reason` occurred.
    pub fn get(&self, reason: &str) -> u64 {
        self.entries.get(reason).map_or(0, |entry| entry.count)
    }

    /// Whether nothing was skipped.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
