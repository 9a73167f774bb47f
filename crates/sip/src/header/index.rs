//! Finds a header name in the table by one hash and one comparison of sixteen bytes.

use super::name::{HeaderName, TABLE};
use crate::lanes;
use crate::swar::{case_of_letters, lowest_bytes, sixteen};

/// Sixteen bytes of a name, the colon behind it included. A name of up to fifteen bytes is
/// determined by them.
type Key = u128;

/// What a name of the table is compared by.
struct Entry {
    key: Key,
    /// The bit of each letter that tells its case.
    case: u128,
}

/// Slots of the hash table; a power of two, some eight times the number of names.
const SLOTS: usize = 1024;

/// Chosen so that no two names of the table share a slot.
const MULTIPLIER: u64 = 0x29D0_7706_AA4A_F9D9;

/// In the order of the table.
static ENTRIES: [Entry; TABLE.len()] = {
    let mut entries = [const { Entry { key: 0, case: 0 } }; TABLE.len()];
    let mut position = 0;
    while position < TABLE.len() {
        let name = TABLE[position].long.as_bytes();
        entries[position] = Entry {
            key: key(sixteen(name, 0), name.len()),
            case: case_of_letters(sixteen(name, 0)),
        };
        position += 1;
    }
    entries
};

/// The name in each slot; in a free one any other, which the comparison turns away.
static INDEX: [HeaderName; SLOTS] = {
    let mut index = [TABLE[0].name; SLOTS];
    let mut is_taken = [false; SLOTS];
    let mut position = 0;
    while position < TABLE.len() {
        let name = TABLE[position].long.as_bytes();
        let slot = hash(key(sixteen(name, 0), name.len()));
        assert!(
            !is_taken[slot],
            "two names share a slot: choose another MULTIPLIER"
        );
        is_taken[slot] = true;
        index[slot] = TABLE[position].name;
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

/// What of sixteen bytes belongs to a name and its colon, by the length of the name.
static MASKS: [Key; 16] = {
    let mut masks = [0; 16];
    let mut length = 0;
    while length < masks.len() {
        masks[length] = lowest_bytes(length + 1);
        length += 1;
    }
    masks
};

/// The header that a line begins with and the length of its name in any case, where that is long
/// and followed by a colon within `line`. Most lines are like that.
#[inline(always)]
pub(crate) fn usual(line: &[u8; 16]) -> Option<(HeaderName, usize)> {
    let length = lanes::place(line, b':');
    let name = find(u128::from_le_bytes(*line) & MASKS.get(length)?)?;
    Some((name, length))
}

/// The header that `bytes[start..end]` stands for, in any case and form; faster where more bytes
/// follow.
pub(crate) fn look_up(bytes: &[u8], start: usize, end: usize) -> Option<HeaderName> {
    let name = match bytes.get(start..end)? {
        [] => return None,
        [letter] => return compact(*letter),
        name => name,
    };
    let found = find(key(sixteen(bytes, start), name.len()))?;
    let is_same = name.len() < 16 || found.long().as_bytes().eq_ignore_ascii_case(name);
    is_same.then_some(found)
}

/// The name whose key this is, in any case.
#[inline(always)]
fn find(key: Key) -> Option<HeaderName> {
    let name = INDEX[hash(key)];
    let entry = &ENTRIES[name as usize];
    ((entry.key ^ key) & !entry.case == 0).then_some(name)
}

fn compact(letter: u8) -> Option<HeaderName> {
    let name = COMPACT[usize::from(letter & 0x1f)]?;
    (TABLE[name as usize].compact == Some(letter.to_ascii_lowercase())).then_some(name)
}

/// The key of a name of `length` bytes that `text` begins with, colon or not.
const fn key(text: u128, length: usize) -> Key {
    let name = text & lowest_bytes(length);
    if length < 16 {
        name | (b':' as u128) << (8 * length)
    } else {
        name
    }
}

/// The same in any case: setting one bit lowers a letter, and two names whose other characters
/// it confuses are told apart by the comparison.
const fn hash(key: Key) -> usize {
    const LETTER_CASE: u64 = 0x2020_2020_2020_2020;
    let both = key as u64 ^ (key >> 64) as u64 | LETTER_CASE;
    (both.wrapping_mul(MULTIPLIER) >> (u64::BITS - SLOTS.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_name_does_not_matter() {
        let line = b"xxVia: SIP/2.0";
        assert_eq!(look_up(line, 2, 5), Some(HeaderName::Via));
        assert_eq!(look_up(line, 2, 4), None);
        assert_eq!(look_up(b"Via", 0, 3), Some(HeaderName::Via));
        assert_eq!(look_up(b"Proxy-AXthorization", 0, 19), None);
    }

    #[test]
    fn a_usual_line_is_known_by_its_colon() {
        for (line, expected) in [
            (b"Via: SIP/2.0/UDP", Some((HeaderName::Via, 3))),
            (b"Session-Expires:", Some((HeaderName::SessionExpires, 15))),
            (b"Content-Encoding", None),
            (b"vIA: SIP/2.0/UDP", Some((HeaderName::Via, 3))),
            (b"Call\rID: 1@a.exa", None),
            (b"Contact\x1a contact", None),
            (b"Via : SIP/2.0/UD", None),
            (b"v: SIP/2.0/UDP x", None),
            (b": SIP/2.0/UDP x ", None),
            (b"To\r\nVia: SIP/2.0", None),
        ] {
            assert_eq!(usual(line), expected, "{line:?}");
        }
    }
}
