//! Resource-Priority: the precedence that a request claims.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Resource-Priority = r-value *( COMMA r-value )` (RFC 4412 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourcePriority<'a> {
    /// Namespace and priority, divided by a dot.
    pub value: &'a [u8],
}

impl<'a> HeaderValue<'a> for ResourcePriority<'a> {
    const NAME: HeaderName = HeaderName::ResourcePriority;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<ResourcePriority<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let value = lexer.token()?;
        lexer.end()?;
        Ok(ResourcePriority { value })
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
        check::<ResourcePriority<'_>>(&["wps.3", "ets.0"], &["", "a b", "<a>", r#""a""#]);
    }
}
