//! The branch of a Via value, and where the next value begins (RFC 3261 20.42).

use super::address::{
    Parameter, ends_value, parameter, parameter_mark, skip_lws, skip_token, value_end,
};
use super::value::behind_quoted;
use crate::Span;
use crate::lanes::{self, Lanes, Marks};

/// The branch among the parameters of the value, and the offset of the comma behind the value.
#[inline(always)]
pub(super) fn read(bytes: &[u8], position: usize, end: usize) -> (Span, usize) {
    match usual(bytes, position, end) {
        Some(both) => both,
        None => any(bytes, position, end),
    }
}

/// The same where the branch is the first parameter, begins with the magic cookie as it is written
/// in the RFC, and no quote follows.
#[inline(always)]
pub(super) fn usual(bytes: &[u8], position: usize, end: usize) -> Option<(Span, usize)> {
    const BEGINNING: &[u8] = b";branch=z9hG4bK";
    if !bytes.get(position..end)?.starts_with(BEGINNING) {
        return None;
    }
    let start = position + b";branch=".len();
    let behind = lanes::find_near(bytes, start, end, ends_value)?;
    let comma = lanes::find_ahead(bytes, behind, end, ends_parameters).ok()?;
    if comma < end && bytes[comma] != b',' {
        return None;
    }
    Some((Span::of_scan(start, behind), comma))
}

/// Does the same for any parameters.
#[inline(never)]
fn any(bytes: &[u8], mut position: usize, end: usize) -> (Span, usize) {
    let mut name = None;
    loop {
        position = parameter_mark(bytes, position, end);
        if position == end {
            return (Span::NONE, end);
        }
        match bytes[position] {
            b';' => {}
            b'"' => {
                position = behind_quote(bytes, name.take(), position, end);
                continue;
            }
            _ => return (Span::NONE, position),
        }
        position = skip_lws(bytes, position + 1, end);
        name = Some(position);
        let Parameter::Value(start) = parameter(bytes, position, end, b"branch") else {
            continue;
        };
        position = value_end(bytes, start, end);
        if bytes.get(start) == Some(&b'"') {
            position = start;
        } else {
            let branch = Span::of_scan(start, position);
            return (branch, behind_value(bytes, position, end));
        }
    }
}

/// Marks a comma behind a value, and the quotes that may hide one.
#[inline(always)]
fn ends_parameters(lanes: Lanes) -> Marks {
    lanes.any_of([b'"', b','])
}

/// Offset of the comma behind the value whose parameters go on at `position`.
#[inline]
fn behind_value(bytes: &[u8], position: usize, end: usize) -> usize {
    let stop = lanes::find(bytes, position, end, ends_parameters);
    if stop == end || bytes[stop] == b',' {
        return stop;
    }
    behind_quotes(bytes, position, end)
}

/// The same among parameters with quotes.
#[cold]
fn behind_quotes(bytes: &[u8], mut position: usize, end: usize) -> usize {
    let mut name = None;
    loop {
        position = parameter_mark(bytes, position, end);
        if position == end || bytes[position] == b',' {
            return position;
        }
        if bytes[position] == b';' {
            position = skip_lws(bytes, position + 1, end);
            name = Some(position);
        } else {
            position = behind_quote(bytes, name.take(), position, end);
        }
    }
}

/// Where to go on behind the quote at `quote`, after the parameter whose name begins at `name`.
/// Inside that parameter's unquoted value it is a stray one, which must not hide the branch
/// behind it; elsewhere it opens a quoted string.
#[cold]
fn behind_quote(bytes: &[u8], name: Option<usize>, quote: usize, end: usize) -> usize {
    if let Some(name) = name {
        let equals = skip_lws(bytes, skip_token(bytes, name, end), end);
        let start = skip_lws(bytes, equals + 1, end);
        if equals < quote && bytes[equals] == b'=' && start < quote {
            let behind = value_end(bytes, start, end);
            if quote < behind {
                return behind;
            }
        }
    }
    behind_quoted(bytes, quote, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch_of(value: &[u8]) -> Option<&[u8]> {
        read(value, 0, value.len()).0.of(value)
    }

    #[test]
    fn the_short_way_reads_what_the_long_one_does() {
        for (parameters, is_usual) in [
            (";branch=z9hG4bK1;rport", true),
            (";branch=z9hG4bK1", true),
            (";branch=z9hG4bK1 ;x, SIP/2.0/UDP b", true),
            (";branch=z9hG4bK1,SIP/2.0/UDP b", true),
            (";branch=z9hG4bK", true),
            (";branch=Z9HG4BK1", false),
            (";branch=z9hG4b", false),
            (";branch=z9hG4bK1;x=\"a,b\"", false),
            (";branch=\"a,b\";x", false),
            (";branch= a", false),
            (";branch=", false),
            (";BRANCH=a", false),
            (";rport;branch=a", false),
            ("", false),
        ] {
            let line = format!("{parameters}\r\nCall-ID: 1@example.com\r\nCSeq: 1 ACK\r\n");
            let (bytes, end) = (line.as_bytes(), parameters.len());
            let expected = is_usual.then(|| any(bytes, 0, end));
            assert_eq!(usual(bytes, 0, end), expected, "{parameters}");
        }
    }

    #[test]
    fn a_stray_quote_hides_no_branch() {
        let stray = br#";received=[2001:db"8::9];branch=z1"#;
        assert_eq!(branch_of(stray), Some(&b"z1"[..]));
        let quoted = br#";x= "a;branch=no,b" ;branch=z2"#;
        assert_eq!(branch_of(quoted), Some(&b"z2"[..]));
        let name_goes_on = b";branch-x=no;xbranch=no;BRANCH = z3,";
        assert_eq!(branch_of(name_goes_on), Some(&b"z3"[..]));
    }
}
