//! What the scan keeps of whole messages.

use crate::{Facts, HeaderName, Method, Scanned, Span, Start, StatusCode, scan};

const INVITE: &str = "INVITE sip:bob@example.com SIP/2.0\r\n\
    Via: SIP/2.0/UDP proxy.example.com:5070;rport;branch=z9hG4bKtop;received=192.0.2.9,\r\n\
    \x20SIP/2.0/TCP [2001:db8::9]:5062 ; branch = z9hG4bKsecond\r\n\
    v: SIP / 2.0 / UDP 192.0.2.1\r\n\
    Max-Forwards: 68\r\n\
    f: \"Alice, A.\" <sip:alice@example.com>;tag=a1\r\n\
    To: <sip:bob@example.com>\r\n\
    i: 1@example.com\r\n\
    CSeq: 7 INVITE\r\n\
    m: <sip:alice@192.0.2.1:5060;ob>;expires=60\r\n\
    User-Agent: phone/1\r\n\
    Require: timer,100rel\r\n\
    Session-Expires: 1800;refresher=uas\r\n\
    Reason: SIP;cause=200;text=\"a, b\", Q.850;cause=16\r\n\
    c: application/sdp\r\n\
    l: 5\r\n\r\nv=0\r\n";

fn text(part: Option<&[u8]>) -> Option<&str> {
    part.and_then(|part| std::str::from_utf8(part).ok())
}

#[test]
fn an_invite_gives_every_part() {
    let outline = scan(INVITE.as_bytes()).expect("is SIP");
    let message = Scanned::new(INVITE.as_bytes(), &outline);
    assert_eq!(outline.method(), Method::Invite);
    assert_eq!(text(message.request_uri()), Some("sip:bob@example.com"));
    assert_eq!(text(message.top_branch()), Some("z9hG4bKtop"));
    assert_eq!(text(message.parent_branch()), Some("z9hG4bKsecond"));
    assert_eq!(text(message.sent_by_host()), Some("proxy.example.com"));
    assert_eq!((outline.via_port, outline.via_count), (5070, 3));
    assert_eq!(text(message.via_transport()), Some("UDP"));
    assert_eq!(text(message.from_uri()), Some("sip:alice@example.com"));
    assert_eq!(text(message.from_tag()), Some("a1"));
    assert_eq!(text(message.to_uri()), Some("sip:bob@example.com"));
    assert_eq!(text(message.to_tag()), None);
    assert_eq!(text(message.call_id()), Some("1@example.com"));
    assert_eq!((outline.cseq, outline.cseq_method), (7, Method::Invite));
    assert_eq!(
        text(message.contact_uri()),
        Some("sip:alice@192.0.2.1:5060;ob")
    );
    assert_eq!(outline.max_forwards, Some(68));
    assert_eq!(outline.session_expires, Some(1800));
    assert_eq!(
        text(message.reason_header()),
        Some("SIP;cause=200;text=\"a, b\"")
    );
    assert_eq!(text(message.software()), Some("phone/1"));
    assert_eq!(message.body(), b"v=0\r\n");
    let expected = Facts::REQUIRES_100REL
        .with(Facts::MAGIC_COOKIE)
        .with(Facts::FROM_TAG)
        .with(Facts::BODY_IS_SDP)
        .with(Facts::FOLDED);
    assert_eq!(outline.facts, expected);
    assert_eq!(message.header(HeaderName::Via).count(), 2);
    assert_eq!(message.header(HeaderName::Route).count(), 0);
}

#[test]
fn a_response_gives_status_and_cseq_method() {
    let bytes = b"\r\nSIP/2.0 487 Request Terminated\r\nCSeq: 2 PING\r\nServer: x\r\n\r\n";
    let outline = scan(bytes).expect("is SIP");
    let message = Scanned::new(bytes, &outline);
    assert_eq!(outline.status(), Some(StatusCode(487)));
    assert_eq!(message.reason_phrase(), Some(&b"Request Terminated"[..]));
    assert_eq!(outline.method(), Method::Extension);
    assert_eq!(message.method_name(), b"PING");
    assert_eq!(outline.head_len as usize, bytes.len());
    assert!(outline.facts.contains(Facts::MISSING_MANDATORY));
}

/// CSeq, what stands for its method, and whether it is readable.
#[test]
fn a_damaged_cseq_still_names_its_method() {
    for (cseq, method, token, readable) in [
        ("8 BYE", Method::Bye, "BYE", true),
        ("8BYE", Method::Bye, "BYE", false),
        ("x BYE", Method::Bye, "BYE", false),
        ("99999999999 BYE", Method::Bye, "BYE", false),
        ("8 BYE\rv: x", Method::Bye, "BYE", false),
        ("8 PING", Method::Extension, "PING", true),
        ("8", Method::Extension, "", false),
        ("BYE", Method::Extension, "", false),
    ] {
        let text = format!("SIP/2.0 200 OK\r\nCSeq: {cseq}\r\n\r\n");
        let outline = scan(text.as_bytes()).expect("is SIP");
        let message = Scanned::new(text.as_bytes(), &outline);
        assert_eq!(message.method_name(), token.as_bytes(), "{cseq}");
        assert_eq!(outline.cseq_method, method, "{cseq}");
        let unreadable = outline.facts.contains(Facts::NO_CSEQ);
        assert_eq!(unreadable, !readable, "{cseq}");
    }
}

#[test]
fn a_message_cut_anywhere_keeps_what_came_before() {
    for end in INVITE.find("\r\n").unwrap_or(0)..INVITE.len() {
        let bytes = &INVITE.as_bytes()[..end];
        let outline = scan(bytes).expect("start line is whole");
        assert!(matches!(
            outline.start,
            Start::Request {
                method: Method::Invite,
                ..
            }
        ));
        assert!(outline.head_len as usize <= end);
        assert!(outline.body.end() <= end);
    }
}

/// Content-Length as given, the bytes that follow, the body kept, the fact noted.
#[test]
fn the_body_ends_by_content_length_where_it_can() {
    for (length, rest, body, fact) in [
        ("Content-Length: 3\r\n", "abc", "abc", Facts::EMPTY),
        ("Content-Length: 3\r\n", "abcd", "abc", Facts::BODY_LONG),
        ("Content-Length: 3\r\n", "ab", "ab", Facts::BODY_SHORT),
        (
            "Content-Length: -3\r\n",
            "abc",
            "abc",
            Facts::BAD_CONTENT_LENGTH,
        ),
        ("", "abc", "abc", Facts::EMPTY),
        ("l: 1\r\nl: 1\r\n", "abc", "a", Facts::BODY_LONG),
        ("l: 1\r\nl: 2\r\n", "abc", "abc", Facts::BAD_CONTENT_LENGTH),
    ] {
        let text = format!("SIP/2.0 200 OK\r\n{length}\r\n{rest}");
        let outline = scan(text.as_bytes()).expect("is SIP");
        assert_eq!(
            Scanned::new(text.as_bytes(), &outline).body(),
            body.as_bytes(),
            "{text}"
        );
        assert!(outline.facts.contains(fact), "{text}");
    }
}

/// Top Via value, host, port, branch.
#[test]
fn a_top_via_is_read_in_every_form() {
    for (via, host, port, branch) in [
        ("SIP/2.0/UDP a.example.com", "a.example.com", 0, None),
        (
            "SIP/2.0/UDP a.example.com : 5061 ;branch=1",
            "a.example.com",
            5061,
            Some("1"),
        ),
        (
            "SIP/2.0/UDP [2001:db8::1];branch=1",
            "2001:db8::1",
            0,
            Some("1"),
        ),
        (
            "SIP/2.0/UDP [2001:db8::1]:5062;branch=1",
            "2001:db8::1",
            5062,
            Some("1"),
        ),
        (
            "SIP/2.0/UDP 2001:db8::1;branch=1",
            "2001:db8::1",
            0,
            Some("1"),
        ),
        (
            "SIP/2.0/UDP a;received=2001:db8::2;branch=1",
            "a",
            0,
            Some("1"),
        ),
        ("SIP/2.0/UDP a;x=\";branch=2,\";BRANCH=1", "a", 0, Some("1")),
        ("SIP/2.0/UDP a;rport;hidden;branch=", "a", 0, Some("")),
        ("SIP/2.0/UDP a;branch=1;branch=2", "a", 0, Some("1")),
        ("nonsense;branch=1", "", 0, Some("1")),
    ] {
        let text = format!("SIP/2.0 200 OK\r\nVia: {via}\r\n\r\n");
        let outline = scan(text.as_bytes()).expect("is SIP");
        let message = Scanned::new(text.as_bytes(), &outline);
        assert_eq!(
            message.sent_by_host().unwrap_or_default(),
            host.as_bytes(),
            "{via}"
        );
        assert_eq!(outline.via_port, port, "{via}");
        assert_eq!(message.top_branch(), branch.map(str::as_bytes), "{via}");
        assert_eq!(outline.via_count, 1, "{via}");
        assert_eq!(outline.parent_branch, Span::NONE);
    }
}

#[test]
fn a_via_line_without_a_value_is_no_hop() {
    let text = "SIP/2.0 200 OK\r\nVia:\r\nVia: SIP/2.0/UDP a;branch=1\r\nVia: \r\n\r\n";
    let outline = scan(text.as_bytes()).expect("is SIP");
    let message = Scanned::new(text.as_bytes(), &outline);
    assert_eq!(outline.via_count, 1);
    assert_eq!(message.top_branch(), Some(&b"1"[..]));
    assert!(outline.facts.contains(Facts::BAD_ADDRESS));
}

#[test]
fn the_first_value_of_a_list_is_not_that_of_an_empty_line() {
    let text = "SIP/2.0 200 OK\r\nm:\r\nm: <sip:a@b>\r\nm: <sip:c@d>\r\n\
        Reason: \r\nReason: SIP;cause=1\r\n\r\n";
    let outline = scan(text.as_bytes()).expect("is SIP");
    let message = Scanned::new(text.as_bytes(), &outline);
    assert_eq!(message.contact_uri(), Some(&b"sip:a@b"[..]));
    assert_eq!(message.reason_header(), Some(&b"SIP;cause=1"[..]));
}
