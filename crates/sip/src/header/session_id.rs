//! Session-ID: one name for a session through every B2BUA.

use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Session-ID = sess-uuid *( SEMI sess-id-param )` (RFC 7989 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionId<'a> {
    /// The sender's half: 32 lower-case hexadecimal digits.
    pub local: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

/// The UUID that stands for "not known" (RFC 7989 5).
const NIL: &[u8] = b"00000000000000000000000000000000";

impl<'a> SessionId<'a> {
    /// The other side's half, if it is known (RFC 7989 5).
    pub fn remote(&self) -> Option<&'a [u8]> {
        self.params.value("remote").filter(|remote| *remote != NIL)
    }

    /// Whether the sender's half is known (RFC 7989 5).
    pub fn is_nil(&self) -> bool {
        self.local == NIL
    }
}

impl<'a> HeaderValue<'a> for SessionId<'a> {
    const NAME: HeaderName = HeaderName::SessionId;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<SessionId<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let local = lexer.run(|byte| byte.is_ascii_hexdigit());
        if local.len() != NIL.len() {
            return Err(Flaw::Syntax);
        }
        Ok(SessionId {
            local,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.local);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<SessionId<'_>>(
            &[
                "ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000",
                "f81d4fae7dec11d0a76500a0c91e6bf6",
            ],
            &[
                "",
                "ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000;",
                "ab30317f",
                "zb30317f1a784dc48ff824d0d3715d86",
            ],
        );
    }

    #[test]
    fn nil_means_unknown() {
        let value = b"00000000000000000000000000000000;remote=00000000000000000000000000000000";
        let id = SessionId::parse(value).expect("parses");
        assert!(id.is_nil());
        assert_eq!(id.remote(), None);
    }
}
