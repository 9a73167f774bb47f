//! Headers whose value is a token.

use crate::header::part::header;

header! {
    /// Allow: a method that the sender supports.
    ///
    /// `Allow = [ Method *( COMMA Method ) ]` (RFC 3261 20.5).
    pub struct Allow<'a>: List, MAY_BE_EMPTY {
        /// The method; compare with regard to case.
        pub method: &'a [u8],
    }
}

header! {
    /// Allow-Events: an event package that the sender supports.
    ///
    /// `Allow-Events = event-type *( COMMA event-type )` (RFC 6665 8.2.2).
    pub struct AllowEvents<'a>: List {
        /// The event type, templates behind a dot.
        pub event: &'a [u8],
    }
}

header! {
    /// Supported: an extension that the sender supports.
    ///
    /// `Supported = [ option-tag *( COMMA option-tag ) ]` (RFC 3261 20.37).
    pub struct Supported<'a>: List, MAY_BE_EMPTY {
        /// The option tag.
        pub option: &'a [u8],
    }
}

header! {
    /// Require: an extension that the recipient must understand.
    ///
    /// `Require = option-tag *( COMMA option-tag )` (RFC 3261 20.32).
    pub struct Require<'a>: List {
        /// The option tag.
        pub option: &'a [u8],
    }
}

header! {
    /// Proxy-Require: an extension that every proxy must understand.
    ///
    /// `Proxy-Require = option-tag *( COMMA option-tag )` (RFC 3261 20.29).
    pub struct ProxyRequire<'a>: List {
        /// The option tag.
        pub option: &'a [u8],
    }
}

header! {
    /// Unsupported: an extension that the sender does not support.
    ///
    /// `Unsupported = option-tag *( COMMA option-tag )` (RFC 3261 20.40).
    pub struct Unsupported<'a>: List {
        /// The option tag.
        pub option: &'a [u8],
    }
}

header! {
    /// Content-Encoding: a coding that was applied to the body.
    ///
    /// `Content-Encoding = content-coding *( COMMA content-coding )` (RFC 3261 20.12).
    pub struct ContentEncoding<'a>: List {
        /// The content coding.
        pub coding: &'a [u8],
    }
}

header! {
    /// Content-Language: a language of the body.
    ///
    /// `Content-Language = language-tag *( COMMA language-tag )` (RFC 3261 20.13).
    pub struct ContentLanguage<'a>: List {
        /// The language tag.
        pub language: &'a [u8],
    }
}

header! {
    /// MIME-Version: the version of MIME.
    ///
    /// `MIME-Version = 1*DIGIT DOT 1*DIGIT` (RFC 3261 20.24).
    pub struct MimeVersion<'a>: Single {
        /// The version, `1.0`.
        pub version: &'a [u8],
    }
}

header! {
    /// Priority: how urgent the sender finds the request.
    ///
    /// `Priority = token` (RFC 3261 20.26).
    pub struct Priority<'a>: Single {
        /// The urgency, such as `emergency`.
        pub urgency: &'a [u8],
    }
}

header! {
    /// Request-Disposition: how the caller wants proxies to treat the request.
    ///
    /// `Request-Disposition = directive *( COMMA directive )` (RFC 3841 9.1).
    pub struct RequestDisposition<'a>: List {
        /// The directive, such as `no-fork`.
        pub directive: &'a [u8],
    }
}

header! {
    /// Resource-Priority: the precedence that a request claims.
    ///
    /// `Resource-Priority = r-value *( COMMA r-value )` (RFC 4412 3.1).
    pub struct ResourcePriority<'a>: List {
        /// Namespace and priority, divided by a dot.
        pub value: &'a [u8],
    }
}

header! {
    /// Accept-Resource-Priority: a precedence that the sender serves.
    ///
    /// `Accept-Resource-Priority = [ r-value *( COMMA r-value ) ]` (RFC 4412 3.2).
    pub struct AcceptResourcePriority<'a>: List, MAY_BE_EMPTY {
        /// Namespace and priority, divided by a dot.
        pub value: &'a [u8],
    }
}

header! {
    /// SIP-ETag: the tag of published event state.
    ///
    /// `SIP-ETag = token` (RFC 3903 11.3.1).
    pub struct SipEtag<'a>: Single {
        /// The entity tag.
        pub tag: &'a [u8],
    }
}

header! {
    /// SIP-If-Match: which published event state a request is about.
    ///
    /// `SIP-If-Match = token` (RFC 3903 11.3.2).
    pub struct SipIfMatch<'a>: Single {
        /// The entity tag.
        pub tag: &'a [u8],
    }
}

header! {
    /// Suppress-If-Match: which event state the subscriber has already.
    ///
    /// `Suppress-If-Match = token / "*"` (RFC 5839 7.3).
    pub struct SuppressIfMatch<'a>: Single {
        /// The entity tag, or `*`.
        pub tag: &'a [u8],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    const INVALID: &[&str] = &["", "a b", "<a>", r#""a""#];

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Allow<'_>>(&["INVITE", "X-new"], INVALID);
        check::<AllowEvents<'_>>(&["presence.winfo", "dialog"], INVALID);
        check::<Supported<'_>>(&["100rel", "timer"], INVALID);
        check::<Require<'_>>(&["100rel"], INVALID);
        check::<ProxyRequire<'_>>(&["sec-agree"], INVALID);
        check::<Unsupported<'_>>(&["foo"], INVALID);
        check::<ContentEncoding<'_>>(&["gzip"], INVALID);
        check::<ContentLanguage<'_>>(&["fr", "en-GB"], INVALID);
        check::<MimeVersion<'_>>(&["1.0"], INVALID);
        check::<Priority<'_>>(&["normal", "emergency"], INVALID);
        check::<RequestDisposition<'_>>(&["no-fork"], INVALID);
        check::<ResourcePriority<'_>>(&["wps.3", "ets.0"], INVALID);
        check::<AcceptResourcePriority<'_>>(&["wps.3"], INVALID);
        check::<SipEtag<'_>>(&["dx200xyz"], INVALID);
        check::<SipIfMatch<'_>>(&["dx200xyz"], INVALID);
        check::<SuppressIfMatch<'_>>(&["dx200xyz", "*"], INVALID);
    }
}
