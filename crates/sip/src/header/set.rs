//! A set of header names, one bit each.

use super::HeaderName;

/// Which known headers occur in a message (RFC 3261 20).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderSet {
    /// The first 64 names, lowest bit first.
    low: u64,
    /// The others.
    high: u64,
}

impl HeaderSet {
    /// No header at all.
    pub const EMPTY: HeaderSet = HeaderSet { low: 0, high: 0 };

    /// What every message must have: Via, From, To, Call-ID and CSeq (RFC 3261 8.1.1).
    pub const MANDATORY: HeaderSet = HeaderSet::EMPTY
        .with(HeaderName::Via)
        .with(HeaderName::From)
        .with(HeaderName::To)
        .with(HeaderName::CallId)
        .with(HeaderName::CSeq);

    /// Whether `name` is in the set.
    pub const fn contains(self, name: HeaderName) -> bool {
        self.intersects(HeaderSet::of(name))
    }

    /// The set with `name` added.
    #[must_use]
    pub const fn with(self, name: HeaderName) -> HeaderSet {
        let one = HeaderSet::of(name);
        HeaderSet {
            low: self.low | one.low,
            high: self.high | one.high,
        }
    }

    /// Whether every name of `others` is in the set.
    pub const fn contains_all(self, others: HeaderSet) -> bool {
        self.low & others.low == others.low && self.high & others.high == others.high
    }

    /// Whether any name of `others` is in the set.
    pub const fn intersects(self, others: HeaderSet) -> bool {
        (self.low & others.low) | (self.high & others.high) != 0
    }

    /// One name, placed without a branch.
    const fn of(name: HeaderName) -> HeaderSet {
        let bit = 1 << (name as u64 % 64);
        let is_high = (name as u64 / 64).wrapping_neg();
        HeaderSet {
            low: bit & !is_high,
            high: bit & is_high,
        }
    }

    /// The members, in the order of [`HeaderName`].
    pub fn iter(self) -> impl Iterator<Item = HeaderName> {
        HeaderName::all().filter(move |name| self.contains(*name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set = HeaderSet::EMPTY
            .with(HeaderName::Via)
            .with(HeaderName::XTwilioCallSid);
        assert!(set.contains(HeaderName::Via));
        assert!(!set.contains(HeaderName::From));
        assert_eq!(set.iter().count(), 2);
        let more = set.with(HeaderName::From);
        assert!(more.contains_all(set) && !set.contains_all(more));
        assert!(set.intersects(more) && !set.intersects(HeaderSet::EMPTY));
    }
}
