//! Every kind of defect and oddity: a message that has it, where it points, and the nearest
//! message that has not.

use siptriage_sip::DefectKind::{
    BadStartLine, BadVersion, BareCarriageReturn, BareLineFeed, BranchWithoutIdentifier,
    CSeqMethodMismatch, ContentLengthTooLong, DuplicateHeader, EmptyParameter, EmptyUser,
    MissingHeader, NoBlankLine, NotAHeader, NotUtf8, NumberOverflow, OverlongValue,
    StatusOutOfRange, Truncated, UnparsableValue,
};
use siptriage_sip::OddityKind::{Folded, SpaceBeforeColon, TrailingBytes};
use siptriage_sip::message::VALUE_LIMIT_BYTES;
use siptriage_sip::{Completeness, Defect, DefectKind, HeaderName, parse, parse_captured};

const PLAIN: &str = "INVITE sip:bob@example.com SIP/2.0\r\n\
    Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n\
    Max-Forwards: 70\r\n\
    From: <sip:alice@example.com>;tag=1\r\n\
    To: <sip:bob@example.com>\r\n\
    Call-ID: 1@example.com\r\n\
    CSeq: 7 INVITE\r\n\
    Content-Length: 4\r\n\
    \r\nbody";

/// What stands in [`PLAIN`], what stands for it, and the defect: kind, header, text of its span.
type Case = (
    &'static str,
    &'static [u8],
    DefectKind,
    Option<HeaderName>,
    &'static [u8],
);

const CASES: &[Case] = &[
    (
        "INVITE sip",
        b"INVITE  sip",
        BadStartLine,
        None,
        b"INVITE  sip:bob@example.com SIP/2.0\r\n",
    ),
    (
        "bob@example.com SIP",
        b"b b SIP",
        BadStartLine,
        None,
        b"sip:b b",
    ),
    (
        "SIP/2.0\r\nVia",
        b"SIP/3.0\r\nVia",
        BadVersion,
        None,
        b"SIP/3.0",
    ),
    (
        "INVITE sip:bob@example.com SIP/2.0",
        b"SIP/2.0 700 Odd",
        StatusOutOfRange,
        None,
        b"SIP/2.0 700 Odd\r\n",
    ),
    (
        "To: <sip:bob@example.com>\r\n",
        b"",
        MissingHeader,
        Some(HeaderName::To),
        b"",
    ),
    (
        "Max-Forwards: 70\r\n",
        b"",
        MissingHeader,
        Some(HeaderName::MaxForwards),
        b"",
    ),
    (
        "Call-ID",
        b"i: 2@example.com\r\nCall-ID",
        DuplicateHeader,
        Some(HeaderName::CallId),
        b"1@example.com",
    ),
    (
        "7 INVITE",
        b"seven INVITE",
        UnparsableValue,
        Some(HeaderName::CSeq),
        b"seven INVITE",
    ),
    (
        "Max",
        b"Require: \r\nMax",
        UnparsableValue,
        Some(HeaderName::Require),
        b"",
    ),
    (
        ";tag=1",
        b";;tag=1",
        EmptyParameter,
        Some(HeaderName::From),
        b"<sip:alice@example.com>;;tag=1",
    ),
    (
        "<sip:bob@",
        b"<sip:@",
        EmptyUser,
        Some(HeaderName::To),
        b"<sip:@example.com>",
    ),
    (
        "70",
        b"256",
        NumberOverflow,
        Some(HeaderName::MaxForwards),
        b"256",
    ),
    (
        "7 INVITE",
        b"4294967296 INVITE",
        NumberOverflow,
        Some(HeaderName::CSeq),
        b"4294967296 INVITE",
    ),
    (
        "Max-Forwards: 70",
        b"Max-Forwards: 70\r\nnonsense",
        NotAHeader,
        None,
        b"nonsense",
    ),
    (
        "7 INVITE",
        b"7 ACK",
        CSeqMethodMismatch,
        Some(HeaderName::CSeq),
        b"7 ACK",
    ),
    (
        "z9hG4bK1",
        b"z9hG4bK",
        BranchWithoutIdentifier,
        Some(HeaderName::Via),
        b"z9hG4bK",
    ),
    (
        "Length: 4",
        b"Length: 5",
        ContentLengthTooLong,
        Some(HeaderName::ContentLength),
        b"5",
    ),
    (
        "70\r\n",
        b"70\n",
        BareLineFeed,
        Some(HeaderName::MaxForwards),
        b"Max-Forwards: 70",
    ),
    ("SIP/2.0\r\nVia", b"SIP/2.0\nVia", BareLineFeed, None, b"\n"),
    ("\r\n\r\nbody", b"\r\n\nbody", BareLineFeed, None, b"\n"),
    (
        "Max",
        b"Subject: a\rb\r\nMax",
        BareCarriageReturn,
        Some(HeaderName::Subject),
        b"\r",
    ),
    ("\r\n\r\nbody", b"\r\nX: body", NoBlankLine, None, b""),
    (
        "Max",
        b"Subject: J\xfcrgen\r\nMax",
        NotUtf8,
        Some(HeaderName::Subject),
        b"\xfc",
    ),
    (
        "bob@example.com SIP",
        b"b\xff@x SIP",
        NotUtf8,
        None,
        b"\xff",
    ),
];

/// Ways to write [`PLAIN`] in which nothing is wrong.
const INNOCENT: &[(&str, &[u8])] = &[
    ("70", b"255"),
    ("70", b"070"),
    ("7 INVITE", b"4294967295 INVITE"),
    ("Max", b"Subject: J\xc3\xbcrgen\r\nMax"),
    ("Max", b"Supported: \r\nMax"),
    ("Max-Forwards: 70\r\n", b"Max-Forwards: 70\r\nX-Y:\r\n"),
    ("INVITE sip:bob@example.com SIP/2.0", b"SIP/2.0 699 Odd"),
    ("INVITE sip:bob@example.com SIP/2.0", b"SIP/2.0 100 "),
    ("z9hG4bK1\r\nMax-Forwards: 70\r\n", b"1\r\n"),
    ("<sip:bob@", b"<sip:"),
];

#[test]
fn each_defect_names_its_header_and_bytes() {
    assert_eq!(parse(PLAIN.as_bytes()).expect("is SIP").defects, []);
    for (plain, odd, kind, header, text) in CASES {
        let wire = replaced(plain, odd);
        let message = parse(&wire).expect("is SIP");
        let mut found = message.defects.iter();
        let found = found.find(|it| it.kind == *kind && it.header == *header);
        let Some(Defect { span, .. }) = found else {
            panic!("{kind} of {header:?}: {:?}", message.defects);
        };
        assert_eq!(span.of(&wire), Some(*text), "{kind}");
    }
}

#[test]
fn what_is_only_near_to_a_defect_has_none() {
    for (plain, odd) in INNOCENT {
        let wire = replaced(plain, odd);
        let message = parse(&wire).expect("is SIP");
        assert_eq!(message.defects, [], "{}", odd.escape_ascii());
    }
}

#[test]
fn what_is_legal_but_odd_is_no_defect() {
    for (plain, odd, kind, header, text) in [
        (
            "7 INVITE",
            "7\r\n INVITE",
            Folded,
            HeaderName::CSeq,
            "CSeq: 7\r\n INVITE",
        ),
        ("To:", "To \t:", SpaceBeforeColon, HeaderName::To, " \t: "),
        (
            "body",
            "body, and more",
            TrailingBytes,
            HeaderName::ContentLength,
            ", and more",
        ),
    ] {
        let wire = replaced(plain, odd.as_bytes());
        let message = parse(&wire).expect("is SIP");
        assert_eq!(message.defects, [], "{kind}");
        let [oddity] = message.oddities[..] else {
            panic!("{kind}: {:?}", message.oddities);
        };
        assert_eq!((oddity.kind, oddity.header), (kind, Some(header)));
        assert_eq!(oddity.span.of(&wire), Some(text.as_bytes()), "{kind}");
    }
}

#[test]
fn a_value_is_overlong_beyond_the_limit_only() {
    for (length, is_overlong) in [(VALUE_LIMIT_BYTES, false), (VALUE_LIMIT_BYTES + 1, true)] {
        let odd = format!("Subject: {}\r\nMax", "x".repeat(length));
        let wire = replaced("Max", odd.as_bytes());
        let message = parse(&wire).expect("is SIP");
        let found: Vec<_> = message
            .defects
            .iter()
            .map(|it| (it.kind, it.header))
            .collect();
        let expected = (OverlongValue, Some(HeaderName::Subject));
        assert_eq!(found, [expected][..usize::from(is_overlong)]);
    }
}

/// Of a message that the capture cut, nothing is blamed on its sender.
#[test]
fn a_message_that_the_capture_cut_has_no_defect_but_that() {
    let start = PLAIN.find("Via").expect("has a Via");
    for end in start..PLAIN.len() {
        let message = parse_captured(&PLAIN.as_bytes()[..end], Completeness::CutByCapture);
        let message = message.expect("the start line is whole");
        let kinds: Vec<DefectKind> = message.defects.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [Truncated], "cut at {end}");
    }
}

fn replaced(plain: &str, odd: &[u8]) -> Vec<u8> {
    let (before, behind) = PLAIN.split_once(plain).expect("stands there");
    [before.as_bytes(), odd, behind.as_bytes()].concat()
}
