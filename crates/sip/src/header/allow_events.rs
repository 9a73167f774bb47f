//! Allow-Events: an event package that the sender supports.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Allow-Events = event-type *( COMMA event-type )` (RFC 6665 8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllowEvents<'a> {
    /// The event type, templates behind a dot.
    pub event: &'a [u8],
}

impl<'a> HeaderValue<'a> for AllowEvents<'a> {
    const NAME: HeaderName = HeaderName::AllowEvents;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<AllowEvents<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let event = lexer.token()?;
        lexer.end()?;
        Ok(AllowEvents { event })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AllowEvents<'_>>(&["presence.winfo", "dialog"], &["", "a b", "<a>", r#""a""#]);
    }
}
