//! Sixteen bytes as one integer.

/// Sixteen bytes from `at` on, the first byte in the lowest place; zeros behind the end.
#[inline]
pub(crate) const fn sixteen(bytes: &[u8], at: usize) -> u128 {
    if let Some((_, rest)) = bytes.split_at_checked(at)
        && let Some(chunk) = rest.first_chunk()
    {
        return u128::from_le_bytes(*chunk);
    }
    let mut chunk = [0; 16];
    let mut place = 0;
    while place < chunk.len() && at + place < bytes.len() {
        chunk[place] = bytes[at + place];
        place += 1;
    }
    u128::from_le_bytes(chunk)
}

/// A mask of the lowest `length` bytes.
#[inline]
pub(crate) const fn lowest_bytes(length: usize) -> u128 {
    if length >= 16 {
        u128::MAX
    } else {
        (1 << (8 * length)) - 1
    }
}

/// The bit of each ASCII letter that tells its case.
pub(crate) const fn case_of_letters(text: u128) -> u128 {
    let bytes = text.to_le_bytes();
    let mut case = [0; 16];
    let mut place = 0;
    while place < bytes.len() {
        if bytes[place].is_ascii_alphabetic() {
            case[place] = b'a' ^ b'A';
        }
        place += 1;
    }
    u128::from_le_bytes(case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_have_a_case() {
        for byte in 0..=u8::MAX {
            let text = u128::from_le_bytes([byte; 16]);
            let other = byte.to_ascii_lowercase() ^ byte.to_ascii_uppercase();
            assert_eq!(case_of_letters(text), u128::from_le_bytes([other; 16]));
        }
    }

    #[test]
    fn zeros_stand_behind_the_end() {
        let text = b"abcdefghijklmnopqr";
        for at in 0..=text.len() {
            let mut expected = [0; 16];
            for (place, byte) in expected.iter_mut().zip(&text[at..]) {
                *place = *byte;
            }
            assert_eq!(sixteen(text, at), u128::from_le_bytes(expected), "{at}");
        }
        assert_eq!(sixteen(text, 99), 0);
        assert_eq!(lowest_bytes(0), 0);
        assert_eq!(lowest_bytes(2), 0xffff);
        assert_eq!(lowest_bytes(16), u128::MAX);
    }
}
