//! The messages of RFC 4475 3.1.1, which every parser must accept.

use siptriage_sip::body::Body;
use siptriage_sip::header::{
    Accept, CallId, ContentLength, ContentType, MaxForwards, Route, Subject, Via,
};
use siptriage_sip::text::Text;
use siptriage_sip::uri::{Host, UriPart};
use siptriage_sip::{HeaderName, Method, OddityKind, StatusCode};

use super::reading::{
    contact, contacts, cseq, every, from, method_token, only, quoted, reason, request_uri, sip, to,
    top_via, unknown, user, words,
};
use super::{Case, valid};

pub(super) const CASES: &[Case] = &[
    valid("wsinv", "RFC 4475 3.1.1.1", |message| {
        let is_folded = |name| {
            let mut oddities = message.oddities.iter();
            oddities.any(|it| (it.kind, it.header) == (OddityKind::Folded, Some(name)))
        };
        for name in [
            HeaderName::To,
            HeaderName::From,
            HeaderName::CSeq,
            HeaderName::Via,
            HeaderName::Route,
            HeaderName::Contact,
        ] {
            assert!(is_folded(name), "{}", name.long());
        }
        assert!(quoted(from(message).address.display).ends_with(b"\\\""));
        assert!(only::<Subject<'_>>(message).text.0.is_empty());
        let vias: Vec<Via<'_>> = every(message);
        let [first, second, third] = vias.as_slice() else {
            panic!("three hops in two lines");
        };
        for (via, transport) in [(first, b"UDP"), (second, b"TCP"), (third, b"UDP")] {
            assert_eq!((via.protocol, via.version), (&b"SIP"[..], &b"2.0"[..]));
            assert_eq!(via.transport, transport);
        }
        assert!(matches!(second.host, Host::Name(name) if name.ends_with(b".example.com")));
        for (via, start) in [
            (first, &b"390"[..]),
            (second, b"z9hG4bK"),
            (third, b"z9hG4bK"),
        ] {
            assert!(via.branch().is_some_and(|it| it.starts_with(start)));
        }
        let names = message.headers.iter();
        let names = names.filter(|header| header.name == Some(HeaderName::Via));
        let names: Vec<&[u8]> = names.map(|header| header.wire_name).collect();
        assert_eq!(names, [&b"Via"[..], b"v"]);
        let params: Vec<_> = sip(request_uri(message)).params.iter().collect();
        assert!(matches!(params.as_slice(), [(_, None)]));
        let unknown = unknown(message);
        let [folded, unusual] = unknown.as_slice() else {
            panic!("two unknown header fields");
        };
        assert!(folded.value.contains(&b'\n') && !Text(folded.value).unfolded().contains(&b'\n'));
        assert_eq!(unusual.value, b";;,,;;,;");
        let contact = contact(message);
        assert!(quoted(contact.address.display).ends_with(b"\"\""));
        let params: Vec<_> = contact.params.iter().map(|it| it.value.bytes()).collect();
        assert!(matches!(params.as_slice(), [Some(_), None, Some(b"0.33")]));
        assert_eq!(contact.preference(), Some(&b"0.33"[..]));
        let route = sip(only::<Route<'_>>(message).address.uri);
        assert!(route.is_loose_router());
        let params: Vec<_> = route.params.iter().map(|(_, value)| value).collect();
        assert!(matches!(params.as_slice(), [None, Some(_), None]));
        assert_eq!(only::<MaxForwards>(message).hops, 68);
        assert_eq!(
            (cseq(message).number, cseq(message).method()),
            (9, Method::Invite)
        );
        let length = only::<ContentLength>(message).bytes as usize;
        assert_eq!(length, message.body.len());
    }),
    valid("intmeth", "RFC 4475 3.1.1.2", |message| {
        let token = method_token(message);
        assert_eq!(message.method(), Method::Extension);
        assert!(token.starts_with(b"!") && token.ends_with(b"-Method0123456789_*+`.%indeed'~"));
        assert_eq!(cseq(message).method_token, token);
        let uri = sip(request_uri(message));
        let has = |text: &[u8], all: &[u8]| all.iter().all(|byte| text.contains(byte));
        assert!(has(uri.user.expect("has a user").0, b"_.~(-!)&'+$/?,;*"));
        let password = uri.password.expect("has a password").reveal();
        assert!(has(password, b"&+=,!*$~_.('-)"));
        assert_eq!(uri.host, Host::Name(b"example.com"));
        assert!(uri.params.iter().next().is_none() && uri.headers.is_none());
        assert_eq!(top_via(message).branch(), Some(&b"z9hG4bK-.!%66*_+`'~"[..]));
        let name = quoted(to(message).address.display);
        assert!(name.ends_with(b":\x07 NUL:\0 DEL:\x7f"));
        let from = from(message);
        assert_eq!(
            words(from.address.display),
            b"token1~` token2'+_ token3*%!.-"
        );
        assert_eq!(from.tag(), Some(&b"_token~1'+`*%!-."[..]));
        let param = from.params.iter().next().expect("has a parameter");
        assert!(param.name.ends_with(b"Param''~+*_!.-%"));
        let value = param.value.bytes().expect("has a value");
        assert!(std::str::from_utf8(value).is_ok_and(|text| !text.is_ascii()));
        let word = b".word%ZK-!.*_+'@word`~)(><:\\/\"][?}{";
        assert!(only::<CallId<'_>>(message).id.ends_with(word));
        let unknown = unknown(message);
        let [extension] = unknown.as_slice() else {
            panic!("one unknown header field");
        };
        assert!(extension.wire_name.ends_with(b"Header-!.%*+_`'~"));
        assert!(extension.value.starts_with("\u{feff}".as_bytes()));
        assert_eq!(only::<MaxForwards>(message).hops, 255);
    }),
    valid("esc01", "RFC 4475 3.1.1.3", |message| {
        let uri = request_uri(message);
        assert!(user(uri).starts_with(b"sips:") && user(uri).ends_with(b"@example.com"));
        assert_eq!(uri.host(), Some(Host::Name(b"example.net")));
        assert!(user(from(message).address.uri).starts_with(b"I "));
        let callee = to(message).address.uri;
        assert!(callee.user().is_some_and(|user| user.0.contains(&b'%')));
        assert!(user(callee).iter().all(u8::is_ascii_lowercase));
        let contact = sip(contact(message).address.uri);
        assert_eq!(contact.user, Some(UriPart(b"caller")));
        assert!(contact.is_loose_router());
        let value = contact.params.value("name").expect("is there");
        assert_eq!(&*value.unescaped(), b"value%41");
        assert_ne!(value, UriPart(b"valueA"));
    }),
    valid("escnull", "RFC 4475 3.1.1.4", |message| {
        for uri in [from(message).address.uri, to(message).address.uri] {
            assert_eq!(user(uri), b"null-\0-null");
        }
        let contacts = contacts(message);
        let [one, two] = contacts.as_slice() else {
            panic!("two contacts");
        };
        let (one, two) = (one.address.uri, two.address.uri);
        assert_eq!((user(one), user(two)), (vec![0], vec![0, 0]));
        assert!(!one.is_equivalent(&two));
    }),
    valid("esc02", "RFC 4475 3.1.1.5", |message| {
        assert_eq!(message.method(), Method::Extension);
        assert_eq!(method_token(message), b"RE%47IST%45R");
        for name in [from(message).address.display, to(message).address.display] {
            assert_eq!(quoted(name), b"%Z%45");
        }
        assert_eq!(contacts(message).len(), 2);
        assert_eq!(message.raw_unknown("C%6Fntact").count(), 1);
        let branch = top_via(message).branch();
        assert!(branch.is_some_and(|branch| branch.starts_with(b"z9hG4bK209%")));
    }),
    valid("lwsdisp", "RFC 4475 3.1.1.6", |message| {
        let address = from(message).address;
        assert_eq!(words(address.display), user(address.uri));
        assert_eq!(from(message).tag(), Some(&b"323"[..]));
    }),
    valid("longreq", "RFC 4475 3.1.1.7", |message| {
        let to = to(message).address;
        assert!(quoted(to.display).len() > 80);
        let params: Vec<_> = sip(to.uri).params.iter().collect();
        let [
            (_, Some(long_value)),
            (long_name, Some(_)),
            (valueless, None),
        ] = params.as_slice()
        else {
            panic!("three parameters");
        };
        assert!(long_value.0.len() > 80 && long_name.0.len() > 100 && valueless.0.len() > 100);
        let from = from(message);
        assert!(from.tag().is_some_and(|tag| tag.len() > 150));
        let params: Vec<_> = from.params.iter().skip(1).collect();
        let [long, valueless] = params.as_slice() else {
            panic!("two parameters beside the tag");
        };
        assert!(long.name.len() > 80);
        assert!(long.value.bytes().is_some_and(|value| value.len() > 80));
        assert!(valueless.name.len() > 90 && valueless.value.bytes().is_none());
        assert!(only::<CallId<'_>>(message).id.len() > 120);
        let unknown = unknown(message);
        let [long] = unknown.as_slice() else {
            panic!("one unknown header field");
        };
        assert!(long.wire_name.len() > 80 && long.value.len() > 200);
        let vias: Vec<Via<'_>> = every(message);
        assert_eq!(vias.len(), 34);
        let last = vias[33].branch();
        assert!(last.is_some_and(|branch| branch.len() > 200));
        assert!(user(contact(message).address.uri).len() > 100);
        assert!(message.sdp().is_some_and(|sdp| !sdp.media.is_empty()));
    }),
    valid("dblreq", "RFC 4475 3.1.1.8", |message| {
        assert_eq!(message.method(), Method::Register);
        assert!(message.body.is_empty());
        assert_eq!(message.raw(HeaderName::CallId).count(), 1);
        let [trailing] = message.oddities.as_slice() else {
            panic!("one oddity");
        };
        assert_eq!(trailing.kind, OddityKind::TrailingBytes);
    }),
    valid("semiuri", "RFC 4475 3.1.1.9", |message| {
        let user = user(request_uri(message));
        assert!(user.starts_with(b"user;par=") && user.ends_with(b"@example.net"));
        let uri = sip(request_uri(message));
        assert_eq!(uri.host, Host::Name(b"example.com"));
        assert!(uri.params.iter().next().is_none());
        let accepted: Vec<Accept<'_>> = every(message);
        let last = accepted.last().map(|it| it.media_type);
        assert_eq!(accepted.len(), 6);
        assert!(last.is_some_and(|last| last.is("message", "sipfrag")));
    }),
    valid("transports", "RFC 4475 3.1.1.10", |message| {
        let vias: Vec<Via<'_>> = every(message);
        let transports: Vec<&[u8]> = vias.iter().map(|via| via.transport).collect();
        assert_eq!(
            transports,
            [&b"UDP"[..], b"SCTP", b"TLS", b"UNKNOWN", b"TCP"]
        );
    }),
    valid("mpart01", "RFC 4475 3.1.1.11", |message| {
        let length = only::<ContentLength>(message).bytes as usize;
        assert_eq!(length, message.body.len());
        let Body::Multipart(parts) = message.typed_body() else {
            panic!("is a multipart");
        };
        let [text, binary] = parts.as_slice() else {
            panic!("two parts");
        };
        assert_eq!(text.content_type, b"text/plain");
        assert_eq!(text.body, b"Hello");
        assert_eq!(binary.content_type, b"application/octet-stream");
        assert!(binary.body.contains(&0));
        let boundary = only::<ContentType<'_>>(message).boundary();
        let boundary = boundary.expect("has a boundary");
        let end = [binary.body, b"\r\n--", boundary, b"--\r\n"].concat();
        assert!(message.body.ends_with(&end));
    }),
    valid("unreason", "RFC 4475 3.1.1.12", |message| {
        assert_eq!(message.status(), Some(StatusCode(200)));
        let reason = std::str::from_utf8(reason(message)).expect("is UTF-8");
        assert!(reason.starts_with("= 2**3 * 5**2 ") && !reason.is_ascii());
    }),
    valid("noreason", "RFC 4475 3.1.1.13", |message| {
        assert_eq!(message.status(), Some(StatusCode(100)));
        assert_eq!(reason(message), b"");
    }),
];
