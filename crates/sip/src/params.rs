//! Parameters of a header value, `*( SEMI generic-param )` (RFC 3261 25.1).

use crate::header::part::Part;
use crate::lexer::Lexer;
use crate::text::Quoted;
use crate::{DefectKind, Flaw};

/// The parameters behind a value, checked once and read where they stand (RFC 3261 7.3.1).
#[derive(Clone, Copy, Debug, Default)]
pub struct Params<'a> {
    raw: &'a [u8],
}

/// One parameter (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<'a> {
    /// Its name; compare without regard to case.
    pub name: &'a [u8],
    /// Its value.
    pub value: ParamValue<'a>,
}

/// The value of a parameter (RFC 3261 25.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamValue<'a> {
    /// No `=` follows the name.
    Absent,
    /// A token, a host, or whatever else stands there without quotes; may be empty.
    Plain(&'a [u8]),
    /// A quoted string.
    Quoted(Quoted<'a>),
}

impl<'a> ParamValue<'a> {
    /// The bytes of the value as they stand, without quotes (RFC 3261 25.1).
    pub fn bytes(self) -> Option<&'a [u8]> {
        match self {
            ParamValue::Absent => None,
            ParamValue::Plain(plain) => Some(plain),
            ParamValue::Quoted(quoted) => Some(quoted.0.0),
        }
    }
}

/// `token [ EQUAL gen-value ]`.
impl<'a> Part<'a> for Param<'a> {
    /// What senders put behind `=` without quotes is taken up to the
    /// next separator: an IPv6 address in `received` is no token (RFC 5118 4.5), and others are not
    /// either. No control character belongs to any value.
    fn read(lexer: &mut Lexer<'a>) -> Result<Param<'a>, Flaw> {
        let name = lexer.token()?;
        if !lexer.eat_spaced(b'=') {
            return Ok(Param {
                name,
                value: ParamValue::Absent,
            });
        }
        let value = if lexer.peek() == Some(b'"') {
            ParamValue::Quoted(lexer.quoted()?)
        } else {
            ParamValue::Plain(lexer.run(|byte| byte > b' ' && !b";,<>\"".contains(&byte)))
        };
        Ok(Param { name, value })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.name);
        match self.value {
            ParamValue::Absent => {}
            ParamValue::Plain(plain) => {
                out.push(b'=');
                out.extend_from_slice(plain);
            }
            ParamValue::Quoted(quoted) => {
                out.push(b'=');
                quoted.print(out);
            }
        }
    }
}

impl<'a> Params<'a> {
    /// Reads the parameters that begin with `;` at the head of `value`, or nothing at all (RFC 3261
    /// 7.3.1).
    pub fn parse(value: &'a [u8]) -> Result<Params<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let params = Params::read(&mut lexer)?;
        lexer.end()?;
        Ok(params)
    }

    /// The parameters in wire order (RFC 3261 7.3.1).
    pub fn iter(self) -> impl Iterator<Item = Param<'a>> {
        let mut lexer = Lexer::new(self.raw);
        std::iter::from_fn(move || {
            while lexer.eat_spaced(b';') {
                if !is_empty(lexer) {
                    return Param::read(&mut lexer).ok();
                }
            }
            None
        })
    }

    /// The first parameter called `name`, in any case (RFC 3261 7.3.1).
    pub fn find(self, name: &str) -> Option<ParamValue<'a>> {
        self.iter()
            .find(|param| param.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|param| param.value)
    }

    /// The value of the first parameter called `name`, without quotes (RFC 3261 7.3.1).
    pub fn value(self, name: &str) -> Option<&'a [u8]> {
        self.find(name).and_then(ParamValue::bytes)
    }

    /// Whether a parameter called `name` is there, with or without a value (RFC 3261 7.3.1).
    pub fn has(self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The value of the parameter called `name` as a number (RFC 3261 25.1).
    pub fn number(self, name: &str) -> Option<Result<u32, Flaw>> {
        let mut lexer = Lexer::new(self.value(name)?);
        Some(
            lexer
                .number()
                .and_then(|number| lexer.end().map(|()| number)),
        )
    }
}

/// `*( SEMI generic-param )`.
impl<'a> Part<'a> for Params<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<Params<'a>, Flaw> {
        let start = lexer.rest();
        while lexer.eat_spaced(b';') {
            if !is_empty(*lexer) {
                Param::read(lexer)?;
            }
        }
        let raw = lexer.since(start);
        Ok(Params { raw })
    }

    /// Whether a semicolon has no parameter behind it. Such are passed over (RFC 4475 3.1.2.1).
    fn defect(&self) -> Option<DefectKind> {
        let mut lexer = Lexer::new(self.raw);
        while lexer.eat_spaced(b';') {
            if is_empty(lexer) {
                return Some(DefectKind::EmptyParameter);
            }
            Param::read(&mut lexer).ok()?;
        }
        None
    }

    fn print(&self, out: &mut Vec<u8>) {
        for param in self.iter() {
            out.push(b';');
            param.print(out);
        }
    }
}

impl PartialEq for Params<'_> {
    fn eq(&self, other: &Params<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Params<'_> {}

/// Whether nothing, or at once the next semicolon, stands behind a semicolon.
pub(crate) fn is_empty(lexer: Lexer<'_>) -> bool {
    matches!(lexer.peek(), None | Some(b';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_any_case() {
        let params = Params::parse(b" ; Tag = a1;lr\r\n ;x=\"a;b\";n=70000").expect("parses");
        assert_eq!(params.value("tag"), Some(&b"a1"[..]));
        assert_eq!(params.find("LR"), Some(ParamValue::Absent));
        assert_eq!(params.value("x"), Some(&b"a;b"[..]));
        assert_eq!(params.number("n"), Some(Ok(70000)));
        assert_eq!(params.number("tag"), Some(Err(Flaw::Syntax)));
        let mut printed = Vec::new();
        params.print(&mut printed);
        assert_eq!(printed, b";Tag=a1;lr;x=\"a;b\";n=70000");
    }

    #[test]
    fn a_semicolon_without_parameter_is_a_defect_and_hides_nothing() {
        for (text, names) in [
            (&b";"[..], 0),
            (b";;a", 1),
            (b";a;", 1),
            (b" ; \r\n ; a=1 ; ; b ;", 2),
        ] {
            let params = Params::parse(text).expect("parses");
            assert_eq!(params.iter().count(), names, "{text:?}");
            assert_eq!(params.defect(), Some(DefectKind::EmptyParameter));
        }
        for whole in [&b""[..], b";a", b";a=\";;\";b="] {
            let params = Params::parse(whole).expect("parses");
            assert_eq!(params.defect(), None, "{whole:?}");
        }
    }

    #[test]
    fn what_is_no_parameter_is_refused() {
        for bad in [
            &b"a"[..],
            b";=a",
            b";;,",
            b";a=\"x",
            b";a b",
            b";a=b c",
            b";a=b\x01",
        ] {
            assert!(Params::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Params::parse(b"").is_ok());
        assert!(Params::parse(b";a=").is_ok());
    }
}
