//! Expires: how long the message, or what it binds, is good.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Expires = delta-seconds` (RFC 3261 20.19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expires {
    /// Seconds.
    pub seconds: u32,
}

impl HeaderValue<'_> for Expires {
    const NAME: HeaderName = HeaderName::Expires;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<Expires, Flaw> {
        let mut lexer = Lexer::new(value);
        let seconds = lexer.number()?;
        lexer.end()?;
        Ok(Expires { seconds })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.seconds.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Expires>(
            &["0", "0068", "4294967295"],
            &["", "-1", "4294967296", "7x", "7;a=b"],
        );
    }
}
