//! Headers whose value is text for people.

use crate::header::part::header;
use crate::text::Text;

header! {
    /// Organization: whom the sender belongs to.
    ///
    /// `Organization = [ TEXT-UTF8-TRIM ]` (RFC 3261 20.25).
    pub struct Organization<'a>: Single {
        /// The text; may be empty.
        pub text: Text<'a>,
    }
}

header! {
    /// Server: the software of a server.
    ///
    /// `Server = server-val *( LWS server-val )` (RFC 3261 20.35).
    pub struct Server<'a>: Single {
        /// The text; may be empty.
        pub text: Text<'a>,
    }
}

header! {
    /// Subject: what the call is about.
    ///
    /// `Subject = [ TEXT-UTF8-TRIM ]` (RFC 3261 20.36).
    pub struct Subject<'a>: Single {
        /// The text; may be empty.
        pub text: Text<'a>,
    }
}

header! {
    /// User-Agent: the software of a client.
    ///
    /// `User-Agent = server-val *( LWS server-val )` (RFC 3261 20.41).
    pub struct UserAgent<'a>: Single {
        /// The text; may be empty.
        pub text: Text<'a>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Organization<'_>>(&["", "phone/1.0 (beta)"], &[]);
        check::<Server<'_>>(&["", "phone/1.0 (beta)"], &[]);
        check::<Subject<'_>>(&["", "phone/1.0 (beta)"], &[]);
        check::<UserAgent<'_>>(&["", "phone/1.0 (beta)"], &[]);
    }
}
