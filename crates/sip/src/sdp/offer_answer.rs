//! What an offer and its answer agree on (RFC 3264), as a pure function of the two.

use super::attribute::Direction;
use super::codec::Codec;
use super::media::{Media, Transport};
use super::session::Session;

/// The outcome of one exchange (RFC 3264 6, 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement<'a> {
    /// One entry for each medium of the offer, in its order.
    pub media: Vec<MediaAgreement<'a>>,
    /// What is wrong with the answer.
    pub flaws: Vec<AnswerFlaw>,
}

/// The outcome for one medium (RFC 3264 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaAgreement<'a> {
    /// The medium flows.
    Accepted {
        /// Direction seen by the side that made the offer.
        direction: Direction,
        /// The codecs in common, in the order and with the payload types of the answer.
        codecs: Vec<Codec<'a>>,
    },
    /// The answer sets port 0 (RFC 3264 6).
    Rejected,
    /// The offer had port 0 already.
    NotOffered,
    /// The answer has no such medium.
    Unanswered,
}

/// What RFC 3264 does not allow in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFlaw {
    /// The number of media differs (RFC 3264 6).
    MediaCount {
        /// Media in the offer.
        offered: usize,
        /// Media in the answer.
        answered: usize,
    },
    /// A medium is of another kind than the offered one in its place.
    MediaKind {
        /// Place among the media, from 0.
        index: usize,
    },
    /// A medium has another transport protocol than offered.
    Protocol {
        /// Place among the media, from 0.
        index: usize,
    },
    /// A medium was accepted that the offer had disabled.
    PortRevived {
        /// Place among the media, from 0.
        index: usize,
    },
    /// The answer has formats that were not offered, and none that was.
    NoCommonCodec {
        /// Place among the media, from 0.
        index: usize,
    },
    /// The answer has, beside common ones, a format that was not offered (RFC 3264 6.1).
    FormatNotOffered {
        /// Place among the media, from 0.
        index: usize,
    },
    /// The direction answered does not fit the one offered (RFC 3264 6.1).
    Direction {
        /// Place among the media, from 0.
        index: usize,
        /// As offered.
        offered: Direction,
        /// As answered.
        answered: Direction,
    },
}

/// Lays the answer beside the offer (RFC 3264 6, 7).
pub fn agree<'a>(offer: &Session<'_>, answer: &Session<'a>) -> Agreement<'a> {
    let mut flaws = Vec::new();
    let (offered, answered) = (offer.media.len(), answer.media.len());
    if offered != answered {
        flaws.push(AnswerFlaw::MediaCount { offered, answered });
    }
    let mut media = Vec::with_capacity(offered);
    for (index, asked) in offer.media.iter().enumerate() {
        media.push(match answer.media.get(index) {
            None => MediaAgreement::Unanswered,
            Some(given) => compare(index, (offer, asked), (answer, given), &mut flaws),
        });
    }
    Agreement { media, flaws }
}

/// The codecs of `answer` that `offer` has too, whatever their payload types (RFC 3264 6.1).
pub fn common_codecs<'a>(offer: &Media<'_>, answer: &Media<'a>) -> Vec<Codec<'a>> {
    let offered = offer.codecs();
    let mut common = answer.codecs();
    common.retain(|codec| offered.iter().any(|other| other.is_same(codec)));
    common
}

/// Whether a re-offer changes anything that must raise the version in `o=` (RFC 3264 8).
pub fn is_changed(before: &Session<'_>, after: &Session<'_>) -> bool {
    before.connection != after.connection
        || before.bandwidth != after.bandwidth
        || before.attributes != after.attributes
        || before.media != after.media
}

/// Whether the maker of a description puts the other side on hold: media are there and none of
/// them is received (RFC 3264 8.4, and 0.0.0.0 as before it).
pub fn is_hold(session: &Session<'_>) -> bool {
    let mut active = session
        .media
        .iter()
        .filter(|media| !media.is_rejected())
        .peekable();
    active.peek().is_some()
        && active.all(|media| {
            !session.direction_of(media).receives()
                || session
                    .connection_of(media)
                    .is_some_and(|to| to.is_unspecified())
        })
}

fn compare<'a>(
    index: usize,
    (offer, asked): (&Session<'_>, &Media<'_>),
    (answer, given): (&Session<'a>, &Media<'a>),
    flaws: &mut Vec<AnswerFlaw>,
) -> MediaAgreement<'a> {
    if asked.kind_token != given.kind_token {
        flaws.push(AnswerFlaw::MediaKind { index });
    }
    if given.is_rejected() {
        return if asked.is_rejected() {
            MediaAgreement::NotOffered
        } else {
            MediaAgreement::Rejected
        };
    }
    if asked.is_rejected() {
        flaws.push(AnswerFlaw::PortRevived { index });
        return MediaAgreement::NotOffered;
    }
    if !asked.protocol.eq_ignore_ascii_case(given.protocol) {
        flaws.push(AnswerFlaw::Protocol { index });
    }
    let codecs = formats(index, asked, given, flaws);
    let offered = offer.direction_of(asked);
    let answered = answer.direction_of(given);
    if answered.reversed().narrowed_to(offered) != answered.reversed() {
        flaws.push(AnswerFlaw::Direction {
            index,
            offered,
            answered,
        });
    }
    let direction = offered.narrowed_to(answered.reversed());
    MediaAgreement::Accepted { direction, codecs }
}

/// The codecs in common; notes what the answer should not have.
fn formats<'a>(
    index: usize,
    asked: &Media<'_>,
    given: &Media<'a>,
    flaws: &mut Vec<AnswerFlaw>,
) -> Vec<Codec<'a>> {
    if matches!(given.transport(), Transport::Udptl | Transport::Other) {
        return Vec::new();
    }
    let common = common_codecs(asked, given);
    let total = given.codecs().len();
    let useful = common.iter().any(|codec| !codec.is_auxiliary());
    if !useful && total > 0 {
        flaws.push(AnswerFlaw::NoCommonCodec { index });
    } else if common.len() < total {
        flaws.push(AnswerFlaw::FormatNotOffered { index });
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::parse;

    fn describe(media: &str) -> Vec<u8> {
        format!("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n{media}").into()
    }

    /// Offer, answer, flaws.
    fn flaws(offer: &str, answer: &str) -> Vec<AnswerFlaw> {
        let (offer, answer) = (describe(offer), describe(answer));
        let offer = parse(&offer).expect("is SDP");
        let answer = parse(&answer).expect("is SDP");
        agree(&offer, &answer).flaws
    }

    #[test]
    fn codecs_meet_by_name_not_by_number() {
        let offer = "m=audio 1 RTP/AVP 0 96\na=rtpmap:96 opus/48000/2\n";
        assert_eq!(
            flaws(offer, "m=audio 2 RTP/AVP 111\na=rtpmap:111 OPUS/48000/2\n"),
            []
        );
        let none = [AnswerFlaw::NoCommonCodec { index: 0 }];
        assert_eq!(flaws(offer, "m=audio 2 RTP/AVP 8\n"), none);
        assert_eq!(
            flaws(offer, "m=audio 2 RTP/AVP 0 8\n"),
            [AnswerFlaw::FormatNotOffered { index: 0 }]
        );
        let dtmf = "m=audio 1 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\n";
        let only_dtmf = "m=audio 1 RTP/AVP 101\na=rtpmap:101 telephone-event/8000\n";
        assert_eq!(flaws(dtmf, only_dtmf), none);
    }

    #[test]
    fn media_keep_their_number_and_order() {
        let two = "m=audio 1 RTP/AVP 0\nm=video 3 RTP/AVP 31\n";
        assert_eq!(
            flaws(two, "m=audio 2 RTP/AVP 0\nm=video 0 RTP/AVP 31\n"),
            []
        );
        let missing = [AnswerFlaw::MediaCount {
            offered: 2,
            answered: 1,
        }];
        assert_eq!(flaws(two, "m=audio 2 RTP/AVP 0\n"), missing);
        let swapped = flaws(two, "m=video 2 RTP/AVP 31\nm=audio 2 RTP/AVP 0\n");
        assert!(swapped.contains(&AnswerFlaw::MediaKind { index: 0 }));
        let revived = [AnswerFlaw::PortRevived { index: 0 }];
        assert_eq!(
            flaws("m=audio 0 RTP/AVP 0\n", "m=audio 2 RTP/AVP 0\n"),
            revived
        );
        let secured = [AnswerFlaw::Protocol { index: 0 }];
        assert_eq!(
            flaws("m=audio 1 RTP/AVP 0\n", "m=audio 2 RTP/SAVP 0\n"),
            secured
        );
    }

    #[test]
    fn directions_follow_the_offer() {
        use Direction::{Inactive, RecvOnly, SendOnly, SendRecv};
        for (offered, answered, agreed, fits) in [
            ("sendrecv", "sendrecv", SendRecv, true),
            ("sendonly", "recvonly", SendOnly, true),
            ("sendonly", "inactive", Inactive, true),
            ("sendonly", "sendrecv", SendOnly, false),
            ("recvonly", "sendonly", RecvOnly, true),
            ("inactive", "sendrecv", Inactive, false),
        ] {
            let offer = describe(&format!("m=audio 1 RTP/AVP 0\na={offered}\n"));
            let answer = describe(&format!("m=audio 2 RTP/AVP 0\na={answered}\n"));
            let offer = parse(&offer).expect("is SDP");
            let answer = parse(&answer).expect("is SDP");
            let agreement = agree(&offer, &answer);
            assert_eq!(agreement.flaws.is_empty(), fits, "{offered} {answered}");
            let [MediaAgreement::Accepted { direction, .. }] = &agreement.media[..] else {
                panic!("accepted");
            };
            assert_eq!(*direction, agreed, "{offered} {answered}");
        }
    }

    #[test]
    fn hold_is_seen_in_both_ways() {
        let hold = |media: &str| parse(&describe(media)).is_some_and(|session| is_hold(&session));
        assert!(hold("m=audio 1 RTP/AVP 0\na=sendonly\n"));
        assert!(hold("m=audio 1 RTP/AVP 0\nc=IN IP4 0.0.0.0\n"));
        assert!(!hold("m=audio 1 RTP/AVP 0\n"));
        assert!(!hold("m=audio 0 RTP/AVP 0\na=inactive\n"));
    }
}
