//! Finds a header name in the table by its first bytes and one comparison of sixteen.

use super::name::{HeaderName, TABLE};
use crate::lanes::{Lanes, WIDTH};
use crate::swar::{case_of_letters, lowest_bytes, sixteen};

/// What a name of the table is compared by.
#[derive(Clone, Copy)]
struct Entry {
    /// The first bytes of the name, the colon behind it included: a name of up to fifteen bytes is
    /// determined by them.
    key: Lanes,
    /// The bits of a line that have to be those of the key: not what stands behind the colon, nor
    /// the bit of each letter that tells its case.
    care: Lanes,
    length: u8,
    /// The next name in the same slot.
    next: Option<HeaderName>,
}

/// Slots of the hash table; a power of two, some eight times the number of names.
const SLOTS: usize = 1024;

struct Index {
    /// The first name in each slot; in a free one any other, which the comparison turns away.
    slots: [HeaderName; SLOTS],
    /// In the order of the table.
    entries: [Entry; TABLE.len()],
}

static INDEX: Index = {
    let mut slots = [None; SLOTS];
    let mut entries = [Entry {
        key: Lanes::ZERO,
        care: Lanes::ZERO,
        length: 0,
        next: None,
    }; TABLE.len()];
    // Whoever is entered last comes first in a slot: names of RFC 3261 before those of extensions.
    let mut round = 0;
    while round < 2 {
        let mut position = TABLE.len();
        while position > 0 {
            position -= 1;
            let name = TABLE[position].name;
            if is_frequent(name) == (round == 1) {
                let text = TABLE[position].long.as_bytes();
                let key = key(sixteen(text, 0), text.len());
                let care = lowest_bytes(text.len() + 1) & !case_of_letters(key);
                let slot = &mut slots[slot(key as u32)];
                entries[position] = Entry {
                    key: Lanes::of(&(key & care).to_le_bytes()),
                    care: Lanes::of(&care.to_le_bytes()),
                    length: text.len() as u8,
                    next: *slot,
                };
                *slot = Some(name);
            }
        }
        round += 1;
    }
    let mut index = Index {
        slots: [TABLE[0].name; SLOTS],
        entries,
    };
    let mut slot = 0;
    while slot < SLOTS {
        if let Some(name) = slots[slot] {
            index.slots[slot] = name;
        }
        slot += 1;
    }
    index
};

/// Whether a name is in so many messages that it comes before all others that begin alike.
const fn is_frequent(name: HeaderName) -> bool {
    matches!(name, HeaderName::ContentLength | HeaderName::ContentType)
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

/// The header that a line begins with and the length of its name in any case, where that is long,
/// fits the line and is followed by a colon within it. Most lines are like that.
#[inline(always)]
pub(crate) fn usual(line: &[u8; WIDTH]) -> Option<(HeaderName, usize)> {
    find(line, |_, length| length < WIDTH)
}

/// The header that `bytes[start..end]` stands for, in any case and form; faster where more bytes
/// follow.
pub(crate) fn look_up(bytes: &[u8], start: usize, end: usize) -> Option<HeaderName> {
    let name = match bytes.get(start..end)? {
        [] => return None,
        [letter] => return compact(*letter),
        name => name,
    };
    let is_same = |found: HeaderName, length| {
        length == name.len()
            && (length < WIDTH || found.long().as_bytes().eq_ignore_ascii_case(name))
    };
    let key = key(sixteen(bytes, start), name.len());
    let (found, _) = find(&key.to_le_bytes(), is_same)?;
    Some(found)
}

/// The name whose key `line` begins with, in any case, and its length, if `is_same` agrees.
#[inline(always)]
fn find(
    line: &[u8; WIDTH],
    is_same: impl Fn(HeaderName, usize) -> bool,
) -> Option<(HeaderName, usize)> {
    let lanes = Lanes::of(line);
    let mut name = INDEX.slots[slot(u128::from_le_bytes(*line) as u32)];
    loop {
        let entry = &INDEX.entries[name as usize];
        let length = usize::from(entry.length);
        if lanes.agree(entry.key, entry.care) && is_same(name, length) {
            return Some((name, length));
        }
        name = entry.next?;
    }
}

fn compact(letter: u8) -> Option<HeaderName> {
    let name = COMPACT[usize::from(letter & 0x1f)]?;
    (TABLE[name as usize].compact == Some(letter.to_ascii_lowercase())).then_some(name)
}

/// The key of a name of `length` bytes that `text` begins with, colon or not.
const fn key(text: u128, length: usize) -> u128 {
    let name = text & lowest_bytes(length);
    if length < 16 {
        name | (b':' as u128) << (8 * length)
    } else {
        name
    }
}

/// The slot of a name by its first four bytes in any case. The shortest has two, which a colon and
/// a space or nothing follow: setting the bit of the case makes one of these.
const fn slot(first: u32) -> usize {
    const LETTER_CASE: u32 = 0x2020_2020;
    const MULTIPLIER: u32 = 0x9E37_79B1;
    let hash = (first | LETTER_CASE).wrapping_mul(MULTIPLIER);
    (hash >> (u32::BITS - SLOTS.ilog2())) as usize
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
