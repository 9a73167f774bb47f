//! Max-Forwards: how many hops a request may still take.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Max-Forwards = 1*DIGIT` (RFC 3261 20.22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxForwards {
    /// Hops left.
    pub hops: u32,
}

impl HeaderValue<'_> for MaxForwards {
    const NAME: HeaderName = HeaderName::MaxForwards;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<MaxForwards, Flaw> {
        let mut lexer = Lexer::new(value);
        let hops = lexer.number()?;
        if hops > 255 {
            return Err(Flaw::Overflow);
        }
        lexer.end()?;
        Ok(MaxForwards { hops })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.hops.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<MaxForwards>(&["0", "0068", "255"], &["", "-1", "256", "7x", "7;a=b"]);
    }
}
