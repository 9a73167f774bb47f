//! Cuts the head of a message into header fields, folds included (RFC 3261 7.3.1).

use memchr::memchr;

use crate::charset::{is_blank, is_token, without_leading_lws, without_trailing_lws};
use crate::header::{HeaderName, index};
use crate::lanes::{self, LineFeeds};
use crate::outline::Facts;
use crate::start_line::StartLine;

/// One header field as it stands on the wire. Offsets count from the first byte of the message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderLine {
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

impl HeaderLine {
    /// The name as it stands in `bytes`; the whole line where there is no colon.
    pub(crate) fn wire_name(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.name_end]
    }

    /// The value without the white space around it.
    #[inline(always)]
    pub(crate) fn value(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.value_start..self.value_end]
    }
}

/// Walks the header fields up to the blank line.
#[derive(Clone, Debug)]
pub(crate) struct HeaderLines<'a> {
    bytes: &'a [u8],
    /// Offset of the next line.
    position: usize,
    /// The line feeds behind it.
    line_feeds: LineFeeds,
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
    /// Starts behind the start line.
    pub(crate) fn behind(bytes: &'a [u8], start_line: &StartLine) -> HeaderLines<'a> {
        HeaderLines {
            bytes,
            position: start_line.next,
            line_feeds: start_line.line_feeds,
            end: HeadEnd::Ahead,
        }
    }

    /// Starts at `position`.
    pub(crate) fn new(bytes: &'a [u8], position: usize) -> HeaderLines<'a> {
        HeaderLines {
            bytes,
            position,
            line_feeds: LineFeeds::new(bytes, position),
            end: HeadEnd::Ahead,
        }
    }

    /// Starts behind the start line of a whole head.
    pub(crate) fn of_head(head: &'a [u8]) -> HeaderLines<'a> {
        let blank = leading_line_ends(head);
        let position = memchr(b'\n', &head[blank..]).map_or(head.len(), |at| blank + at + 1);
        HeaderLines::new(head, position)
    }

    /// The next line of a header.
    #[inline(never)]
    pub(crate) fn named(&mut self, name: HeaderName) -> Option<HeaderLine> {
        self.find(|line| line.name == Some(name))
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

impl Iterator for HeaderLines<'_> {
    type Item = HeaderLine;

    #[inline(always)]
    fn next(&mut self) -> Option<HeaderLine> {
        if self.end != HeadEnd::Ahead {
            return None;
        }
        if let Some(line) = self.usual() {
            return Some(line);
        }
        match any(self.bytes, self.position) {
            Ok((line, position, line_feeds)) => {
                (self.position, self.line_feeds) = (position, line_feeds);
                Some(line)
            }
            Err((end, position)) => {
                (self.position, self.end) = (position, end);
                None
            }
        }
    }
}

impl HeaderLines<'_> {
    /// The next line, if it is like nearly all are: a name in its usual spelling, a colon, a space,
    /// a value, and a CRLF that no fold follows. Else the walk has lost its line feeds.
    #[inline(always)]
    fn usual(&mut self) -> Option<HeaderLine> {
        let start = self.position;
        let line_feed = self.line_feeds.next(self.bytes)?;
        let around = self.bytes.get(line_feed.wrapping_sub(2)..)?;
        let [last, b'\r', _, next] = around.first_chunk()? else {
            return None;
        };
        if *last <= b' ' || is_blank(*next) {
            return None;
        }
        // A name that the index knows, its colon and the two bytes behind it.
        let begin: &[u8; 18] = self.bytes.get(start..)?.first_chunk()?;
        let (name, length) = index::usual(begin.first_chunk()?)?;
        if begin[length + 1] != b' ' || begin[length + 2] <= b' ' {
            return None;
        }
        self.position = line_feed + 1;
        Some(HeaderLine {
            name: Some(name),
            start,
            name_end: start + length,
            value_start: start + length + 2,
            value_end: line_feed - 1,
            facts: Facts::EMPTY,
        })
    }
}

/// The next line, where the one behind it begins and the line feeds from there on; or else how the
/// head ends, and the offset behind that.
type Step = Result<(HeaderLine, usize, LineFeeds), (HeadEnd, usize)>;

/// The line at `position`, whatever it is like.
#[inline(always)]
fn any(bytes: &[u8], position: usize) -> Step {
    if bytes[position..].starts_with(b"\r\n") {
        return Err((HeadEnd::Blank, position + 2));
    }
    unusual(bytes, position)
}

/// The same where the head does not end in a CRLF right here.
#[inline(never)]
fn unusual(bytes: &[u8], start: usize) -> Step {
    let mut line_feeds = LineFeeds::new(bytes, start);
    let mut facts = Facts::EMPTY;
    let mut from = start;
    let (line_end, behind) = loop {
        let Some(line_feed) = line_feeds.next(bytes) else {
            if matches!(bytes.get(start..), None | Some([] | [b'\r'])) {
                return Err((HeadEnd::Missing, bytes.len()));
            }
            break (bytes.len(), bytes.len());
        };
        let behind = line_feed + 1;
        if line_feed == from || bytes[line_feed - 1] != b'\r' {
            if line_feed == start {
                return Err((HeadEnd::BareLf, behind));
            }
            facts = facts.with(Facts::BARE_LF);
        }
        let next = bytes.get(behind);
        if !next.is_some_and(|next| is_blank(*next)) {
            break (line_feed, behind);
        }
        facts = facts.with(Facts::FOLDED);
        from = behind;
    };
    Ok((cut(bytes, start, line_end, facts), behind, line_feeds))
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
fn cut(bytes: &[u8], start: usize, end: usize, mut facts: Facts) -> HeaderLine {
    let value_end = match &bytes[start..end] {
        [.., last, b'\r'] if *last > b' ' => end - 1,
        line => start + without_trailing_lws(line).len(),
    };
    let colon = lanes::find(bytes, start, value_end, |lanes| lanes.equal(b':'));
    if colon == value_end {
        return HeaderLine {
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
    let name = index::look_up(bytes, start, name_end);
    if name.is_none() && !is_token(&bytes[start..name_end]) {
        facts = facts.with(Facts::ODD_LINE);
    }
    let value_start = match &bytes[colon + 1..value_end] {
        [b' ', first, ..] if *first > b' ' => colon + 2,
        value => value_end - without_leading_lws(value).len(),
    };
    HeaderLine {
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
                let bytes = head.as_bytes();
                (text(line.wire_name(bytes)), text(line.value(bytes)))
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
        let head = b"START\r\nTo: a";
        let mut lines = HeaderLines::of_head(head);
        assert_eq!(lines.next().map(|line| line.value(head)), Some(&b"a"[..]));
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

    #[test]
    fn the_short_way_finds_what_the_long_one_does() {
        let head = b"START\r\nVia: SIP/2.0/UDP 192.0.2.1\r\ncall-id: 1@example.com\r\nv: x\r\n\
            To : a\r\nFrom:a\r\nSubject:  a\r\nSubject: a \r\nSubject: \r\nSubject: a\n\
            X-Unknown: a\r\nP-Asserted-Identity: a\r\nnonsense\r\nTo: a\r\n b\r\nSession-Expires: 9\r\n\
            Contact: <sip:a@example.com>\r\n\r\nbody: x\r\n";
        let mut lines = HeaderLines::of_head(head);
        let mut found = Vec::new();
        while lines.end() == HeadEnd::Ahead {
            let long = any(head, lines.position).ok().map(|(line, ..)| line);
            if let Some(short) = lines.clone().usual() {
                assert_eq!(format!("{long:?}"), format!("{:?}", Some(short)));
                found.extend(short.name);
            }
            lines.next();
        }
        let expected = [
            HeaderName::Via,
            HeaderName::CallId,
            HeaderName::SessionExpires,
            HeaderName::Contact,
        ];
        assert_eq!(found, expected);
    }
}
