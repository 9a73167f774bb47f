//! Target-Dialog: a dialog that proves the sender's right.

use super::CallId;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Target-Dialog = callid *( SEMI td-param )` (RFC 4538 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetDialog<'a> {
    /// The Call-ID of the dialog.
    pub call_id: CallId<'a>,
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> TargetDialog<'a> {
    /// The tag of the party that receives this request (RFC 4538 5).
    pub fn local_tag(&self) -> Option<&'a [u8]> {
        self.params.value("local-tag")
    }

    /// The tag of the party that sends it (RFC 4538 5).
    pub fn remote_tag(&self) -> Option<&'a [u8]> {
        self.params.value("remote-tag")
    }
}

impl<'a> HeaderValue<'a> for TargetDialog<'a> {
    const NAME: HeaderName = HeaderName::TargetDialog;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<TargetDialog<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let call_id = CallId::read(&mut lexer)?;
        let params = Params::parse(lexer.rest())?;
        Ok(TargetDialog { call_id, params })
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
        check::<TargetDialog<'_>>(
            &["a@example.com;local-tag=1;remote-tag=2"],
            &["", ";to-tag=1", "a@", "a@b;"],
        );
    }
}
