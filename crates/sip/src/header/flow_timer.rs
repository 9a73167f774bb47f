//! Flow-Timer: how long a silent flow is kept.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Flow-Timer = 1*DIGIT` (RFC 5626 11.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowTimer {
    /// Seconds.
    pub seconds: u32,
}

impl HeaderValue<'_> for FlowTimer {
    const NAME: HeaderName = HeaderName::FlowTimer;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &[u8]) -> Result<FlowTimer, Flaw> {
        let mut lexer = Lexer::new(value);
        let seconds = lexer.number()?;
        lexer.end()?;
        Ok(FlowTimer { seconds })
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
        check::<FlowTimer>(
            &["0", "0068", "4294967295"],
            &["", "-1", "4294967296", "7x", "7;a=b"],
        );
    }
}
