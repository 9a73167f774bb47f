//! Work grows in proportion to the message, attackers' shapes included. Not time is measured but
//! allocated bytes, and that shapes are read to their end that a quadratic reader would not end;
//! the bench `growth` measures time.

mod shapes;

use allocation_counter::measure;
use shapes::{SHAPES, nested_multiparts, wrap};
use siptriage_sip::{Completeness, Facts, body, framing, parse, parse_captured, scan, sdp};

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
    let nested = nested_multiparts(2000);
    let parts = body::parts(&nested, b"b1999");
    assert!(parts.len() <= body::PARTS_LIMIT);
    assert!(parts.iter().all(|part| part.depth <= body::NESTING_LIMIT));
}
