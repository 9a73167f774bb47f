//! Cuts the head of a message into header fields, folds included (RFC 3261 7.3.1).

use memchr::memchr;

use crate::charset::{is_token, without_leading_lws, without_trailing_lws};
use crate::header::HeaderName;
use crate::lanes::{self, LineFeeds};
use crate::outline::Facts;

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
    line_feeds: LineFeeds<'a>,
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
            line_feeds: LineFeeds::new(bytes, position),
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
}

impl<'a> Iterator for HeaderLines<'a> {
    type Item = HeaderLine<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<HeaderLine<'a>> {
        if self.end != HeadEnd::Ahead {
            return None;
        }
        let start = self.position;
        let mut facts = Facts::EMPTY;
        let mut from = start;
        let line_end = loop {
            let Some(line_feed) = self.line_feeds.next() else {
                self.position = self.bytes.len();
                if matches!(self.bytes.get(start..), None | Some([] | [b'\r'])) {
                    self.end = HeadEnd::Missing;
                    return None;
                }
                break self.position;
            };
            self.position = line_feed + 1;
            if line_feed == from || self.bytes[line_feed - 1] != b'\r' {
                if line_feed == start {
                    self.end = HeadEnd::BareLf;
                    return None;
                }
                facts = facts.with(Facts::BARE_LF);
            } else if line_feed == start + 1 {
                self.end = HeadEnd::Blank;
                return None;
            }
            if !matches!(self.bytes.get(self.position), Some(b' ' | b'\t')) {
                break line_feed;
            }
            facts = facts.with(Facts::FOLDED);
            from = self.position;
        };
        Some(cut(self.bytes, start, line_end, facts))
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

/// Divides the line `start..end` at its first colon.
#[inline(always)]
fn cut(bytes: &[u8], start: usize, end: usize, mut facts: Facts) -> HeaderLine<'_> {
    let value_end = match &bytes[start..end] {
        [.., last, b'\r'] if *last > b' ' => end - 1,
        line => start + without_trailing_lws(line).len(),
    };
    let colon = lanes::find(bytes, start, value_end, |lanes| lanes.equal(b':'));
    if colon == value_end {
        return HeaderLine {
            bytes,
            name: None,
            start,
            name_end: value_end,
            value_start: value_end,
            value_end,
            facts: facts.with(Facts::ODD_LINE),
        };
    }
    let name_end = match &bytes[start..colon] {
        [.., last] if *last > b' ' => colon,
        name => start + without_trailing_lws(name).len(),
    };
    if name_end < colon {
        facts = facts.with(Facts::SPACE_BEFORE_COLON);
    }
    let name = HeaderName::at(bytes, start, name_end);
    if name.is_none() && !is_token(&bytes[start..name_end]) {
        facts = facts.with(Facts::ODD_LINE);
    }
    let value_start = match &bytes[colon + 1..value_end] {
        [b' ', first, ..] if *first > b' ' => colon + 2,
        value => value_end - without_leading_lws(value).len(),
    };
    HeaderLine {
        bytes,
        name,
        start,
        name_end,
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
