//! Values that must not be shown.

use std::fmt;

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
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
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
}
