//! Values that must not be shown.

use std::borrow::Cow;
use std::fmt;

use memchr::{memchr, memrchr};

/// A secret from the wire: a digest response, a media key, a password (RFC 7616 3.4.1, RFC 4568
/// 6.1, RFC 3261 19.1.1). Printing it by mistake gives `[redacted]`; reading it takes a call that
/// says so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret<'a>(&'a [u8]);

impl<'a> Secret<'a> {
    /// Marks `bytes` as a secret.
    pub fn new(bytes: &'a [u8]) -> Secret<'a> {
        Secret(bytes)
    }

    /// The secret itself.
    pub fn reveal(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// What is shown in place of a secret.
const REDACTED: &str = "[redacted]";

/// Text with the passwords of all SIP URIs in it redacted (RFC 3261 19.1.1): a URI, or a header
/// value that holds some. URIs whose grammar is broken are included.
#[inline]
pub fn without_passwords(text: &[u8]) -> Cow<'_, [u8]> {
    // Most URIs have no port, and a password has a colon before it.
    match text.strip_prefix(b"sip:") {
        Some(rest) if memchr(b':', rest).is_none() => Cow::Borrowed(text),
        Some(_) | None => redacted(text),
    }
}

fn redacted(text: &[u8]) -> Cow<'_, [u8]> {
    let mut shown = Vec::new();
    let mut position = 0;
    let mut kept = 0;
    while let Some(colon) = memchr(b':', &text[position..]).map(|at| position + at) {
        position = colon + 1;
        if !ends_with_scheme(&text[..colon]) {
            continue;
        }
        let end = text[position..].iter().position(|byte| ends_uri(*byte));
        let end = end.map_or(text.len(), |at| position + at);
        if let Some((from, to)) = password(&text[position..end]) {
            shown.extend_from_slice(&text[kept..position + from]);
            shown.extend_from_slice(REDACTED.as_bytes());
            kept = position + to;
        }
        position = end;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    shown.extend_from_slice(&text[kept..]);
    Cow::Owned(shown)
}

/// Whether `text` ends in `sip` or `sips` as a word of its own.
fn ends_with_scheme(text: &[u8]) -> bool {
    let ends_with = |scheme: &[u8]| {
        text.len().checked_sub(scheme.len()).is_some_and(|start| {
            text[start..].eq_ignore_ascii_case(scheme)
                && (start == 0 || !text[start - 1].is_ascii_alphanumeric())
        })
    };
    ends_with(b"sip") || ends_with(b"sips")
}

/// Whether no URI goes on behind this byte.
fn ends_uri(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'<' | b'>' | b'"')
}

/// Where the password stands in a URI without its scheme: from the first colon of the user
/// information to the last `@` before the headers.
fn password(uri: &[u8]) -> Option<(usize, usize)> {
    let first = memchr(b'@', uri)?;
    let colon = memchr(b':', &uri[..first])?;
    let headers = memchr(b'?', &uri[first..]).map_or(uri.len(), |at| first + at);
    let last = memrchr(b'@', &uri[..headers])?;
    Some((colon + 1, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show() {
        let secret = Secret::new(b"hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
        assert_eq!(secret.reveal(), b"hunter2");
    }

    #[test]
    fn the_passwords_of_uris_are_cut_out() {
        for (text, shown) in [
            (
                "sip:a:pw@example.com:5060",
                "sip:a:[redacted]@example.com:5060",
            ),
            ("SIPS:a:p@w@h;x=y", "SIPS:a:[redacted]@h;x=y"),
            (
                "\"n\" <sip:a:pw@h?x=y@z>;x=1, <sip:b:q@h>",
                "\"n\" <sip:a:[redacted]@h?x=y@z>;x=1, <sip:b:[redacted]@h>",
            ),
            ("sip:a:@h", "sip:a:[redacted]@h"),
            ("sip::pw@h", "sip::[redacted]@h"),
        ] {
            let found = without_passwords(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found), shown);
        }
        for innocent in [
            "",
            "sip:a@example.com:5060",
            "sip:example.com:5060",
            "sip:a@b?to=sip:c@d",
            "sip:[2001:db8::1]:5060",
            "gossip:a:b@c",
            "urn:a:b@c",
            "1:2@sip",
        ] {
            let found = without_passwords(innocent.as_bytes());
            assert!(matches!(found, Cow::Borrowed(_)), "{innocent}");
        }
    }
}
