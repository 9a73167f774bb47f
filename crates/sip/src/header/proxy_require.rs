//! Proxy-Require: an extension that every proxy must understand.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Proxy-Require = option-tag *( COMMA option-tag )` (RFC 3261 20.29).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyRequire<'a> {
    /// The option tag.
    pub option: &'a [u8],
}

impl<'a> HeaderValue<'a> for ProxyRequire<'a> {
    const NAME: HeaderName = HeaderName::ProxyRequire;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<ProxyRequire<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let option = lexer.token()?;
        lexer.end()?;
        Ok(ProxyRequire { option })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.option);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ProxyRequire<'_>>(&["sec-agree"], &["", "a b", "<a>", r#""a""#]);
    }
}
