//! Eight bytes at a time, in plain integer arithmetic.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Eight bytes from `at` on, the first in the lowest place; zeros behind the end.
#[inline]
pub(crate) fn word(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => short_word(rest, 0),
    }
}

/// The same for a constant, or near the end.
pub(crate) const fn short_word(bytes: &[u8], at: usize) -> u64 {
    let mut word = 0;
    let mut place = 0;
    while place < 8 && at + place < bytes.len() {
        word |= (bytes[at + place] as u64) << (8 * place);
        place += 1;
    }
    word
}

/// The lowest `length` bytes of a word.
#[inline]
pub(crate) const fn low_bytes(word: u64, length: usize) -> u64 {
    if length >= 8 {
        word
    } else {
        word & ((1 << (8 * length)) - 1)
    }
}

/// The word with its ASCII capitals in lower case and nothing else changed.
#[inline]
pub(crate) const fn to_lower_case(word: u64) -> u64 {
    let seven_bits = word & !HIGH;
    let at_least_a = seven_bits + (0x80 - b'A' as u64) * ONES;
    let beyond_z = seven_bits + (0x7f - b'Z' as u64) * ONES;
    let capital = !word & (at_least_a ^ beyond_z) & HIGH;
    word | capital >> 2
}

/// Offset of the first `wanted`.
#[inline]
pub(crate) fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    let pattern = u64::from(wanted) * ONES;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk) ^ pattern;
        // The lowest marked byte is the first zero byte; higher marks may be false.
        let zeros = word.wrapping_sub(ONES) & !word & HIGH;
        if zeros != 0 {
            return Some(at + zeros.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter()
        .position(|byte| *byte == wanted)
        .map(|behind| at + behind)
}

/// Offset of the first of two bytes.
#[inline]
pub(crate) fn find_either(bytes: &[u8], one: u8, two: u8) -> Option<usize> {
    let (one_pattern, two_pattern) = (u64::from(one) * ONES, u64::from(two) * ONES);
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let (ones, twos) = (word ^ one_pattern, word ^ two_pattern);
        let marks = (ones.wrapping_sub(ONES) & !ones | twos.wrapping_sub(ONES) & !twos) & HIGH;
        if marks != 0 {
            return Some(at + marks.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter()
        .position(|byte| *byte == one || *byte == two)
        .map(|behind| at + behind)
}

/// Offset of the first `wanted`, which is as a rule near: only from the sixth word on is the
/// vector search worth its call.
#[inline]
pub(crate) fn find_near(bytes: &[u8], wanted: u8) -> Option<usize> {
    const NEAR_BYTES: usize = 40;
    match bytes.get(..NEAR_BYTES).map(|near| find(near, wanted)) {
        Some(None) => memchr::memchr(wanted, &bytes[NEAR_BYTES..]).map(|at| NEAR_BYTES + at),
        Some(found) => found,
        None => find(bytes, wanted),
    }
}

/// Offset of the first white space, control character, `;` or `,`.
#[inline]
pub(crate) fn find_value_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let semicolons = word ^ ((b';' as u64) * ONES);
        let commas = word ^ ((b',' as u64) * ONES);
        // Of each term the lowest mark is exact, so the lowest of all is.
        let marks = (word.wrapping_sub((b' ' as u64 + 1) * ONES) & !word
            | semicolons.wrapping_sub(ONES) & !semicolons
            | commas.wrapping_sub(ONES) & !commas)
            & HIGH;
        if marks != 0 {
            return Some(at + marks.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    let is_end = |byte: &u8| *byte <= b' ' || matches!(byte, b';' | b',');
    rest.iter().position(is_end).map(|behind| at + behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_lowered_as_the_standard_library_does() {
        for byte in 0..=u8::MAX {
            let bytes = [byte, b'A', byte, b'z', b'-', byte, b'[', b'@'];
            let lowered = bytes.map(|byte| byte.to_ascii_lowercase());
            assert_eq!(
                to_lower_case(u64::from_le_bytes(bytes)),
                u64::from_le_bytes(lowered)
            );
        }
    }

    #[test]
    fn a_byte_is_found_at_every_place() {
        for length in 0..100 {
            let mut bytes = vec![b'9'; length];
            assert_eq!(find(&bytes, b':'), None);
            for place in (0..length).rev() {
                bytes[place] = b':';
                assert_eq!(find(&bytes, b':'), Some(place));
                assert_eq!(find_near(&bytes, b':'), Some(place));
                assert_eq!(find_either(&bytes, b'\n', b':'), Some(place));
                bytes[place] = b'\n';
                assert_eq!(find_either(&bytes, b'\n', b':'), Some(place));
            }
        }
    }

    #[test]
    fn the_end_of_a_value_is_found_among_all_bytes() {
        for byte in 0..=u8::MAX {
            let expected = (byte <= b' ' || byte == b';' || byte == b',').then_some(11);
            let mut bytes = [0x80; 17];
            bytes[11] = byte;
            assert_eq!(find_value_end(&bytes), expected, "{byte}");
            assert_eq!(find_value_end(&bytes[..12]), expected, "{byte}");
        }
    }

    #[test]
    fn words_end_with_the_bytes() {
        assert_eq!(word(b"abc", 1), u64::from_le_bytes(*b"bc\0\0\0\0\0\0"));
        assert_eq!(word(b"abc", 9), 0);
        assert_eq!(low_bytes(u64::MAX, 2), 0xffff);
        assert_eq!(low_bytes(u64::MAX, 8), u64::MAX);
    }
}
