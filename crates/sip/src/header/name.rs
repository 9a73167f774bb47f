//! The one table of header names, long and compact; nothing else compares header names.

use std::fmt;

use super::index;

/// A header field that this crate knows by name.
///
/// Names compare without regard to case (RFC 3261 7.3.1); a compact form names the same field
/// (RFC 3261 7.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum HeaderName {
    /// RFC 3261 20.1.
    Accept,
    /// RFC 3261 20.2.
    AcceptEncoding,
    /// RFC 3261 20.3.
    AcceptLanguage,
    /// RFC 3261 20.4.
    AlertInfo,
    /// RFC 3261 20.5.
    Allow,
    /// RFC 3261 20.6.
    AuthenticationInfo,
    /// RFC 3261 20.7.
    Authorization,
    /// RFC 3261 20.8.
    CallId,
    /// RFC 3261 20.9.
    CallInfo,
    /// RFC 3261 20.10.
    Contact,
    /// RFC 3261 20.11.
    ContentDisposition,
    /// RFC 3261 20.12.
    ContentEncoding,
    /// RFC 3261 20.13.
    ContentLanguage,
    /// RFC 3261 20.14.
    ContentLength,
    /// RFC 3261 20.15.
    ContentType,
    /// RFC 3261 20.16.
    CSeq,
    /// RFC 3261 20.17.
    Date,
    /// RFC 3261 20.18.
    ErrorInfo,
    /// RFC 3261 20.19.
    Expires,
    /// RFC 3261 20.20.
    From,
    /// RFC 3261 20.21.
    InReplyTo,
    /// RFC 3261 20.22.
    MaxForwards,
    /// RFC 3261 20.23.
    MinExpires,
    /// RFC 3261 20.24.
    MimeVersion,
    /// RFC 3261 20.25.
    Organization,
    /// RFC 3261 20.26.
    Priority,
    /// RFC 3261 20.27.
    ProxyAuthenticate,
    /// RFC 3261 20.28.
    ProxyAuthorization,
    /// RFC 3261 20.29.
    ProxyRequire,
    /// RFC 3261 20.30.
    RecordRoute,
    /// RFC 3261 20.31.
    ReplyTo,
    /// RFC 3261 20.32.
    Require,
    /// RFC 3261 20.33.
    RetryAfter,
    /// RFC 3261 20.34.
    Route,
    /// RFC 3261 20.35.
    Server,
    /// RFC 3261 20.36.
    Subject,
    /// RFC 3261 20.37.
    Supported,
    /// RFC 3261 20.38.
    Timestamp,
    /// RFC 3261 20.39.
    To,
    /// RFC 3261 20.40.
    Unsupported,
    /// RFC 3261 20.41.
    UserAgent,
    /// RFC 3261 20.42.
    Via,
    /// RFC 3261 20.43.
    Warning,
    /// RFC 3261 20.44.
    WwwAuthenticate,
    /// RFC 3262 7.2.
    RAck,
    /// RFC 3262 7.1.
    RSeq,
    /// RFC 3313 5.
    PMediaAuthorization,
    /// RFC 3323 4.2.
    Privacy,
    /// RFC 3325 9.1.
    PAssertedIdentity,
    /// RFC 3325 9.2.
    PPreferredIdentity,
    /// RFC 3326 2.
    Reason,
    /// RFC 3327 4.
    Path,
    /// RFC 3329 2.2.
    SecurityClient,
    /// RFC 3329 2.2.
    SecurityServer,
    /// RFC 3329 2.2.
    SecurityVerify,
    /// RFC 3515 2.1.
    ReferTo,
    /// RFC 3608 5.
    ServiceRoute,
    /// RFC 3841 9.2.
    AcceptContact,
    /// RFC 3841 9.2.
    RejectContact,
    /// RFC 3841 9.1.
    RequestDisposition,
    /// RFC 3891 6.1.
    Replaces,
    /// RFC 3892 3.
    ReferredBy,
    /// RFC 3903 11.3.1.
    SipEtag,
    /// RFC 3903 11.3.2.
    SipIfMatch,
    /// RFC 3911 7.1.
    Join,
    /// RFC 4028 4.
    SessionExpires,
    /// RFC 4028 5.
    MinSe,
    /// RFC 4412 3.1.
    ResourcePriority,
    /// RFC 4412 3.2.
    AcceptResourcePriority,
    /// RFC 4457 4.
    PUserDatabase,
    /// RFC 4474 9.
    IdentityInfo,
    /// RFC 4488 4.
    ReferSub,
    /// RFC 4538 5.
    TargetDialog,
    /// RFC 4964 5.
    PAnswerState,
    /// RFC 5002 5.
    PProfileKey,
    /// RFC 5009 8.
    PEarlyMedia,
    /// RFC 5360 5.9.3.
    PermissionMissing,
    /// RFC 5360 5.11.2.
    TriggerConsent,
    /// RFC 5373 2.
    AnswerMode,
    /// RFC 5373 2.
    PrivAnswerMode,
    /// RFC 5393 5.8.
    MaxBreadth,
    /// RFC 5502 5.
    PServedUser,
    /// RFC 5626 11.7.
    FlowTimer,
    /// RFC 5806 3.
    Diversion,
    /// RFC 5839 7.3.
    SuppressIfMatch,
    /// RFC 6050 4.1.
    PAssertedService,
    /// RFC 6050 4.2.
    PPreferredService,
    /// RFC 6086 7.2.
    InfoPackage,
    /// RFC 6086 7.2.
    RecvInfo,
    /// RFC 6442 4.1.
    Geolocation,
    /// RFC 6442 4.2.
    GeolocationRouting,
    /// RFC 6442 4.3.
    GeolocationError,
    /// RFC 6665 8.2.1.
    Event,
    /// RFC 6665 8.2.2.
    AllowEvents,
    /// RFC 6665 8.2.3.
    SubscriptionState,
    /// RFC 6794 5.1.
    PolicyContact,
    /// RFC 6794 5.1.
    PolicyId,
    /// RFC 6809 6.
    FeatureCaps,
    /// RFC 7044 5.
    HistoryInfo,
    /// RFC 7315 4.1.
    PAssociatedUri,
    /// RFC 7315 4.2.
    PCalledPartyId,
    /// RFC 7315 4.3.
    PVisitedNetworkId,
    /// RFC 7315 4.4.
    PAccessNetworkInfo,
    /// RFC 7315 4.5.
    PChargingFunctionAddresses,
    /// RFC 7315 4.6.
    PChargingVector,
    /// RFC 7316 8.1.
    PPrivateNetworkIndication,
    /// RFC 7433 4.1.
    UserToUser,
    /// RFC 7614 3.
    ReferEventsAt,
    /// RFC 7989 5.
    SessionId,
    /// RFC 8055 5.
    RestorationInfo,
    /// RFC 8224 4.
    Identity,
    /// RFC 8262 2.
    ContentId,
    /// RFC 8496 3.
    PChargeInfo,
    /// RFC 8876 5.2.
    AlertMsgError,
    /// never left draft state; succeeded by RFC 3325.
    RemotePartyId,
    /// RFC 2543 6.23.
    Encryption,
    /// RFC 2543 6.26.
    Hide,
    /// RFC 2543 6.33.
    ResponseKey,
    /// no standard; links the legs of a call.
    XCid,
    /// no standard; links the legs of a call.
    XCallId,
    /// no standard; links the legs of a call.
    CiscoGuid,
    /// no standard; links the legs of a call.
    XTwilioCallSid,
}

/// One line of the table.
pub(super) struct Entry {
    pub(super) name: HeaderName,
    pub(super) long: &'static str,
    pub(super) compact: Option<u8>,
}

/// A header without a compact form.
const fn long(name: HeaderName, long: &'static str) -> Entry {
    Entry {
        name,
        long,
        compact: None,
    }
}

/// A header with a compact form, given in lower case.
const fn both(name: HeaderName, long: &'static str, compact: u8) -> Entry {
    Entry {
        name,
        long,
        compact: Some(compact),
    }
}

/// Every known header, in the order of [`HeaderName`].
pub(super) const TABLE: &[Entry] = &[
    long(HeaderName::Accept, "Accept"),
    long(HeaderName::AcceptEncoding, "Accept-Encoding"),
    long(HeaderName::AcceptLanguage, "Accept-Language"),
    long(HeaderName::AlertInfo, "Alert-Info"),
    long(HeaderName::Allow, "Allow"),
    long(HeaderName::AuthenticationInfo, "Authentication-Info"),
    long(HeaderName::Authorization, "Authorization"),
    both(HeaderName::CallId, "Call-ID", b'i'),
    long(HeaderName::CallInfo, "Call-Info"),
    both(HeaderName::Contact, "Contact", b'm'),
    long(HeaderName::ContentDisposition, "Content-Disposition"),
    both(HeaderName::ContentEncoding, "Content-Encoding", b'e'),
    long(HeaderName::ContentLanguage, "Content-Language"),
    both(HeaderName::ContentLength, "Content-Length", b'l'),
    both(HeaderName::ContentType, "Content-Type", b'c'),
    long(HeaderName::CSeq, "CSeq"),
    long(HeaderName::Date, "Date"),
    long(HeaderName::ErrorInfo, "Error-Info"),
    long(HeaderName::Expires, "Expires"),
    both(HeaderName::From, "From", b'f'),
    long(HeaderName::InReplyTo, "In-Reply-To"),
    long(HeaderName::MaxForwards, "Max-Forwards"),
    long(HeaderName::MinExpires, "Min-Expires"),
    long(HeaderName::MimeVersion, "MIME-Version"),
    long(HeaderName::Organization, "Organization"),
    long(HeaderName::Priority, "Priority"),
    long(HeaderName::ProxyAuthenticate, "Proxy-Authenticate"),
    long(HeaderName::ProxyAuthorization, "Proxy-Authorization"),
    long(HeaderName::ProxyRequire, "Proxy-Require"),
    long(HeaderName::RecordRoute, "Record-Route"),
    long(HeaderName::ReplyTo, "Reply-To"),
    long(HeaderName::Require, "Require"),
    long(HeaderName::RetryAfter, "Retry-After"),
    long(HeaderName::Route, "Route"),
    long(HeaderName::Server, "Server"),
    both(HeaderName::Subject, "Subject", b's'),
    both(HeaderName::Supported, "Supported", b'k'),
    long(HeaderName::Timestamp, "Timestamp"),
    both(HeaderName::To, "To", b't'),
    long(HeaderName::Unsupported, "Unsupported"),
    long(HeaderName::UserAgent, "User-Agent"),
    both(HeaderName::Via, "Via", b'v'),
    long(HeaderName::Warning, "Warning"),
    long(HeaderName::WwwAuthenticate, "WWW-Authenticate"),
    long(HeaderName::RAck, "RAck"),
    long(HeaderName::RSeq, "RSeq"),
    long(HeaderName::PMediaAuthorization, "P-Media-Authorization"),
    long(HeaderName::Privacy, "Privacy"),
    long(HeaderName::PAssertedIdentity, "P-Asserted-Identity"),
    long(HeaderName::PPreferredIdentity, "P-Preferred-Identity"),
    long(HeaderName::Reason, "Reason"),
    long(HeaderName::Path, "Path"),
    long(HeaderName::SecurityClient, "Security-Client"),
    long(HeaderName::SecurityServer, "Security-Server"),
    long(HeaderName::SecurityVerify, "Security-Verify"),
    both(HeaderName::ReferTo, "Refer-To", b'r'),
    long(HeaderName::ServiceRoute, "Service-Route"),
    both(HeaderName::AcceptContact, "Accept-Contact", b'a'),
    both(HeaderName::RejectContact, "Reject-Contact", b'j'),
    both(HeaderName::RequestDisposition, "Request-Disposition", b'd'),
    long(HeaderName::Replaces, "Replaces"),
    both(HeaderName::ReferredBy, "Referred-By", b'b'),
    long(HeaderName::SipEtag, "SIP-ETag"),
    long(HeaderName::SipIfMatch, "SIP-If-Match"),
    long(HeaderName::Join, "Join"),
    both(HeaderName::SessionExpires, "Session-Expires", b'x'),
    long(HeaderName::MinSe, "Min-SE"),
    long(HeaderName::ResourcePriority, "Resource-Priority"),
    long(
        HeaderName::AcceptResourcePriority,
        "Accept-Resource-Priority",
    ),
    long(HeaderName::PUserDatabase, "P-User-Database"),
    both(HeaderName::IdentityInfo, "Identity-Info", b'n'),
    long(HeaderName::ReferSub, "Refer-Sub"),
    long(HeaderName::TargetDialog, "Target-Dialog"),
    long(HeaderName::PAnswerState, "P-Answer-State"),
    long(HeaderName::PProfileKey, "P-Profile-Key"),
    long(HeaderName::PEarlyMedia, "P-Early-Media"),
    long(HeaderName::PermissionMissing, "Permission-Missing"),
    long(HeaderName::TriggerConsent, "Trigger-Consent"),
    long(HeaderName::AnswerMode, "Answer-Mode"),
    long(HeaderName::PrivAnswerMode, "Priv-Answer-Mode"),
    long(HeaderName::MaxBreadth, "Max-Breadth"),
    long(HeaderName::PServedUser, "P-Served-User"),
    long(HeaderName::FlowTimer, "Flow-Timer"),
    long(HeaderName::Diversion, "Diversion"),
    long(HeaderName::SuppressIfMatch, "Suppress-If-Match"),
    long(HeaderName::PAssertedService, "P-Asserted-Service"),
    long(HeaderName::PPreferredService, "P-Preferred-Service"),
    long(HeaderName::InfoPackage, "Info-Package"),
    long(HeaderName::RecvInfo, "Recv-Info"),
    long(HeaderName::Geolocation, "Geolocation"),
    long(HeaderName::GeolocationRouting, "Geolocation-Routing"),
    long(HeaderName::GeolocationError, "Geolocation-Error"),
    both(HeaderName::Event, "Event", b'o'),
    both(HeaderName::AllowEvents, "Allow-Events", b'u'),
    long(HeaderName::SubscriptionState, "Subscription-State"),
    long(HeaderName::PolicyContact, "Policy-Contact"),
    long(HeaderName::PolicyId, "Policy-ID"),
    long(HeaderName::FeatureCaps, "Feature-Caps"),
    long(HeaderName::HistoryInfo, "History-Info"),
    long(HeaderName::PAssociatedUri, "P-Associated-URI"),
    long(HeaderName::PCalledPartyId, "P-Called-Party-ID"),
    long(HeaderName::PVisitedNetworkId, "P-Visited-Network-ID"),
    long(HeaderName::PAccessNetworkInfo, "P-Access-Network-Info"),
    long(
        HeaderName::PChargingFunctionAddresses,
        "P-Charging-Function-Addresses",
    ),
    long(HeaderName::PChargingVector, "P-Charging-Vector"),
    long(
        HeaderName::PPrivateNetworkIndication,
        "P-Private-Network-Indication",
    ),
    long(HeaderName::UserToUser, "User-to-User"),
    long(HeaderName::ReferEventsAt, "Refer-Events-At"),
    long(HeaderName::SessionId, "Session-ID"),
    long(HeaderName::RestorationInfo, "Restoration-Info"),
    both(HeaderName::Identity, "Identity", b'y'),
    long(HeaderName::ContentId, "Content-ID"),
    long(HeaderName::PChargeInfo, "P-Charge-Info"),
    long(HeaderName::AlertMsgError, "AlertMsg-Error"),
    long(HeaderName::RemotePartyId, "Remote-Party-ID"),
    long(HeaderName::Encryption, "Encryption"),
    long(HeaderName::Hide, "Hide"),
    long(HeaderName::ResponseKey, "Response-Key"),
    long(HeaderName::XCid, "X-CID"),
    long(HeaderName::XCallId, "X-Call-ID"),
    long(HeaderName::CiscoGuid, "Cisco-Guid"),
    long(HeaderName::XTwilioCallSid, "X-Twilio-CallSid"),
];

impl HeaderName {
    /// Every known header, in the order of the enum (RFC 3261 20).
    pub fn all() -> impl Iterator<Item = HeaderName> {
        TABLE.iter().map(|entry| entry.name)
    }

    /// The header that a field name stands for, in any case, long or compact (RFC 3261 7.3.3).
    pub fn from_wire(name: &[u8]) -> Option<HeaderName> {
        index::look_up(name, 0, name.len())
    }

    /// The long name in its registered spelling (RFC 3261 20).
    pub const fn long(self) -> &'static str {
        TABLE[self as usize].long
    }

    /// The compact form in lower case, where one is registered (RFC 3261 7.3.3).
    pub const fn compact(self) -> Option<char> {
        match TABLE[self as usize].compact {
            Some(letter) => Some(letter as char),
            None => None,
        }
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.long())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_fits_the_set() {
        for (position, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.name as usize, position, "{}", entry.long);
        }
        assert!(TABLE.len() <= 128);
    }

    #[test]
    fn every_name_is_found_in_any_case_and_form() {
        for entry in TABLE {
            let upper = entry.long.to_ascii_uppercase();
            let lower = entry.long.to_ascii_lowercase();
            for spelling in [entry.long, &upper, &lower] {
                assert_eq!(HeaderName::from_wire(spelling.as_bytes()), Some(entry.name));
            }
            if let Some(letter) = entry.compact {
                assert_eq!(HeaderName::from_wire(&[letter]), Some(entry.name));
                let upper = [letter.to_ascii_uppercase()];
                assert_eq!(HeaderName::from_wire(&upper), Some(entry.name));
            }
        }
    }

    #[test]
    fn near_misses_are_not_found() {
        for name in [
            "",
            "z",
            "Vi",
            "Viaa",
            "Call_ID",
            "Call\rID",
            "Content-Lengths",
            "Content-Length:",
            "Via:x",
            "To: ",
            "P-Asserted",
            "P-Asserted-Identitx",
        ] {
            assert_eq!(HeaderName::from_wire(name.as_bytes()), None, "{name}");
        }
    }
}
