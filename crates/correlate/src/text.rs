//! The strings of one leg, stored once each.

use smallvec::SmallVec;

/// A string of a [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(u16);

impl TextId {
    /// No string: the header or parameter was missing.
    pub const NONE: TextId = TextId(u16::MAX);

    /// Whether there is no string.
    pub fn is_none(self) -> bool {
        self == TextId::NONE
    }
}

impl Default for TextId {
    fn default() -> TextId {
        TextId::NONE
    }
}

/// Interned strings: what the wire said, unescaped, for few strings with many uses.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: SmallVec<[u8; 200]>,
    /// Where each string ends; it begins where the one before it ends.
    ends: SmallVec<[u32; 12]>,
}

impl Texts {
    /// Longest string kept; longer ones are cut here.
    pub const MAX_TEXT_BYTES: usize = 1024;
    /// Strings looked through for an equal one before storing another copy: so many of the newest,
    /// and so many of the oldest, where the tags are that a whole call uses.
    const LOOK_BACK: usize = 32;

    /// As much of a string as is stored.
    #[inline]
    pub(crate) fn kept(text: &[u8]) -> &[u8] {
        &text[..text.len().min(Self::MAX_TEXT_BYTES)]
    }

    /// Forgets all strings.
    pub(crate) fn clear(&mut self) {
        self.bytes = SmallVec::new();
        self.ends = SmallVec::new();
    }

    /// Whether they take more memory than what every leg has for them.
    #[cfg(test)]
    pub(crate) fn is_spilled(&self) -> bool {
        self.bytes.spilled() || self.ends.spilled()
    }

    /// Stores `text`, or finds it. Past 65,534 strings nothing more is stored.
    #[inline(never)]
    pub fn intern(&mut self, text: &[u8]) -> TextId {
        let text = Self::kept(text);
        match self.find(text) {
            Some(known) => known,
            None => self.add(text),
        }
    }

    /// Stores `text`, or finds it, looking first whether it is `likely`.
    #[inline]
    pub fn intern_like(&mut self, text: &[u8], likely: TextId) -> TextId {
        if !likely.is_none() && self.text(likely) == text {
            return likely;
        }
        self.intern(text)
    }

    /// Finds `text` without storing it.
    #[inline]
    fn find(&self, text: &[u8]) -> Option<TextId> {
        let (bytes, ends) = (self.bytes.as_slice(), self.ends.as_slice());
        if ends.len() > Self::LOOK_BACK {
            return self.find_among_many(text);
        }
        let mut start = 0;
        for (index, end) in ends.iter().enumerate() {
            let end = *end as usize;
            if end - start == text.len() && &bytes[start..end] == text {
                return Some(TextId(index as u16));
            }
            start = end;
        }
        None
    }

    #[cold]
    fn find_among_many(&self, text: &[u8]) -> Option<TextId> {
        let is = |index: &usize| self.at(*index) == Some(text);
        let newest = self.ends.len().saturating_sub(Self::LOOK_BACK);
        let oldest = newest.min(Self::LOOK_BACK);
        let found = (newest..self.ends.len()).rev().find(is);
        let found = found.or_else(|| (0..oldest).find(is));
        found.map(|index| TextId(index as u16))
    }

    fn add(&mut self, text: &[u8]) -> TextId {
        let place = self.ends.len();
        if place >= usize::from(TextId::NONE.0) {
            return TextId::NONE;
        }
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        TextId(place as u16)
    }

    /// The string; empty for [`TextId::NONE`].
    #[inline]
    pub fn text(&self, id: TextId) -> &[u8] {
        self.at(usize::from(id.0)).unwrap_or_default()
    }

    /// Reads a little, for the sake of having read it.
    pub(crate) fn touch(&self) -> u64 {
        let byte = |byte: Option<&u8>| u64::from(byte.copied().unwrap_or(0));
        byte(self.bytes.first()) ^ byte(self.bytes.last())
    }

    #[inline]
    fn at(&self, index: usize) -> Option<&[u8]> {
        let (start, end) = match self.ends.get(..index + 1)? {
            [.., start, end] => (*start, *end),
            [end] => (0, *end),
            [] => return None,
        };
        Some(&self.bytes[start as usize..end as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_an_id() {
        let mut texts = Texts::default();
        let first = texts.intern(b"a");
        let second = texts.intern(b"b");
        assert_ne!(first, second);
        assert_eq!(texts.intern(b"a"), first);
        for likely in [first, second, TextId::NONE] {
            assert_eq!(texts.intern_like(b"b", likely), second);
        }
        assert!(!texts.intern_like(b"", TextId::NONE).is_none());
        assert_eq!(texts.text(second), b"b");
        assert_eq!(texts.text(TextId::NONE), b"");
    }

    #[test]
    fn of_many_strings_the_oldest_and_the_newest_are_found_again() {
        let mut texts = Texts::default();
        let text = |number: usize| format!("{number:03}").into_bytes();
        let first: Vec<TextId> = (0..100).map(|number| texts.intern(&text(number))).collect();
        for (number, id) in first.iter().enumerate() {
            assert_eq!(texts.text(*id), text(number));
            let is_between = (Texts::LOOK_BACK..100 - Texts::LOOK_BACK).contains(&number);
            let expected = (!is_between).then_some(*id);
            assert_eq!(texts.find(&text(number)), expected, "{number}");
        }
    }

    #[test]
    fn long_strings_are_cut() {
        let mut texts = Texts::default();
        let id = texts.intern(&[b'x'; 5000]);
        assert_eq!(texts.text(id).len(), Texts::MAX_TEXT_BYTES);
    }
}
