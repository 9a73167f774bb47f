//! A set of header names, one bit each.

use super::HeaderName;

/// Which known headers occur in a message (RFC 3261 20).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderSet {
    /// 64 names each, lowest bit first.
    words: [u64; 2],
}

impl HeaderSet {
    /// No header at all.
    pub const EMPTY: HeaderSet = HeaderSet { words: [0; 2] };

    /// What every message must have: Via, From, To, Call-ID and CSeq (RFC 3261 8.1.1).
    pub const MANDATORY: HeaderSet = HeaderSet::EMPTY
        .with(HeaderName::Via)
        .with(HeaderName::From)
        .with(HeaderName::To)
        .with(HeaderName::CallId)
        .with(HeaderName::CSeq);

    /// Whether `name` is in the set.
    pub const fn contains(self, name: HeaderName) -> bool {
        self.words[word(name)] & bit(name) != 0
    }

    /// The set with `name` added.
    #[must_use]
    pub const fn with(mut self, name: HeaderName) -> HeaderSet {
        self.words[word(name)] |= bit(name);
        self
    }

    /// Adds `name`. Returns whether it is new.
    #[inline(always)]
    pub(crate) fn insert(&mut self, name: HeaderName) -> bool {
        let word = &mut self.words[word(name)];
        let before = *word;
        *word |= bit(name);
        before != *word
    }

    /// Whether every name of `others` is in the set.
    pub const fn contains_all(self, others: HeaderSet) -> bool {
        let ([low, high], [others_low, others_high]) = (self.words, others.words);
        low & others_low == others_low && high & others_high == others_high
    }

    /// Whether any name of `others` is in the set.
    pub const fn intersects(self, others: HeaderSet) -> bool {
        let ([low, high], [others_low, others_high]) = (self.words, others.words);
        (low & others_low) | (high & others_high) != 0
    }

    /// The members, in the order of [`HeaderName`].
    pub fn iter(self) -> impl Iterator<Item = HeaderName> {
        HeaderName::all().filter(move |name| self.contains(*name))
    }
}

/// Which word holds `name`.
const fn word(name: HeaderName) -> usize {
    name as usize / 64
}

/// The bit of `name` in its word.
const fn bit(name: HeaderName) -> u64 {
    1 << (name as u64 % 64)
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
        let mut more = set;
        assert!(more.insert(HeaderName::From) && !more.insert(HeaderName::From));
        assert_eq!(more, set.with(HeaderName::From));
        assert!(more.contains_all(set) && !set.contains_all(more));
        assert!(set.intersects(more) && !set.intersects(HeaderSet::EMPTY));
    }
}
