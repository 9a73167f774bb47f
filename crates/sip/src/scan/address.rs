//! The URI and the tag of a From, To or Contact value (RFC 3261 20.10, 20.20, 20.39).

use super::value::behind_quoted;
use crate::Span;
use crate::charset::{is_lws, is_token_byte};
use crate::lanes::{self, Lanes, Marks};

/// URI and tag of `bytes[start..end]`, a `( name-addr / addr-spec ) *( SEMI generic-param )`.
#[inline(always)]
pub(super) fn read(bytes: &[u8], start: usize, end: usize) -> (Span, Span) {
    match usual(bytes, start, end) {
        Some(both) => both,
        None => any(bytes, start, end),
    }
}

/// URI and tag of `<uri>` or `<uri>;tag=token`.
#[inline(always)]
fn usual(bytes: &[u8], start: usize, end: usize) -> Option<(Span, Span)> {
    let (uri, behind) = usual_uri(bytes, start, end)?;
    if behind == end {
        return Some((uri, Span::NONE));
    }
    let rest = bytes.get(behind..)?.strip_prefix(b";tag=")?;
    // Neither white space nor a quote.
    if *rest.first()? <= b'"' {
        return None;
    }
    let start = behind + b";tag=".len();
    let tag_end = lanes::find_ahead(bytes, start, end, ends_value).ok()?;
    Some((uri, Span::of_scan(start, tag_end)))
}

/// Does the same for any value.
#[inline(never)]
fn any(bytes: &[u8], start: usize, end: usize) -> (Span, Span) {
    let (uri, behind) = locate(bytes, start, end);
    (uri, tag_of(bytes, behind, end))
}

/// The URI of the first value of a Contact.
#[inline(never)]
pub(super) fn uri(bytes: &[u8], start: usize, end: usize) -> Span {
    match usual_uri(bytes, start, end) {
        Some((uri, _)) => uri,
        None => locate(bytes, start, end).0,
    }
}

/// The URI of a value that begins with `<uri>`, and the offset behind that.
#[inline(always)]
fn usual_uri(bytes: &[u8], start: usize, end: usize) -> Option<(Span, usize)> {
    let [b'<', first] = bytes.get(start..)?.first_chunk()? else {
        return None;
    };
    let close = lanes::find_near(bytes, start, end, |lanes| lanes.equal(b'>'))?;
    if close == end || *first <= b' ' || bytes[close - 1] <= b' ' {
        return None;
    }
    Some((Span::of_scan(start + 1, close), close + 1))
}

/// The URI of the value that begins at `start`, and the offset where its parameters begin.
#[inline]
fn locate(bytes: &[u8], start: usize, end: usize) -> (Span, usize) {
    if start < end && bytes[start] == b'<' {
        return bracketed(bytes, start, end);
    }
    let mut position = start;
    loop {
        position = lanes::find(bytes, position, end, |lanes| {
            lanes.any_of([b'<', b'"', b';', b',', b'?'])
        });
        if position == end {
            break;
        }
        match bytes[position] {
            b'<' => return bracketed(bytes, position, end),
            b'"' => {
                let behind = behind_quoted(bytes, position, end);
                // Nothing closes the quotes: the bracket inside is still the best guess.
                if behind == end && bytes[end - 1] != b'"' {
                    let open = lanes::find(bytes, position, end, |lanes| lanes.equal(b'<'));
                    if open == end {
                        return (Span::of_scan(start, end), end);
                    }
                    return bracketed(bytes, open, end);
                }
                position = behind;
            }
            _ => break,
        }
    }
    (trimmed(bytes, start, position), position)
}

#[inline]
fn bracketed(bytes: &[u8], open: usize, end: usize) -> (Span, usize) {
    let close = lanes::find(bytes, open, end, |lanes| lanes.equal(b'>'));
    if close == end {
        // Nothing closes the bracket: the parameters are read as if it were not there.
        let stop = parameter_mark(bytes, open, end);
        return (trimmed(bytes, open + 1, stop), stop);
    }
    (trimmed(bytes, open + 1, close), close + 1)
}

#[inline]
fn trimmed(bytes: &[u8], mut start: usize, mut end: usize) -> Span {
    while start < end && is_lws(bytes[start]) {
        start += 1;
    }
    while end > start && is_lws(bytes[end - 1]) {
        end -= 1;
    }
    Span::of_scan(start, end)
}

/// The value of the `tag` parameter, in any case, among the parameters from `position` on.
#[inline]
fn tag_of(bytes: &[u8], mut position: usize, end: usize) -> Span {
    loop {
        position = parameter_mark(bytes, position, end);
        if position == end {
            return Span::NONE;
        }
        match bytes[position] {
            b';' => {}
            b'"' => {
                position = behind_quoted(bytes, position, end);
                continue;
            }
            _ => return Span::NONE,
        }
        position = skip_lws(bytes, position + 1, end);
        let start = match parameter(bytes, position, end, b"tag") {
            Parameter::Other => continue,
            Parameter::Bare(behind) => return Span::of_scan(behind, behind),
            Parameter::Value(start) => start,
        };
        let behind = value_end(bytes, start, end);
        return match &bytes[start..behind] {
            // Quotes, which the grammar has no place for, are no part of the tag.
            [b'"', _, .., b'"'] => Span::of_scan(start + 1, behind - 1),
            _ => Span::of_scan(start, behind),
        };
    }
}

/// Offset of the next byte that begins a parameter, a quoted string or another value.
#[inline(always)]
pub(super) fn parameter_mark(bytes: &[u8], position: usize, end: usize) -> usize {
    if position < end && bytes[position] == b';' {
        return position;
    }
    lanes::find(bytes, position, end, |lanes| {
        lanes.any_of([b';', b'"', b','])
    })
}

/// What stands at a place among the parameters.
pub(super) enum Parameter {
    /// Another one than the one that was asked for.
    Other,
    /// The one that was asked for, without a value; the offset behind its name.
    Bare(usize),
    /// The one that was asked for; the offset of its value.
    Value(usize),
}

/// Whether the parameter whose name begins at `name` is `wanted`, in any case.
#[inline(always)]
pub(super) fn parameter<const LENGTH: usize>(
    bytes: &[u8],
    name: usize,
    end: usize,
    wanted: &[u8; LENGTH],
) -> Parameter {
    let text = bytes.get(name..end).unwrap_or_default();
    let Some((text, rest)) = text.split_first_chunk() else {
        return Parameter::Other;
    };
    if text != wanted && !text.eq_ignore_ascii_case(wanted) {
        return Parameter::Other;
    }
    let behind = name + LENGTH;
    match rest {
        [b'=', first, ..] if *first > b' ' => return Parameter::Value(behind + 1),
        [byte, ..] if is_token_byte(*byte) => return Parameter::Other,
        _ => {}
    }
    let equals = skip_lws(bytes, behind, end);
    if equals == end || bytes[equals] != b'=' {
        return Parameter::Bare(behind);
    }
    Parameter::Value(skip_lws(bytes, equals + 1, end))
}

/// Offset of the first byte from `position` on that is not white space.
#[inline]
pub(super) fn skip_lws(bytes: &[u8], mut position: usize, end: usize) -> usize {
    while position < end && is_lws(bytes[position]) {
        position += 1;
    }
    position
}

/// Offset of the first byte from `position` on that is no token character.
#[inline]
pub(super) fn skip_token(bytes: &[u8], mut position: usize, end: usize) -> usize {
    while position < end && is_token_byte(bytes[position]) {
        position += 1;
    }
    position
}

/// Offset of the first byte from `position` on that ends a parameter's value: white space, `;`
/// or `,`. A control character, which no value holds, ends it too.
#[inline(always)]
pub(super) fn value_end(bytes: &[u8], position: usize, end: usize) -> usize {
    lanes::find(bytes, position, end, ends_value)
}

/// Marks what ends a parameter's value.
#[inline(always)]
pub(super) fn ends_value(lanes: Lanes) -> Marks {
    lanes.at_most(b' ').or(lanes.any_of([b';', b',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// URI and tag of a value that ends the message, or that another line follows.
    fn uri_and_tag<'a>(value: &'a str, behind: &str) -> (&'a str, Option<&'a str>) {
        let message = [value, behind].concat();
        let (uri, tag) = read(message.as_bytes(), 0, value.len());
        let text = |span: Span| value.get(span.start as usize..span.end());
        (
            text(uri).unwrap_or_default(),
            text(tag).filter(|_| tag.is_some()),
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
            ("<sip:bob@example.com>;tag=\"a1\";x", (uri, Some("a1"))),
            ("<sip:bob@example.com>;tag=\"a1", (uri, Some("\"a1"))),
            ("<sip:bob@example.com>\r\n ;\r\n tag=a1", (uri, Some("a1"))),
            ("<sip:bob@example.com", (uri, None)),
            ("<sip:bob@example.com;tag=a1", (uri, Some("a1"))),
            ("Bob <sip:bob@example.com ;x;tag=a1", (uri, Some("a1"))),
            ("< sip:bob@example.com >;tag=a1", (uri, Some("a1"))),
            ("<sip:bob@example.com>;tag= a1 ;x", (uri, Some("a1"))),
            ("<sip:bob@example.com>;tag=", (uri, Some(""))),
            ("<sip:bob@example.com>;tag=;x", (uri, Some(""))),
            ("<sip:bob@example.com>;tags=no", (uri, None)),
            ("", ("", None)),
        ] {
            assert_eq!(uri_and_tag(value, ""), expected, "{value}");
            let line = "\r\nCall-ID: 1@example.com\r\n";
            assert_eq!(uri_and_tag(value, line), expected, "{value}");
        }
    }
}
