//! Multipart bodies (RFC 2046 5.1, RFC 5621).

use memchr::memmem;

use super::Body;
use crate::HeaderName;
use crate::charset::is_lws;
use crate::header::{ContentType, HeaderValue};
use crate::lines::HeaderLines;

/// Parts beyond this many, nested ones counted, are left out (RFC 2046 5.1).
pub const PARTS_LIMIT: usize = 64;

/// Multiparts inside multiparts deeper than this are not opened (RFC 5621 3.1).
pub const NESTING_LIMIT: usize = 4;

/// One part that is not itself a multipart (RFC 2046 5.1.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Content-Type as it stands; `text/plain` by default (RFC 2046 5.1).
    pub content_type: &'a [u8],
    /// Content-Disposition as it stands.
    pub disposition: Option<&'a [u8]>,
    /// Content-ID as it stands (RFC 8262).
    pub content_id: Option<&'a [u8]>,
    /// How deep it is nested; 1 for a part of the body itself.
    pub depth: usize,
    /// What it carries.
    pub body: &'a [u8],
}

impl<'a> Part<'a> {
    /// What it carries by its Content-Type (RFC 2045 5.2).
    pub fn typed(&self) -> Body<'a> {
        if self.body.is_empty() {
            return Body::Empty;
        }
        super::typed(self.content_type, self.body)
    }
}

/// The parts of a multipart in order, the parts of nested ones in their place (RFC 2046 5.1.1).
pub fn parts<'a>(body: &'a [u8], boundary: &'a [u8]) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    open(body, boundary, 1, &mut parts);
    parts
}

/// Every level is searched once, and the levels are limited: the work stays linear.
fn open<'a>(body: &'a [u8], boundary: &[u8], depth: usize, parts: &mut Vec<Part<'a>>) {
    let mut delimiters = Delimiters {
        body,
        boundary,
        position: 0,
    };
    let Some((_, mut start)) = delimiters.next() else {
        return;
    };
    while parts.len() < PARTS_LIMIT {
        let (end, next) = delimiters.next().unwrap_or((body.len(), body.len()));
        let part = part(&body[start.min(end)..end], depth);
        match nested_boundary(part.content_type) {
            Some(inner) if depth < NESTING_LIMIT => open(part.body, inner, depth + 1, parts),
            Some(_) | None => parts.push(part),
        }
        if next >= body.len() || is_last(body, boundary, end) {
            return;
        }
        start = next;
    }
}

/// Finds `CRLF "--" boundary` lines: where each begins and where the next line does.
struct Delimiters<'a, 'b> {
    body: &'a [u8],
    boundary: &'b [u8],
    position: usize,
}

impl Iterator for Delimiters<'_, '_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        if self.boundary.is_empty() {
            return None;
        }
        loop {
            let rest = self.body.get(self.position..)?;
            let dashes = self.position + memmem::find(rest, b"--")?;
            let behind = dashes + 2;
            let at_line_start = dashes == 0 || self.body[dashes - 1] == b'\n';
            if !at_line_start || !is_delimiter(&self.body[behind..], self.boundary) {
                self.position = dashes + 1;
                continue;
            }
            let line = &self.body[behind..];
            let next = match memchr::memchr(b'\n', line) {
                Some(at) => behind + at + 1,
                None => self.body.len(),
            };
            self.position = next;
            return Some((line_end_before(self.body, dashes), next));
        }
    }
}

/// Whether `line` is the boundary and not merely begins with it.
fn is_delimiter(line: &[u8], boundary: &[u8]) -> bool {
    line.strip_prefix(boundary).is_some_and(|behind| {
        behind.first().is_none_or(|byte| is_lws(*byte)) || behind.starts_with(b"--")
    })
}

/// Where the text before a delimiter ends: the line end before it belongs to the delimiter.
fn line_end_before(body: &[u8], dashes: usize) -> usize {
    match &body[..dashes] {
        [before @ .., b'\r', b'\n'] | [before @ .., b'\n'] => before.len(),
        before => before.len(),
    }
}

/// Whether the delimiter behind `end` closes the multipart: `--boundary--`.
fn is_last(body: &[u8], boundary: &[u8], end: usize) -> bool {
    let line = body[end..].trim_ascii_start();
    line.get(2 + boundary.len()..)
        .is_some_and(|behind| behind.starts_with(b"--"))
}

/// Divides a part into header fields and body.
fn part(bytes: &[u8], depth: usize) -> Part<'_> {
    let mut part = Part {
        content_type: b"text/plain",
        disposition: None,
        content_id: None,
        depth,
        body: b"",
    };
    let mut lines = HeaderLines::new(bytes, 0);
    for line in &mut lines {
        match line.name {
            Some(HeaderName::ContentType) => part.content_type = line.value(bytes),
            Some(HeaderName::ContentDisposition) => part.disposition = Some(line.value(bytes)),
            Some(HeaderName::ContentId) => part.content_id = Some(line.value(bytes)),
            _ => {}
        }
    }
    part.body = &bytes[lines.position()..];
    part
}

fn nested_boundary(content_type: &[u8]) -> Option<&[u8]> {
    let content_type = ContentType::parse(content_type).ok()?;
    if !content_type.media_type.is_a("multipart") {
        return None;
    }
    content_type.boundary()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NESTED: &[u8] = b"preamble\r\n--out\r\n\
        Content-Type: application/sdp\r\n\r\nv=0\r\n\
        --out\r\n\
        Content-Type: multipart/alternative;\r\n boundary=\"in\"\r\n\r\n\
        --in\r\n\r\nplain -- text\r\n--in\r\n\
        Content-Type: application/isup;version=itu-t92+\r\n\
        Content-Disposition: signal;handling=optional\r\n\r\n\x01\x00\r\n--in--\r\n\
        \r\n--out--\r\nepilogue";

    #[test]
    fn nested_parts_come_in_order() {
        let found = parts(NESTED, b"out");
        let seen: Vec<(&[u8], &[u8], usize)> = found
            .iter()
            .map(|part| (part.content_type, part.body, part.depth))
            .collect();
        let expected: [(&[u8], &[u8], usize); 3] = [
            (b"application/sdp", b"v=0", 1),
            (b"text/plain", b"plain -- text", 2),
            (b"application/isup;version=itu-t92+", b"\x01\x00", 2),
        ];
        assert_eq!(seen, expected);
        assert_eq!(found[2].disposition, Some(&b"signal;handling=optional"[..]));
        assert!(matches!(found[0].typed(), Body::Sdp(_)));
        assert!(matches!(found[2].typed(), Body::Opaque(_)));
    }

    #[test]
    fn a_multipart_without_its_end_gives_what_is_there() {
        assert_eq!(parts(b"--b\r\n\r\none\r\n--b\r\n\r\ntw", b"b").len(), 2);
        assert_eq!(parts(b"--b", b"b").len(), 1);
        assert_eq!(parts(b"--b\r\n\r\none\r\n--bc\r\n\r\ntwo", b"b").len(), 1);
        assert_eq!(parts(b"nothing", b"b").len(), 0);
        assert_eq!(parts(b"--\r\n--", b"").len(), 0);
        assert_eq!(
            parts(&b"--b\r\n\r\nx\r\n".repeat(PARTS_LIMIT * 2), b"b").len(),
            PARTS_LIMIT
        );
    }
}
