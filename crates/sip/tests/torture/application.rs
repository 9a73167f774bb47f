//! The messages of RFC 4475 3.2 to 3.4, whose trouble lies above the grammar.

use std::net::Ipv4Addr;

use siptriage_sip::DefectKind::{BranchWithoutIdentifier, DuplicateHeader, MissingHeader};
use siptriage_sip::body::Body;
use siptriage_sip::header::{
    Accept, Authorization, CSeq, ContentLength, MaxForwards, ProxyRequire, RecordRoute, Require,
    Via,
};
use siptriage_sip::uri::{Host, Uri, UriPart};
use siptriage_sip::{HeaderName, Method, StatusCode};

use super::reading::{contact, cseq, every, from, only, request_uri, sip, to, top_via, user};
use super::{Case, Place, invalid, valid};

pub(super) const CASES: &[Case] = &[
    invalid(
        "badbranch",
        "RFC 4475 3.2.1",
        &[(BranchWithoutIdentifier, Place::Branch)],
        |message| assert_eq!(top_via(message).branch(), Some(&b"z9hG4bK"[..])),
    ),
    // What the section leaves unsaid: there is no Max-Forwards either.
    invalid(
        "insuf",
        "RFC 4475 3.3.1",
        &[
            (MissingHeader, Place::End(Some(HeaderName::From))),
            (MissingHeader, Place::End(Some(HeaderName::To))),
            (MissingHeader, Place::End(Some(HeaderName::CallId))),
            (MissingHeader, Place::End(Some(HeaderName::MaxForwards))),
        ],
        |message| {
            assert!(message.from().is_none() && message.to().is_none());
            assert!(message.call_id().is_none());
            assert_eq!(cseq(message).method(), Method::Invite);
            assert!(top_via(message).branch().is_some());
            assert!(message.sdp().is_some_and(|sdp| sdp.defects.is_empty()));
        },
    ),
    valid("unkscm", "RFC 4475 3.3.2", |message| {
        let Uri::Other { scheme, rest } = request_uri(message) else {
            panic!("is no SIP URI");
        };
        assert!(scheme.ends_with(b"Scheme") && !rest.is_empty());
    }),
    valid("novelsc", "RFC 4475 3.3.3", |message| {
        let Uri::Other { scheme, rest } = request_uri(message) else {
            panic!("is no SIP URI");
        };
        assert_eq!(scheme, b"soap.beep");
        assert!(rest.starts_with(b"//192.0.2."));
    }),
    valid("unksm2", "RFC 4475 3.3.4", |message| {
        let uris = [
            to(message).address.uri,
            from(message).address.uri,
            contact(message).address.uri,
        ];
        let schemes = uris.map(|uri| match uri {
            Uri::Other { scheme, .. } => scheme,
            Uri::Sip(_) | Uri::Tel(_) | Uri::Urn { .. } => panic!("is another scheme"),
        });
        assert_eq!(schemes, [&b"isbn"[..], b"http", b"name"]);
        assert!(from(message).tag().is_some());
    }),
    valid("bext01", "RFC 4475 3.3.5", |message| {
        assert_eq!(every::<Require<'_>>(message).len(), 2);
        assert_eq!(every::<ProxyRequire<'_>>(message).len(), 2);
    }),
    valid("invut", "RFC 4475 3.3.6", |message| {
        assert_eq!(message.typed_body(), Body::Opaque(message.body));
        let length = only::<ContentLength>(message).bytes as usize;
        assert_eq!(length, message.body.len());
    }),
    valid("regaut01", "RFC 4475 3.3.7", |message| {
        let credentials = only::<Authorization<'_>>(message).credentials;
        assert!(credentials.scheme.ends_with(b"Scheme"));
        let data = credentials.params.iter().next().expect("has a parameter");
        assert_eq!(data.value.bytes(), Some(&b"here"[..]));
    }),
    invalid(
        "multi01",
        "RFC 4475 3.3.8",
        &[
            (DuplicateHeader, Place::Value(HeaderName::CallId, 1)),
            (DuplicateHeader, Place::Value(HeaderName::To, 1)),
            (DuplicateHeader, Place::Value(HeaderName::From, 1)),
            (DuplicateHeader, Place::Value(HeaderName::MaxForwards, 1)),
            (DuplicateHeader, Place::Value(HeaderName::CSeq, 1)),
        ],
        |message| {
            let numbers = every::<CSeq<'_>>(message);
            let numbers: Vec<u32> = numbers.iter().map(|it| it.number).collect();
            let hops = every::<MaxForwards>(message);
            let hops: Vec<u8> = hops.iter().map(|it| it.hops).collect();
            assert_eq!((numbers, hops), (vec![5, 59], vec![70, 5]));
            assert_eq!(cseq(message).number, 5);
            assert!(message.sdp().is_some_and(|sdp| sdp.defects.is_empty()));
        },
    ),
    invalid(
        "mcl01",
        "RFC 4475 3.3.9",
        &[(DuplicateHeader, Place::Value(HeaderName::ContentLength, 1))],
        |message| {
            let lengths = every::<ContentLength>(message);
            let lengths: Vec<u32> = lengths.iter().map(|it| it.bytes).collect();
            assert_eq!(lengths, [13, 5]);
            // As with no length at all, the rest of the datagram is the body.
            assert!(message.body.len() > 13 && message.oddities.is_empty());
        },
    ),
    valid("bcast", "RFC 4475 3.3.10", |message| {
        assert_eq!(message.status(), Some(StatusCode(200)));
        let vias: Vec<Via<'_>> = every(message);
        assert_eq!(vias.len(), 2);
        assert_eq!(vias[1].host, Host::V4(Ipv4Addr::BROADCAST));
    }),
    valid("zeromf", "RFC 4475 3.3.11", |message| {
        assert_eq!(only::<MaxForwards>(message).hops, 0);
    }),
    valid("cparam01", "RFC 4475 3.3.12", |message| {
        let contact = contact(message);
        assert!(contact.params.has("unknownparam"));
        assert!(!sip(contact.address.uri).params.has("unknownparam"));
    }),
    valid("cparam02", "RFC 4475 3.3.13", |message| {
        let contact = contact(message);
        assert!(!contact.params.has("unknownparam"));
        assert!(sip(contact.address.uri).params.has("unknownparam"));
    }),
    valid("regescrt", "RFC 4475 3.3.14", |message| {
        let uri = sip(contact(message).address.uri);
        let fields: Vec<_> = uri.header_fields().collect();
        let [(name, value)] = fields.as_slice() else {
            panic!("one header field");
        };
        assert_eq!(*name, UriPart(b"Route"));
        let value = value.unescaped();
        assert!(value.starts_with(b"<sip:") && value.ends_with(b".example.com>"));
    }),
    valid("sdp01", "RFC 4475 3.3.15", |message| {
        let accepted = only::<Accept<'_>>(message);
        assert_eq!(accepted.media_type.kind, b"text");
        assert!(matches!(message.typed_body(), Body::Sdp(sdp) if sdp.defects.is_empty()));
    }),
    valid("inv2543", "RFC 4475 3.4.1", |message| {
        assert_eq!(top_via(message).branch(), None);
        assert_eq!(from(message).tag(), None);
        for name in [HeaderName::ContentLength, HeaderName::MaxForwards] {
            assert_eq!(message.raw(name).count(), 0, "{}", name.long());
        }
        assert!(user(from(message).address.uri).starts_with(b"+1"));
        let phone = sip(from(message).address.uri).params.value("user");
        assert_eq!(phone, Some(UriPart(b"phone")));
        assert_eq!(to(message).params.value("user"), Some(&b"phone"[..]));
        let route = sip(only::<RecordRoute<'_>>(message).address.uri);
        assert!(route.params.has("maddr"));
        assert!(message.sdp().is_some_and(|sdp| sdp.media.len() == 1));
        assert!(message.body.ends_with(b"\r\n"));
    }),
];
