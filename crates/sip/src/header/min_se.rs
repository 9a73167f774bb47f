//! Min-SE: the shortest session interval that the sender accepts.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Min-SE = delta-seconds *( SEMI generic-param )` (RFC 4028 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinSe<'a> {
    /// Seconds.
    pub seconds: u32,
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for MinSe<'a> {
    const NAME: HeaderName = HeaderName::MinSe;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<MinSe<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let seconds = lexer.number()?;
        Ok(MinSe {
            seconds,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.seconds.to_string().as_bytes());
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<MinSe<'_>>(&["90", "90;x=y"], &["", "90;", "x", "90 x"]);
    }
}
