//! The URI and the tag of a From, To or Contact value (RFC 3261 20.10, 20.20, 20.39).

use memchr::memchr;

use super::value::behind_quoted;
use crate::Span;
use crate::charset::{is_lws, is_token_byte};
use crate::outline::Facts;
use crate::swar;

/// What the scan keeps of a From or To.
pub(super) struct Address {
    pub(super) uri: Span,
    pub(super) tag: Span,
    pub(super) facts: Facts,
}

/// Reads `bytes[start..end]` as `( name-addr / addr-spec ) *( SEMI generic-param )`.
#[inline]
pub(super) fn read(bytes: &[u8], start: usize, end: usize) -> Address {
    let value = &bytes[..end];
    let (uri, behind) = locate(value, start);
    let tag = tag(value, behind);
    let facts = if uri.len == 0 {
        Facts::BAD_ADDRESS
    } else {
        Facts::EMPTY
    };
    Address { uri, tag, facts }
}

/// The URI of the first value of a Contact.
#[inline]
pub(super) fn uri(bytes: &[u8], start: usize, end: usize) -> Span {
    locate(&bytes[..end], start).0
}

/// The URI of the value that begins at `start`, and the offset where its parameters begin.
fn locate(value: &[u8], start: usize) -> (Span, usize) {
    let mut position = start;
    while position < value.len() {
        match value[position] {
            b'<' => return bracketed(value, position),
            b'"' => {
                let behind = behind_quoted(value, position);
                // Nothing closes the quotes: the bracket inside is still the best guess.
                if behind == value.len() && value[value.len() - 1] != b'"' {
                    return match memchr(b'<', &value[position..]) {
                        Some(at) => bracketed(value, position + at),
                        None => (Span::new(start, value.len()), value.len()),
                    };
                }
                position = behind;
            }
            b';' | b',' | b'?' => break,
            _ => position += 1,
        }
    }
    (trimmed(value, start, position), position)
}

fn bracketed(value: &[u8], open: usize) -> (Span, usize) {
    match memchr(b'>', &value[open..]) {
        Some(at) => (trimmed(value, open + 1, open + at), open + at + 1),
        None => (trimmed(value, open + 1, value.len()), value.len()),
    }
}

fn trimmed(value: &[u8], mut start: usize, mut end: usize) -> Span {
    while start < end && is_lws(value[start]) {
        start += 1;
    }
    while end > start && is_lws(value[end - 1]) {
        end -= 1;
    }
    Span::new(start, end)
}

/// The value of the `tag` parameter, in any case, among the parameters from `position` on.
fn tag(value: &[u8], mut position: usize) -> Span {
    while position < value.len() {
        match value[position] {
            b';' => {}
            b'"' => {
                position = behind_quoted(value, position);
                continue;
            }
            b',' => return Span::NONE,
            _ => {
                position += 1;
                continue;
            }
        }
        position += 1;
        let name = skip_lws(value, position);
        position = skip_token(value, name);
        if position - name != 3 || !value[name..position].eq_ignore_ascii_case(b"tag") {
            continue;
        }
        let equals = skip_lws(value, position);
        if value.get(equals) != Some(&b'=') {
            return Span::new(position, position);
        }
        let start = skip_lws(value, equals + 1);
        return Span::new(start, value_end(value, start));
    }
    Span::NONE
}

/// Offset of the first byte from `position` on that is not white space.
#[inline]
pub(super) fn skip_lws(value: &[u8], mut position: usize) -> usize {
    while position < value.len() && is_lws(value[position]) {
        position += 1;
    }
    position
}

/// Offset of the first byte from `position` on that is no token character.
#[inline]
pub(super) fn skip_token(value: &[u8], position: usize) -> usize {
    let rest = value.get(position..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|byte| !is_token_byte(*byte))
        .unwrap_or(rest.len());
    position + length
}

/// Offset of the first byte from `position` on that ends a parameter's value: white space, `;`
/// or `,`. A control character, which no value holds, ends it too.
#[inline]
pub(super) fn value_end(value: &[u8], position: usize) -> usize {
    let rest = value.get(position..).unwrap_or_default();
    position + swar::find_value_end(rest).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri_and_tag(value: &str) -> (&str, Option<&str>) {
        let read = read(value.as_bytes(), 0, value.len());
        let text = |span: Span| value.get(span.start as usize..span.end());
        (
            text(read.uri).unwrap_or_default(),
            text(read.tag).filter(|_| read.tag.is_some()),
        )
    }

    #[test]
    fn every_form_gives_uri_and_tag() {
        let uri = "sip:bob@example.com";
        for (value, expected) in [
            ("<sip:bob@example.com>;tag=a1", (uri, Some("a1"))),
            ("Bob <sip:bob@example.com>", (uri, None)),
            (
                "\"Bob; <x>, \\\" y\" <sip:bob@example.com> ; x ; TAG = a1",
                (uri, Some("a1")),
            ),
            ("sip:bob@example.com;tag=a1;x=y", (uri, Some("a1"))),
            ("\"Bob <sip:bob@example.com>;tag=a1", (uri, Some("a1"))),
            (
                "<sip:bob@example.com;tag=no>",
                ("sip:bob@example.com;tag=no", None),
            ),
            ("<sip:bob@example.com>;x=\";tag=no\"", (uri, None)),
            ("<sip:bob@example.com>;tag", (uri, Some(""))),
            ("<sip:bob@example.com>\r\n ;\r\n tag=a1", (uri, Some("a1"))),
            ("<sip:bob@example.com", (uri, None)),
            ("", ("", None)),
        ] {
            assert_eq!(uri_and_tag(value), expected, "{value}");
        }
    }
}
