//! RSeq: the number of a reliable provisional response.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `RSeq = 1*DIGIT` (RFC 3262 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RSeq {
    /// Sequence number.
    pub number: u32,
}

impl HeaderValue<'_> for RSeq {
    const NAME: HeaderName = HeaderName::RSeq;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<RSeq, Flaw> {
        let mut lexer = Lexer::new(value);
        let number = lexer.number()?;
        lexer.end()?;
        Ok(RSeq { number })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.number.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<RSeq>(
            &["0", "0068", "4294967295"],
            &["", "-1", "4294967296", "7x", "7;a=b"],
        );
    }
}
