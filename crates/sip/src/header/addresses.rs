//! Headers whose value is an address, perhaps with a display name, and parameters.

use crate::address::Address;
use crate::header::part::header;
use crate::params::Params;

header! {
    /// From: who a request is from.
    ///
    /// `From = ( name-addr / addr-spec ) *( SEMI from-param )` (RFC 3261 20.20).
    pub struct From<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

impl<'a> From<'a> {
    /// The tag of the party that sent the request (RFC 3261 19.3).
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.params.value("tag")
    }
}

header! {
    /// To: whom a request is for.
    ///
    /// `To = ( name-addr / addr-spec ) *( SEMI to-param )` (RFC 3261 20.39).
    pub struct To<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

impl<'a> To<'a> {
    /// The tag of the party that answered (RFC 3261 19.3).
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.params.value("tag")
    }
}

header! {
    /// Route: a proxy that the request must pass.
    ///
    /// `Route = route-param *( COMMA route-param )` (RFC 3261 20.34).
    pub struct Route<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// Record-Route: a proxy that wants to stay in the dialog.
    ///
    /// `Record-Route = rec-route *( COMMA rec-route )` (RFC 3261 20.30).
    pub struct RecordRoute<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// Path: a proxy between registrar and phone.
    ///
    /// `Path = path-value *( COMMA path-value )` (RFC 3327 4).
    pub struct Path<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// Service-Route: a proxy that a registered phone should use.
    ///
    /// `Service-Route = sr-value *( COMMA sr-value )` (RFC 3608 5).
    pub struct ServiceRoute<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// Reply-To: where a return call should go.
    ///
    /// `Reply-To = ( name-addr / addr-spec ) *( SEMI generic-param )` (RFC 3261 20.31).
    pub struct ReplyTo<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// Refer-To: whom the recipient of a REFER should contact.
    ///
    /// `Refer-To = ( name-addr / addr-spec ) *( SEMI generic-param )` (RFC 3515 2.1).
    pub struct ReferTo<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// Referred-By: who caused a referral.
    ///
    /// `Referred-By = referrer-uri *( SEMI referredby-id-param )` (RFC 3892 3).
    pub struct ReferredBy<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

impl<'a> ReferredBy<'a> {
    /// The Content-ID of the signed body that proves it (RFC 3892 3).
    pub fn content_id(&self) -> Option<&'a [u8]> {
        self.params.value("cid")
    }
}

header! {
    /// P-Asserted-Identity: the caller as a trusted network knows it.
    ///
    /// `P-Asserted-Identity = ( name-addr / addr-spec ) *( COMMA ( name-addr / addr-spec ) )`
    /// (RFC 3325 9.1).
    pub struct PAssertedIdentity<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// P-Preferred-Identity: the identity that a caller would like to show.
    ///
    /// `P-Preferred-Identity = ( name-addr / addr-spec ) *( COMMA ( name-addr / addr-spec ) )`
    /// (RFC 3325 9.2).
    pub struct PPreferredIdentity<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// P-Associated-URI: another identity of a registered user.
    ///
    /// `P-Associated-URI = [ p-aso-uri-spec *( COMMA p-aso-uri-spec ) ]` (RFC 7315 4.1).
    pub struct PAssociatedUri<'a>: List, MAY_BE_EMPTY {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// P-Called-Party-ID: which of the callee's identities was called.
    ///
    /// `P-Called-Party-ID = name-addr *( SEMI cpid-param )` (RFC 7315 4.2).
    pub struct PCalledPartyId<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

header! {
    /// P-Served-User: the user on whose behalf an application server acts.
    ///
    /// `P-Served-User = ( name-addr / addr-spec ) *( SEMI served-user-param )` (RFC 5502 5).
    pub struct PServedUser<'a>: Single {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

impl<'a> PServedUser<'a> {
    /// `orig` or `term` (RFC 5502 5).
    pub fn session_case(&self) -> Option<&'a [u8]> {
        self.params.value("sescase")
    }

    /// `reg` or `unreg` (RFC 5502 5).
    pub fn registration_state(&self) -> Option<&'a [u8]> {
        self.params.value("regstate")
    }
}

header! {
    /// Remote-Party-ID: the caller as older networks tell it.
    ///
    /// `Remote-Party-ID = [ display-name ] LAQUOT addr-spec RAQUOT *( SEMI rpi-token )`
    /// (a draft that RFC 3325 succeeded).
    pub struct RemotePartyId<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

impl<'a> RemotePartyId<'a> {
    /// `calling` or `called`.
    pub fn party(&self) -> Option<&'a [u8]> {
        self.params.value("party")
    }

    /// What to hide, such as `full`.
    pub fn privacy(&self) -> Option<&'a [u8]> {
        self.params.value("privacy")
    }
}

header! {
    /// Diversion: who diverted a call, and why.
    ///
    /// `Diversion = diversion-params *( COMMA diversion-params )` (RFC 5806 3).
    pub struct Diversion<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
    numbers("counter")
}

impl<'a> Diversion<'a> {
    /// Why, such as `no-answer` (RFC 5806 3).
    pub fn reason(&self) -> Option<&'a [u8]> {
        self.params.value("reason")
    }

    /// How many diversions this value stands for (RFC 5806 3).
    pub fn counter(&self) -> Option<u32> {
        self.params.number("counter").and_then(Result::ok)
    }
}

header! {
    /// History-Info: where a request was sent before.
    ///
    /// `History-Info = hi-entry *( COMMA hi-entry )` (RFC 7044 5).
    pub struct HistoryInfo<'a>: List {
        /// Display name and URI.
        pub address: Address<'a>,
        /// The parameters of the header, not of the URI.
        pub params: Params<'a>,
    }
}

impl<'a> HistoryInfo<'a> {
    /// Place in the tree of targets, such as `1.1.2` (RFC 7044 5.1).
    pub fn index(&self) -> Option<&'a [u8]> {
        self.params.value("index")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    const VALID: &[&str] = &[
        "<sip:a@example.com>",
        "A B <sip:a@example.com;lr>;x=1",
        r#""A, B" <tel:+15550100>"#,
    ];

    const INVALID: &[&str] = &[
        "",
        "a",
        "<sip:a@example.com",
        "A, B <sip:a@example.com>",
        "<sip:a@example.com>;",
    ];

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<From<'_>>(VALID, INVALID);
        check::<To<'_>>(VALID, INVALID);
        check::<Route<'_>>(VALID, INVALID);
        check::<RecordRoute<'_>>(VALID, INVALID);
        check::<Path<'_>>(VALID, INVALID);
        check::<ServiceRoute<'_>>(VALID, INVALID);
        check::<ReplyTo<'_>>(VALID, INVALID);
        check::<ReferTo<'_>>(VALID, INVALID);
        check::<ReferredBy<'_>>(VALID, INVALID);
        check::<PAssertedIdentity<'_>>(VALID, INVALID);
        check::<PPreferredIdentity<'_>>(VALID, INVALID);
        check::<PAssociatedUri<'_>>(VALID, INVALID);
        check::<PCalledPartyId<'_>>(VALID, INVALID);
        check::<PServedUser<'_>>(VALID, INVALID);
        check::<RemotePartyId<'_>>(VALID, INVALID);
        check::<Diversion<'_>>(VALID, INVALID);
        check::<Diversion<'_>>(&[], &["<sip:a@example.com>;counter=x"]);
        check::<HistoryInfo<'_>>(VALID, INVALID);
    }
}
