//! The messages of RFC 4475 3.1.2, each broken in one way and readable in all others.

use siptriage_sip::DefectKind::{
    BadStartLine, BadVersion, CSeqMethodMismatch, ContentLengthTooLong, EmptyParameter,
    NumberOverflow, StatusOutOfRange, UnparsableValue,
};
use siptriage_sip::header::{ContentLength, Date, Expires, MaxForwards, RetryAfter, Warning};
use siptriage_sip::uri::{Host, UriPart};
use siptriage_sip::{Flaw, HeaderName, Message, Method};

use super::reading::{
    contact, cseq, from, method_token, only, quoted, request_uri, sip, to, top_via, wire_uri,
};
use super::{Case, Place, invalid};

pub(super) const CASES: &[Case] = &[
    invalid(
        "badinv01",
        "RFC 4475 3.1.2.1",
        &[
            (UnparsableValue, Place::Value(HeaderName::Via, 0)),
            (EmptyParameter, Place::Value(HeaderName::Contact, 0)),
        ],
        |message| {
            let via = top_via(message);
            assert!(matches!(via.host, Host::V4(_)));
            assert_eq!(via.params.iter().count(), 0);
            let contact = contact(message);
            assert!(!quoted(contact.address.display).is_empty());
            assert_eq!(contact.params.iter().count(), 0);
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "clerr",
        "RFC 4475 3.1.2.2",
        &[(
            ContentLengthTooLong,
            Place::Value(HeaderName::ContentLength, 0),
        )],
        |message| {
            assert!(only::<ContentLength>(message).bytes as usize > message.body.len());
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "ncl",
        "RFC 4475 3.1.2.3",
        &[(UnparsableValue, Place::Value(HeaderName::ContentLength, 0))],
        |message| {
            assert_eq!(message.first::<ContentLength>(), Some(Err(Flaw::Syntax)));
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "scalar02",
        "RFC 4475 3.1.2.4",
        &[
            (NumberOverflow, Place::Value(HeaderName::CSeq, 0)),
            (NumberOverflow, Place::Value(HeaderName::MaxForwards, 0)),
            (NumberOverflow, Place::Value(HeaderName::Expires, 0)),
            (NumberOverflow, Place::Value(HeaderName::Contact, 0)),
        ],
        |message| {
            assert_eq!(message.cseq(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.first::<MaxForwards>(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.first::<Expires>(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.contacts().next(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.method(), Method::Register);
            assert!(from(message).tag().is_some());
        },
    ),
    invalid(
        "scalarlg",
        "RFC 4475 3.1.2.5",
        &[
            (NumberOverflow, Place::Value(HeaderName::CSeq, 0)),
            (NumberOverflow, Place::Value(HeaderName::RetryAfter, 0)),
            (NumberOverflow, Place::Value(HeaderName::Warning, 0)),
        ],
        |message| {
            assert_eq!(message.cseq(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.first::<RetryAfter<'_>>(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.first::<Warning<'_>>(), Some(Err(Flaw::Overflow)));
            assert_eq!(message.method(), Method::Options);
        },
    ),
    invalid(
        "quotbal",
        "RFC 4475 3.1.2.6",
        &[(UnparsableValue, Place::Value(HeaderName::To, 0))],
        |message| {
            assert_eq!(message.to(), Some(Err(Flaw::Syntax)));
            assert!(from(message).tag().is_some());
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "ltgtruri",
        "RFC 4475 3.1.2.7",
        &[(BadStartLine, Place::RequestUri)],
        |message| {
            let uri = wire_uri(message);
            assert!(uri.starts_with(b"<sip:") && uri.ends_with(b"@example.com>"));
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "lwsruri",
        "RFC 4475 3.1.2.8",
        &[(BadStartLine, Place::RequestUri)],
        |message| {
            assert!(wire_uri(message).ends_with(b"@example.com; lr"));
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "lwsstart",
        "RFC 4475 3.1.2.9",
        &[(BadStartLine, Place::StartLine)],
        |message| {
            let uri = wire_uri(message);
            assert!(uri.starts_with(b"sip:") && uri.ends_with(b"@example.com"));
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "trws",
        "RFC 4475 3.1.2.10",
        &[(BadStartLine, Place::StartLine)],
        |message| {
            assert_eq!(message.method(), Method::Options);
            assert!(wire_uri(message).ends_with(b"@example.com"));
        },
    ),
    invalid(
        "escruri",
        "RFC 4475 3.1.2.11",
        &[(BadStartLine, Place::RequestUri)],
        |message| {
            let uri = sip(request_uri(message));
            assert_eq!(uri.host, Host::Name(b"example.com"));
            let fields: Vec<_> = uri.header_fields().map(|(name, _)| name).collect();
            assert_eq!(fields, [UriPart(b"Route")]);
            assert_eq!(message.raw(HeaderName::Route).count(), 0);
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "baddate",
        "RFC 4475 3.1.2.12",
        &[(UnparsableValue, Place::Value(HeaderName::Date, 0))],
        |message| {
            assert_eq!(message.first::<Date>(), Some(Err(Flaw::Syntax)));
            the_offer_is_whole(message);
        },
    ),
    invalid(
        "regbadct",
        "RFC 4475 3.1.2.13",
        &[(UnparsableValue, Place::Value(HeaderName::Contact, 0))],
        |message| {
            assert_eq!(message.contacts().next(), Some(Err(Flaw::Syntax)));
            assert_eq!(message.method(), Method::Register);
        },
    ),
    invalid(
        "badaspec",
        "RFC 4475 3.1.2.14",
        &[(UnparsableValue, Place::Value(HeaderName::To, 0))],
        |message| {
            assert_eq!(message.to(), Some(Err(Flaw::Syntax)));
            assert!(from(message).tag().is_some());
        },
    ),
    invalid(
        "baddn",
        "RFC 4475 3.1.2.15",
        &[
            (UnparsableValue, Place::Value(HeaderName::From, 0)),
            (UnparsableValue, Place::Value(HeaderName::To, 0)),
        ],
        |message| {
            assert_eq!(message.from(), Some(Err(Flaw::Syntax)));
            assert_eq!(message.to(), Some(Err(Flaw::Syntax)));
            assert_eq!(cseq(message).method(), Method::Options);
        },
    ),
    invalid(
        "badvers",
        "RFC 4475 3.1.2.16",
        &[(BadVersion, Place::Version)],
        |message| {
            assert_eq!(message.method(), Method::Options);
            let via = top_via(message);
            assert_eq!(via.protocol, b"SIP");
            assert_ne!(via.version, b"2.0");
        },
    ),
    invalid(
        "mismatch01",
        "RFC 4475 3.1.2.17",
        &[(CSeqMethodMismatch, Place::Value(HeaderName::CSeq, 0))],
        |message| {
            assert_eq!(message.method(), Method::Options);
            assert_eq!(cseq(message).method(), Method::Invite);
        },
    ),
    invalid(
        "mismatch02",
        "RFC 4475 3.1.2.18",
        &[(CSeqMethodMismatch, Place::Value(HeaderName::CSeq, 0))],
        |message| {
            assert_eq!(message.method(), Method::Extension);
            assert!(method_token(message).ends_with(b"METHOD"));
            assert_eq!(cseq(message).method(), Method::Invite);
            assert!(to(message).tag().is_none() && message.sdp().is_some());
        },
    ),
    invalid(
        "bigcode",
        "RFC 4475 3.1.2.19",
        &[(StatusOutOfRange, Place::StartLine)],
        |message| {
            assert!(message.status().is_some_and(|status| status.0 > 699));
            assert!(to(message).tag().is_some());
        },
    ),
];

/// The session description is there to its last byte, however damaged the head is.
fn the_offer_is_whole(message: &Message<'_>) {
    assert_eq!(message.method(), Method::Invite);
    let sdp = message.sdp().expect("has SDP");
    assert_eq!(sdp.defects, []);
    assert_eq!(sdp.media[0].kind_token, b"audio");
    assert!(message.body.ends_with(b"\r\n"));
}
