//! Reads a description line by line (RFC 8866 5).

use memchr::memchr;

use super::attribute::Attribute;
use super::media::Media;
use super::session::{
    AddressFamily, Bandwidth, Connection, Origin, SdpDefect, SdpDefectKind, Session,
};
use crate::Span;
use crate::lanes::{self, Lanes, Walk};

/// Media beyond this many are left out; real descriptions have a handful (RFC 8866 5.14).
pub const MEDIA_LIMIT: usize = 64;

/// Defects of one description beyond this many are not noted (RFC 8866 9).
pub const DEFECTS_LIMIT: usize = 64;

/// The lines of a description that are not empty, with their places (RFC 8866 5). They may end in
/// CRLF, LF or CR.
fn lines(description: &[u8]) -> impl Iterator<Item = (Span, &[u8])> {
    let mut position = 0;
    let all = std::iter::from_fn(move || {
        let start = position;
        if start >= description.len() {
            return None;
        }
        let end = line_end(description, start);
        position = match description.get(end..) {
            Some([b'\r', b'\n', ..]) => end + 2,
            _ => end + 1,
        };
        Some((Span::new(start, end), &description[start..end]))
    });
    all.filter(|(_, line)| !line.is_empty())
}

/// The values of the lines that begin with one of `letters`, in their order (RFC 8866 5). Costs less
/// than a walk over all lines.
pub fn values<const COUNT: usize>(
    description: &[u8],
    letters: [u8; COUNT],
) -> impl Iterator<Item = (u8, &[u8])> {
    let equals = |lanes: Lanes| lanes.equal(b'=');
    let mut walk = Walk::new(description, 0, equals);
    std::iter::from_fn(move || {
        loop {
            let equals = walk.next(description, equals)?;
            let letter = match &description[..equals] {
                [letter] | [.., b'\r' | b'\n', letter] => *letter,
                _ => continue,
            };
            if letters.contains(&letter) {
                let end = line_end(description, equals);
                return Some((letter, &description[equals + 1..end]));
            }
        }
    })
}

fn line_end(description: &[u8], from: usize) -> usize {
    let is_end = |lanes: Lanes| lanes.any_of([b'\r', b'\n']);
    lanes::find(description, from, description.len(), is_end)
}

/// Reads a description; `None` if no line of it is one of SDP (RFC 8866 5, 9).
pub fn parse(bytes: &[u8]) -> Option<Session<'_>> {
    let mut session = Session::default();
    let mut known_lines = 0;
    let mut section = Section::Kept;
    for (span, line) in lines(bytes) {
        let [letter, b'=', value @ ..] = line else {
            note(&mut session, SdpDefectKind::NotALine, span);
            continue;
        };
        known_lines += 1;
        if known_lines == 1 && line != b"v=0" {
            note(&mut session, SdpDefectKind::BadVersion, span);
        }
        section = read_line(&mut session, section, *letter, value, span);
    }
    if known_lines == 0 {
        return None;
    }
    let whole = Span::new(bytes.len(), bytes.len());
    if session.origin.is_none() && !has(&session, SdpDefectKind::BadOrigin) {
        note(&mut session, SdpDefectKind::BadOrigin, whole);
    }
    let unconnected = |media: &Media<'_>| media.connection.is_none() && media.port != 0;
    if session.connection.is_none()
        && session.media.iter().any(unconnected)
        && !has(&session, SdpDefectKind::BadConnection)
    {
        note(&mut session, SdpDefectKind::MissingConnection, whole);
    }
    Some(session)
}

/// What becomes of the lines that follow: those of a medium that is left out concern no other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Kept,
    LeftOut,
}

/// Words divided by spaces.
pub(super) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
}

/// A decimal number of 64 bits, with nothing around it but white space.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let mut number = (!text.is_empty()).then_some(0u64)?;
    for byte in text {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(number)
}

fn read_line<'a>(
    session: &mut Session<'a>,
    section: Section,
    letter: u8,
    value: &'a [u8],
    span: Span,
) -> Section {
    match letter {
        b'm' => return media(session, value, span),
        _ if section == Section::LeftOut => {}
        b'o' => match origin(value) {
            Some(origin) => session.origin = session.origin.or(Some(origin)),
            None => note(session, SdpDefectKind::BadOrigin, span),
        },
        b's' => session.name = session.name.or(Some(value)),
        b'c' => match connection(words(value)) {
            Some(connection) => match session.media.last_mut() {
                Some(media) => media.connection = media.connection.or(Some(connection)),
                None => session.connection = session.connection.or(Some(connection)),
            },
            None => note(session, SdpDefectKind::BadConnection, span),
        },
        b'b' => match bandwidth(value) {
            Some(bandwidth) => match session.media.last_mut() {
                Some(media) => media.bandwidth.push(bandwidth),
                None => session.bandwidth.push(bandwidth),
            },
            None => note(session, SdpDefectKind::BadBandwidth, span),
        },
        b'a' => {
            let attribute = Attribute::parse(value.trim_ascii_end());
            match session.media.last_mut() {
                Some(media) => media.attributes.push(attribute),
                None => session.attributes.push(attribute),
            }
        }
        _ => {}
    }
    section
}

fn media<'a>(session: &mut Session<'a>, value: &'a [u8], span: Span) -> Section {
    match Media::parse(value) {
        Some(_) if session.media.len() >= MEDIA_LIMIT => {
            if !has(session, SdpDefectKind::TooManyMedia) {
                note(session, SdpDefectKind::TooManyMedia, span);
            }
            Section::LeftOut
        }
        Some(media) => {
            session.media.push(media);
            Section::Kept
        }
        None => {
            note(session, SdpDefectKind::BadMedia, span);
            Section::LeftOut
        }
    }
}

fn origin(value: &[u8]) -> Option<Origin<'_>> {
    let mut words = words(value);
    let (username, session_id, version) = (words.next()?, words.next()?, words.next()?);
    Some(Origin {
        username,
        session_id,
        version,
        address: connection(words)?,
    })
}

fn connection<'a>(mut words: impl Iterator<Item = &'a [u8]>) -> Option<Connection<'a>> {
    words.next()?;
    let family = match words.next()? {
        b"IP4" => AddressFamily::V4,
        b"IP6" => AddressFamily::V6,
        _ => AddressFamily::Other,
    };
    let address = words.next()?;
    let Some(slash) = address.iter().position(|byte| *byte == b'/') else {
        return Some(Connection {
            family,
            address,
            time_to_live: None,
        });
    };
    let first = address[slash + 1..].split(|byte| *byte == b'/').next();
    let time_to_live = match family {
        AddressFamily::V4 => first
            .and_then(number)
            .and_then(|value| u8::try_from(value).ok()),
        AddressFamily::V6 | AddressFamily::Other => None,
    };
    Some(Connection {
        family,
        address: &address[..slash],
        time_to_live,
    })
}

fn bandwidth(value: &[u8]) -> Option<Bandwidth<'_>> {
    let colon = memchr(b':', value)?;
    Some(Bandwidth {
        kind: &value[..colon],
        value: number(&value[colon + 1..])?,
    })
}

fn note(session: &mut Session<'_>, kind: SdpDefectKind, span: Span) {
    if session.defects.len() < DEFECTS_LIMIT {
        session.defects.push(SdpDefect { kind, span });
    }
}

fn has(session: &Session<'_>, kind: SdpDefectKind) -> bool {
    session.defects.iter().any(|defect| defect.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::super::{Codec, Direction, MediaKind, Setup, Transport};
    use super::*;

    const OFFER: &[u8] = b"v=0\r\n\
        o=- 12 3 IN IP4 192.0.2.1\r\n\
        s=-\r\n\
        c=IN IP4 192.0.2.1\r\n\
        b=AS:64\r\n\
        t=0 0\r\n\
        a=sendonly\r\n\
        m=audio 49170/2 RTP/AVP 0 96 101 97\r\n\
        a=rtpmap:96 opus/48000/2\r\n\
        a=fmtp:96 useinbandfec=1\r\n\
        a=rtpmap:101 telephone-event/8000\r\n\
        a=ptime:20\r\n\
        a=rtcp:53020 IN IP4 192.0.2.9\r\n\
        a=ice-ufrag:F7gI\r\n\
        a=ice-pwd:x9cml\r\n\
        m=image 0 udptl t38\r\n\
        c=IN IP6 2001:db8::1\r\n\
        a=inactive\r\n";

    #[test]
    fn a_number_is_digits_alone() {
        for (text, expected) in [
            (&b"0"[..], Some(0)),
            (b" 18446744073709551615\t", Some(u64::MAX)),
            (b"18446744073709551616", None),
            (b"", None),
            (b"+1", None),
            (b"7IP/2", None),
            (b"1 2", None),
        ] {
            assert_eq!(number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_may_end_in_any_way() {
        for end in ["\r\n", "\n", "\r", "\n\r\n"] {
            for (last, length) in [(end, 0), ("", 0), (end, 70), ("", 70)] {
                let long = "x".repeat(length);
                let text = ["v=0", end, &long, "o=1", end, "s=-", last].concat();
                let found = lines(text.as_bytes()).map(|(span, line)| {
                    assert_eq!(span.of(text.as_bytes()), Some(line));
                    String::from_utf8_lossy(line).into_owned()
                });
                let found: Vec<String> = found.collect();
                assert_eq!(found, ["v=0", &[&long, "o=1"].concat(), "s=-"], "{text:?}");
                let values: Vec<(u8, &[u8])> = values(text.as_bytes(), *b"sov").collect();
                let own = (length == 0).then_some((b'o', &b"1"[..]));
                let all = [Some((b'v', &b"0"[..])), own, Some((b's', b"-"))];
                assert!(all.into_iter().flatten().eq(values), "{text:?}");
            }
        }
        assert_eq!(lines(b"").count() + lines(b"\r\n\r").count(), 0);
    }

    #[test]
    fn only_the_lines_asked_for_give_values() {
        let text = b"=1\n\n=2\no=\nac=3\na=c=4\nc=5=6\nm=7";
        let found: Vec<(u8, &[u8])> = values(text, *b"ocm").collect();
        assert_eq!(found, [(b'o', &b""[..]), (b'c', b"5=6"), (b'm', b"7")]);
        assert_eq!(values(b"", *b"o").count(), 0);
    }

    #[test]
    fn every_part_of_an_offer_is_found() {
        let session = parse(OFFER).expect("is SDP");
        assert_eq!(session.defects, []);
        let origin = session.origin.expect("has o=");
        assert_eq!(origin.version_number(), Some(3));
        let [audio, fax] = &session.media[..] else {
            panic!("two media");
        };
        assert_eq!(
            (audio.kind(), audio.port, audio.port_count),
            (MediaKind::Audio, 49170, 2)
        );
        assert_eq!(audio.transport(), Transport::Rtp);
        let names: Vec<&[u8]> = audio.codecs().iter().map(|codec| codec.name).collect();
        assert_eq!(names, [&b"PCMU"[..], b"opus", b"telephone-event"]);
        let opus = audio.codecs().get(1).copied();
        let expected = Codec {
            format: Some(b"useinbandfec=1"),
            ..Codec::from_map(96, b"opus/48000/2").expect("parses")
        };
        assert_eq!(opus, Some(expected));
        assert_eq!(audio.ptime_ms(), Some(20));
        assert_eq!(audio.rtcp().map(|rtcp| rtcp.port), Some(53020));
        assert_eq!(session.direction_of(audio), Direction::SendOnly);
        assert_eq!(session.direction_of(fax), Direction::Inactive);
        assert!(fax.is_t38() && fax.is_rejected());
        assert_eq!(
            session.connection_of(fax).map(|it| it.family),
            Some(AddressFamily::V6)
        );
        assert!(audio.ice_password().is_some());
        assert!(!format!("{audio:?}").contains("x9cml"));
    }

    #[test]
    fn what_the_session_says_holds_for_media_that_say_nothing() {
        let text = b"v=0\no=- 1 1 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\na=setup:actpass\n\
            a=ice-ufrag:s\na=ice-pwd:t\na=fingerprint:sha-256 01\n\
            m=audio 9 UDP/TLS/RTP/SAVPF 0\nm=audio 9 TCP/DTLS/RTP/SAVP 0\na=setup:active\n\
            a=ice-ufrag:m\na=ice-pwd:n\na=fingerprint:sha-1 02\n";
        let session = parse(text).expect("is SDP");
        let [plain, own] = &session.media[..] else {
            panic!("two media");
        };
        for (media, setup, user, password, hash) in [
            (plain, Setup::ActPass, b"s", b"t", &b"sha-256"[..]),
            (own, Setup::Active, b"m", b"n", b"sha-1"),
        ] {
            assert_eq!(media.transport(), Transport::DtlsSrtp);
            assert_eq!(session.setup_of(media), Some(setup));
            assert_eq!(session.ice_user_of(media), Some(&user[..]));
            let found = session.ice_password_of(media).map(|it| it.reveal());
            assert_eq!(found, Some(&password[..]));
            assert_eq!(session.fingerprint_of(media).map(|it| it.hash), Some(hash));
        }
    }

    #[test]
    fn whatever_is_wrong_is_noted_and_passed_over() {
        let kinds = |text: &[u8]| -> Vec<SdpDefectKind> {
            parse(text).map_or(Vec::new(), |it| {
                it.defects.iter().map(|it| it.kind).collect()
            })
        };
        use SdpDefectKind::*;
        assert_eq!(kinds(b"v=1\no=- 1 1 IN IP4 a\n"), [BadVersion]);
        assert_eq!(kinds(b"v=0\no=- 1\n"), [BadOrigin]);
        assert_eq!(kinds(b"v=0\n"), [BadOrigin]);
        let head = b"v=0\ro=- 1 1 IN IP4 a\r";
        let with = |rest: &[u8]| kinds(&[head, rest].concat());
        assert_eq!(with(b"m=audio x RTP/AVP 0"), [BadMedia]);
        assert_eq!(with(b"m=audio 70000 RTP/AVP 0"), [BadMedia]);
        assert_eq!(with(b"m=audio 1 RTP/AVP 0"), [MissingConnection]);
        assert_eq!(with(b"m=audio 0 RTP/AVP 0"), []);
        assert_eq!(with(b"c=IN\r"), [BadConnection]);
        assert_eq!(with(b"b=AS\rgarbage\r"), [BadBandwidth, NotALine]);
        assert_eq!(
            with(&b"m=audio 0 RTP/AVP 0\n".repeat(MEDIA_LIMIT + 3)),
            [TooManyMedia]
        );
        assert!(parse(b"no description").is_none());
        assert!(parse(b"").is_none());
    }

    #[test]
    fn the_lines_of_a_medium_left_out_concern_no_other() {
        let left_out = "m=audio x RTP/AVP 0\nc=IN IP4 192.0.2.9\nb=AS:9\na=inactive\n";
        let kept = "m=audio 2 RTP/AVP 0\na=sendonly\n";
        let head = "v=0\no=- 1 1 IN IP4 192.0.2.1\nc=IN IP4 192.0.2.1\n";
        let with = format!("{head}{left_out}{kept}{left_out}");
        let without = format!("{head}{kept}");
        let with = parse(with.as_bytes()).expect("is SDP");
        let without = parse(without.as_bytes()).expect("is SDP");
        assert_eq!(
            Session {
                defects: Vec::new(),
                ..with
            },
            without
        );
        let many = kept.repeat(MEDIA_LIMIT) + left_out;
        let many = format!("{head}{}", many.replace('x', "4"));
        let many = parse(many.as_bytes()).expect("is SDP");
        assert!(many.media.iter().all(|media| media.attributes.len() == 1));
    }
}
