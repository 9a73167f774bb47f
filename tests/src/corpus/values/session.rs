//! The values of a message's session description.

use siptriage_sip::sdp::{AddressFamily, Attribute, Bandwidth, Codec, Connection, Media, Origin};

use super::{Reading, Value, text, texts, value};

/// Who offers what, where to and in which form.
pub(super) const VALUES: &[Value] = &[
    value("sdp.owner.username", |it| {
        texts(origin(it).map(|origin| origin.username))
    }),
    value("sdp.owner.sessionid", |it| {
        texts(origin(it).map(|origin| origin.session_id))
    }),
    value("sdp.owner.version", |it| {
        texts(origin(it).map(|origin| origin.version))
    }),
    value("sdp.owner.address_type", |it| {
        texts(origin(it).and_then(|origin| family(&origin.address)))
    }),
    value("sdp.owner.address", |it| {
        texts(origin(it).map(|origin| origin.address.address))
    }),
    value("sdp.connection_info.address_type", |it| {
        texts(connections(it).iter().filter_map(family))
    }),
    value("sdp.connection_info.address", |it| {
        texts(connections(it).iter().map(|connection| connection.address))
    }),
    value("sdp.bandwidth", bandwidths),
    value("sdp.media", |it| media(it).iter().map(line).collect()),
    value("sdp.media.port", |it| {
        media(it).iter().map(|it| it.port.to_string()).collect()
    }),
    value("sdp.media.proto", |it| {
        texts(media(it).iter().map(|it| it.protocol))
    }),
    value("sdp.session_attr", |it| {
        let session = it.session.iter();
        let attributes = session.flat_map(|session| &session.attributes);
        attributes.map(attribute).collect()
    }),
    value("sdp.media_attr", |it| {
        let attributes = media(it).iter().flat_map(|media| &media.attributes);
        attributes.map(attribute).collect()
    }),
    value("sdp.mime.type", |it| {
        codecs(it).iter().map(|codec| text(codec.name)).collect()
    }),
    value("sdp.sample_rate", |it| {
        let rates = codecs(it).into_iter().map(|codec| codec.clock_rate);
        rates.map(|rate| rate.to_string()).collect()
    }),
];

fn origin<'a>(reading: &Reading<'a>) -> Option<Origin<'a>> {
    reading.session.as_ref()?.origin
}

fn media<'r, 'a>(reading: &'r Reading<'a>) -> &'r [Media<'a>] {
    let session = reading.session.as_ref();
    session.map_or(&[], |session| &session.media)
}

/// That of the session and those of its media.
fn connections<'a>(reading: &Reading<'a>) -> Vec<Connection<'a>> {
    let common = reading.session.as_ref().and_then(|it| it.connection);
    let own = media(reading).iter().filter_map(|media| media.connection);
    common.into_iter().chain(own).collect()
}

fn family(connection: &Connection<'_>) -> Option<&'static [u8]> {
    match connection.family {
        AddressFamily::V4 => Some(b"IP4"),
        AddressFamily::V6 => Some(b"IP6"),
        AddressFamily::Other => None,
    }
}

/// Those of the session and of its media.
fn bandwidths(reading: &Reading<'_>) -> Vec<String> {
    let common = reading.session.iter().flat_map(|it| &it.bandwidth);
    let own = media(reading).iter().flat_map(|media| &media.bandwidth);
    let text = |Bandwidth { kind, value }: &Bandwidth<'_>| format!("{}:{value}", text(kind));
    common.chain(own).map(text).collect()
}

/// The `m=` line, put together from what was read in it.
fn line(media: &Media<'_>) -> String {
    let ports = match media.port_count {
        1 => media.port.to_string(),
        count => format!("{}/{count}", media.port),
    };
    let words = [media.kind_token, ports.as_bytes(), media.protocol];
    let words: Vec<&[u8]> = words
        .into_iter()
        .chain(media.formats.iter().copied())
        .collect();
    text(&words.join(&b' '))
}

fn attribute(attribute: &Attribute<'_>) -> String {
    let name = text(attribute.name);
    match attribute.value {
        b"" => name,
        value => format!("{name}:{}", text(value)),
    }
}

/// The codecs that the media explain, in the order in which they do.
fn codecs<'a>(reading: &Reading<'a>) -> Vec<Codec<'a>> {
    let mut found = Vec::new();
    for media in media(reading) {
        let codecs = media.codecs();
        for attribute in media.attributes.iter().filter(|it| it.name == b"rtpmap") {
            let number = attribute.value.split(|byte| *byte == b' ').next();
            let payload_type = number.and_then(|it| str::from_utf8(it).ok()?.parse::<u8>().ok());
            let codec = codecs
                .iter()
                .find(|it| Some(it.payload_type) == payload_type);
            found.extend(codec);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use siptriage_sip::{Completeness, Scanned, scan};

    use super::*;

    const OFFER: &str = "INVITE sip:bob@example.com SIP/2.0\r\n\
        Content-Type: application/sdp\r\n\r\n\
        v=0\r\no=alice 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nb=AS:64\r\nt=0 0\r\n\
        a=group:LS 1\r\n\
        m=audio 4000/2 RTP/AVP 96 0\r\nc=IN IP6 2001:db8::1\r\nb=TIAS:64000\r\n\
        a=rtpmap:96 opus/48000/2\r\na=rtpmap:97 speex/8000\r\na=sendonly\r\n\
        m=image 0 udptl t38\r\n";

    #[test]
    fn a_description_is_told_in_the_words_of_tshark() {
        let outline = scan(OFFER.as_bytes()).unwrap();
        let scanned = Scanned::new(OFFER.as_bytes(), &outline);
        let reading = Reading::of(scanned, Completeness::Whole).unwrap();
        let told: Vec<String> = VALUES
            .iter()
            .map(|value| format!("{} {}", value.field, (value.read)(&reading).join(", ")))
            .collect();
        let expected = [
            "sdp.owner.username alice",
            "sdp.owner.sessionid 1",
            "sdp.owner.version 2",
            "sdp.owner.address_type IP4",
            "sdp.owner.address 192.0.2.1",
            "sdp.connection_info.address_type IP4, IP6",
            "sdp.connection_info.address 192.0.2.1, 2001:db8::1",
            "sdp.bandwidth AS:64, TIAS:64000",
            "sdp.media audio 4000/2 RTP/AVP 96 0, image 0 udptl t38",
            "sdp.media.port 4000, 0",
            "sdp.media.proto RTP/AVP, udptl",
            "sdp.session_attr group:LS 1",
            "sdp.media_attr rtpmap:96 opus/48000/2, rtpmap:97 speex/8000, sendonly",
            "sdp.mime.type opus",
            "sdp.sample_rate 48000",
        ];
        assert_eq!(told, expected);
    }
}
