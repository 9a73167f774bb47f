//! The parser beside rsip: equal where rsip is right, and converted to it where it can be.
#![cfg(feature = "rsip")]

use rsip::headers::ToTypedHeader;
use rsip::prelude::{HasHeaders, HeadersExt, UntypedHeader};
use siptriage_sip::{Message, StartLine, parse};

/// Messages within what rsip reads rightly: long names, no fold, one value in a line, plain
/// user names, IPv4.
const PLAIN: &[&str] = &[
    "INVITE sip:bob@example.com:5070;transport=udp SIP/2.0\r\n\
     Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa\r\n\
     Max-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\n\
     Call-ID: a@example.com\r\nCSeq: 4711 INVITE\r\nContact: <sip:alice@192.0.2.1:5062>\r\n\
     Content-Length: 4\r\n\r\nbody",
    "SIP/2.0 486 Busy Here\r\n\
     Via: SIP/2.0/TCP host.example.com;branch=z9hG4bKb\r\n\
     From: Alice <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>;tag=2\r\n\
     Call-ID: b@example.com\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
];

/// Messages that rsip itself refuses or reads wrongly and that come out right when handed over
/// typed: (what diverges, message).
const DIVERGENT: &[(&str, &str)] = &[
    (
        "folded header",
        "OPTIONS sip:a@example.com SIP/2.0\r\nSubject: one\r\n two\r\n\r\n",
    ),
    (
        "space before colon",
        "OPTIONS sip:a@example.com SIP/2.0\r\nSubject : one two\r\n\r\n",
    ),
    (
        "bare LF",
        "OPTIONS sip:a@example.com SIP/2.0\nSubject: one two\n\n",
    ),
    (
        "leading CRLF",
        "\r\nOPTIONS sip:a@example.com SIP/2.0\r\nSubject: one two\r\n\r\n",
    ),
    (
        "IPv6 reference",
        "OPTIONS sip:a@[2001:db8::1]:5060 SIP/2.0\r\nSubject: one two\r\n\r\n",
    ),
    (
        "compact name",
        "OPTIONS sip:a@example.com SIP/2.0\r\ns: one two\r\n\r\n",
    ),
    (
        "dot in user",
        "OPTIONS sip:j.doe@example.com SIP/2.0\r\nSubject: one two\r\n\r\n",
    ),
];

#[test]
fn both_read_the_plain_subset_alike() {
    for text in PLAIN {
        let ours = parse(text.as_bytes()).expect("is SIP");
        let theirs = rsip::SipMessage::try_from(text.as_bytes()).expect("rsip reads it");
        compare(&ours, &theirs);
    }
}

#[test]
fn the_conversion_says_the_same() {
    for text in PLAIN {
        let ours = parse(text.as_bytes()).expect("is SIP");
        let theirs = rsip::SipMessage::try_from(&ours).expect("converts");
        compare(&ours, &theirs);
    }
}

#[test]
fn what_rsip_cannot_read_is_handed_over_right() {
    for (what, text) in DIVERGENT {
        let ours = parse(text.as_bytes()).expect("is SIP");
        let converted = rsip::SipMessage::try_from(&ours).expect("converts");
        let direct = rsip::SipMessage::try_from(text.as_bytes());
        assert!(
            direct.as_ref().ok() != Some(&converted),
            "{what}: no longer diverges"
        );
        let subject = converted.headers().iter().find_map(|header| match header {
            rsip::Header::Subject(subject) => Some(subject.value().to_owned()),
            _ => None,
        });
        assert_eq!(subject.as_deref(), Some("one two"), "{what}");
    }
}

#[test]
fn what_rsip_has_no_type_for_is_an_error() {
    for text in [
        "PING sip:a@example.com SIP/2.0\r\n\r\n",
        "INVITE tel:+15550100 SIP/2.0\r\n\r\n",
        "INVITE urn:service:sos SIP/2.0\r\n\r\n",
        "INVITE sip: SIP/2.0\r\n\r\n",
    ] {
        let message = parse(text.as_bytes()).expect("is SIP");
        assert!(rsip::SipMessage::try_from(&message).is_err(), "{text}");
    }
}

fn compare(ours: &Message<'_>, theirs: &rsip::SipMessage) {
    match (ours.start, theirs) {
        (StartLine::Request { token, uri, .. }, rsip::SipMessage::Request(request)) => {
            assert_eq!(request.method.to_string().as_bytes(), token);
            assert_eq!(request.uri.to_string().to_lowercase().as_bytes(), uri);
            assert_eq!(request.body, ours.body);
        }
        (StartLine::Response { status, .. }, rsip::SipMessage::Response(response)) => {
            assert_eq!(response.status_code.code(), status.0);
            assert_eq!(response.body, ours.body);
        }
        (StartLine::Request { .. } | StartLine::Response { .. }, _) => panic!("kinds differ"),
    }
    let via = ours.top_via().expect("has Via").expect("parses");
    let their_via = theirs
        .via_header()
        .expect("has Via")
        .typed()
        .expect("parses");
    assert_eq!(
        their_via.branch().map(|it| it.value().as_bytes().to_vec()),
        via.branch().map(<[u8]>::to_vec)
    );
    assert_eq!(their_via.uri.port().map(|port| *port.value()), via.port);
    assert_eq!(their_via.transport.to_string().as_bytes(), via.transport);
    let cseq = ours.cseq().expect("has CSeq").expect("parses");
    let their_cseq = theirs
        .cseq_header()
        .expect("has CSeq")
        .typed()
        .expect("parses");
    assert_eq!(their_cseq.seq, cseq.number);
    assert_eq!(their_cseq.method.to_string().as_bytes(), cseq.method_token);
    let from = ours.from().expect("has From").expect("parses");
    let their_from = theirs
        .from_header()
        .expect("has From")
        .typed()
        .expect("parses");
    assert_eq!(
        their_from.tag().map(|tag| tag.value().as_bytes().to_vec()),
        from.tag().map(<[u8]>::to_vec)
    );
    let user = from.address.uri.user().expect("has a user");
    assert_eq!(their_from.uri.user().map(str::as_bytes), Some(user.0));
    let call_id = ours.call_id().expect("has Call-ID").expect("parses");
    assert_eq!(
        theirs
            .call_id_header()
            .expect("has Call-ID")
            .value()
            .as_bytes(),
        call_id.id
    );
}
