//! Parts of a URI with their `%` escapes (RFC 3261 19.1.2, 25.1).

use std::borrow::Cow;

use crate::Flaw;

/// A part of a URI as it stands, escapes still in it.
///
/// Two parts are equal when they mean the same characters: an escape of a character that needs
/// none equals the character (RFC 3261 19.1.4).
#[derive(Clone, Copy, Debug)]
pub struct UriPart<'a>(pub &'a [u8]);

impl<'a> UriPart<'a> {
    /// Checks that every byte satisfies `accept` or belongs to an escape.
    pub(super) fn checked(
        text: &'a [u8],
        accept: impl Fn(u8) -> bool,
    ) -> Result<UriPart<'a>, Flaw> {
        let mut position = 0;
        while let Some(byte) = text.get(position) {
            if *byte == b'%' {
                let digits = text.get(position + 1..position + 3).ok_or(Flaw::Syntax)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(Flaw::Syntax);
                }
                position += 3;
            } else if accept(*byte) {
                position += 1;
            } else {
                return Err(Flaw::Syntax);
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
        self.bytes()
            .map(|byte| byte.to_ascii_lowercase())
            .eq(other.bytes().map(|byte| byte.to_ascii_lowercase()))
    }

    fn bytes(self) -> impl Iterator<Item = u8> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (first, behind) = rest.split_first()?;
            rest = behind;
            if *first == b'%'
                && let [high, low, behind @ ..] = rest
                && let (Some(high), Some(low)) = (hex(*high), hex(*low))
            {
                rest = behind;
                return Some(high << 4 | low);
            }
            Some(*first)
        })
    }
}

impl PartialEq for UriPart<'_> {
    fn eq(&self, other: &UriPart<'_>) -> bool {
        self.0 == other.0 || self.bytes().eq(other.bytes())
    }
}

impl Eq for UriPart<'_> {}

/// `unreserved` of RFC 3261 25.1.
pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// Bytes that no URI of any scheme holds: white space, controls, and the delimiters around it.
pub(super) fn is_never_in_uri(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f || b"<>\"".contains(&byte)
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
        assert_eq!(&*UriPart(b"null-%00-null").unescaped(), b"null-\0-null");
        assert_eq!(&*UriPart(b"100%zz%4").unescaped(), b"100%zz%4");
    }
}
