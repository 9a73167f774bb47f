//! Accept-Resource-Priority: a precedence that the sender serves.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Accept-Resource-Priority = [ r-value *( COMMA r-value ) ]` (RFC 4412 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptResourcePriority<'a> {
    /// Namespace and priority, divided by a dot.
    pub value: &'a [u8],
}

impl<'a> HeaderValue<'a> for AcceptResourcePriority<'a> {
    const NAME: HeaderName = HeaderName::AcceptResourcePriority;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<AcceptResourcePriority<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let value = lexer.token()?;
        lexer.end()?;
        Ok(AcceptResourcePriority { value })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AcceptResourcePriority<'_>>(&["wps.3"], &["", "a b", "<a>", r#""a""#]);
    }
}
