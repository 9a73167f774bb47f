//! The tel URI (RFC 3966).

use super::part::{ByteSet, UriPart, holds_delimiter};
use super::sip::UriParams;
use crate::Flaw;

/// A telephone number as a URI (RFC 3966 3).
#[derive(Clone, Copy, Debug)]
pub struct TelUri<'a> {
    /// The number with its visual separators; a global one begins with `+`.
    pub number: &'a [u8],
    /// The parameters; a local number needs `phone-context` (RFC 3966 5.1.5).
    pub params: UriParams<'a>,
}

/// `phonedigit-hex` and `*`, `#` (RFC 3966 3).
static NUMBER: ByteSet = ByteSet::none().and(b"0123456789abcdefABCDEF*#-.()");

impl<'a> TelUri<'a> {
    /// Reads what follows the scheme.
    pub(super) fn parse(text: &'a [u8]) -> Result<TelUri<'a>, Flaw> {
        let end = text
            .iter()
            .position(|byte| *byte == b';')
            .unwrap_or(text.len());
        let (number, params) = text.split_at(end);
        if number.is_empty() || holds_delimiter(text) {
            return Err(Flaw::Syntax);
        }
        let digits = number.strip_prefix(b"+").unwrap_or(number);
        if digits.is_empty() {
            return Err(Flaw::Syntax);
        }
        UriPart::checked(digits, &NUMBER)?;
        Ok(TelUri {
            number,
            params: UriParams::parse(params)?,
        })
    }

    /// Whether the number is global, that is begins with `+` (RFC 3966 5.1.4).
    pub fn is_global(&self) -> bool {
        self.number.starts_with(b"+")
    }

    /// The digits without visual separators (RFC 3966 5.1.1), in lower case.
    pub fn digits(&self) -> impl Iterator<Item = u8> {
        self.number
            .iter()
            .filter(|byte| !b"-.()".contains(byte))
            .map(|byte| byte.to_ascii_lowercase())
    }

    /// Domain or prefix in which a local number holds (RFC 3966 5.1.5).
    pub fn phone_context(&self) -> Option<UriPart<'a>> {
        self.params.value("phone-context")
    }

    /// Appends the URI.
    pub(super) fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"tel:");
        out.extend_from_slice(self.number);
        self.params.print(out);
    }
}

impl PartialEq for TelUri<'_> {
    /// Digits are compared without visual separators (RFC 3966 4).
    fn eq(&self, other: &TelUri<'_>) -> bool {
        self.digits().eq(other.digits()) && self.params == other.params
    }
}

impl Eq for TelUri<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_do_not_matter() {
        let one = TelUri::parse(b"+1-(555)-0100").expect("parses");
        let two = TelUri::parse(b"+15550100").expect("parses");
        assert_eq!(one, two);
        assert!(one.is_global());
        let local = TelUri::parse(b"7042;phone-context=example.com").expect("parses");
        assert!(!local.is_global());
        assert_eq!(local.phone_context(), Some(UriPart(b"example.com")));
    }
}
