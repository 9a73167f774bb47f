//! Join: the dialog that the new one joins.

use super::CallId;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Join = callid *( SEMI join-param )` (RFC 3911 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join<'a> {
    /// The Call-ID of the dialog.
    pub call_id: CallId<'a>,
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> Join<'a> {
    /// The tag of the party that receives this request, or `0` (RFC 3911 7.1).
    pub fn to_tag(&self) -> Option<&'a [u8]> {
        self.params.value("to-tag")
    }

    /// The tag of the other party (RFC 3911 7.1).
    pub fn from_tag(&self) -> Option<&'a [u8]> {
        self.params.value("from-tag")
    }
}

impl<'a> HeaderValue<'a> for Join<'a> {
    const NAME: HeaderName = HeaderName::Join;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<Join<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let call_id = CallId::read(&mut lexer)?;
        let params = Params::parse(lexer.rest())?;
        Ok(Join { call_id, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.call_id.print(out);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Join<'_>>(
            &["a@example.com;to-tag=1;from-tag=2"],
            &["", ";to-tag=1", "a@", "a@b;"],
        );
    }
}
