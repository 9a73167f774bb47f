//! Work grows in proportion to the message, attackers' shapes included. Not time is measured but
//! allocated bytes, and that shapes are read to their end that a quadratic reader would not end.

use allocation_counter::measure;
use siptriage_sip::{Completeness, Facts, body, framing, parse, parse_captured, scan, sdp};

/// Makes a message by the number of its repetitions.
type Shape = fn(usize) -> Vec<u8>;

const SHAPES: &[(&str, Shape)] = &[
    ("headers", |count| wrap("X: y\r\n".repeat(count))),
    ("known headers", |count| {
        wrap("Subject: y\r\n".repeat(count))
    }),
    ("commas", |count| {
        wrap(format!("Contact: {}\r\n", ",".repeat(count)))
    }),
    ("values", |count| {
        wrap(format!(
            "Via: {}\r\n",
            "SIP/2.0/UDP a;branch=b,".repeat(count)
        ))
    }),
    ("parameters", |count| {
        wrap(format!("To: <sip:a@b>{}\r\n", ";a=b".repeat(count)))
    }),
    ("quotes", |count| {
        wrap(format!("From: {}\r\n", "\"a\" ".repeat(count)))
    }),
    ("open quotes", |count| {
        wrap(format!("From: {}\r\n", "\"\\".repeat(count)))
    }),
    ("comments", |count| {
        wrap(format!("Retry-After: 1 {}\r\n", "(".repeat(count)))
    }),
    ("folds", |count| {
        wrap(format!("Subject: {}\r\n", "a\r\n ".repeat(count)))
    }),
    ("challenges", |count| {
        wrap(format!(
            "WWW-Authenticate: {}\r\n",
            "Digest realm=a, ".repeat(count)
        ))
    }),
    ("carriage returns", |count| wrap("\r".repeat(count))),
    ("colons", |count| wrap(":".repeat(count))),
];

#[test]
fn allocations_grow_in_proportion() {
    for (name, shape) in SHAPES {
        let allocated = |count: usize| {
            let bytes = shape(count);
            measure(|| drop(parse(&bytes))).bytes_total
        };
        let (small, large) = (allocated(1000), allocated(8000));
        assert!(
            large <= 12 * small + 4096,
            "{name}: {small} bytes, then {large}"
        );
    }
}

#[test]
fn every_shape_is_read_to_its_end() {
    for (name, shape) in SHAPES {
        let bytes = shape(100_000);
        let outline = scan(&bytes).unwrap_or_else(|| panic!("{name} is lost"));
        assert!(outline.facts.contains(Facts::MISSING_MANDATORY), "{name}");
        let message = parse(&bytes).unwrap_or_else(|| panic!("{name} is lost"));
        assert_eq!(message.body, b"end", "{name}");
        assert_eq!(outline.body.of(&bytes), Some(&b"end"[..]), "{name}");
    }
}

#[test]
fn a_cut_message_with_a_long_body_is_read_once() {
    let mut bytes = wrap("X: y\r\n".repeat(100_000));
    bytes.resize(bytes.len() + 4_000_000, b'x');
    let message = parse_captured(&bytes, Completeness::CutByCapture).expect("is SIP");
    assert_eq!(message.headers.len(), 100_001);
}

#[test]
fn a_stream_of_versions_is_searched_once() {
    for piece in ["SIP/2.0 ", "SIP/2.0 2", "SIP/2.0\r", "x SIP/2.0\r"] {
        let stream = format!("\u{1}{}", piece.repeat(200_000));
        assert!(matches!(
            framing::cut(stream.as_bytes()),
            framing::Frame::Foreign { .. }
        ));
    }
}

#[test]
fn a_description_of_attackers_is_cut_to_the_limits() {
    let text = [
        "v=0\n",
        &"?\n".repeat(100_000),
        &"m=audio 1 RTP/AVP 0\n".repeat(100_000),
    ];
    let session = sdp::parse(text.concat().as_bytes())
        .map(|session| (session.media.len(), session.defects.len()));
    assert_eq!(session, Some((sdp::MEDIA_LIMIT, sdp::DEFECTS_LIMIT)));
    let formats = format!("v=0\nm=audio 1 RTP/AVP{}\n", " 0".repeat(500_000));
    let session = sdp::parse(formats.as_bytes()).expect("is SDP");
    assert_eq!(session.media[0].codecs().len(), 1);
}

#[test]
fn nested_multiparts_are_opened_to_the_limit_only() {
    let mut inner = b"deep".to_vec();
    for level in 0..2000 {
        let mut outer =
            format!("--b{level}\r\nContent-Type: multipart/mixed;boundary=b").into_bytes();
        outer.extend_from_slice(format!("{}\r\n\r\n", (level as i64) - 1).as_bytes());
        outer.append(&mut inner);
        outer.extend_from_slice(format!("\r\n--b{level}--\r\n").as_bytes());
        inner = outer;
    }
    let parts = body::parts(&inner, b"b1999");
    assert!(parts.len() <= body::PARTS_LIMIT);
    assert!(parts.iter().all(|part| part.depth <= body::NESTING_LIMIT));
}

fn wrap(headers: String) -> Vec<u8> {
    let line_end = if headers.ends_with("\r\n") {
        ""
    } else {
        "\r\n"
    };
    format!("OPTIONS sip:a@example.com SIP/2.0\r\n{headers}{line_end}Content-Length: 3\r\n\r\nend")
        .into_bytes()
}
