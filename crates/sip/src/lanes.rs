//! Sixteen bytes at a time: where in a message the next byte of some kind stands.

use wide::u8x16;

/// Bytes that one look takes in.
pub(crate) const WIDTH: usize = 16;

/// Sixteen bytes of a message side by side.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(u8x16);

/// The lanes that hold what was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u8x16);

impl Lanes {
    /// Nothing but zeros.
    pub(crate) const ZERO: Lanes = Lanes::of(&[0; WIDTH]);

    /// The bytes of `chunk`.
    #[inline(always)]
    pub(crate) const fn of(chunk: &[u8; WIDTH]) -> Lanes {
        Lanes(u8x16::new(*chunk))
    }

    /// Whether all bits that `care` has set are as in `other`, whose other bits are zeros.
    #[inline(always)]
    pub(crate) fn agree(self, other: Lanes, care: Lanes) -> bool {
        (self.0 & care.0).cmp_eq(other.0).all()
    }

    /// The lanes that hold `byte`.
    #[inline(always)]
    pub(crate) fn equal(self, byte: u8) -> Marks {
        Marks(self.0.cmp_eq(u8x16::splat(byte)))
    }

    /// The lanes that hold one of `bytes`.
    #[inline(always)]
    pub(crate) fn any_of<const COUNT: usize>(self, bytes: [u8; COUNT]) -> Marks {
        let mut marks = Marks(u8x16::splat(0));
        for byte in bytes {
            marks = marks.or(self.equal(byte));
        }
        marks
    }

    /// The lanes that hold `first`, `last` or a byte between them.
    #[inline(always)]
    pub(crate) fn within(self, first: u8, last: u8) -> Marks {
        Lanes(self.0 - u8x16::splat(first)).at_most(last - first)
    }

    /// The lanes that hold `byte` or less.
    #[inline(always)]
    pub(crate) fn at_most(self, byte: u8) -> Marks {
        Marks(self.0.min(u8x16::splat(byte)).cmp_eq(self.0))
    }
}

impl Marks {
    /// The lanes of both.
    #[inline(always)]
    pub(crate) fn or(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// One bit a lane, the first lane lowest.
    #[inline(always)]
    pub(crate) fn bits(self) -> u32 {
        self.0.move_mask() as u32
    }
}

/// Offset in `from..end` of the first byte that `kind` marks, or `end`.
#[inline(always)]
pub(crate) fn find(
    bytes: &[u8],
    from: usize,
    end: usize,
    kind: impl Fn(Lanes) -> Marks + Copy,
) -> usize {
    match find_ahead(bytes, from, end, kind) {
        Ok(place) => place,
        Err(at) => end.min(at + tail(bytes, at, kind).trailing_zeros() as usize),
    }
}

/// The same; or else the offset where the search came upon fewer bytes than a look takes in. A
/// function that leaves these cases to another one calls nothing, and so needs no frame.
#[inline(always)]
pub(crate) fn find_ahead(
    bytes: &[u8],
    from: usize,
    end: usize,
    kind: impl Fn(Lanes) -> Marks,
) -> Result<usize, usize> {
    let mut at = from;
    let Some(mut rest) = bytes.get(from..) else {
        return Ok(end);
    };
    while at < end {
        let (chunk, behind) = rest.split_first_chunk().ok_or(at)?;
        let marks = kind(Lanes::of(chunk)).bits();
        if marks != 0 {
            return Ok(end.min(at + marks.trailing_zeros() as usize));
        }
        at += WIDTH;
        rest = behind;
    }
    Ok(end)
}

/// The same where it is mostly within twice as many bytes as a look takes in; `None` where there
/// are not as many.
#[inline(always)]
pub(crate) fn find_near(
    bytes: &[u8],
    from: usize,
    end: usize,
    kind: impl Fn(Lanes) -> Marks + Copy,
) -> Option<usize> {
    let near: &[u8; 2 * WIDTH] = bytes.get(from..)?.first_chunk()?;
    let marks = marks_of(near, kind);
    if marks == 0 {
        return find_ahead(bytes, from + 2 * WIDTH, end, kind).ok();
    }
    Some(end.min(from + marks.trailing_zeros() as usize))
}

/// Number of bytes that `chunk` begins with which `kind` marks.
#[inline(always)]
pub(crate) fn leading(chunk: &[u8; WIDTH], kind: impl Fn(Lanes) -> Marks) -> usize {
    kind(Lanes::of(chunk)).bits().trailing_ones() as usize
}

/// The marks of the last bytes, fewer than [`WIDTH`], one bit a byte.
#[inline(never)]
fn tail(bytes: &[u8], at: usize, kind: impl Fn(Lanes) -> Marks) -> u32 {
    if let Some(chunk) = bytes.last_chunk() {
        let before = (at + WIDTH).saturating_sub(bytes.len());
        return kind(Lanes::of(chunk))
            .bits()
            .checked_shr(before as u32)
            .unwrap_or(0);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let mut chunk = [0; WIDTH];
    for (lane, byte) in chunk.iter_mut().zip(rest) {
        *lane = *byte;
    }
    kind(Lanes::of(&chunk)).bits() & low_bits(rest.len())
}

/// As many set bits.
fn low_bits(count: usize) -> u32 {
    !(u32::MAX << count)
}

/// Walks the line feeds of a message, which is handed in each time: a walk is no more than a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineFeeds(Walk);

impl LineFeeds {
    /// The line feeds at `from` and behind.
    #[inline]
    pub(crate) fn new(bytes: &[u8], from: usize) -> LineFeeds {
        LineFeeds(Walk::new(bytes, from, line_feed))
    }

    /// Offset of the next line feed.
    #[inline(always)]
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Option<usize> {
        self.0.next(bytes, line_feed)
    }
}

#[inline(always)]
fn line_feed(lanes: Lanes) -> Marks {
    lanes.equal(b'\n')
}

/// Walks the bytes of one kind; the same bytes and the same kind are handed in each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    /// Offset of the block that `marks` is about.
    block: usize,
    /// Those of the block that are still to come, one bit a byte.
    marks: u64,
}

/// Bytes of a block, one mark each.
const BLOCK: usize = 4 * WIDTH;

impl Walk {
    /// Those at `from` and behind.
    #[inline(always)]
    pub(crate) fn new(bytes: &[u8], from: usize, kind: impl Fn(Lanes) -> Marks + Copy) -> Walk {
        Walk {
            block: from,
            marks: marks_from(bytes, from, kind),
        }
    }

    /// Offset of the next one.
    #[inline(always)]
    pub(crate) fn next(
        &mut self,
        bytes: &[u8],
        kind: impl Fn(Lanes) -> Marks + Copy,
    ) -> Option<usize> {
        while self.marks == 0 {
            let block = self.block + BLOCK;
            if block >= bytes.len() {
                return None;
            }
            self.block = block;
            self.marks = marks_from(bytes, block, kind);
        }
        let at = self.block + self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(at)
    }
}

/// The marks of the block at `at`, one bit a byte.
#[inline(always)]
fn marks_from(bytes: &[u8], at: usize, kind: impl Fn(Lanes) -> Marks + Copy) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(block) => marks_of::<BLOCK>(block, kind),
        None => marks_of_tail(bytes, at, kind),
    }
}

#[inline(never)]
fn marks_of_tail(bytes: &[u8], at: usize, kind: impl Fn(Lanes) -> Marks + Copy) -> u64 {
    if let Some(block) = bytes.last_chunk() {
        let before = (at + BLOCK).saturating_sub(bytes.len());
        return marks_of::<BLOCK>(block, kind)
            .checked_shr(before as u32)
            .unwrap_or(0);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let mut block = [0; BLOCK];
    for (lane, byte) in block.iter_mut().zip(rest) {
        *lane = *byte;
    }
    // A kind may hold the zeros that fill the block up.
    marks_of(&block, kind) & !(u64::MAX << rest.len())
}

#[inline(always)]
fn marks_of<const LENGTH: usize>(block: &[u8; LENGTH], kind: impl Fn(Lanes) -> Marks) -> u64 {
    let (quarters, _) = block.as_chunks();
    quarters.iter().rev().fold(0, |marks, quarter| {
        marks << WIDTH | u64::from(kind(Lanes::of(quarter)).bits())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_at_every_place() {
        for length in 0..100 {
            let mut bytes = vec![b'9'; length];
            let colon = |lanes: Lanes| lanes.equal(b':');
            assert_eq!(find(&bytes, 0, length, colon), length);
            for place in (0..length).rev() {
                bytes[place] = b':';
                assert_eq!(find(&bytes, 0, length, colon), place);
                assert_eq!(find(&bytes, place, length, colon), place);
                assert_eq!(find(&bytes, 0, place / 2, colon), place / 2);
                let either = |lanes: Lanes| lanes.any_of([b';', b':']);
                assert_eq!(find(&bytes, 0, length, either), place);
                let near = find_near(&bytes, 0, length, colon);
                assert!(near.is_none_or(|near| near == place), "{place}");
                assert_eq!(near.is_some(), length >= 32 && place / 16 < length / 16);
            }
        }
    }

    #[test]
    fn bytes_compare_without_a_sign() {
        for byte in 0..=u8::MAX {
            let mut bytes = [b'~'; 20];
            bytes[9] = byte;
            let low = find(&bytes, 0, 20, |lanes| lanes.at_most(b' '));
            assert_eq!(low, if byte <= b' ' { 9 } else { 20 }, "{byte}");
        }
    }

    #[test]
    fn every_line_feed_is_walked_once() {
        for length in 0..200 {
            let bytes: Vec<u8> = (0..length)
                .map(|place| if place % 7 < 2 { b'\n' } else { b'x' })
                .collect();
            for from in 0..=length {
                let expected: Vec<usize> = (from..length).filter(|place| place % 7 < 2).collect();
                let mut line_feeds = LineFeeds::new(&bytes, from);
                let found: Vec<usize> = std::iter::from_fn(|| line_feeds.next(&bytes)).collect();
                assert_eq!(found, expected, "{length} {from}");
            }
        }
    }

    #[test]
    fn a_walk_finds_nothing_behind_the_end() {
        let low = |lanes: Lanes| lanes.at_most(b' ');
        for length in 0..200 {
            let mut bytes = vec![b'x'; length];
            if let Some(last) = bytes.last_mut() {
                *last = 0;
            }
            let mut walk = Walk::new(&bytes, 0, low);
            assert_eq!(walk.next(&bytes, low), length.checked_sub(1), "{length}");
            assert_eq!(walk.next(&bytes, low), None, "{length}");
        }
    }

    #[test]
    fn a_range_holds_its_ends_and_what_is_between() {
        for byte in 0..=u8::MAX {
            let is_capital = leading(&[byte; WIDTH], |lanes| lanes.within(b'A', b'Z')) == WIDTH;
            assert_eq!(is_capital, byte.is_ascii_uppercase(), "{byte}");
        }
        let chunk = b"SIP/2.0 200 OK\r\n";
        assert_eq!(leading(chunk, |lanes| lanes.within(b'A', b'Z')), 3);
    }

    #[test]
    fn lanes_agree_by_what_counts() {
        let name = |text: &[u8; WIDTH]| Lanes::of(text);
        let care = name(b"\xdf\xdf\xff\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let key = name(b"TO:\0\0\0\0\0\0\0\0\0\0\0\0\0");
        assert!(name(b"to: <sip:a@a.exa").agree(key, care));
        assert!(!name(b"t/: <sip:a@a.exa").agree(key, care));
        assert!(!name(b"to; <sip:a@a.exa").agree(key, care));
    }

    #[test]
    fn a_search_ahead_stops_where_the_bytes_get_few() {
        let bytes = [b'9'; 40];
        let colon = |lanes: Lanes| lanes.equal(b':');
        assert_eq!(find_ahead(&bytes, 0, 20, colon), Ok(20));
        assert_eq!(find_ahead(&bytes, 0, 40, colon), Err(32));
        assert_eq!(find_ahead(&bytes, 30, 30, colon), Ok(30));
        assert_eq!(find_ahead(&bytes, 30, 31, colon), Err(30));
    }
}
