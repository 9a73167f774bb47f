//! Parts of a URI with their `%` escapes (RFC 3261 19.1.2, 25.1).

use std::borrow::Cow;

use crate::Flaw;

/// A part of a URI as it stands, escapes still in it.
///
/// Two parts are equal when they mean the same characters: an escape equals its character, unless
/// that is one of the reserved set, which divides where it is not escaped (RFC 3261 19.1.4).
#[derive(Clone, Copy, Debug)]
pub struct UriPart<'a>(pub &'a [u8]);

impl<'a> UriPart<'a> {
    /// Checks that every byte is one of `set` or belongs to an escape.
    pub(super) fn checked(text: &'a [u8], set: &ByteSet) -> Result<UriPart<'a>, Flaw> {
        let mut rest = text;
        while let Some(odd) = rest.iter().position(|byte| !set.contains(*byte)) {
            match &rest[odd..] {
                [b'%', high, low, behind @ ..]
                    if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
                {
                    rest = behind;
                }
                _ => return Err(Flaw::Syntax),
            }
        }
        Ok(UriPart(text))
    }

    /// The part with its escapes replaced by the bytes they stand for, NUL included (RFC 3261
    /// 19.1.2).
    pub fn unescaped(self) -> Cow<'a, [u8]> {
        if !self.0.contains(&b'%') {
            return Cow::Borrowed(self.0);
        }
        Cow::Owned(self.bytes().collect())
    }

    /// Whether both parts mean the same, apart from the case of letters.
    pub(super) fn eq_ignore_case(self, other: UriPart<'_>) -> bool {
        let lower = Character::to_ascii_lowercase;
        self.characters()
            .map(lower)
            .eq(other.characters().map(lower))
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        self.characters().map(|character| match character {
            Character::Plain(byte) | Character::Kept(byte) => byte,
        })
    }

    /// The characters by which parts compare.
    pub(super) fn characters(self) -> impl Iterator<Item = Character> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (first, behind) = rest.split_first()?;
            rest = behind;
            if *first == b'%'
                && let [high, low, behind @ ..] = rest
                && let (Some(high), Some(low)) = (hex(*high), hex(*low))
            {
                rest = behind;
                let byte = high << 4 | low;
                return Some(if RESERVED.contains(byte) {
                    Character::Kept(byte)
                } else {
                    Character::Plain(byte)
                });
            }
            Some(Character::Plain(*first))
        })
    }
}

/// One character of a part, as it compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Character {
    /// It stands for itself, escaped or not.
    Plain(u8),
    /// It is escaped and of the reserved set, so that it is another than itself.
    Kept(u8),
}

impl Character {
    /// The same with a letter in lower case.
    pub(super) fn to_ascii_lowercase(self) -> Character {
        match self {
            Character::Plain(byte) => Character::Plain(byte.to_ascii_lowercase()),
            Character::Kept(byte) => Character::Kept(byte),
        }
    }
}

/// `reserved` of RFC 2396 2.2.
static RESERVED: ByteSet = ByteSet::none().and(b";/?:@&=+$,");

impl PartialEq for UriPart<'_> {
    fn eq(&self, other: &UriPart<'_>) -> bool {
        self.0 == other.0 || self.characters().eq(other.characters())
    }
}

impl Eq for UriPart<'_> {}

/// The bytes that may stand somewhere, each a table look-up.
pub(super) struct ByteSet([bool; 256]);

impl ByteSet {
    /// No byte at all.
    pub(super) const fn none() -> ByteSet {
        ByteSet([false; 256])
    }

    /// Letters, digits and `others`.
    pub(super) const fn alphanumeric_and(others: &[u8]) -> ByteSet {
        let mut set = ByteSet::none();
        let mut byte = 0;
        while byte < 256 {
            set.0[byte] = (byte as u8).is_ascii_alphanumeric();
            byte += 1;
        }
        set.and(others)
    }

    /// `unreserved` of RFC 3261 25.1 and `others`.
    pub(super) const fn unreserved_and(others: &[u8]) -> ByteSet {
        ByteSet::alphanumeric_and(b"-_.!~*'()").and(others)
    }

    /// The set with `others` added.
    pub(super) const fn and(mut self, others: &[u8]) -> ByteSet {
        let mut other = 0;
        while other < others.len() {
            self.0[others[other] as usize] = true;
            other += 1;
        }
        self
    }

    /// Whether `byte` is in the set.
    #[inline]
    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

/// Whether any byte is one that no URI of any scheme holds: white space, controls, and the
/// delimiters around it.
pub(super) fn holds_delimiter(text: &[u8]) -> bool {
    static DELIMITERS: ByteSet = {
        let mut set = ByteSet::none().and(b"<>\"\x7f");
        let mut byte = 0;
        while byte <= b' ' as usize {
            set.0[byte] = true;
            byte += 1;
        }
        set
    };
    text.iter().any(|byte| DELIMITERS.contains(*byte))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_equals_its_character() {
        assert_eq!(UriPart(b"%61lice"), UriPart(b"alice"));
        assert_ne!(UriPart(b"Alice"), UriPart(b"alice"));
        assert_eq!(UriPart(b"a%2fb"), UriPart(b"a%2Fb"));
        for (escaped, plain) in [("a%3Bb", "a;b"), ("%2b1", "+1"), ("%253B", "%3B")] {
            assert_ne!(UriPart(escaped.as_bytes()), UriPart(plain.as_bytes()));
        }
        assert_eq!(&*UriPart(b"a%3Bb").unescaped(), b"a;b");
        assert_eq!(&*UriPart(b"null-%00-null").unescaped(), b"null-\0-null");
        assert_eq!(&*UriPart(b"100%zz%4").unescaped(), b"100%zz%4");
    }
}
