//! The debug forms of what borrows whole pieces of a message: readable, and without secrets.

use std::fmt;

use crate::body::{Body, Part};
use crate::message::{Header, Message, StartLine};
use crate::secret::{Secret, without_passwords};
use crate::{HeaderName, Span};

/// Text as it stands, but for the passwords of URIs.
struct Shown<'a>(&'a [u8]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?}",
            String::from_utf8_lossy(&without_passwords(self.0))
        )
    }
}

/// Bytes of any meaning: how many.
struct Length<'a>(&'a [u8]);

impl fmt::Debug for Length<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl fmt::Debug for StartLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartLine::Request { token, uri, .. } => f
                .debug_struct("Request")
                .field("token", &Shown(token))
                .field("uri", &Shown(uri))
                .finish(),
            StartLine::Response { status, reason } => f
                .debug_struct("Response")
                .field("status", &status.0)
                .field("reason", &Shown(reason))
                .finish(),
        }
    }
}

impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { start, len } = self.span;
        let mut header = f.debug_struct("Header");
        header.field("wire_name", &Shown(self.wire_name));
        if self.name.is_some_and(holds_credentials) {
            header.field("value", &Secret::new(self.value));
        } else {
            header.field("value", &Shown(self.value));
        }
        header.field("span", &(start..start.saturating_add(len)));
        header.finish()
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("start", &self.start)
            .field("headers", &self.headers)
            .field("body", &Length(self.body))
            .field("defects", &self.defects)
            .field("oddities", &self.oddities)
            .finish()
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Empty => f.write_str("Empty"),
            Body::Sdp(session) => f.debug_tuple("Sdp").field(session).finish(),
            Body::Multipart(parts) => f.debug_tuple("Multipart").field(parts).finish(),
            Body::Sipfrag(fragment) => f.debug_tuple("Sipfrag").field(fragment).finish(),
            Body::Opaque(bytes) => f.debug_tuple("Opaque").field(&Length(bytes)).finish(),
        }
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("content_type", &Shown(self.content_type))
            .field("depth", &self.depth)
            .field("body", &Length(self.body))
            .finish()
    }
}

/// Whether a value proves who its sender is (RFC 3261 22), or may hold keys. Its type shows what
/// may be shown of it.
fn holds_credentials(name: HeaderName) -> bool {
    matches!(
        name,
        HeaderName::Authorization
            | HeaderName::ProxyAuthorization
            | HeaderName::WwwAuthenticate
            | HeaderName::ProxyAuthenticate
            | HeaderName::AuthenticationInfo
    )
}

#[cfg(test)]
mod tests {
    use crate::parse;

    #[test]
    fn no_secret_shows_however_a_message_is_printed_for_debugging() {
        let body = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nk=clear:hidden\r\n\
            m=audio 4000 RTP/SAVP 0\r\na=crypto:1 A inline:hidden\r\na=ice-pwd:hidden\r\n--b--";
        let wire = format!(
            "INVITE sip:bob:hidden@example.com SIP/2.0\r\n\
             From: \"Alice\" <sip:alice:hidden@example.com>\r\n\
             Authorization: Digest username=\"alice\", response=\"hidden\"\r\n\
             Proxy-Authorization: Basic hidden\r\n\
             Content-Type: multipart/mixed;boundary=b\r\n\r\n{body}"
        );
        let message = parse(wire.as_bytes()).expect("is SIP");
        let shown = format!(
            "{message:?} {:?} {:?} {:?} {:?}",
            message.typed_body(),
            message.sdp(),
            message.from(),
            message.first::<crate::header::Authorization<'_>>(),
        );
        let bytes = format!("{:?}", b"hidden");
        for secret in ["hidden", bytes.trim_matches(['[', ']'])] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("alice") && shown.contains("[redacted]"));
    }
}
