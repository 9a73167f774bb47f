//! The values of a message's head: start line and headers.

use siptriage_sip::address::Address;
use siptriage_sip::auth::{AuthParams, Challenges, Credentials};
use siptriage_sip::header::{
    Contact, PAssertedIdentity, PChargingVector, RAck, Reason, RecordRoute, Route, SessionId, Via,
};
use siptriage_sip::uri::{Host, Uri};
use siptriage_sip::{Facts, HeaderName};

use super::{Reading, Value, numbers, text, texts, value};

/// Every value that correlation or a rule reads, and what identifies a header's other parts. Of
/// what the scan keeps, its own reading counts; the rest comes from the thorough path.
pub(super) const VALUES: &[Value] = &[
    value("sip.Method", |it| {
        let token = it.scanned.method_token();
        texts(it.scanned.outline.is_request().then_some(token))
    }),
    value("sip.Status-Code", |it| {
        numbers(it.scanned.outline.status().map(|status| status.0.into()))
    }),
    value("sip.r-uri", |it| texts(it.scanned.request_uri())),
    value("sip.r-uri.user", |it| users(it.scanned.request_uri())),
    value("sip.r-uri.host", |it| hosts(it.scanned.request_uri())),
    value("sip.r-uri.port", |it| ports(it.scanned.request_uri())),
    value("sip.Via.transport", |it| {
        let top = it.scanned.via_transport();
        let others = it.all::<Via<'_>>().skip(1).map(|via| via.transport);
        texts(top.into_iter().chain(others))
    }),
    value("sip.Via.sent-by.address", |it| {
        let top = it.scanned.sent_by_host();
        let others = it.all::<Via<'_>>().skip(1);
        let others = others.map(|via| host_text(via.host));
        texts(top).into_iter().chain(others).collect()
    }),
    value("sip.Via.sent-by.port", |it| {
        let top = Some(it.scanned.outline.via_port).filter(|port| *port > 0);
        let others = it.all::<Via<'_>>().skip(1).filter_map(|via| via.port);
        numbers(top.into_iter().chain(others).map(u32::from))
    }),
    value("sip.Via.branch", |it| {
        let first_two = [it.scanned.top_branch(), it.scanned.parent_branch()];
        let others = it.all::<Via<'_>>().skip(2).filter_map(|via| via.branch());
        texts(first_two.into_iter().flatten().chain(others))
    }),
    value("sip.Via.received", |it| via_parameters(it, "received")),
    value("sip.Via.rport", |it| via_parameters(it, "rport")),
    value("sip.from.addr", |it| texts(it.scanned.from_uri())),
    value("sip.from.user", |it| users(it.scanned.from_uri())),
    value("sip.from.host", |it| hosts(it.scanned.from_uri())),
    value("sip.from.port", |it| ports(it.scanned.from_uri())),
    value("sip.from.tag", |it| texts(it.scanned.from_tag())),
    value("sip.to.addr", |it| texts(it.scanned.to_uri())),
    value("sip.to.user", |it| users(it.scanned.to_uri())),
    value("sip.to.host", |it| hosts(it.scanned.to_uri())),
    value("sip.to.port", |it| ports(it.scanned.to_uri())),
    value("sip.to.tag", |it| texts(it.scanned.to_tag())),
    value("sip.Call-ID", |it| texts(it.scanned.call_id())),
    value("sip.CSeq.seq", |it| {
        let outline = it.scanned.outline;
        let readable = !outline.facts.contains(Facts::NO_CSEQ);
        numbers(readable.then_some(outline.cseq))
    }),
    value("sip.CSeq.method", |it| {
        let token = it.scanned.cseq_method_token();
        texts(token.filter(|token| !token.is_empty()))
    }),
    value("sip.contact.uri", |it| {
        contacts(it).iter().map(|uri| text(uri)).collect()
    }),
    value("sip.contact.user", |it| {
        contacts(it)
            .iter()
            .flat_map(|uri| users(Some(uri)))
            .collect()
    }),
    value("sip.contact.host", |it| {
        contacts(it)
            .iter()
            .flat_map(|uri| hosts(Some(uri)))
            .collect()
    }),
    value("sip.contact.port", |it| {
        contacts(it)
            .iter()
            .flat_map(|uri| ports(Some(uri)))
            .collect()
    }),
    value("sip.Max-Forwards", |it| {
        numbers(it.scanned.outline.max_forwards.map(u32::from))
    }),
    value("sip.Content-Length", |it| {
        numbers(it.scanned.outline.content_length)
    }),
    value("sip.Content-Type", |it| it.raw(HeaderName::ContentType)),
    value("sip.Expires", |it| numbers(it.scanned.outline.expires)),
    value("sip.Min-Expires", |it| it.raw(HeaderName::MinExpires)),
    value("sip.Session-Expires", |it| {
        it.raw(HeaderName::SessionExpires)
    }),
    value("sip.Min-SE", |it| it.raw(HeaderName::MinSe)),
    value("sip.Retry-After", |it| it.raw(HeaderName::RetryAfter)),
    value("sip.RSeq", |it| numbers(it.scanned.outline.rseq)),
    value("sip.RAck.RSeq.seq", |it| {
        numbers(it.all::<RAck<'_>>().map(|rack| rack.rseq))
    }),
    value("sip.RAck.CSeq.seq", |it| {
        numbers(it.all::<RAck<'_>>().map(|rack| rack.cseq.number))
    }),
    value("sip.RAck.CSeq.method", |it| {
        texts(it.all::<RAck<'_>>().map(|rack| rack.cseq.method_token))
    }),
    value("sip.Event", |it| it.raw(HeaderName::Event)),
    value("sip.Subscription-State", |it| {
        it.raw(HeaderName::SubscriptionState)
    }),
    value("sip.Reason", |it| it.raw(HeaderName::Reason)),
    value("sip.reason_cause_q850", |it| causes(it, b"Q.850")),
    value("sip.reason_cause_sip", |it| causes(it, b"SIP")),
    value("sip.Session-ID", |it| texts(it.scanned.session_id())),
    value("sip.Session-ID.sess_id", |it| {
        texts(it.all::<SessionId<'_>>().map(|id| id.local))
    }),
    value("sip.Route.uri", |it| {
        addresses(it.all::<Route<'_>>().map(|route| route.address))
    }),
    value("sip.Record-Route.uri", |it| {
        addresses(it.all::<RecordRoute<'_>>().map(|route| route.address))
    }),
    value("sip.pai.addr", |it| {
        addresses(
            it.all::<PAssertedIdentity<'_>>()
                .map(|identity| identity.address),
        )
    }),
    value("sip.Replaces", |it| it.raw(HeaderName::Replaces)),
    value("sip.Refer-To", |it| it.raw(HeaderName::ReferTo)),
    value("sip.Diversion", |it| it.raw(HeaderName::Diversion)),
    value("sip.icid_value", |it| {
        texts(it.all::<PChargingVector<'_>>().map(|vector| vector.icid))
    }),
    value("sip.Require", |it| it.raw(HeaderName::Require)),
    value("sip.Supported", |it| it.raw(HeaderName::Supported)),
    value("sip.User-Agent", |it| it.raw(HeaderName::UserAgent)),
    value("sip.Server", |it| it.raw(HeaderName::Server)),
    value("sip.auth.realm", |it| auth(it, "realm")),
    value("sip.auth.nonce", |it| auth(it, "nonce")),
    value("sip.auth.nc", |it| auth(it, "nc")),
    value("sip.auth.username", |it| auth(it, "username")),
    value("sip.auth.algorithm", |it| auth(it, "algorithm")),
    value("sip.auth.qop", |it| auth(it, "qop")),
    value("sip.auth.uri", |it| auth(it, "uri")),
    value("sip.auth.stale", |it| auth(it, "stale")),
];

/// A host; an IPv6 address without its brackets.
fn host_text(host: Host<'_>) -> String {
    match host {
        Host::Name(name) => text(name),
        Host::V4(address) => address.to_string(),
        Host::V6(address) => address.to_string(),
    }
}

fn parsed(uri: Option<&[u8]>) -> Option<Uri<'_>> {
    uri.and_then(|uri| Uri::parse(uri).ok())
}

fn users(uri: Option<&[u8]>) -> Vec<String> {
    match parsed(uri) {
        Some(Uri::Sip(sip)) => {
            let user = sip.user.map(|user| user.0);
            texts(user.filter(|user| !user.is_empty()))
        }
        Some(Uri::Tel(_) | Uri::Urn { .. } | Uri::Other { .. }) | None => Vec::new(),
    }
}

fn hosts(uri: Option<&[u8]>) -> Vec<String> {
    let host = parsed(uri).and_then(|uri| uri.host());
    host.map(host_text).into_iter().collect()
}

fn ports(uri: Option<&[u8]>) -> Vec<String> {
    let port = match parsed(uri) {
        Some(Uri::Sip(sip)) => sip.port,
        Some(Uri::Tel(_) | Uri::Urn { .. } | Uri::Other { .. }) | None => None,
    };
    numbers(port.map(u32::from))
}

fn printed(address: &Address<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    address.uri.print(&mut out);
    out
}

fn addresses<'a>(values: impl Iterator<Item = Address<'a>>) -> Vec<String> {
    values.map(|address| text(&printed(&address))).collect()
}

/// The first Contact as the scan has it, the others in full.
fn contacts(reading: &Reading<'_>) -> Vec<Vec<u8>> {
    let first = reading.scanned.contact_uri().map(<[u8]>::to_vec);
    let others = reading.all::<Contact<'_>>().skip(1);
    let others = others.map(|contact| match contact {
        Contact::Any => b"*".to_vec(),
        Contact::Address(contact) => printed(&contact.address),
    });
    first.into_iter().chain(others).collect()
}

/// A parameter of each Via; one without a value stands as its name.
fn via_parameters(reading: &Reading<'_>, name: &str) -> Vec<String> {
    let params = reading
        .all::<Via<'_>>()
        .filter_map(|via| via.params.find(name));
    texts(params.map(|value| value.bytes().unwrap_or(name.as_bytes())))
}

fn causes(reading: &Reading<'_>, protocol: &[u8]) -> Vec<String> {
    let reasons = reading.all::<Reason<'_>>();
    let wanted = reasons.filter(|reason| reason.protocol.eq_ignore_ascii_case(protocol));
    numbers(wanted.filter_map(|reason| reason.cause()))
}

/// A parameter of every challenge and of all credentials, in wire order of the headers.
fn auth(reading: &Reading<'_>, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut keep = |params: AuthParams<'_>| found.extend(texts(params.value(name)));
    for header in &reading.message.headers {
        match header.name {
            Some(HeaderName::WwwAuthenticate | HeaderName::ProxyAuthenticate) => {
                let challenges = Challenges::parse(header.value).into_iter();
                challenges.for_each(|line| line.iter().for_each(|one| keep(one.params)));
            }
            Some(HeaderName::Authorization | HeaderName::ProxyAuthorization) => {
                let credentials = Credentials::parse(header.value).into_iter();
                credentials.for_each(|one| keep(one.params));
            }
            Some(_) | None => {}
        }
    }
    found
}
