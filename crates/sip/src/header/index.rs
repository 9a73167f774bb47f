//! Finds a header name in the table by one hash and one comparison.

use super::name::{Entry, HeaderName, TABLE};

/// Slots of the hash table; a power of two, some four times the number of names.
const SLOTS: usize = 512;

/// Marks a slot that holds no name.
const FREE: u8 = u8::MAX;

/// Setting this bit turns an upper-case ASCII letter into its lower case and leaves digits and
/// the hyphen alone.
const LOWER_CASE: u8 = 0x20;

/// Open addressing: each slot holds a position in the table.
static INDEX: [u8; SLOTS] = build();

/// The header that `name` stands for.
pub(super) fn look_up(name: &[u8]) -> Option<HeaderName> {
    if let [letter] = name {
        return COMPACT
            .get(usize::from(letter & 0x1f))
            .copied()
            .flatten()
            .filter(|known| {
                TABLE[*known as usize].compact == Some(letter | LOWER_CASE)
                    && letter.is_ascii_alphabetic()
            });
    }
    let mut slot = hash(name);
    loop {
        let entry = TABLE.get(usize::from(INDEX[slot]))?;
        let long = entry.long.as_bytes();
        if long == name || long.eq_ignore_ascii_case(name) {
            return Some(entry.name);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Compact forms by the number of their letter in the alphabet.
static COMPACT: [Option<HeaderName>; 32] = {
    let mut letters = [None; 32];
    let mut position = 0;
    while position < TABLE.len() {
        if let Some(letter) = TABLE[position].compact {
            letters[(letter & 0x1f) as usize] = Some(TABLE[position].name);
        }
        position += 1;
    }
    letters
};

const fn build() -> [u8; SLOTS] {
    let mut index = [FREE; SLOTS];
    let mut position = 0;
    while position < TABLE.len() {
        let Entry { long, .. } = &TABLE[position];
        let mut slot = hash(long.as_bytes());
        while index[slot] != FREE {
            slot = (slot + 1) % SLOTS;
        }
        index[slot] = position as u8;
        position += 1;
    }
    index
}

/// Mixes the length and the first and last bytes, case folded. Long names of the table that share
/// all of these would only cost a second comparison.
const fn hash(name: &[u8]) -> usize {
    let length = name.len();
    if length == 0 {
        return 0;
    }
    let first = (name[0] | LOWER_CASE) as u32;
    let third = (name[length / 4] | LOWER_CASE) as u32;
    let middle = (name[length / 2] | LOWER_CASE) as u32;
    let late = (name[length - 1 - length / 4] | LOWER_CASE) as u32;
    let last = (name[length - 1] | LOWER_CASE) as u32;
    let ends = first | third << 8 | middle << 16 | last << 24;
    let mixed = (ends ^ late.rotate_left(13)).wrapping_mul(0x9E37_79B1) ^ (length as u32) << 23;
    (mixed.wrapping_mul(0x85EB_CA6B) >> 23) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_seldom_share_a_slot() {
        let mut probes = 0;
        for entry in TABLE {
            let mut slot = hash(entry.long.as_bytes());
            while TABLE[usize::from(INDEX[slot])].name != entry.name {
                slot = (slot + 1) % SLOTS;
                probes += 1;
            }
        }
        assert!(probes < TABLE.len() / 2, "{probes} extra probes");
    }
}
