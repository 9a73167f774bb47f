//! Eight bytes at a time, in plain integer arithmetic.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// Sixteen bytes from `at` on as two words, the first byte in the lowest place; zeros behind the
/// end.
#[inline]
pub(crate) fn two_words(bytes: &[u8], at: usize) -> (u64, u64) {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        Some(chunk) => {
            let both = u128::from_le_bytes(*chunk);
            (both as u64, (both >> 64) as u64)
        }
        None => (short_word(bytes, at), short_word(bytes, at + 8)),
    }
}

/// Eight bytes from `at` on; zeros behind the end. For a constant, or near the end.
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
    fn words_end_with_the_bytes() {
        let text = b"abcdefghijklmnopq";
        let halves = (0..=2).map(|at| two_words(text, at));
        for (at, (first, second)) in halves.enumerate() {
            assert_eq!(first, short_word(text, at), "{at}");
            assert_eq!(second, short_word(text, at + 8), "{at}");
        }
        assert_eq!(two_words(text, 99), (0, 0));
        assert_eq!(low_bytes(u64::MAX, 2), 0xffff);
        assert_eq!(low_bytes(u64::MAX, 8), u64::MAX);
    }
}
