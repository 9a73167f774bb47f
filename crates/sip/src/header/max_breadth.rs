//! Max-Breadth: how many branches a request may still fork into.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Max-Breadth = 1*DIGIT` (RFC 5393 5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxBreadth {
    /// Branches.
    pub branches: u32,
}

impl HeaderValue<'_> for MaxBreadth {
    const NAME: HeaderName = HeaderName::MaxBreadth;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<MaxBreadth, Flaw> {
        let mut lexer = Lexer::new(value);
        let branches = lexer.number()?;
        lexer.end()?;
        Ok(MaxBreadth { branches })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.branches.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<MaxBreadth>(
            &["0", "0068", "4294967295"],
            &["", "-1", "4294967296", "7x", "7;a=b"],
        );
    }
}
