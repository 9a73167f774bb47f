//! Call-ID, and the headers that name another call or dialog by it.

use crate::header::part::{Part, header};
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{Flaw, HeaderName};

/// Call-ID: what all messages of one leg have in common.
///
/// `Call-ID = word [ "@" word ]` (RFC 3261 20.8), compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallId<'a> {
    /// The whole identifier.
    pub id: &'a [u8],
}

impl<'a> HeaderValue<'a> for CallId<'a> {
    const NAME: HeaderName = HeaderName::CallId;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<CallId<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let call_id = CallId::read(&mut lexer)?;
        lexer.end()?;
        Ok(call_id)
    }

    fn print(&self, out: &mut Vec<u8>) {
        Part::print(self, out);
    }
}

/// `callid`.
impl<'a> Part<'a> for CallId<'a> {
    fn read(lexer: &mut Lexer<'a>) -> Result<CallId<'a>, Flaw> {
        let start = lexer.rest();
        lexer.word()?;
        if lexer.eat(b'@') {
            lexer.word()?;
        }
        let id = lexer.since(start);
        Ok(CallId { id })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.id);
    }
}

header! {
    /// In-Reply-To: a call that this one returns.
    ///
    /// `In-Reply-To = callid *( COMMA callid )` (RFC 3261 20.21).
    pub struct InReplyTo<'a>: List {
        /// The Call-ID of the other call.
        pub call_id: CallId<'a>,
    }
}

header! {
    /// Join: the dialog that the new one joins.
    ///
    /// `Join = callid *( SEMI join-param )` (RFC 3911 7.1).
    pub struct Join<'a>: Single {
        /// The Call-ID of the dialog.
        pub call_id: CallId<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
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

header! {
    /// Replaces: the dialog that the new one takes the place of.
    ///
    /// `Replaces = callid *( SEMI replaces-param )` (RFC 3891 6.1).
    pub struct Replaces<'a>: Single {
        /// The Call-ID of the dialog.
        pub call_id: CallId<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> Replaces<'a> {
    /// The tag of the party that receives this request, or `0` (RFC 3891 6.1).
    pub fn to_tag(&self) -> Option<&'a [u8]> {
        self.params.value("to-tag")
    }

    /// The tag of the other party (RFC 3891 6.1).
    pub fn from_tag(&self) -> Option<&'a [u8]> {
        self.params.value("from-tag")
    }

    /// Whether only an early dialog may be replaced (RFC 3891 6.1).
    pub fn is_early_only(&self) -> bool {
        self.params.has("early-only")
    }
}

header! {
    /// Target-Dialog: a dialog that proves the sender's right.
    ///
    /// `Target-Dialog = callid *( SEMI td-param )` (RFC 4538 5).
    pub struct TargetDialog<'a>: Single {
        /// The Call-ID of the dialog.
        pub call_id: CallId<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<CallId<'_>>(
            &[
                "a84b4c76e66710@host.example.com",
                "x",
                "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{",
            ],
            &["", "a@", "@b", "a b", "a@b@c", "a,b", "a;b"],
        );
        check::<InReplyTo<'_>>(&["70710@saturn.example.com"], &["", "a@", "a b"]);
        check::<Join<'_>>(
            &["a@example.com;to-tag=1;from-tag=2"],
            &["", ";to-tag=1", "a@", "a@b;"],
        );
        check::<Replaces<'_>>(
            &["a@example.com;to-tag=1;from-tag=2"],
            &["", ";to-tag=1", "a@", "a@b;"],
        );
        check::<TargetDialog<'_>>(
            &["a@example.com;local-tag=1;remote-tag=2"],
            &["", ";to-tag=1", "a@", "a@b;"],
        );
    }
}
