//! Any bytes as a SIP message and as the values inside one.

use siptriage_sip::auth::{Challenges, Credentials};
use siptriage_sip::sdp::offer_answer::{agree, common_codecs, is_changed, is_hold};
use siptriage_sip::sdp::{DEFECTS_LIMIT, MEDIA_LIMIT, Session};
use siptriage_sip::uri::Uri;
use siptriage_sip::{Completeness, Scanned, body, parse_captured, recognise, scan};

use super::agreement;

/// Bytes on a stream: what the framer cuts lies inside them, and it gets on.
pub(super) fn framing(bytes: &[u8]) {
    let mut rest = bytes;
    loop {
        recognise(rest);
        let used = match siptriage_sip::framing::cut(rest) {
            siptriage_sip::framing::Frame::Message(length) => {
                assert!(scan(&rest[..length]).is_some(), "cuts what is no message");
                length
            }
            siptriage_sip::framing::Frame::Nothing(length) => length,
            siptriage_sip::framing::Frame::More { at_least } => {
                assert!(at_least == 0 || at_least > rest.len());
                return;
            }
            siptriage_sip::framing::Frame::Foreign { skip: 0 } => return,
            siptriage_sip::framing::Frame::Foreign { skip } => skip,
        };
        assert!(used > 0 && used <= rest.len());
        rest = &rest[used..];
    }
}

/// One message: both readings agree, all places lie inside it, and its print says the same.
pub(super) fn message(bytes: &[u8]) {
    recognise(bytes);
    let outline = scan(bytes);
    for completeness in [Completeness::Whole, Completeness::CutByCapture] {
        let Some(message) = parse_captured(bytes, completeness) else {
            assert!(outline.is_none(), "scan reads what parse does not");
            continue;
        };
        let outline = outline.as_ref().expect("parse reads what scan does not");
        assert_eq!(outline.method(), message.method());
        assert_eq!(outline.status(), message.status());
        assert!(outline.head_len as usize <= bytes.len());
        let scanned = Scanned::new(bytes, outline);
        assert_eq!(scanned.body(), message.body);
        if completeness == Completeness::Whole {
            agreement::check(scanned, &message);
        }
        let mut last = 0;
        for header in &message.headers {
            assert!(header.span.start as usize >= last, "headers out of order");
            assert_eq!(header.span.of(bytes), Some(header.value));
            last = header.span.end();
        }
        for defect in &message.defects {
            assert!(defect.span.end() <= bytes.len());
        }
        message.typed_body();
        message.sdp();
        let printed = message.print();
        let again = parse_captured(&printed, completeness);
        let again = again.expect("what is printed is SIP");
        assert!(again.print() == printed, "the print of a print differs");
    }
}

/// One URI: its print parses to an equivalent one.
pub(super) fn uri(bytes: &[u8]) {
    let (first, second) = halves(bytes);
    let first = Uri::parse(first);
    if let Ok(uri) = &first {
        assert!(uri.is_equivalent(uri), "a URI differs from itself");
        let first = print(|out| uri.print(out));
        let again = Uri::parse(&first).expect("what is printed is a URI");
        assert_eq!(print(|out| again.print(out)), first);
        uri.user().map(|user| user.unescaped().len());
        uri.host();
    }
    if let (Ok(first), Ok(second)) = (&first, &Uri::parse(second)) {
        let there = first.is_equivalent(second);
        assert_eq!(
            there,
            second.is_equivalent(first),
            "equivalence has a direction"
        );
    }
}

/// The value of an authentication header, read as both of its forms: its print says the same.
pub(super) fn authentication(bytes: &[u8]) {
    if let Ok(challenges) = Challenges::parse(bytes) {
        for challenge in challenges.iter() {
            challenge.realm();
            challenge.nonce();
            challenge.algorithm();
            challenge.is_stale();
        }
        let first = print(|out| challenges.print(out));
        let again = Challenges::parse(&first).expect("what is printed is a challenge");
        assert_eq!(again.iter().count(), challenges.iter().count());
        assert_eq!(print(|out| again.print(out)), first);
    }
    if let Ok(credentials) = Credentials::parse(bytes) {
        credentials.username();
        credentials.realm();
        credentials.nonce();
        credentials.nonce_count();
        credentials.response().map(|secret| secret.reveal().len());
        let first = print(|out| credentials.print(out));
        let again = Credentials::parse(&first).expect("what is printed is credentials");
        assert_eq!(print(|out| again.print(out)), first);
    }
}

/// Two session descriptions, parted by the first zero byte: an offer and its answer.
pub(super) fn sdp(bytes: &[u8]) {
    let (offer, answer) = halves(bytes);
    let sessions = [offer, answer].map(siptriage_sip::sdp::parse);
    for session in sessions.iter().flatten() {
        look_at(session);
        assert!(!is_changed(session, session));
    }
    let [Some(offer), Some(answer)] = &sessions else {
        return;
    };
    let agreement = agree(offer, answer);
    assert_eq!(agreement.media.len(), offer.media.len());
    is_changed(offer, answer);
    for (asked, given) in offer.media.iter().zip(&answer.media) {
        common_codecs(asked, given);
    }
}

fn look_at(session: &Session<'_>) {
    assert!(session.media.len() <= MEDIA_LIMIT);
    assert!(session.defects.len() <= DEFECTS_LIMIT);
    is_hold(session);
    session.has_active_media();
    for media in &session.media {
        session
            .connection_of(media)
            .map(|it| (it.ip(), it.is_unspecified()));
        session.direction_of(media);
        session.fingerprint_of(media);
        media.codecs();
        let _ = (media.kind(), media.transport(), media.direction());
        let _ = (media.ptime_ms(), media.maxptime_ms(), media.rtcp());
        let _ = (media.setup(), media.ice_user(), media.is_t38());
        let _ = (media.crypto().count(), media.candidates().count());
    }
}

/// A multipart body behind its boundary and a zero byte.
pub(super) fn multipart(bytes: &[u8]) {
    let (boundary, content) = halves(bytes);
    let parts = body::parts(content, boundary);
    assert!(parts.len() <= body::PARTS_LIMIT);
    for part in &parts {
        assert!(part.depth <= body::NESTING_LIMIT);
        part.typed();
    }
    let content_type = [b"multipart/mixed;boundary=\"", boundary, b"\""].concat();
    body::typed(&content_type, content);
    body::sipfrag(content);
}

fn print(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut printed = Vec::new();
    write(&mut printed);
    printed
}

/// What stands before and after the first zero byte.
fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut halves = bytes.splitn(2, |byte| *byte == 0);
    (
        halves.next().unwrap_or_default(),
        halves.next().unwrap_or_default(),
    )
}
