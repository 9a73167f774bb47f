//! A message in the types of the rsip crate, for whoever already works with them.
//!
//! The parts are handed over typed and not as text, because rsip does not read many legal texts:
//! compact names, folds, IPv6 references, several values in one line. What it has no type for,
//! such as an extension method or a tel Request-URI, is an error.

use rsip::common::uri::param::{OtherParam, OtherParamValue};
use rsip::headers::Header;

use crate::header::{Shape, shape};
use crate::lexer::Elements;
use crate::text::Text;
use crate::uri::{Host, Security, SipUri, Uri};
use crate::{HeaderName, Message, Method, StartLine};

impl TryFrom<&Message<'_>> for rsip::SipMessage {
    type Error = rsip::Error;

    fn try_from(message: &Message<'_>) -> Result<rsip::SipMessage, rsip::Error> {
        let mut headers: Vec<Header> = Vec::with_capacity(message.headers.len());
        for field in &message.headers {
            match field.name {
                Some(name) => known(name, field.value, &mut headers),
                None => {
                    let name = Text(field.wire_name).to_utf8().into_owned();
                    headers.push(Header::Other(name, text(field.value)));
                }
            }
        }
        let headers = headers.into();
        let (version, body) = (rsip::Version::V2, message.body.to_vec());
        Ok(match message.start {
            StartLine::Request {
                method: asked, uri, ..
            } => {
                let uri = match Uri::parse(uri) {
                    Ok(Uri::Sip(sip)) => request_uri(&sip),
                    Ok(Uri::Tel(_) | Uri::Urn { .. } | Uri::Other { .. }) | Err(_) => {
                        return Err(rsip::Error::ParseError("Request-URI is no SIP URI".into()));
                    }
                };
                let method = method(asked)?;
                rsip::Request {
                    method,
                    uri,
                    version,
                    headers,
                    body,
                }
                .into()
            }
            StartLine::Response { status, reason } => {
                let status_code = match rsip::StatusCode::from(status.0) {
                    rsip::StatusCode::Other(code, _) => rsip::StatusCode::Other(code, text(reason)),
                    known => known,
                };
                rsip::Response {
                    status_code,
                    version,
                    headers,
                    body,
                }
                .into()
            }
        })
    }
}

/// rsip reads only the first of several Via or Contact values in one line: they get lines of
/// their own.
fn known(name: HeaderName, value: &[u8], headers: &mut Vec<Header>) {
    if matches!(name, HeaderName::Via | HeaderName::Contact) && shape(name) == Shape::List {
        headers.extend(Elements::of(value).map(|element| header(name, text(element))));
    } else {
        headers.push(header(name, text(value)));
    }
}

fn text(bytes: &[u8]) -> String {
    Text(bytes).to_utf8().into_owned()
}

fn method(method: Method) -> Result<rsip::Method, rsip::Error> {
    Ok(match method {
        Method::Invite => rsip::Method::Invite,
        Method::Ack => rsip::Method::Ack,
        Method::Bye => rsip::Method::Bye,
        Method::Cancel => rsip::Method::Cancel,
        Method::Register => rsip::Method::Register,
        Method::Options => rsip::Method::Options,
        Method::Prack => rsip::Method::PRack,
        Method::Subscribe => rsip::Method::Subscribe,
        Method::Notify => rsip::Method::Notify,
        Method::Publish => rsip::Method::Publish,
        Method::Info => rsip::Method::Info,
        Method::Refer => rsip::Method::Refer,
        Method::Message => rsip::Method::Message,
        Method::Update => rsip::Method::Update,
        Method::Extension => {
            return Err(rsip::Error::ParseError(
                "rsip knows no extension methods".into(),
            ));
        }
    })
}

fn request_uri(uri: &SipUri<'_>) -> rsip::Uri {
    let host = match uri.host {
        Host::Name(name) => rsip::Host::Domain(text(name).into()),
        Host::V4(address) => rsip::Host::IpAddr(address.into()),
        Host::V6(address) => rsip::Host::IpAddr(address.into()),
    };
    let port = uri.port.map(rsip::Port::from);
    rsip::Uri {
        scheme: Some(match uri.security {
            Security::Any => rsip::Scheme::Sip,
            Security::Required => rsip::Scheme::Sips,
        }),
        auth: uri.user.map(|user| rsip::Auth {
            user: text(user.0),
            password: uri.password.map(|password| text(password.reveal())),
        }),
        host_with_port: rsip::HostWithPort { host, port },
        params: uri
            .params
            .iter()
            .map(|(name, value)| param(name.0, value.map(|it| it.0)))
            .collect(),
        headers: Vec::new(),
    }
}

fn param(name: &[u8], value: Option<&[u8]>) -> rsip::Param {
    let (name, value) = (text(name), value.map(text));
    rsip::Param::try_from((name.as_str(), value.as_deref())).unwrap_or_else(|_| {
        rsip::Param::Other(OtherParam::from(name), value.map(OtherParamValue::from))
    })
}

/// The header that rsip has a type for, or one with its name beside it.
fn header(name: HeaderName, value: String) -> Header {
    match name {
        HeaderName::Accept => Header::Accept(value.into()),
        HeaderName::AcceptEncoding => Header::AcceptEncoding(value.into()),
        HeaderName::AcceptLanguage => Header::AcceptLanguage(value.into()),
        HeaderName::AlertInfo => Header::AlertInfo(value.into()),
        HeaderName::Allow => Header::Allow(value.into()),
        HeaderName::AuthenticationInfo => Header::AuthenticationInfo(value.into()),
        HeaderName::Authorization => Header::Authorization(value.into()),
        HeaderName::CSeq => Header::CSeq(value.into()),
        HeaderName::CallId => Header::CallId(value.into()),
        HeaderName::CallInfo => Header::CallInfo(value.into()),
        HeaderName::Contact => Header::Contact(value.into()),
        HeaderName::ContentDisposition => Header::ContentDisposition(value.into()),
        HeaderName::ContentEncoding => Header::ContentEncoding(value.into()),
        HeaderName::ContentLanguage => Header::ContentLanguage(value.into()),
        HeaderName::ContentLength => Header::ContentLength(value.into()),
        HeaderName::ContentType => Header::ContentType(value.into()),
        HeaderName::Date => Header::Date(value.into()),
        HeaderName::ErrorInfo => Header::ErrorInfo(value.into()),
        HeaderName::Event => Header::Event(value.into()),
        HeaderName::Expires => Header::Expires(value.into()),
        HeaderName::From => Header::From(value.into()),
        HeaderName::InReplyTo => Header::InReplyTo(value.into()),
        HeaderName::MaxForwards => Header::MaxForwards(value.into()),
        HeaderName::MimeVersion => Header::MimeVersion(value.into()),
        HeaderName::MinExpires => Header::MinExpires(value.into()),
        HeaderName::Organization => Header::Organization(value.into()),
        HeaderName::Priority => Header::Priority(value.into()),
        HeaderName::ProxyAuthenticate => Header::ProxyAuthenticate(value.into()),
        HeaderName::ProxyAuthorization => Header::ProxyAuthorization(value.into()),
        HeaderName::ProxyRequire => Header::ProxyRequire(value.into()),
        HeaderName::RecordRoute => Header::RecordRoute(value.into()),
        HeaderName::ReplyTo => Header::ReplyTo(value.into()),
        HeaderName::Require => Header::Require(value.into()),
        HeaderName::RetryAfter => Header::RetryAfter(value.into()),
        HeaderName::Route => Header::Route(value.into()),
        HeaderName::Server => Header::Server(value.into()),
        HeaderName::Subject => Header::Subject(value.into()),
        HeaderName::SubscriptionState => Header::SubscriptionState(value.into()),
        HeaderName::Supported => Header::Supported(value.into()),
        HeaderName::Timestamp => Header::Timestamp(value.into()),
        HeaderName::To => Header::To(value.into()),
        HeaderName::Unsupported => Header::Unsupported(value.into()),
        HeaderName::UserAgent => Header::UserAgent(value.into()),
        HeaderName::Via => Header::Via(value.into()),
        HeaderName::Warning => Header::Warning(value.into()),
        HeaderName::WwwAuthenticate => Header::WwwAuthenticate(value.into()),
        _ => Header::Other(name.long().to_owned(), value),
    }
}
