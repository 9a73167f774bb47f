//! Where in a message something stands.

/// A byte range of a message, counted from the message's first byte.
///
/// An absent value is [`Span::NONE`]; a value that is present but empty has length 0 and a real
/// start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Number of bytes.
    pub len: u32,
}

impl Span {
    /// Stands for a value that does not occur.
    pub const NONE: Span = Span {
        start: u32::MAX,
        len: 0,
    };

    /// The range `start..end`. Offsets that no message reaches are cut to `u32::MAX`.
    pub fn new(start: usize, end: usize) -> Span {
        let first = u32::try_from(start).unwrap_or(u32::MAX);
        let len = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
        Span { start: first, len }
    }

    /// The bytes whose places a span can tell: all of any message there is.
    #[inline(always)]
    pub(crate) fn reach(bytes: &[u8]) -> &[u8] {
        &bytes[..bytes.len().min(u32::MAX as usize - 1)]
    }

    /// The range `start..end` of bytes within [`Span::reach`], whose offsets all fit.
    #[inline(always)]
    pub(crate) fn of_scan(start: usize, end: usize) -> Span {
        Span {
            start: start as u32,
            len: end.wrapping_sub(start) as u32,
        }
    }

    /// Whether the value does not occur at all.
    pub fn is_none(self) -> bool {
        self.start == u32::MAX
    }

    /// Whether the value occurs, be it empty.
    pub fn is_some(self) -> bool {
        !self.is_none()
    }

    /// Offset just behind the last byte; 0 for [`Span::NONE`].
    pub fn end(self) -> usize {
        if self.is_none() {
            0
        } else {
            self.start as usize + self.len as usize
        }
    }

    /// The bytes of the span, or `None` where the value is absent or `bytes` too short.
    #[inline]
    pub fn of(self, bytes: &[u8]) -> Option<&[u8]> {
        // No message is so long that it had a byte where the absent one stands.
        let start = self.start as usize;
        bytes.get(start..start + self.len as usize)
    }

    /// The span of `part`, a slice of `whole`; [`Span::NONE`] if it is not one.
    pub fn within(whole: &[u8], part: &[u8]) -> Span {
        let offset = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        if offset > whole.len() || part.len() > whole.len() - offset {
            return Span::NONE;
        }
        Span::new(offset, offset + part.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_differs_from_empty() {
        let empty = Span::new(3, 3);
        assert!(empty.is_some());
        assert_eq!(empty.of(b"abcd"), Some(&b""[..]));
        assert!(Span::NONE.is_none());
        assert_eq!(Span::NONE.of(b"abcd"), None);
    }

    #[test]
    fn a_part_knows_where_it_stands() {
        let whole = b"Via: x";
        assert_eq!(Span::within(whole, &whole[5..]), Span::new(5, 6));
        assert_eq!(Span::within(&whole[2..], &whole[..1]), Span::NONE);
    }
}
