//! User-to-User: what one end tells the other through the network.

use crate::charset::is_token;
use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::text::print_in_quotes;
use crate::{DefectKind, Flaw, HeaderName};

/// `UUI = uui-value *( COMMA uui-value )` (RFC 7433 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserToUser<'a> {
    /// The information, without quotes; hexadecimal unless `encoding` says otherwise.
    pub information: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> UserToUser<'a> {
    /// How the information is written; `hex` if absent (RFC 7433 4.1).
    pub fn encoding(&self) -> Option<&'a [u8]> {
        self.params.value("encoding")
    }

    /// Which application it is for (RFC 7433 4.1).
    pub fn purpose(&self) -> Option<&'a [u8]> {
        self.params.value("purpose")
    }
}

impl<'a> HeaderValue<'a> for UserToUser<'a> {
    const NAME: HeaderName = HeaderName::UserToUser;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<UserToUser<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let information = lexer.token_or_quoted()?;
        Ok(UserToUser {
            information,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        if is_token(self.information) {
            out.extend_from_slice(self.information);
        } else {
            print_in_quotes(self.information, out);
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
        check::<UserToUser<'_>>(
            &[
                "56a390f3d2b7310023a2;encoding=hex",
                "\"a b\";purpose=isdn-uui",
            ],
            &[
                "",
                "56a390f3d2b7310023a2;encoding=hex;",
                ";encoding=hex",
                "a b",
                "\"open",
            ],
        );
    }
}
