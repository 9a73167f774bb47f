//! A set of header names, one bit each.

use super::HeaderName;

/// Which known headers occur in a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderSet([u64; 2]);

impl HeaderSet {
    /// No header at all.
    pub const EMPTY: HeaderSet = HeaderSet([0; 2]);

    /// What every message must have: Via, From, To, Call-ID and CSeq (RFC 3261 8.1.1).
    pub const MANDATORY: HeaderSet = HeaderSet::EMPTY
        .with(HeaderName::Via)
        .with(HeaderName::From)
        .with(HeaderName::To)
        .with(HeaderName::CallId)
        .with(HeaderName::CSeq);

    /// Whether `name` is in the set.
    pub const fn contains(self, name: HeaderName) -> bool {
        self.0[name as usize / 64] & HeaderSet::bit(name) != 0
    }

    /// The set with `name` added.
    #[must_use]
    pub const fn with(mut self, name: HeaderName) -> HeaderSet {
        self.0[name as usize / 64] |= HeaderSet::bit(name);
        self
    }

    /// Whether every name of `others` is in the set.
    pub const fn contains_all(self, others: HeaderSet) -> bool {
        self.0[0] & others.0[0] == others.0[0] && self.0[1] & others.0[1] == others.0[1]
    }

    /// Whether any name of `others` is in the set.
    pub const fn intersects(self, others: HeaderSet) -> bool {
        self.0[0] & others.0[0] != 0 || self.0[1] & others.0[1] != 0
    }

    const fn bit(name: HeaderName) -> u64 {
        1 << (name as usize % 64)
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
