//! A line cut into words, some of them quoted.

use crate::error::Error;

/// A word of a line; `"…"` makes one word of everything between the quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The text without its quotes, escapes not yet undone.
    pub(crate) text: String,
    /// Whether the word begins with a quote.
    pub(crate) quoted: bool,
}

/// Cuts a line at white space outside quotes; `#` at the start of a word begins a comment.
pub(crate) fn words(line: &str, number: usize) -> Result<Vec<Word>, Error> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = word(rest).ok_or_else(|| Error::new(number, "a closing \"", rest))?;
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

fn word(rest: &str) -> Option<(Word, &str)> {
    let quoted = rest.starts_with('"');
    let mut text = String::new();
    let mut inside = false;
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => inside = !inside,
            '\\' if inside => {
                text.push('\\');
                text.extend(letters.next().map(|(_, escaped)| escaped));
            }
            _ if letter.is_whitespace() && !inside => {
                return Some((Word { text, quoted }, &rest[at..]));
            }
            _ => text.push(letter),
        }
    }
    (!inside).then_some((Word { text, quoted }, ""))
}

/// Undoes `\r \n \t \0 \\ \" \xHH`; any other backslash stays.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (byte, length) = escape(&bytes[at..]).unwrap_or((bytes[at], 1));
        plain.push(byte);
        at += length;
    }
    plain
}

/// The byte that an escape at the start of `bytes` stands for, and the length of the escape.
fn escape(bytes: &[u8]) -> Option<(u8, usize)> {
    if bytes.first() != Some(&b'\\') {
        return None;
    }
    let byte = match bytes.get(1)? {
        b'r' => b'\r',
        b'n' => b'\n',
        b't' => b'\t',
        b'0' => 0,
        b'\\' => b'\\',
        b'"' => b'"',
        b'x' => {
            let digits = std::str::from_utf8(bytes.get(2..4)?).ok()?;
            return Some((u8::from_str_radix(digits, 16).ok()?, 4));
        }
        _ => return None,
    };
    Some((byte, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together_and_comments_end_the_line() {
        let found = words("0.0 a -> b raw \"x \\\" #y\" uri=\"q r\" # z", 1).unwrap();
        let texts: Vec<&str> = found.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(
            texts,
            ["0.0", "a", "->", "b", "raw", "x \\\" #y", "uri=q r"]
        );
        assert!(found[5].quoted && !found[6].quoted);
        assert_eq!(words("a \"b", 7).unwrap_err().line, 7);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(
            unescape("a\\r\\n\\t\\0\\\\\\\"\\xfF\\q\\x1"),
            b"a\r\n\t\0\\\"\xff\\q\\x1"
        );
    }
}
