//! Headers by which one side proves to the other who it is.

use crate::auth::{AuthParams, Challenges, Credentials};
use crate::header::part::header;

header! {
    /// WWW-Authenticate: how a server wants to be convinced.
    ///
    /// `WWW-Authenticate = challenge *( COMMA challenge )` (RFC 3261 20.44).
    pub struct WwwAuthenticate<'a>: Repeated {
        /// The challenges; most often one.
        pub challenges: Challenges<'a>,
    }
}

header! {
    /// Proxy-Authenticate: how a proxy wants to be convinced.
    ///
    /// `Proxy-Authenticate = challenge *( COMMA challenge )` (RFC 3261 20.27).
    pub struct ProxyAuthenticate<'a>: Repeated {
        /// The challenges; most often one.
        pub challenges: Challenges<'a>,
    }
}

header! {
    /// Authorization: proof for a server.
    ///
    /// `Authorization = credentials` (RFC 3261 20.7).
    pub struct Authorization<'a>: Repeated {
        /// The credentials.
        pub credentials: Credentials<'a>,
    }
}

header! {
    /// Proxy-Authorization: proof for a proxy.
    ///
    /// `Proxy-Authorization = credentials` (RFC 3261 20.28).
    pub struct ProxyAuthorization<'a>: Repeated {
        /// The credentials.
        pub credentials: Credentials<'a>,
    }
}

header! {
    /// Authentication-Info: the server's proof and the next nonce.
    ///
    /// `Authentication-Info = ainfo *( COMMA ainfo )` (RFC 3261 20.6).
    pub struct AuthenticationInfo<'a>: Single {
        /// The parameters.
        pub params: AuthParams<'a>,
    }
}

impl<'a> AuthenticationInfo<'a> {
    /// The nonce to be used from now on, without quotes (RFC 7616 3.5).
    pub fn next_nonce(&self) -> Option<&'a [u8]> {
        self.params.value("nextnonce")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    const CHALLENGES: &[&str] = &[
        r#"Digest realm="example.com", nonce="84a4", qop="auth,auth-int", stale=FALSE"#,
        r#"Digest realm=unquoted,nonce="x""#,
        "NewScheme a=b",
        r#"Digest realm="a", nonce="b", Basic realm="c""#,
    ];

    const NO_CHALLENGES: &[&str] = &[
        "",
        "Digest",
        "Digest realm",
        r#"Digest realm="x"#,
        r#"Digest realm="x" nonce="y""#,
    ];

    const CREDENTIALS: &[&str] = &[
        r#"Digest username="bob", realm="example.com", nonce="84a4", uri="sip:example.com", response="7587245234b3434cc3412213e5f113a5""#,
        "NoOneKnowsThisScheme opaque-data=here",
    ];

    const NO_CREDENTIALS: &[&str] = &["", "Digest", r#"Digest username="bob"#];

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<WwwAuthenticate<'_>>(CHALLENGES, NO_CHALLENGES);
        check::<ProxyAuthenticate<'_>>(CHALLENGES, NO_CHALLENGES);
        check::<Authorization<'_>>(CREDENTIALS, NO_CREDENTIALS);
        check::<ProxyAuthorization<'_>>(CREDENTIALS, NO_CREDENTIALS);
        check::<AuthenticationInfo<'_>>(
            &["nextnonce=\"47364c23432d2e131a5fb210812c\", qop=auth, nc=00000001"],
            &["", "nextnonce", "a=\"b", "a=b c"],
        );
    }
}
