//! Headers whose value is a token with parameters.

use crate::header::part::header;
use crate::params::Params;

header! {
    /// Accept-Encoding: a coding that the sender understands.
    ///
    /// `Accept-Encoding = [ encoding *( COMMA encoding ) ]` (RFC 3261 20.2).
    pub struct AcceptEncoding<'a>: List, MAY_BE_EMPTY {
        /// The content coding, or `*`.
        pub coding: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> AcceptEncoding<'a> {
    /// Preference, 0 to 1 (RFC 3261 20.2).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

header! {
    /// Accept-Language: a language that the sender understands.
    ///
    /// `Accept-Language = [ language *( COMMA language ) ]` (RFC 3261 20.3).
    pub struct AcceptLanguage<'a>: List, MAY_BE_EMPTY {
        /// The language range, or `*`.
        pub language: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> AcceptLanguage<'a> {
    /// Preference, 0 to 1 (RFC 3261 20.3).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

header! {
    /// Content-Disposition: what to do with a body.
    ///
    /// `Content-Disposition = disp-type *( SEMI disp-param )` (RFC 3261 20.11).
    pub struct ContentDisposition<'a>: Single {
        /// `session`, `render` or another.
        pub disposition: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> ContentDisposition<'a> {
    /// Whether the recipient must understand the body (RFC 3261 20.11).
    pub fn handling(&self) -> Option<&'a [u8]> {
        self.params.value("handling")
    }
}

header! {
    /// Event: the package and the subscription a request is about.
    ///
    /// `Event = event-type *( SEMI event-param )` (RFC 6665 8.2.1).
    pub struct Event<'a>: Single {
        /// The event type, templates behind a dot.
        pub package: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> Event<'a> {
    /// Tells subscriptions inside one dialog apart (RFC 6665 8.2.1).
    pub fn id(&self) -> Option<&'a [u8]> {
        self.params.value("id")
    }
}

header! {
    /// Subscription-State: how a subscription stands.
    ///
    /// `Subscription-State = substate-value *( SEMI subexp-params )` (RFC 6665 8.2.3).
    pub struct SubscriptionState<'a>: Single {
        /// `active`, `pending`, `terminated` or another.
        pub state: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
    numbers("expires", "retry-after")
}

impl<'a> SubscriptionState<'a> {
    /// Why the subscription ended (RFC 6665 4.1.3).
    pub fn reason(&self) -> Option<&'a [u8]> {
        self.params.value("reason")
    }

    /// Seconds that the subscription is still good (RFC 6665 4.1.3).
    pub fn expires_seconds(&self) -> Option<u32> {
        self.params.number("expires").and_then(Result::ok)
    }

    /// Seconds after which a new subscription makes sense (RFC 6665 4.1.3).
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.params.number("retry-after").and_then(Result::ok)
    }
}

header! {
    /// Info-Package: which package an INFO belongs to.
    ///
    /// `Info-Package = info-package-type` (RFC 6086 7.2).
    pub struct InfoPackage<'a>: Single {
        /// The Info Package.
        pub package: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Recv-Info: an Info Package that the sender wants to receive.
    ///
    /// `Recv-Info = [ info-package-list ]` (RFC 6086 7.2).
    pub struct RecvInfo<'a>: List, MAY_BE_EMPTY {
        /// The Info Package, or `nil`.
        pub package: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Reason: why a request was sent.
    ///
    /// `Reason = reason-value *( COMMA reason-value )` (RFC 3326 2).
    pub struct Reason<'a>: List {
        /// `SIP`, `Q.850` or another.
        pub protocol: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
    numbers("cause")
}

impl<'a> Reason<'a> {
    /// The cause in the numbers of the protocol (RFC 3326 2).
    pub fn cause(&self) -> Option<u32> {
        self.params.number("cause").and_then(Result::ok)
    }

    /// The cause in words, escapes still in it (RFC 3326 2).
    pub fn text(&self) -> Option<&'a [u8]> {
        self.params.value("text")
    }
}

header! {
    /// Refer-Sub: whether a REFER makes a subscription.
    ///
    /// `Refer-Sub = refer-sub-value *( SEMI exten )` (RFC 4488 4).
    pub struct ReferSub<'a>: Single {
        /// `true` or `false`.
        pub wanted: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Accept-Contact: which devices of the callee the caller prefers.
    ///
    /// `Accept-Contact = ac-value *( COMMA ac-value )` (RFC 3841 9.2).
    pub struct AcceptContact<'a>: List {
        /// The star.
        pub any: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Reject-Contact: which devices of the callee the caller does not want.
    ///
    /// `Reject-Contact = rc-value *( COMMA rc-value )` (RFC 3841 9.2).
    pub struct RejectContact<'a>: List {
        /// The star.
        pub any: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Feature-Caps: what an intermediary can do.
    ///
    /// `Feature-Caps = fc-value *( COMMA fc-value )` (RFC 6809 6).
    pub struct FeatureCaps<'a>: List {
        /// The star.
        pub any: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

header! {
    /// Security-Client: a security mechanism that the client supports.
    ///
    /// `Security-Client = sec-mechanism *( COMMA sec-mechanism )` (RFC 3329 2.2).
    pub struct SecurityClient<'a>: List {
        /// `digest`, `tls`, `ipsec-ike`, `ipsec-man` or another.
        pub mechanism: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> SecurityClient<'a> {
    /// Preference, 0 to 1 (RFC 3329 2.2).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

header! {
    /// Security-Server: a security mechanism that the server supports.
    ///
    /// `Security-Server = sec-mechanism *( COMMA sec-mechanism )` (RFC 3329 2.2).
    pub struct SecurityServer<'a>: List {
        /// `digest`, `tls`, `ipsec-ike`, `ipsec-man` or another.
        pub mechanism: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> SecurityServer<'a> {
    /// Preference, 0 to 1 (RFC 3329 2.2).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

header! {
    /// Security-Verify: what the client was told by Security-Server.
    ///
    /// `Security-Verify = sec-mechanism *( COMMA sec-mechanism )` (RFC 3329 2.2).
    pub struct SecurityVerify<'a>: List {
        /// `digest`, `tls`, `ipsec-ike`, `ipsec-man` or another.
        pub mechanism: &'a [u8],
        /// The parameters.
        pub params: Params<'a>,
    }
}

impl<'a> SecurityVerify<'a> {
    /// Preference, 0 to 1 (RFC 3329 2.2).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    const FEATURES: &[&str] = &["*;audio;require", r#"*;+sip.instance="<urn:uuid:x>""#];

    const MECHANISMS: &[&str] = &["tls;q=0.2", "ipsec-3gpp;alg=hmac-md5-96;spi-c=98765432"];

    const INVALID: &[&str] = &["", ";a=b", "a;", "a b", "a;b=c d"];

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AcceptEncoding<'_>>(&["gzip", "identity;q=0.5", "*"], INVALID);
        check::<AcceptLanguage<'_>>(&["da", "en-gb;q=0.8"], INVALID);
        check::<ContentDisposition<'_>>(&["session", "session;handling=optional"], INVALID);
        check::<Event<'_>>(&["presence.winfo", "refer;id=93809824"], INVALID);
        check::<SubscriptionState<'_>>(
            &["active;expires=60", "terminated;reason=noresource"],
            INVALID,
        );
        check::<SubscriptionState<'_>>(&[], &["active;expires=x", "active;retry-after=x"]);
        check::<InfoPackage<'_>>(&["dtmf"], INVALID);
        check::<RecvInfo<'_>>(&["dtmf", "nil"], INVALID);
        check::<Reason<'_>>(
            &[
                r#"SIP;cause=200;text="Call completed elsewhere""#,
                "Q.850;cause=16",
            ],
            INVALID,
        );
        check::<Reason<'_>>(&[], &["Q.850;cause=x"]);
        check::<ReferSub<'_>>(&["false", "true"], INVALID);
        check::<AcceptContact<'_>>(FEATURES, INVALID);
        check::<RejectContact<'_>>(FEATURES, INVALID);
        check::<FeatureCaps<'_>>(&[r#"*;+g.3gpp.srvcc="x""#], INVALID);
        check::<SecurityClient<'_>>(MECHANISMS, INVALID);
        check::<SecurityServer<'_>>(MECHANISMS, INVALID);
        check::<SecurityVerify<'_>>(MECHANISMS, INVALID);
    }
}
