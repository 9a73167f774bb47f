//! The reader of session descriptions beside sdp-types: equal where sdp-types reads rightly.

use proptest::prelude::*;
use siptriage_sip::sdp;

/// A description that both read alike.
const PLAIN: &str = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 0 8\r\na=ptime:20\r\na=sendonly\r\n";

/// Ways to write [`PLAIN`] that change nothing of what it says here, and that sdp-types refuses or
/// takes for part of a value: (what diverges, what stands in [`PLAIN`], what stands for it).
const DIVERGENT: &[(&str, &str, &str)] = &[
    ("CR alone", "\r\n", "\r"),
    ("unknown version", "v=0", "v=1"),
    ("time without numbers", "t=0 0", "t=- -"),
    ("bandwidth without number", "t=0 0", "b=AS\r\nt=0 0"),
    ("line without letter", "t=0 0", "t=0 0\r\nnothing"),
    ("two spaces in m=", "AVP 0", "AVP  0"),
    ("space at the end of m=", "0 8", "0 8 "),
    ("space behind the colon", "ptime:20", "ptime: 20"),
    ("space behind a flag", "sendonly", "sendonly "),
];

/// What both readers say of a description.
#[derive(Debug, PartialEq)]
struct Said {
    session_id: String,
    version: Option<u64>,
    origin_address: String,
    connection: Option<String>,
    media: Vec<SaidOfMedia>,
}

#[derive(Debug, PartialEq)]
struct SaidOfMedia {
    kind: String,
    port: u16,
    protocol: String,
    formats: String,
    attributes: Vec<(String, String)>,
}

proptest! {
    #[test]
    fn both_find_the_same(text in description()) {
        let session = sdp::parse(text.as_bytes()).expect("is SDP");
        prop_assert_eq!(&session.defects, &[]);
        prop_assert_eq!(Some(ours(&text)), theirs(&text));
    }
}

#[test]
fn what_sdp_types_cannot_read_is_read_right() {
    assert_eq!(theirs(PLAIN), Some(ours(PLAIN)));
    for (what, plain, odd) in DIVERGENT {
        let text = PLAIN.replace(plain, odd);
        assert_eq!(ours(&text), ours(PLAIN), "{what}");
        assert_ne!(
            theirs(&text),
            Some(ours(PLAIN)),
            "{what}: no longer diverges"
        );
    }
}

fn ours(text: &str) -> Said {
    let session = sdp::parse(text.as_bytes()).expect("is SDP");
    let origin = session.origin.expect("has o=");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let media = session.media.iter().map(|media| {
        let attributes = media.attributes.iter();
        SaidOfMedia {
            kind: words(media.kind_token),
            port: media.port,
            protocol: words(media.protocol),
            formats: words(&media.formats.join(&b' ')),
            attributes: attributes
                .map(|it| (words(it.name), words(it.value)))
                .collect(),
        }
    });
    Said {
        session_id: words(origin.session_id),
        version: origin.version_number(),
        origin_address: words(origin.address.address),
        connection: session.connection.map(|it| words(it.address)),
        media: media.collect(),
    }
}

fn theirs(text: &str) -> Option<Said> {
    let session = sdp_types::Session::parse(text.as_bytes()).ok()?;
    let media = session.medias.into_iter().map(|media| {
        let attributes = media.attributes.into_iter();
        SaidOfMedia {
            kind: media.media,
            port: media.port,
            protocol: media.proto,
            formats: media.fmt,
            attributes: attributes
                .map(|it| (it.attribute, it.value.unwrap_or_default()))
                .collect(),
        }
    });
    Some(Said {
        session_id: session.origin.sess_id,
        version: Some(session.origin.sess_version),
        origin_address: session.origin.unicast_address,
        connection: session.connection.map(|it| it.connection_address),
        media: media.collect(),
    })
}

fn description() -> impl Strategy<Value = String> {
    let attribute = prop_oneof![
        Just("a=sendonly\r\n".to_owned()),
        (0..128u8, "[A-Za-z0-9-]{1,8}", 1..96000u32)
            .prop_map(|(format, name, rate)| format!("a=rtpmap:{format} {name}/{rate}\r\n")),
        ("[a-z]{1,8}", "[!-~]{1,12}").prop_map(|(name, value)| format!("a={name}:{value}\r\n")),
    ];
    let media = (
        prop_oneof![Just("audio"), Just("video"), Just("image")],
        any::<u16>(),
        prop_oneof![Just("RTP/AVP"), Just("UDP/TLS/RTP/SAVPF"), Just("udptl")],
        prop::collection::vec(0..128u8, 1..6),
        prop::collection::vec(attribute, 0..6),
    )
        .prop_map(|(kind, port, protocol, formats, attributes)| {
            let formats: Vec<String> = formats.iter().map(u8::to_string).collect();
            format!(
                "m={kind} {port} {protocol} {}\r\n{}",
                formats.join(" "),
                attributes.concat()
            )
        });
    (
        "[0-9]{1,12}",
        any::<u64>(),
        prop::collection::vec(media, 0..5),
    )
        .prop_map(|(id, version, media)| {
            format!(
                "v=0\r\no=- {id} {version} IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.2\r\n\
                 t=0 0\r\n{}",
                media.concat()
            )
        })
}
