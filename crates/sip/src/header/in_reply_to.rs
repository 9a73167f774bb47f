//! In-Reply-To: a call that this one returns.

use crate::header::CallId;
use crate::header::value::{HeaderValue, Shape};
use crate::{Flaw, HeaderName};

/// `In-Reply-To = callid *( COMMA callid )` (RFC 3261 20.21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InReplyTo<'a> {
    /// The Call-ID of the other call.
    pub call_id: CallId<'a>,
}

impl<'a> HeaderValue<'a> for InReplyTo<'a> {
    const NAME: HeaderName = HeaderName::InReplyTo;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<InReplyTo<'a>, Flaw> {
        Ok(InReplyTo {
            call_id: CallId::parse(value)?,
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.call_id.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<InReplyTo<'_>>(&["70710@saturn.example.com"], &["", "a@", "a b"]);
    }
}
