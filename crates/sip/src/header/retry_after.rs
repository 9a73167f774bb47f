//! Retry-After: when to try again.

use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::text::Text;
use crate::{DefectKind, Flaw, HeaderName};

/// `Retry-After = delta-seconds [ comment ] *( SEMI retry-param )` (RFC 3261 20.33).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter<'a> {
    /// Seconds.
    pub seconds: u32,
    /// Why, in words.
    pub comment: Option<Text<'a>>,
    /// The parameters.
    pub params: Params<'a>,
}

impl RetryAfter<'_> {
    /// Seconds that the sender will then be reachable (RFC 3261 20.33).
    pub fn duration(&self) -> Option<u32> {
        self.params.number("duration").and_then(Result::ok)
    }
}

impl<'a> HeaderValue<'a> for RetryAfter<'a> {
    const NAME: HeaderName = HeaderName::RetryAfter;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<RetryAfter<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let seconds = lexer.number()?;
        lexer.skip_lws();
        let comment = match lexer.peek() {
            Some(b'(') => Some(lexer.comment()?),
            _ => None,
        };
        Ok(RetryAfter {
            seconds,
            comment,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.seconds.to_string().as_bytes());
        if let Some(comment) = self.comment {
            out.extend_from_slice(b" (");
            out.extend_from_slice(&comment.unfolded());
            out.push(b')');
        }
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<RetryAfter<'_>>(
            &["18000;duration=3600", "120 (I'm in a (long) meeting)", "5"],
            &[
                "",
                "18000;duration=3600;",
                "949302838503028349304023988",
                "5 (open",
                "x",
            ],
        );
    }
}
