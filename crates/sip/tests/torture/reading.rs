//! Values that a message must have for the rest of a check to make sense.

use siptriage_sip::address::DisplayName;
use siptriage_sip::header::{CSeq, Contact, ContactAddress, From, To, Via};
use siptriage_sip::message::Header;
use siptriage_sip::uri::{SipUri, Uri};
use siptriage_sip::{HeaderValue, Message, StartLine};

pub(super) fn method_token<'a>(message: &Message<'a>) -> &'a [u8] {
    let StartLine::Request { token, .. } = message.start else {
        panic!("is a request");
    };
    token
}

/// The Request-URI as it stands.
pub(super) fn wire_uri<'a>(message: &Message<'a>) -> &'a [u8] {
    let StartLine::Request { uri, .. } = message.start else {
        panic!("is a request");
    };
    uri
}

pub(super) fn request_uri<'a>(message: &Message<'a>) -> Uri<'a> {
    Uri::parse(wire_uri(message)).expect("the Request-URI parses")
}

pub(super) fn reason<'a>(message: &Message<'a>) -> &'a [u8] {
    let StartLine::Response { reason, .. } = message.start else {
        panic!("is a response");
    };
    reason
}

pub(super) fn sip<'a>(uri: Uri<'a>) -> SipUri<'a> {
    let Uri::Sip(sip) = uri else {
        panic!("is a SIP URI");
    };
    sip
}

/// The user, escapes resolved.
pub(super) fn user(uri: Uri<'_>) -> Vec<u8> {
    let user = uri.user().expect("the URI has a user");
    user.unescaped().into_owned()
}

pub(super) fn top_via<'a>(message: &Message<'a>) -> Via<'a> {
    let via = message.top_via().expect("has a Via");
    via.expect("the top Via parses")
}

pub(super) fn from<'a>(message: &Message<'a>) -> From<'a> {
    message.from().expect("has a From").expect("From parses")
}

pub(super) fn to<'a>(message: &Message<'a>) -> To<'a> {
    message.to().expect("has a To").expect("To parses")
}

pub(super) fn cseq<'a>(message: &Message<'a>) -> CSeq<'a> {
    message.cseq().expect("has a CSeq").expect("CSeq parses")
}

pub(super) fn contacts<'a>(message: &Message<'a>) -> Vec<ContactAddress<'a>> {
    let address = |contact| match contact {
        Contact::Address(address) => address,
        Contact::Any => panic!("is an address"),
    };
    every(message).into_iter().map(address).collect()
}

/// The first Contact.
pub(super) fn contact<'a>(message: &Message<'a>) -> ContactAddress<'a> {
    contacts(message).remove(0)
}

/// The name in quotes, escapes resolved.
pub(super) fn quoted(name: Option<DisplayName<'_>>) -> Vec<u8> {
    let Some(DisplayName::Quoted(quoted)) = name else {
        panic!("the name is in quotes");
    };
    quoted.unescaped().into_owned()
}

/// The name without quotes, as it stands.
pub(super) fn words<'a>(name: Option<DisplayName<'a>>) -> &'a [u8] {
    let Some(DisplayName::Words(words)) = name else {
        panic!("the name is without quotes");
    };
    words.0
}

/// The header fields whose names are not known.
pub(super) fn unknown<'a>(message: &Message<'a>) -> Vec<Header<'a>> {
    let headers = message.headers.iter().copied();
    headers.filter(|header| header.name.is_none()).collect()
}

/// The one value of a header.
pub(super) fn only<'a, T: HeaderValue<'a>>(message: &Message<'a>) -> T {
    let mut values = every(message);
    assert_eq!(values.len(), 1, "{}", T::NAME.long());
    values.remove(0)
}

/// All values of a header.
pub(super) fn every<'a, T: HeaderValue<'a>>(message: &Message<'a>) -> Vec<T> {
    let values: Result<_, _> = message.all().collect();
    values.expect("every value parses")
}
