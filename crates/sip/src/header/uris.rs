//! Headers whose value is a URI in angle brackets with parameters.

use crate::header::part::header;
use crate::params::Params;
use crate::uri::Uri;

header! {
    /// Alert-Info: another ring tone.
    ///
    /// `Alert-Info = alert-param *( COMMA alert-param )` (RFC 3261 20.4).
    pub struct AlertInfo<'a>: List {
        /// The URI, which stands in angle brackets.
        pub uri: Uri<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Call-Info: more about caller or callee.
    ///
    /// `Call-Info = info *( COMMA info )` (RFC 3261 20.9).
    pub struct CallInfo<'a>: List {
        /// The URI, which stands in angle brackets.
        pub uri: Uri<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> CallInfo<'a> {
    /// `icon`, `info`, `card` or another (RFC 3261 20.9).
    pub fn purpose(&self) -> Option<&'a [u8]> {
        self.params.value("purpose")
    }
}

header! {
    /// Error-Info: more about the error.
    ///
    /// `Error-Info = error-uri *( COMMA error-uri )` (RFC 3261 20.18).
    pub struct ErrorInfo<'a>: List {
        /// The URI, which stands in angle brackets.
        pub uri: Uri<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Geolocation: where the caller is.
    ///
    /// `Geolocation = locationValue *( COMMA locationValue )` (RFC 6442 4.1).
    pub struct Geolocation<'a>: List {
        /// The URI, which stands in angle brackets.
        pub uri: Uri<'a>,
        /// The parameters.
        pub params: Params<'a>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    const VALID: &[&str] = &[
        "<http://www.example.com/a,b>;x=1",
        "<urn:alert:tone:internal>",
    ];

    const INVALID: &[&str] = &[
        "",
        "<http://www.example.com/a,b>;x=1;",
        "http://www.example.com",
        "<http://www.example.com",
        "<>",
    ];

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AlertInfo<'_>>(VALID, INVALID);
        check::<CallInfo<'_>>(VALID, INVALID);
        check::<ErrorInfo<'_>>(VALID, INVALID);
        check::<Geolocation<'_>>(VALID, INVALID);
    }
}
