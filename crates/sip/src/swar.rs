//! Sixteen bytes at a time, in plain integer arithmetic.

const ONES: u128 = u128::from_le_bytes([1; 16]);
const HIGH: u128 = 0x80 * ONES;

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

/// The bytes with their ASCII capitals in lower case and nothing else changed.
#[inline]
pub(crate) const fn to_lower_case(text: u128) -> u128 {
    let seven_bits = text & !HIGH;
    let at_least_a = seven_bits + (0x80 - b'A' as u128) * ONES;
    let beyond_z = seven_bits + (0x7f - b'Z' as u128) * ONES;
    let capital = !text & (at_least_a ^ beyond_z) & HIGH;
    text | capital >> 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_lowered_as_the_standard_library_does() {
        for byte in 0..=u8::MAX {
            let bytes = [
                byte, b'A', byte, b'z', b'-', byte, b'[', b'@', byte, byte, b'Z', b'{', b'0', byte,
                b'a', byte,
            ];
            let lowered = bytes.map(|byte| byte.to_ascii_lowercase());
            assert_eq!(
                to_lower_case(u128::from_le_bytes(bytes)),
                u128::from_le_bytes(lowered)
            );
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
