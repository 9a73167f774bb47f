//! Which type reads which header.

use super::*;
use crate::charset::trim_lws;
use crate::lexer::Elements;
use crate::{DefectKind, Flaw};

/// How often a header may occur; a header without a type of its own may do as it likes.
pub(crate) fn shape(name: HeaderName) -> Shape {
    rule(name).map_or(Shape::List, |rule| rule.shape)
}

/// What is wrong with the value of one header line by the grammar of the header: what keeps it
/// from being read, before what does not. Whatever stands in a header without a type is fine.
pub(crate) fn check(name: HeaderName, value: &[u8]) -> Option<DefectKind> {
    rule(name).and_then(|rule| (rule.check)(value))
}

/// What the type of a header says about it.
struct Rule {
    shape: Shape,
    check: fn(&[u8]) -> Option<DefectKind>,
}

/// The rule of the type `$type`. A macro because the lifetime of a value bars a generic function
/// from naming the type.
macro_rules! rule {
    ($type:ident) => {
        Some(Rule {
            shape: $type::SHAPE,
            check: |value| match $type::SHAPE {
                Shape::Single | Shape::Repeated => {
                    worst(std::iter::once($type::parse(value).map(|it| it.defect())))
                }
                Shape::List if !$type::MAY_BE_EMPTY && is_blank(value) => {
                    Some(DefectKind::UnparsableValue)
                }
                Shape::List => worst(
                    Elements::of(value).map(|element| $type::parse(element).map(|it| it.defect())),
                ),
            },
        })
    };
}

/// Whether a value is nothing but white space.
fn is_blank(value: &[u8]) -> bool {
    trim_lws(value).is_empty()
}

/// The first flaw of several values, or else their first defect.
fn worst(values: impl Iterator<Item = Result<Option<DefectKind>, Flaw>>) -> Option<DefectKind> {
    let mut first = None;
    for value in values {
        match value {
            Ok(defect) => first = first.or(defect),
            Err(Flaw::Syntax) => return Some(DefectKind::UnparsableValue),
            Err(Flaw::Overflow) => return Some(DefectKind::NumberOverflow),
        }
    }
    first
}

fn rule(name: HeaderName) -> Option<Rule> {
    match name {
        HeaderName::Accept => rule!(Accept),
        HeaderName::AcceptContact => rule!(AcceptContact),
        HeaderName::AcceptEncoding => rule!(AcceptEncoding),
        HeaderName::AcceptLanguage => rule!(AcceptLanguage),
        HeaderName::AcceptResourcePriority => rule!(AcceptResourcePriority),
        HeaderName::AlertInfo => rule!(AlertInfo),
        HeaderName::Allow => rule!(Allow),
        HeaderName::AllowEvents => rule!(AllowEvents),
        HeaderName::AuthenticationInfo => rule!(AuthenticationInfo),
        HeaderName::Authorization => rule!(Authorization),
        HeaderName::CallId => rule!(CallId),
        HeaderName::CallInfo => rule!(CallInfo),
        HeaderName::Contact => rule!(Contact),
        HeaderName::ContentDisposition => rule!(ContentDisposition),
        HeaderName::ContentEncoding => rule!(ContentEncoding),
        HeaderName::ContentLanguage => rule!(ContentLanguage),
        HeaderName::ContentLength => rule!(ContentLength),
        HeaderName::ContentType => rule!(ContentType),
        HeaderName::CSeq => rule!(CSeq),
        HeaderName::Date => rule!(Date),
        HeaderName::Diversion => rule!(Diversion),
        HeaderName::ErrorInfo => rule!(ErrorInfo),
        HeaderName::Event => rule!(Event),
        HeaderName::Expires => rule!(Expires),
        HeaderName::FeatureCaps => rule!(FeatureCaps),
        HeaderName::FlowTimer => rule!(FlowTimer),
        HeaderName::From => rule!(From),
        HeaderName::Geolocation => rule!(Geolocation),
        HeaderName::HistoryInfo => rule!(HistoryInfo),
        HeaderName::Identity => rule!(Identity),
        HeaderName::InReplyTo => rule!(InReplyTo),
        HeaderName::InfoPackage => rule!(InfoPackage),
        HeaderName::Join => rule!(Join),
        HeaderName::MaxBreadth => rule!(MaxBreadth),
        HeaderName::MaxForwards => rule!(MaxForwards),
        HeaderName::MimeVersion => rule!(MimeVersion),
        HeaderName::MinExpires => rule!(MinExpires),
        HeaderName::MinSe => rule!(MinSe),
        HeaderName::Organization => rule!(Organization),
        HeaderName::PAccessNetworkInfo => rule!(PAccessNetworkInfo),
        HeaderName::PAssertedIdentity => rule!(PAssertedIdentity),
        HeaderName::PAssociatedUri => rule!(PAssociatedUri),
        HeaderName::PCalledPartyId => rule!(PCalledPartyId),
        HeaderName::PChargingFunctionAddresses => rule!(PChargingFunctionAddresses),
        HeaderName::PChargingVector => rule!(PChargingVector),
        HeaderName::PPreferredIdentity => rule!(PPreferredIdentity),
        HeaderName::PServedUser => rule!(PServedUser),
        HeaderName::PVisitedNetworkId => rule!(PVisitedNetworkId),
        HeaderName::Path => rule!(Path),
        HeaderName::Priority => rule!(Priority),
        HeaderName::Privacy => rule!(Privacy),
        HeaderName::ProxyAuthenticate => rule!(ProxyAuthenticate),
        HeaderName::ProxyAuthorization => rule!(ProxyAuthorization),
        HeaderName::ProxyRequire => rule!(ProxyRequire),
        HeaderName::RAck => rule!(RAck),
        HeaderName::Reason => rule!(Reason),
        HeaderName::RecordRoute => rule!(RecordRoute),
        HeaderName::RecvInfo => rule!(RecvInfo),
        HeaderName::ReferSub => rule!(ReferSub),
        HeaderName::ReferTo => rule!(ReferTo),
        HeaderName::ReferredBy => rule!(ReferredBy),
        HeaderName::RejectContact => rule!(RejectContact),
        HeaderName::RemotePartyId => rule!(RemotePartyId),
        HeaderName::Replaces => rule!(Replaces),
        HeaderName::ReplyTo => rule!(ReplyTo),
        HeaderName::RequestDisposition => rule!(RequestDisposition),
        HeaderName::Require => rule!(Require),
        HeaderName::ResourcePriority => rule!(ResourcePriority),
        HeaderName::RetryAfter => rule!(RetryAfter),
        HeaderName::Route => rule!(Route),
        HeaderName::RSeq => rule!(RSeq),
        HeaderName::SecurityClient => rule!(SecurityClient),
        HeaderName::SecurityServer => rule!(SecurityServer),
        HeaderName::SecurityVerify => rule!(SecurityVerify),
        HeaderName::Server => rule!(Server),
        HeaderName::ServiceRoute => rule!(ServiceRoute),
        HeaderName::SessionExpires => rule!(SessionExpires),
        HeaderName::SessionId => rule!(SessionId),
        HeaderName::SipEtag => rule!(SipEtag),
        HeaderName::SipIfMatch => rule!(SipIfMatch),
        HeaderName::Subject => rule!(Subject),
        HeaderName::SubscriptionState => rule!(SubscriptionState),
        HeaderName::Supported => rule!(Supported),
        HeaderName::SuppressIfMatch => rule!(SuppressIfMatch),
        HeaderName::TargetDialog => rule!(TargetDialog),
        HeaderName::Timestamp => rule!(Timestamp),
        HeaderName::To => rule!(To),
        HeaderName::Unsupported => rule!(Unsupported),
        HeaderName::UserAgent => rule!(UserAgent),
        HeaderName::UserToUser => rule!(UserToUser),
        HeaderName::Via => rule!(Via),
        HeaderName::Warning => rule!(Warning),
        HeaderName::WwwAuthenticate => rule!(WwwAuthenticate),
        HeaderName::PMediaAuthorization
        | HeaderName::PUserDatabase
        | HeaderName::IdentityInfo
        | HeaderName::PAnswerState
        | HeaderName::PProfileKey
        | HeaderName::PEarlyMedia
        | HeaderName::PermissionMissing
        | HeaderName::TriggerConsent
        | HeaderName::AnswerMode
        | HeaderName::PrivAnswerMode
        | HeaderName::PAssertedService
        | HeaderName::PPreferredService
        | HeaderName::GeolocationRouting
        | HeaderName::GeolocationError
        | HeaderName::PolicyContact
        | HeaderName::PolicyId
        | HeaderName::PPrivateNetworkIndication
        | HeaderName::ReferEventsAt
        | HeaderName::RestorationInfo
        | HeaderName::ContentId
        | HeaderName::PChargeInfo
        | HeaderName::AlertMsgError
        | HeaderName::Encryption
        | HeaderName::Hide
        | HeaderName::ResponseKey
        | HeaderName::XCid
        | HeaderName::XCallId
        | HeaderName::CiscoGuid
        | HeaderName::XTwilioCallSid => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_lists_may_be_empty() {
        for name in [
            HeaderName::Allow,
            HeaderName::Supported,
            HeaderName::RecvInfo,
        ] {
            assert_eq!(check(name, b" "), None, "{}", name.long());
        }
        let flaw = Some(DefectKind::UnparsableValue);
        for name in [HeaderName::Via, HeaderName::Require, HeaderName::Contact] {
            assert_eq!(check(name, b""), flaw, "{}", name.long());
            assert_eq!(check(name, b"\r\n "), flaw, "{}", name.long());
        }
    }
}
