//! Authentication-Info: the server's proof and the next nonce.

use crate::auth::AuthParams;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Authentication-Info = ainfo *( COMMA ainfo )` (RFC 3261 20.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticationInfo<'a> {
    /// The parameters.
    pub params: AuthParams<'a>,
}

impl<'a> AuthenticationInfo<'a> {
    /// The nonce to be used from now on, without quotes (RFC 7616 3.5).
    pub fn next_nonce(&self) -> Option<&'a [u8]> {
        self.params.value("nextnonce")
    }
}

impl<'a> HeaderValue<'a> for AuthenticationInfo<'a> {
    const NAME: HeaderName = HeaderName::AuthenticationInfo;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<AuthenticationInfo<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let params = AuthParams::read(&mut lexer)?;
        lexer.end()?;
        Ok(AuthenticationInfo { params })
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AuthenticationInfo<'_>>(
            &["nextnonce=\"47364c23432d2e131a5fb210812c\", qop=auth, nc=00000001"],
            &["", "nextnonce", "a=\"b", "a=b c"],
        );
    }
}
