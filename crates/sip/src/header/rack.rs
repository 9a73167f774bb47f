//! RAck: which reliable provisional response a PRACK acknowledges.

use crate::header::CSeq;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `RAck = response-num LWS CSeq-num LWS Method` (RFC 3262 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RAck<'a> {
    /// RSeq of the response.
    pub rseq: u32,
    /// CSeq of the response.
    pub cseq: CSeq<'a>,
}

impl<'a> HeaderValue<'a> for RAck<'a> {
    const NAME: HeaderName = HeaderName::RAck;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<RAck<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let rseq = lexer.number()?;
        lexer.lws()?;
        Ok(RAck {
            rseq,
            cseq: CSeq::parse(lexer.rest())?,
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.rseq.to_string().as_bytes());
        out.push(b' ');
        self.cseq.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<RAck<'_>>(
            &["776656 1 INVITE"],
            &["", "1", "1 INVITE", "1 2", "x 1 INVITE"],
        );
    }
}
