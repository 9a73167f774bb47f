//! The reader of session descriptions beside sdp-types, on what both read.

use proptest::prelude::*;
use siptriage_sip::sdp;

proptest! {
    #[test]
    fn both_find_the_same(text in description()) {
        let ours = sdp::parse(text.as_bytes()).expect("is SDP");
        let theirs = sdp_types::Session::parse(text.as_bytes()).expect("sdp-types reads it");
        prop_assert_eq!(&ours.defects, &[]);
        let origin = ours.origin.expect("has o=");
        prop_assert_eq!(origin.session_id, theirs.origin.sess_id.as_bytes());
        prop_assert_eq!(origin.version_number(), Some(theirs.origin.sess_version));
        prop_assert_eq!(origin.address.address, theirs.origin.unicast_address.as_bytes());
        let connection = theirs.connection.as_ref().map(|it| it.connection_address.as_bytes());
        prop_assert_eq!(ours.connection.map(|it| it.address), connection);
        prop_assert_eq!(ours.media.len(), theirs.medias.len());
        for (our, their) in ours.media.iter().zip(&theirs.medias) {
            prop_assert_eq!(our.kind_token, their.media.as_bytes());
            prop_assert_eq!(our.port, their.port);
            prop_assert_eq!(our.protocol, their.proto.as_bytes());
            let formats = our.formats.join(&b' ');
            prop_assert_eq!(&formats[..], their.fmt.as_bytes());
            prop_assert_eq!(our.attributes.len(), their.attributes.len());
            for (our, their) in our.attributes.iter().zip(&their.attributes) {
                prop_assert_eq!(our.name, their.attribute.as_bytes());
                prop_assert_eq!(our.value, their.value.as_deref().unwrap_or("").as_bytes());
            }
        }
    }
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
