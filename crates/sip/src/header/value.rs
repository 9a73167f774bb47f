//! What the types of header values have in common.

use super::HeaderName;
use crate::{DefectKind, Flaw};

/// How often a header may occur and whether commas join its values (RFC 3261 7.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Once in a message.
    Single,
    /// On several lines, but never joined by commas: the credentials of RFC 3261 20.7.
    Repeated,
    /// On several lines, or joined by commas, or both.
    List,
}

/// One value of a header (RFC 3261 7.3). For a [`Shape::List`] that is one element between commas.
pub trait HeaderValue<'a>: Sized {
    /// The header.
    const NAME: HeaderName;
    /// How often it may occur.
    const SHAPE: Shape;
    /// Whether a list may have no element at all (RFC 3261 25.1).
    const MAY_BE_EMPTY: bool = false;

    /// Reads one value; folds may stand wherever the grammar allows white space.
    fn parse(value: &'a [u8]) -> Result<Self, Flaw>;

    /// What its grammar forbids in a value that can be read all the same (RFC 3261 25.1).
    fn defect(&self) -> Option<DefectKind> {
        None
    }

    /// Appends the value in its plainest form. Bytes, not text: what the wire says need not be
    /// UTF-8 and must not be shown unescaped.
    fn print(&self, out: &mut Vec<u8>);
}

/// Checks that every valid value survives printing and that every invalid one is refused or has
/// a defect.
#[cfg(test)]
pub(crate) fn check<T>(valid: &[&'static str], invalid: &[&'static str])
where
    T: HeaderValue<'static> + PartialEq + std::fmt::Debug,
{
    for text in valid {
        let value = T::parse(text.as_bytes()).unwrap_or_else(|flaw| panic!("{text}: {flaw}"));
        let mut printed = Vec::new();
        value.print(&mut printed);
        let printed: &'static [u8] = printed.leak();
        let again = T::parse(printed).unwrap_or_else(|flaw| panic!("{text}: printed: {flaw}"));
        assert_eq!(value, again, "{text}");
        assert_eq!(value.defect(), None, "{text}");
        let mut twice = Vec::new();
        again.print(&mut twice);
        assert_eq!(printed, twice, "{text}");
    }
    for text in invalid {
        let parsed = T::parse(text.as_bytes());
        assert!(!parsed.is_ok_and(|it| it.defect().is_none()), "{text}");
    }
}
