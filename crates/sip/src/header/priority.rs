//! Priority: how urgent the sender finds the request.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Priority = token` (RFC 3261 20.26).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priority<'a> {
    /// The urgency, such as `emergency`.
    pub urgency: &'a [u8],
}

impl<'a> HeaderValue<'a> for Priority<'a> {
    const NAME: HeaderName = HeaderName::Priority;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<Priority<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let urgency = lexer.token()?;
        lexer.end()?;
        Ok(Priority { urgency })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.urgency);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Priority<'_>>(&["normal", "emergency"], &["", "a b", "<a>", r#""a""#]);
    }
}
