//! What must hold for every message and for every sequence of bytes.

mod agreement;

use proptest::prelude::*;
use siptriage_sip::header::{HeaderValue, Via};
use siptriage_sip::{
    Completeness, Facts, HeaderName, Message, Outline, Scanned, Span, body, framing, parse,
    parse_captured, recognise, scan, sdp,
};

proptest! {
    #[test]
    fn printing_and_parsing_again_changes_nothing(fields in fields(), body in "[ -~]{0,40}") {
        let wire = wire(&fields, &Style::plain(), &body);
        let message = parse(&wire).expect("is SIP");
        prop_assert_eq!(&message.defects, &[]);
        let printed = message.print();
        let again = parse(&printed).expect("is SIP");
        prop_assert_eq!(&again.print(), &printed);
        prop_assert_eq!(typed(&message), typed(&again));
    }

    #[test]
    fn order_case_compact_names_and_folds_change_nothing(
        fields in fields(),
        style in style(),
        turn in 0..20usize,
    ) {
        let plain = wire(&fields, &Style::plain(), "body");
        let mut turned = fields.clone();
        // Values of one header keep their order among themselves.
        turned.sort_by_key(|(name, _)| (*name as usize).wrapping_mul(turn * 2 + 1) % 131);
        let styled = wire(&turned, &style, "body");
        let (plain_message, styled_message) =
            (parse(&plain).expect("is SIP"), parse(&styled).expect("is SIP"));
        prop_assert_eq!(&styled_message.defects, &[]);
        prop_assert_eq!(typed(&plain_message), typed(&styled_message));
        prop_assert_eq!(essence(&plain), essence(&styled));
    }

    #[test]
    fn scan_and_parse_agree(fields in fields(), style in style()) {
        let wire = wire(&fields, &style, "body");
        let outline = scan(&wire).expect("is SIP");
        let scanned = Scanned::new(&wire, &outline);
        let message = parse(&wire).expect("is SIP");
        let via = message.top_via().expect("has Via").expect("parses");
        prop_assert_eq!(scanned.top_branch(), via.branch());
        prop_assert_eq!(usize::from(outline.via_count), message.all::<Via<'_>>().count());
        let cseq = message.cseq().expect("has CSeq").expect("parses");
        prop_assert_eq!((outline.cseq, outline.cseq_method), (cseq.number, cseq.method()));
        prop_assert_eq!(scanned.call_id(), message.call_id().and_then(Result::ok).map(|it| it.id));
        let from = message.from().expect("has From").expect("parses");
        prop_assert_eq!(scanned.from_tag(), from.tag());
        let to = message.to().expect("has To").expect("parses");
        prop_assert_eq!(scanned.to_tag(), to.tag());
        prop_assert_eq!(scanned.body(), message.body);
        prop_assert!(!outline.facts.is_irregular());
        agreement::check(scanned, &message);
    }

    #[test]
    fn spans_are_inside_and_in_order(bytes in sip_like()) {
        if let Some(outline) = scan(&bytes) {
            for span in spans(&outline) {
                prop_assert!(span.is_none() || span.end() <= bytes.len());
            }
            prop_assert!(outline.head_len as usize <= bytes.len());
        }
        for completeness in [Completeness::Whole, Completeness::CutByCapture] {
            let Some(message) = parse_captured(&bytes, completeness) else {
                continue;
            };
            let mut last = 0;
            for header in &message.headers {
                prop_assert!(header.span.start as usize >= last);
                prop_assert!(header.span.end() <= bytes.len());
                prop_assert_eq!(header.span.of(&bytes), Some(header.value));
                last = header.span.end();
            }
            for defect in &message.defects {
                prop_assert!(defect.span.end() <= bytes.len());
            }
            prop_assert!(message.defects.is_sorted_by_key(|defect| defect.span.start));
            prop_assert!(message.oddities.is_sorted_by_key(|oddity| oddity.span.start));
            message.print();
            message.typed_body();
        }
        let (outline, message) = (scan(&bytes), parse(&bytes));
        prop_assert_eq!(outline.is_some(), message.is_some());
        if let (Some(outline), Some(message)) = (outline, message) {
            agreement::check(Scanned::new(&bytes, &outline), &message);
        }
    }

    #[test]
    fn a_frame_never_reaches_beyond_its_bytes(bytes in sip_like()) {
        recognise(&bytes);
        match framing::cut(&bytes) {
            framing::Frame::Message(length) => {
                prop_assert!(length > 0 && length <= bytes.len());
                prop_assert!(scan(&bytes[..length]).is_some());
            }
            framing::Frame::Nothing(length) => prop_assert!(length > 0 && length <= bytes.len()),
            framing::Frame::More { at_least } => {
                prop_assert!(at_least == 0 || at_least > bytes.len());
            }
            framing::Frame::Foreign { skip } => prop_assert!(skip < bytes.len()),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        recognise(&bytes);
        framing::cut(&bytes);
        scan(&bytes);
        parse(&bytes);
        sdp::parse(&bytes);
        body::typed(b"multipart/mixed;boundary=\"-\"", &bytes);
        for name in HeaderName::all() {
            let mut wire = b"SIP/2.0 200 OK\r\n".to_vec();
            wire.extend_from_slice(name.long().as_bytes());
            wire.extend_from_slice(b": ");
            wire.extend_from_slice(&bytes);
            scan(&wire);
            parse(&wire);
        }
    }
}

type Fields = Vec<(HeaderName, String)>;

/// How a message is written.
#[derive(Clone, Debug)]
struct Style {
    names: Vec<u8>,
    gaps: Vec<&'static str>,
}

impl Style {
    fn plain() -> Style {
        Style {
            names: vec![0],
            gaps: vec![" "],
        }
    }
}

fn style() -> impl Strategy<Value = Style> {
    let gap = prop_oneof![
        Just(" "),
        Just(""),
        Just("\t "),
        Just("\r\n "),
        Just(" \r\n\t")
    ];
    (
        prop::collection::vec(0..4u8, 1..9),
        prop::collection::vec(gap, 1..9),
    )
        .prop_map(|(names, gaps)| Style { names, gaps })
}

/// The mandatory headers and some others, each with a valid value.
fn fields() -> impl Strategy<Value = Fields> {
    let token = "[A-Za-z0-9.!%*_+`'~-]{1,12}";
    let host = prop_oneof![
        Just("192.0.2.1".to_owned()),
        Just("[2001:db8::1]".to_owned()),
        "[a-z]{1,8}\\.example\\.com",
    ];
    let address = prop_oneof![
        ("[A-Za-z ]{0,10}", "[a-z]{1,8}").prop_map(|(n, u)| format!("{n} <sip:{u}@example.com>")),
        ("([ -!#-\\[\\]-~]|\\\\\"){0,10}", "[a-z]{1,8}")
            .prop_map(|(n, u)| format!("\"{n}\" <sip:{u}@example.com;lr>")),
        "[a-z]{1,8}".prop_map(|user| format!("sip:{user}@example.com")),
    ];
    let via = (host, token).prop_map(|(host, id)| format!("SIP/2.0/UDP {host};branch=z9hG4bK{id}"));
    let others = prop::collection::vec(
        prop_oneof![
            via.clone().prop_map(|via| (HeaderName::Via, via)),
            address
                .clone()
                .prop_map(|contact| (HeaderName::Contact, contact)),
            any::<u32>().prop_map(|n| (HeaderName::RSeq, n.to_string())),
            "[ -~]{0,20}".prop_map(|text| (HeaderName::Organization, text)),
            token.prop_map(|tag| (HeaderName::Supported, format!("{tag} , 100rel"))),
            Just((
                HeaderName::Reason,
                "Q.850;cause=16;text=\"a, b; c\"".to_owned()
            )),
        ],
        0..6,
    );
    (
        via,
        address.clone(),
        address,
        token,
        token,
        any::<u32>(),
        others,
    )
        .prop_map(|(via, from, to, tag, call_id, cseq, others)| {
            let mut fields = vec![
                (HeaderName::Via, via),
                (HeaderName::MaxForwards, "70".to_owned()),
                (HeaderName::From, format!("{from};tag={tag}")),
                (HeaderName::To, to),
                (HeaderName::CallId, call_id),
                (HeaderName::CSeq, format!("{cseq} INVITE")),
            ];
            for (name, value) in others {
                let again = fields.iter().any(|(known, _)| *known == name);
                if !again || matches!(name, HeaderName::Via | HeaderName::Contact) {
                    fields.push((name, value.trim().to_owned()));
                }
            }
            fields
        })
}

fn wire(fields: &Fields, style: &Style, body: &str) -> Vec<u8> {
    let mut wire = "INVITE sip:bob@example.com SIP/2.0\r\n".to_owned();
    let length = (HeaderName::ContentLength, body.len().to_string());
    for (position, (name, value)) in fields.iter().chain([&length]).enumerate() {
        let long = name.long();
        let spelled = match style.names[position % style.names.len()] {
            0 => long.to_owned(),
            1 => long.to_lowercase(),
            2 => name.compact().map_or(long.to_uppercase(), String::from),
            _ => format!("{long} "),
        };
        let gap = style.gaps[position % style.gaps.len()];
        wire.push_str(&format!("{spelled}:{gap}{value}\r\n"));
    }
    wire.push_str("\r\n");
    wire.push_str(body);
    wire.into_bytes()
}

/// Every typed value, header by header.
fn typed(message: &Message<'_>) -> Vec<String> {
    let mut typed = vec![
        format!("{:?}", message.from()),
        format!("{:?}", message.to()),
        format!("{:?}", message.call_id()),
        format!("{:?}", message.cseq()),
        format!("{:?}", message.all::<Via<'_>>().collect::<Vec<_>>()),
    ];
    for contact in message.contacts() {
        let mut printed = Vec::new();
        contact.expect("parses").print(&mut printed);
        typed.push(String::from_utf8_lossy(&printed).into_owned());
    }
    typed
}

/// What the scan finds, as text and numbers.
fn essence(wire: &[u8]) -> Vec<String> {
    let outline = scan(wire).expect("is SIP");
    let scanned = Scanned::new(wire, &outline);
    let text = |part: Option<&[u8]>| format!("{:?}", part.map(String::from_utf8_lossy));
    vec![
        text(scanned.top_branch()),
        text(scanned.sent_by_host()),
        text(scanned.from_uri()),
        text(scanned.from_tag()),
        text(scanned.to_uri()),
        text(scanned.call_id()),
        text(scanned.contact_uri()),
        format!("{} {} {:?}", outline.cseq, outline.via_count, outline.rseq),
        format!("{}", outline.facts.contains(Facts::SUPPORTS_100REL)),
    ]
}

fn spans(outline: &Outline) -> [Span; 18] {
    [
        outline.body,
        outline.content_type,
        outline.call_id,
        outline.cseq_span,
        outline.from_uri,
        outline.from_tag,
        outline.to_uri,
        outline.to_tag,
        outline.via_transport,
        outline.via_host,
        outline.via_branch,
        outline.parent_branch,
        outline.contact_uri,
        outline.reason_header,
        outline.session_id,
        outline.software,
        Span::NONE,
        Span::new(0, outline.head_len as usize),
    ]
}

/// Bytes near to SIP: a start line, and pieces of headers in any order.
fn sip_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b": ".to_vec()),
        Just(b"\r\n ".to_vec()),
        Just(b"Via: SIP/2.0/UDP [::1]:5060;branch=".to_vec()),
        Just(b"\r\nFrom: \"".to_vec()),
        Just(b"\r\nTo: <sip:a@b>;tag=".to_vec()),
        Just(b"\r\nContact: ".to_vec()),
        Just(b"\r\nl: 4".to_vec()),
        Just(b"\r\nContent-Length: 99999999999".to_vec()),
        Just(b"\r\nc: multipart/mixed;boundary=x\r\n\r\n--x\r\n".to_vec()),
        Just(b"SIP/2.0 200 OK\r\n".to_vec()),
        Just(b"INVITE sip:a@b SIP/2.0\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..12),
        "[ -~]{0,12}".prop_map(String::into_bytes),
    ];
    let start = prop_oneof![
        3 => Just(b"INVITE sip:a@b SIP/2.0\r\n".to_vec()),
        2 => Just(b"SIP/2.0 200 OK\r\n".to_vec()),
        1 => Just(Vec::new()),
    ];
    (start, prop::collection::vec(piece, 0..24)).prop_map(|(start, pieces)| {
        let mut bytes = start;
        bytes.extend(pieces.concat());
        bytes
    })
}
