//! Finds a header name in the table by one hash and, as a rule, one comparison of two words.

use super::name::{HeaderName, TABLE};
use crate::swar::{low_bytes, short_word, to_lower_case, two_words};

/// Slots of the hash table; a power of two, some eight times the number of names.
const SLOTS: usize = 1024;

/// Chosen so that no two names of the table share a slot: a second look would be rare but would
/// cost a mispredicted branch.
const MULTIPLIER: u64 = 0x8232_9C61_20B9_FE89;

/// Marks a slot that holds no name.
const FREE: u8 = u8::MAX;

/// What a name is compared by: its length and its first sixteen bytes. A name of up to 16 bytes
/// is determined by them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    length: usize,
    first: u64,
    second: u64,
}

/// Keys in the order of the table and in the registered spelling, which most senders use.
static KEYS: [Key; TABLE.len()] = {
    let mut keys = [Key {
        length: 0,
        first: 0,
        second: 0,
    }; TABLE.len()];
    let mut position = 0;
    while position < TABLE.len() {
        keys[position] = key(TABLE[position].long.as_bytes());
        position += 1;
    }
    keys
};

/// The names in the order of the table.
static NAMES: [HeaderName; TABLE.len()] = {
    let mut names = [TABLE[0].name; TABLE.len()];
    let mut position = 0;
    while position < TABLE.len() {
        names[position] = TABLE[position].name;
        position += 1;
    }
    names
};

/// Open addressing: each slot holds a position in the table.
static INDEX: [u8; SLOTS] = {
    let mut index = [FREE; SLOTS];
    let mut position = 0;
    while position < TABLE.len() {
        let mut slot = hash(key(TABLE[position].long.as_bytes()));
        while index[slot] != FREE {
            slot = (slot + 1) % SLOTS;
        }
        index[slot] = position as u8;
        position += 1;
    }
    index
};

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

/// What of a word belongs to a name, by eight more than the bytes that are left of the name: none
/// of the second word of a short name. Without a branch, since lengths vary.
static MASKS: [u64; 25] = {
    let mut masks = [0; 25];
    let mut length = 0;
    while length < masks.len() {
        masks[length] = if length < 8 {
            0
        } else {
            low_bytes(u64::MAX, length - 8)
        };
        length += 1;
    }
    masks
};

/// The header that `bytes[start..end]` stands for.
///
/// A long name in the usual spelling, of up to sixteen bytes and with as many behind its begin, is
/// all that most messages have; it takes one hash and one comparison.
#[inline(always)]
pub(super) fn look_up(bytes: &[u8], start: usize, end: usize) -> Option<HeaderName> {
    let length = end.wrapping_sub(start);
    if (2..=16).contains(&length)
        && let Some(chunk) = bytes.get(start..).and_then(|rest| rest.first_chunk::<16>())
    {
        let both = u128::from_le_bytes(*chunk);
        let wanted = cut_off(length, both as u64, (both >> 64) as u64);
        let position = usize::from(INDEX[hash(wanted)]);
        if KEYS.get(position) == Some(&wanted) {
            return NAMES.get(position).copied();
        }
    }
    look_further(bytes, start, end)
}

/// The same for any name.
#[cold]
fn look_further(bytes: &[u8], start: usize, end: usize) -> Option<HeaderName> {
    let length = end.saturating_sub(start);
    match length {
        0 => return None,
        1 => return compact(*bytes.get(start)?),
        _ => {}
    }
    let (first, second) = two_words(bytes, start);
    let wanted = cut_off(length, first, second);
    let mut slot = hash(wanted);
    loop {
        let position = usize::from(INDEX[slot]);
        let found = KEYS.get(position)?;
        if found.lower() == wanted.lower() {
            let entry = &TABLE[position];
            let same = length <= 16
                || entry
                    .long
                    .as_bytes()
                    .eq_ignore_ascii_case(bytes.get(start..end)?);
            if same {
                return Some(entry.name);
            }
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// What a name of two or more bytes is compared by, from sixteen bytes that it begins.
#[inline(always)]
fn cut_off(length: usize, first: u64, second: u64) -> Key {
    let place = length.min(16);
    Key {
        length,
        first: first & MASKS[place + 8],
        second: second & MASKS[place],
    }
}

fn compact(letter: u8) -> Option<HeaderName> {
    let name = COMPACT[usize::from(letter & 0x1f)]?;
    (TABLE[name as usize].compact == Some(letter.to_ascii_lowercase())).then_some(name)
}

const fn key(name: &[u8]) -> Key {
    Key {
        length: name.len(),
        first: short_word(name, 0),
        second: short_word(name, 8),
    }
}

impl Key {
    /// The same in lower case.
    fn lower(self) -> Key {
        Key {
            length: self.length,
            first: to_lower_case(self.first),
            second: to_lower_case(self.second),
        }
    }
}

/// The same in any case: setting one bit lowers a letter, and two names whose other characters
/// it confuses are told apart by the comparison.
const fn hash(key: Key) -> usize {
    const LETTER_CASE: u64 = 0x2020_2020_2020_2020;
    let (first, second) = (key.first | LETTER_CASE, key.second | LETTER_CASE);
    let both = first ^ second.rotate_left(29) ^ (key.length as u64) << 58;
    (both.wrapping_mul(MULTIPLIER) >> (u64::BITS - SLOTS.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_slot_of_its_own() {
        for (position, key) in KEYS.iter().enumerate() {
            assert_eq!(
                usize::from(INDEX[hash(*key)]),
                position,
                "{}",
                TABLE[position].long
            );
        }
    }

    #[test]
    fn what_stands_around_a_name_does_not_matter() {
        let line = b"xxVia: SIP/2.0";
        assert_eq!(look_up(line, 2, 5), Some(HeaderName::Via));
        assert_eq!(look_up(line, 2, 4), None);
        assert_eq!(look_up(b"Via", 0, 3), Some(HeaderName::Via));
        assert_eq!(look_up(b"Proxy-AXthorization", 0, 19), None);
    }
}
