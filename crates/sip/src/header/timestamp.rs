//! Timestamp: when the client sent the request, and how long the server took.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Timestamp = 1*DIGIT [ "." *DIGIT ] [ LWS delay ]` (RFC 3261 20.38).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp<'a> {
    /// Seconds by the client's clock, as a decimal number.
    pub sent: &'a [u8],
    /// Seconds between receipt and answer, as a decimal number.
    pub delay: Option<&'a [u8]>,
}

impl<'a> HeaderValue<'a> for Timestamp<'a> {
    const NAME: HeaderName = HeaderName::Timestamp;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<Timestamp<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let sent = decimal(&mut lexer)?;
        lexer.skip_lws();
        let delay = match lexer.peek() {
            Some(_) => Some(decimal(&mut lexer)?),
            None => None,
        };
        lexer.end()?;
        Ok(Timestamp { sent, delay })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.sent);
        if let Some(delay) = self.delay {
            out.push(b' ');
            out.extend_from_slice(delay);
        }
    }
}

/// Digits with at most one point.
fn decimal<'a>(lexer: &mut Lexer<'a>) -> Result<&'a [u8], Flaw> {
    let number = lexer.run(|byte| byte.is_ascii_digit() || byte == b'.');
    let points = number.iter().filter(|byte| **byte == b'.').count();
    if points > 1 || number.len() == points {
        Err(Flaw::Syntax)
    } else {
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Timestamp<'_>>(
            &["54", "54.21 .5", "5."],
            &["", ".", "1.2.3", "5 x", "5 6 7"],
        );
    }
}
