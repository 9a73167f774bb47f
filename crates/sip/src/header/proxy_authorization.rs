//! Proxy-Authorization: proof for a proxy.

use crate::auth::Credentials;
use crate::header::value::{HeaderValue, Shape};
use crate::{Flaw, HeaderName};

/// `Proxy-Authorization = credentials` (RFC 3261 20.28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyAuthorization<'a> {
    /// The credentials.
    pub credentials: Credentials<'a>,
}

impl<'a> HeaderValue<'a> for ProxyAuthorization<'a> {
    const NAME: HeaderName = HeaderName::ProxyAuthorization;
    const SHAPE: Shape = Shape::Repeated;

    fn parse(value: &'a [u8]) -> Result<ProxyAuthorization<'a>, Flaw> {
        Ok(ProxyAuthorization {
            credentials: Credentials::parse(value)?,
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        self.credentials.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ProxyAuthorization<'_>>(
            &[
                r#"Digest username="bob", realm="example.com", nonce="84a4", uri="sip:example.com", response="7587245234b3434cc3412213e5f113a5""#,
                "NoOneKnowsThisScheme opaque-data=here",
            ],
            &["", "Digest", r#"Digest username="bob"#],
        );
    }
}
