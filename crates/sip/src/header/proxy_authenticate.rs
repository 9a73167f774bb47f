//! Proxy-Authenticate: how a proxy wants to be convinced.

use crate::auth::Challenges;
use crate::header::value::{HeaderValue, Shape};
use crate::{Flaw, HeaderName};

/// `Proxy-Authenticate = challenge *( COMMA challenge )` (RFC 3261 20.27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyAuthenticate<'a> {
    /// The challenges; most often one.
    pub challenges: Challenges<'a>,
}

impl<'a> HeaderValue<'a> for ProxyAuthenticate<'a> {
    const NAME: HeaderName = HeaderName::ProxyAuthenticate;
    const SHAPE: Shape = Shape::Repeated;

    fn parse(value: &'a [u8]) -> Result<ProxyAuthenticate<'a>, Flaw> {
        Ok(ProxyAuthenticate {
            challenges: Challenges::parse(value)?,
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.challenges.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ProxyAuthenticate<'_>>(
            &[
                r#"Digest realm="example.com", nonce="84a4", qop="auth,auth-int", stale=FALSE"#,
                r#"Digest realm=unquoted,nonce="x""#,
                "NewScheme a=b",
                r#"Digest realm="a", nonce="b", Basic realm="c""#,
            ],
            &[
                "",
                "Digest",
                "Digest realm",
                r#"Digest realm="x"#,
                r#"Digest realm="x" nonce="y""#,
            ],
        );
    }
}
