//! The character classes of RFC 3261 25.1, each a table look-up.

/// Bit of a `token` character.
const TOKEN: u8 = 1;
/// Bit of linear white space: SP, HT and the line ends inside a fold.
const LWS: u8 = 2;

static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let character = byte as u8;
        if character.is_ascii_alphanumeric() {
            class[byte] = TOKEN;
        }
        byte += 1;
    }
    let marks = b"-.!%*_+`'~";
    let mut mark = 0;
    while mark < marks.len() {
        class[marks[mark] as usize] = TOKEN;
        mark += 1;
    }
    class[b' ' as usize] = LWS;
    class[b'\t' as usize] = LWS;
    class[b'\r' as usize] = LWS;
    class[b'\n' as usize] = LWS;
    class
};

/// `token` of RFC 3261 25.1.
#[inline]
pub(crate) fn is_token_byte(byte: u8) -> bool {
    CLASS[usize::from(byte)] & TOKEN != 0
}

/// Whether `text` is a whole token: not empty, token characters only.
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| is_token_byte(*byte))
}

/// `LWS` of RFC 3261 25.1, byte by byte: a value that was cut out of a header holds a line end
/// only inside a fold.
#[inline]
pub(crate) fn is_lws(byte: u8) -> bool {
    CLASS[usize::from(byte)] & LWS != 0
}

/// White space within a line: SP or HT.
#[inline]
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `text` without the white space around it, folds included.
#[inline]
pub(crate) fn trim_lws(text: &[u8]) -> &[u8] {
    without_trailing_lws(without_leading_lws(text))
}

/// `text` without the white space before it.
#[inline(always)]
pub(crate) fn without_leading_lws(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_lws(*first)
    {
        text = rest;
    }
    text
}

/// `text` without the white space behind it.
#[inline(always)]
pub(crate) fn without_trailing_lws(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., last] = text
        && is_lws(*last)
    {
        text = rest;
    }
    text
}
