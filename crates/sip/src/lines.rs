//! Cuts the head of a message into header fields, folds included (RFC 3261 7.3.1).

use memchr::memchr;

use crate::charset::{is_lws, is_token};
use crate::header::HeaderName;
use crate::outline::Facts;
use crate::swar;

/// One header field as it stands on the wire. Offsets count from the first byte of the message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderLine<'a> {
    bytes: &'a [u8],
    /// The header, if its name is known.
    pub(crate) name: Option<HeaderName>,
    /// Offset of the first byte of the line.
    pub(crate) start: usize,
    /// Offset behind the last byte of the name.
    pub(crate) name_end: usize,
    /// Offset of the first byte of the value.
    pub(crate) value_start: usize,
    /// Offset behind the last byte of the value.
    pub(crate) value_end: usize,
    /// What is odd about the line.
    pub(crate) facts: Facts,
}

impl<'a> HeaderLine<'a> {
    /// The name as it stands; the whole line where there is no colon.
    pub(crate) fn wire_name(self) -> &'a [u8] {
        &self.bytes[self.start..self.name_end]
    }

    /// The value without the white space around it.
    pub(crate) fn value(self) -> &'a [u8] {
        &self.bytes[self.value_start..self.value_end]
    }
}

/// Walks the header fields up to the blank line.
#[derive(Clone, Debug)]
pub(crate) struct HeaderLines<'a> {
    bytes: &'a [u8],
    position: usize,
    end: HeadEnd,
}

/// How far a walk over the head has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadEnd {
    /// The blank line is still ahead.
    Ahead,
    /// The blank line was CRLF.
    Blank,
    /// The blank line was a bare LF.
    BareLf,
    /// The bytes ended before a blank line.
    Missing,
}

impl<'a> HeaderLines<'a> {
    /// Starts behind the start line, at `position`.
    pub(crate) fn new(bytes: &'a [u8], position: usize) -> HeaderLines<'a> {
        HeaderLines {
            bytes,
            position,
            end: HeadEnd::Ahead,
        }
    }

    /// Starts behind the start line of a whole head.
    pub(crate) fn of_head(head: &'a [u8]) -> HeaderLines<'a> {
        let blank = leading_line_ends(head);
        let position = memchr(b'\n', &head[blank..]).map_or(head.len(), |at| blank + at + 1);
        HeaderLines::new(head, position)
    }

    /// Offset of the next line; behind the blank line when the walk is over.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// How the head ended, once the walk is over.
    pub(crate) fn end(&self) -> HeadEnd {
        self.end
    }

    fn finish(&mut self, end: HeadEnd, position: usize) {
        self.end = end;
        self.position = position;
    }
}

impl<'a> Iterator for HeaderLines<'a> {
    type Item = HeaderLine<'a>;

    #[inline]
    fn next(&mut self) -> Option<HeaderLine<'a>> {
        if self.end != HeadEnd::Ahead {
            return None;
        }
        let start = self.position;
        match &self.bytes[start..] {
            [b'\r', b'\n', ..] => {
                self.finish(HeadEnd::Blank, start + 2);
                return None;
            }
            [b'\n', ..] => {
                self.finish(HeadEnd::BareLf, start + 1);
                return None;
            }
            [] | [b'\r'] => {
                self.finish(HeadEnd::Missing, self.bytes.len());
                return None;
            }
            _ => {}
        }
        let first = swar::find_either(&self.bytes[start..], b':', b'\n');
        let colon = first.filter(|at| self.bytes[start + at] == b':');
        let mut facts = Facts::EMPTY;
        let mut from = start + colon.unwrap_or(0);
        let (line_end, next) = loop {
            let Some(at) = swar::find_near(&self.bytes[from..], b'\n') else {
                break (self.bytes.len(), self.bytes.len());
            };
            let line_feed = from + at;
            if line_feed == start || self.bytes[line_feed - 1] != b'\r' {
                facts = facts.with(Facts::BARE_LF);
            }
            if !matches!(self.bytes.get(line_feed + 1), Some(b' ' | b'\t')) {
                break (line_feed, line_feed + 1);
            }
            facts = facts.with(Facts::FOLDED);
            from = line_feed + 1;
        };
        self.position = next;
        Some(cut(self.bytes, start, line_end, colon, facts))
    }
}

/// Number of CR and LF bytes before the first other one (RFC 3261 7.5: to be ignored).
#[inline]
pub(crate) fn leading_line_ends(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count()
}

/// Divides the line `start..end` at its first colon, which stands in `colon` unless it is behind
/// a fold.
#[inline]
fn cut(
    bytes: &[u8],
    start: usize,
    end: usize,
    colon: Option<usize>,
    facts: Facts,
) -> HeaderLine<'_> {
    let mut value_end = end;
    if bytes[start..end].ends_with(b"\r") {
        value_end -= 1;
    }
    while value_end > start && is_lws(bytes[value_end - 1]) {
        value_end -= 1;
    }
    let line = &bytes[start..value_end];
    let Some(colon) = colon.or_else(|| swar::find(line, b':')) else {
        let facts = facts.with(Facts::ODD_LINE);
        let nothing = value_end;
        return HeaderLine {
            bytes,
            name: None,
            start,
            name_end: value_end,
            value_start: nothing,
            value_end,
            facts,
        };
    };
    let mut facts = facts;
    let mut name_end = colon;
    while name_end > 0 && is_lws(line[name_end - 1]) {
        name_end -= 1;
        facts = facts.with(Facts::SPACE_BEFORE_COLON);
    }
    let name = HeaderName::at(bytes, start, start + name_end);
    if name.is_none() && !is_token(&line[..name_end]) {
        facts = facts.with(Facts::ODD_LINE);
    }
    let mut value_start = start + colon + 1;
    if bytes[value_start..value_end].starts_with(b" ") {
        value_start += 1;
    }
    while value_start < value_end && is_lws(bytes[value_start]) {
        value_start += 1;
    }
    HeaderLine {
        bytes,
        name,
        start,
        name_end: start + name_end,
        value_start,
        value_end,
        facts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(head: &str) -> Vec<(String, String)> {
        HeaderLines::of_head(head.as_bytes())
            .map(|line| {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                (text(line.wire_name()), text(line.value()))
            })
            .collect()
    }

    #[test]
    fn a_fold_belongs_to_the_line_before() {
        let found = pairs("\r\nSTART\r\nSubject: one\r\n two\r\nl : 0\r\n\r\nbody: x\r\n");
        let expected = [("Subject", "one\r\n two"), ("l", "0")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn a_missing_blank_line_is_noticed() {
        let mut lines = HeaderLines::of_head(b"START\r\nTo: a");
        assert_eq!(lines.next().map(|line| line.value()), Some(&b"a"[..]));
        assert!(lines.next().is_none());
        assert_eq!(lines.end(), HeadEnd::Missing);
        assert_eq!(lines.position(), 12);
    }

    #[test]
    fn a_line_without_colon_is_odd() {
        let mut lines = HeaderLines::of_head(b"START\nnonsense\n\n");
        let odd = lines.next().map(|line| line.facts).unwrap_or_default();
        assert!(odd.contains(Facts::ODD_LINE) && odd.contains(Facts::BARE_LF));
        assert!(lines.next().is_none());
        assert_eq!(lines.end(), HeadEnd::BareLf);
    }
}
