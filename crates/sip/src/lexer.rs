//! Takes a header value apart from left to right by the basic rules of RFC 3261 25.1.

use crate::Flaw;
use crate::charset::{is_lws, is_token_byte};
use crate::text::{Quoted, Text};

/// The part of a value that is still to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'a> {
    rest: &'a [u8],
}

impl<'a> Lexer<'a> {
    /// Begins at the first byte that is not white space.
    pub(crate) fn new(value: &'a [u8]) -> Lexer<'a> {
        let mut lexer = Lexer { rest: value };
        lexer.skip_lws();
        lexer
    }

    /// What is left.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// The next byte.
    pub(crate) fn peek(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Passes over white space.
    pub(crate) fn skip_lws(&mut self) {
        while let [first, rest @ ..] = self.rest
            && is_lws(*first)
        {
            self.rest = rest;
        }
    }

    /// Takes `byte` if it comes next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes `byte` with the white space around it, as in `SEMI`, `EQUAL` or `SLASH`.
    pub(crate) fn eat_spaced(&mut self, byte: u8) -> bool {
        let mut ahead = *self;
        ahead.skip_lws();
        if !ahead.eat(byte) {
            return false;
        }
        ahead.skip_lws();
        *self = ahead;
        true
    }

    /// The longest run of bytes that `accept` wants; may be empty.
    pub(crate) fn run(&mut self, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        let length = self.rest.iter().take_while(|byte| accept(**byte)).count();
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// What was taken since `start`, which was left then.
    pub(crate) fn since(self, start: &'a [u8]) -> &'a [u8] {
        &start[..start.len() - self.rest.len()]
    }

    /// `LWS`: white space that has to be there.
    pub(crate) fn lws(&mut self) -> Result<(), Flaw> {
        let white = self.run(is_lws);
        if white.is_empty() {
            Err(Flaw::Syntax)
        } else {
            Ok(())
        }
    }

    /// `token`.
    pub(crate) fn token(&mut self) -> Result<&'a [u8], Flaw> {
        let token = self.run(is_token_byte);
        if token.is_empty() {
            Err(Flaw::Syntax)
        } else {
            Ok(token)
        }
    }

    /// `word`, of which Call-ID is made.
    pub(crate) fn word(&mut self) -> Result<&'a [u8], Flaw> {
        let word = self.run(|byte| is_token_byte(byte) || b"()<>:\\\"/[]?{}".contains(&byte));
        if word.is_empty() {
            Err(Flaw::Syntax)
        } else {
            Ok(word)
        }
    }

    /// `quoted-string`, given without its quotes. A backslash escapes no line end (RFC 3261 25.1).
    pub(crate) fn quoted(&mut self) -> Result<Quoted<'a>, Flaw> {
        if self.peek() != Some(b'"') {
            return Err(Flaw::Syntax);
        }
        let mut position = 1;
        while let Some(byte) = self.rest.get(position) {
            match byte {
                b'\\' if matches!(self.rest.get(position + 1), Some(b'\r' | b'\n')) => break,
                b'\\' => position += 2,
                b'"' => {
                    let inside = &self.rest[1..position];
                    self.rest = &self.rest[position + 1..];
                    return Ok(Quoted(Text(inside)));
                }
                _ => position += 1,
            }
        }
        Err(Flaw::Syntax)
    }

    /// `token / quoted-string`, given without quotes.
    pub(crate) fn token_or_quoted(&mut self) -> Result<&'a [u8], Flaw> {
        match self.peek() {
            Some(b'"') => self.quoted().map(|quoted| quoted.0.0),
            _ => self.token(),
        }
    }

    /// What stands between angle brackets.
    pub(crate) fn bracketed(&mut self) -> Result<&'a [u8], Flaw> {
        if !self.eat(b'<') {
            return Err(Flaw::Syntax);
        }
        let inside = self.run(|byte| byte != b'>');
        if self.eat(b'>') {
            Ok(inside)
        } else {
            Err(Flaw::Syntax)
        }
    }

    /// `1*DIGIT` that fits 32 bits.
    pub(crate) fn number(&mut self) -> Result<u32, Flaw> {
        let digits = self.run(|byte| byte.is_ascii_digit());
        if digits.is_empty() {
            return Err(Flaw::Syntax);
        }
        let mut number = 0u32;
        for digit in digits {
            let digit = u32::from(digit - b'0');
            number = number
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(digit))
                .ok_or(Flaw::Overflow)?;
        }
        Ok(number)
    }

    /// `comment`, nested or not, given without its outer parentheses (RFC 3261 25.1).
    pub(crate) fn comment(&mut self) -> Result<Text<'a>, Flaw> {
        if self.peek() != Some(b'(') {
            return Err(Flaw::Syntax);
        }
        let mut depth = 0usize;
        let mut position = 0;
        while let Some(byte) = self.rest.get(position) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => position += 1,
                _ => {}
            }
            position += 1;
            if depth == 0 {
                break;
            }
        }
        if depth > 0 || position > self.rest.len() {
            return Err(Flaw::Syntax);
        }
        let inside = &self.rest[1..position - 1];
        self.rest = &self.rest[position..];
        Ok(Text(inside))
    }

    /// Succeeds if only white space is left.
    pub(crate) fn end(mut self) -> Result<(), Flaw> {
        self.skip_lws();
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Flaw::Syntax)
        }
    }
}

/// The elements of a comma-separated value (RFC 3261 7.3.1), without the white space around
/// them. Commas inside quotes or angle brackets do not count. An empty value has no elements.
#[derive(Clone, Debug)]
pub(crate) struct Elements<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Elements<'a> {
    /// None at all.
    pub(crate) fn none() -> Elements<'a> {
        Elements { rest: None }
    }

    /// Walks the elements of `value`.
    pub(crate) fn of(value: &'a [u8]) -> Elements<'a> {
        let value = crate::charset::trim_lws(value);
        Elements {
            rest: (!value.is_empty()).then_some(value),
        }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (element, rest) = first_element(self.rest?);
        self.rest = rest;
        Some(element)
    }
}

/// The first element of a value, and what stands behind its comma.
fn first_element(value: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut bracketed = false;
    let mut position = 0;
    while position < value.len() {
        match value[position] {
            b'"' if !bracketed => {
                let mut lexer = Lexer {
                    rest: &value[position..],
                };
                if lexer.quoted().is_err() {
                    position = value.len();
                    break;
                }
                position = value.len() - lexer.rest.len();
                continue;
            }
            b'<' => bracketed = true,
            b'>' => bracketed = false,
            b',' if !bracketed => break,
            _ => {}
        }
        position += 1;
    }
    let element = &value[..position.min(value.len())];
    (crate::charset::trim_lws(element), value.get(position + 1..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_quotes_and_brackets_divide_nothing() {
        let elements: Vec<&[u8]> =
            Elements::of(br#" "a,\"b" <sip:a,b@example.com> ,c,, d;x="," "#).collect();
        let expected: [&[u8]; 4] = [
            br#""a,\"b" <sip:a,b@example.com>"#,
            b"c",
            b"",
            br#"d;x=",""#,
        ];
        assert_eq!(elements, expected);
        assert_eq!(Elements::of(b"  ").count(), 0);
        assert_eq!(Elements::of(b"a,").count(), 2);
    }

    #[test]
    fn a_quoted_string_must_end() {
        assert!(Lexer::new(br#""open\""#).quoted().is_err());
        assert!(Lexer::new(b"\"open\\").quoted().is_err());
        assert!(Lexer::new(b"\"open\\\n \"").quoted().is_err());
        assert!(Lexer::new(br#""closed" rest"#).quoted().is_ok());
    }

    #[test]
    fn comments_nest() {
        let mut lexer = Lexer::new(br"(a (b) \) c) d");
        assert_eq!(lexer.comment(), Ok(Text(br"a (b) \) c")));
        assert_eq!(lexer.rest(), b" d");
        assert!(Lexer::new(b"(a").comment().is_err());
        assert!(Lexer::new(b"a").comment().is_err());
        assert!(Lexer::new(b")").comment().is_err());
        assert!(Lexer::new(b"(\\").comment().is_err());
    }
}
