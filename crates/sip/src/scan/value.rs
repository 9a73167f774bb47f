//! Small readers of values: numbers, lists, and where a part ends.

use memchr::{memchr, memchr_iter};

use crate::charset::{is_lws, is_token_byte, trim_lws, without_leading_lws, without_trailing_lws};
use crate::{Method, lanes};

/// A whole value of digits that fits 32 bits.
#[inline]
pub(crate) fn decimal(value: &[u8]) -> Option<u32> {
    let (number, length) = digits(value)?;
    (length == value.len()).then_some(number)
}

/// The number at the head of a value that goes on with parameters, a comment or nothing.
pub(super) fn leading_number(value: &[u8]) -> Option<u32> {
    let (number, length) = digits(value)?;
    match value.get(length) {
        None | Some(b';' | b'(') => Some(number),
        Some(byte) if is_lws(*byte) => Some(number),
        Some(_) => None,
    }
}

/// The number that a value begins with and how many digits it has; none if it does not fit 32
/// bits.
#[inline(always)]
pub(super) fn digits(value: &[u8]) -> Option<(u32, usize)> {
    /// As many fit whatever they are.
    const FEW: usize = 9;
    let mut number = 0;
    let mut length = 0;
    while let Some(digit) = value.get(length).map(|byte| byte.wrapping_sub(b'0'))
        && digit <= 9
    {
        number = 10 * number + u32::from(digit);
        length += 1;
        if length == FEW {
            return many_digits(value);
        }
    }
    (length > 0).then_some((number, length))
}

/// The same for any number of digits.
#[cold]
fn many_digits(value: &[u8]) -> Option<(u32, usize)> {
    let mut number = 0u32;
    let mut length = 0;
    for byte in value.iter().take_while(|byte| byte.is_ascii_digit()) {
        number = number
            .checked_mul(10)?
            .checked_add(u32::from(byte - b'0'))?;
        length += 1;
    }
    Some((number, length))
}

/// Number and method of a CSeq value, and the token of the method (RFC 3261 20.16).
#[inline]
pub(super) fn cseq(value: &[u8]) -> Option<(u32, Method, &[u8])> {
    let (number, length) = digits(value)?;
    if let Some((b' ', token)) = value[length..].split_first() {
        let method = Method::from_token(token);
        if method != Method::Extension {
            return Some((number, method, token));
        }
    }
    unusual_cseq(value)
}

/// The same with an extension method, or with other white space than a space.
#[cold]
fn unusual_cseq(value: &[u8]) -> Option<(u32, Method, &[u8])> {
    let number = leading_number(value)?;
    let (token, rest) = method_and_rest(value);
    (!token.is_empty() && rest.is_empty()).then(|| (number, Method::from_token(token), token))
}

/// The method of a CSeq value, be the number before it readable or not; may be empty.
pub(crate) fn cseq_method(value: &[u8]) -> &[u8] {
    method_and_rest(value).0
}

fn method_and_rest(value: &[u8]) -> (&[u8], &[u8]) {
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit());
    let number_end = match digits.count() {
        0 => value.iter().position(|byte| is_lws(*byte)),
        count => Some(count),
    };
    let behind = trim_lws(&value[number_end.unwrap_or(value.len())..]);
    let length = behind.iter().take_while(|byte| is_token_byte(**byte));
    behind.split_at(length.count())
}

/// Whether a comma-separated list of tokens names `wanted`, in any case.
pub(super) fn lists(value: &[u8], wanted: &[u8]) -> bool {
    value
        .split(|byte| *byte == b',')
        .any(|item| trim_lws(item).eq_ignore_ascii_case(wanted))
}

/// Offset behind the value `bytes[start..end]` without its parameters and the white space before
/// them.
pub(super) fn up_to_parameters(bytes: &[u8], start: usize, end: usize) -> usize {
    let semicolon = lanes::find(bytes, start, end, |lanes| lanes.equal(b';'));
    start + without_trailing_lws(&bytes[start..semicolon]).len()
}

/// Whether a media type without its parameters is `application/sdp`, in any case and with white
/// space around its slash (RFC 3261 25.1).
pub(super) fn is_sdp_type(media_type: &[u8]) -> bool {
    const USUAL: &[u8] = b"application/sdp";
    media_type == USUAL
        || media_type.eq_ignore_ascii_case(USUAL)
        || divided(media_type).is_some_and(|(kind, subtype)| {
            kind.eq_ignore_ascii_case(b"application") && subtype.eq_ignore_ascii_case(b"sdp")
        })
}

/// Whether a media type is a multipart of any kind.
pub(super) fn is_multipart_type(media_type: &[u8]) -> bool {
    divided(media_type).is_some_and(|(kind, _)| kind.eq_ignore_ascii_case(b"multipart"))
}

/// Whether `application/sdp` stands somewhere in a body, written in any way that a header allows.
pub(super) fn names_sdp_type(body: &[u8]) -> bool {
    memchr_iter(b'/', body).any(|slash| {
        let before = without_trailing_lws(&body[..slash]);
        let behind = without_leading_lws(&body[slash + 1..]);
        let kind = before.len().checked_sub(b"application".len());
        let kind = kind.and_then(|start| before.get(start..));
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case(b"application"))
            && behind
                .get(..3)
                .is_some_and(|subtype| subtype.eq_ignore_ascii_case(b"sdp"))
    })
}

/// Type and subtype.
fn divided(media_type: &[u8]) -> Option<(&[u8], &[u8])> {
    let slash = memchr(b'/', media_type)?;
    let (kind, subtype) = (&media_type[..slash], &media_type[slash + 1..]);
    Some((trim_lws(kind), trim_lws(subtype)))
}

/// Offset behind the first element of the comma-separated value `bytes[start..end]`; commas in
/// quotes do not count.
pub(super) fn up_to_comma(bytes: &[u8], start: usize, end: usize) -> usize {
    let mut position = start;
    loop {
        position = lanes::find(bytes, position, end, |lanes| lanes.any_of([b'"', b',']));
        if position == end || bytes[position] == b',' {
            break;
        }
        position = behind_quoted(bytes, position, end);
    }
    start + without_trailing_lws(&bytes[start..position]).len()
}

/// Offset behind the quoted string that begins at `open` (RFC 3261 25.1); `end` if nothing
/// before it closes the quotes.
pub(super) fn behind_quoted(bytes: &[u8], open: usize, end: usize) -> usize {
    let mut position = open + 1;
    loop {
        position = lanes::find(bytes, position, end, |lanes| lanes.any_of([b'\\', b'"']));
        if position == end {
            return end;
        }
        if bytes[position] == b'"' {
            return position + 1;
        }
        position += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_the_grammar_says() {
        assert_eq!(leading_number(b"1800;refresher=uac"), Some(1800));
        assert_eq!(leading_number(b"120 (in a meeting)"), Some(120));
        assert_eq!(leading_number(b"4294967295"), Some(u32::MAX));
        assert_eq!(leading_number(b"4294967296"), None);
        assert_eq!(leading_number(b"99999999999999999999"), None);
        assert_eq!(leading_number(b"123456789;x"), Some(123_456_789));
        assert_eq!(leading_number(b"00000000001234567890"), Some(1_234_567_890));
        assert_eq!(leading_number(b"12x"), None);
        assert_eq!(leading_number(b""), None);
        assert_eq!(decimal(b"349"), Some(349));
        assert_eq!(decimal(b"349 "), None);
        assert_eq!(decimal(b"-1"), None);
    }

    #[test]
    fn a_cseq_may_be_folded() {
        let folded = Some((9, Method::Invite, &b"INVITE"[..]));
        assert_eq!(cseq(b"0009\r\n  INVITE"), folded);
        assert_eq!(cseq(b"9 PING"), Some((9, Method::Extension, &b"PING"[..])));
        assert_eq!(cseq(b"8"), None);
        assert_eq!(cseq(b"8 BYE BYE"), None);
        assert_eq!(cseq(b"36893488147419103232 REGISTER"), None);
    }

    #[test]
    fn a_media_type_is_known_in_every_form() {
        for sdp in [
            &b"application/sdp"[..],
            b"Application/SDP",
            b"application /\r\n sdp",
        ] {
            assert!(is_sdp_type(sdp) && !is_multipart_type(sdp), "{sdp:?}");
            let part = [b"--x\r\nc: ", sdp, b"\r\n\r\nv=0\r\n"].concat();
            assert!(names_sdp_type(&part), "{sdp:?}");
        }
        for other in [
            &b"application/sdpx"[..],
            b"application",
            b"xapplication/sdp",
            b"",
        ] {
            assert!(!is_sdp_type(other), "{other:?}");
        }
        assert!(is_multipart_type(b"Multipart / mixed") && !is_multipart_type(b"multiparty/x"));
        assert!(!names_sdp_type(b"text/plain a/sdp application/isup"));
        assert!(!names_sdp_type(b"/sdp") && !names_sdp_type(b"application/"));
    }

    #[test]
    fn a_quoted_comma_ends_nothing() {
        for (value, expected) in [
            (r#"SIP;text="a,b\"," , Q.850"#, 17),
            (r#"SIP;text="open,"#, 15),
            ("Q.850;cause=16", 14),
            ("Q.850 , SIP", 5),
            (" ,SIP", 0),
        ] {
            let line = format!("{value}\r\nX: a,b");
            assert_eq!(up_to_comma(line.as_bytes(), 0, value.len()), expected);
        }
        assert!(lists(b"timer ,\r\n 100REL", b"100rel"));
        assert!(!lists(b"x100rel", b"100rel"));
    }
}
