//! Whom an INVITE calls, and for whom: by that, one is known that was announced.

use std::net::IpAddr;

use siptriage_sip::uri::Party;
use siptriage_sip::{HeaderName, HeaderSet, Method, Scanned};
use smallvec::SmallVec;

use super::LinkReason;
use super::clue::{Clue, Clues};
use super::hint::{referred_by, replacing};
use super::target::{place_of, user_of};
use crate::hash;
use crate::text::Texts;

/// What a message that opens a leg says of that, as it stands: few INVITEs are announced, and what they
/// are known by is made only where one is expected.
#[derive(Clone, Debug)]
pub(super) struct Invitation {
    /// The Request-URI and, behind it, the address of From.
    uris: SmallVec<[u8; 72]>,
    /// Where the latter begins; beyond all where there is none.
    from_uri: u32,
    /// Whether it is an INVITE outside of dialogs, which alone a REFER can have asked for.
    opens_dialog: bool,
    told: Option<Box<Told>>,
}

/// What few INVITEs say of the REFER that asked for them.
#[derive(Clone, Copy, Debug)]
struct Told {
    /// Whom Referred-By names (RFC 3892).
    referrer: Option<u64>,
    /// The dialog that Replaces names (RFC 3891).
    replaces: Option<Clue>,
}

impl Told {
    const HEADERS: HeaderSet = HeaderSet::EMPTY
        .with(HeaderName::ReferredBy)
        .with(HeaderName::Replaces);

    fn by(message: Scanned<'_>) -> Told {
        let replaces = message.header(HeaderName::Replaces).next();
        Told {
            referrer: referred_by(message),
            replaces: replaces.map(replacing),
        }
    }
}

impl Invitation {
    pub(super) fn of(message: Scanned<'_>) -> Invitation {
        let outline = message.outline;
        let tells = outline.has.intersects(Told::HEADERS);
        let request_uri = message.request_uri().unwrap_or_default();
        let mut uris = SmallVec::from_slice(Texts::kept(request_uri));
        let from_uri = message.from_uri().map_or(u32::MAX, |from| {
            let begin = uris.len();
            uris.extend_from_slice(Texts::kept(from));
            begin as u32
        });
        Invitation {
            uris,
            from_uri,
            opens_dialog: outline.method() == Method::Invite && message.to_tag().is_none(),
            told: tells.then(|| Box::new(Told::by(message))),
        }
    }

    fn called(&self) -> Option<Party<'_>> {
        let request_uri = self.uris.get(..self.from_uri as usize);
        Party::of(request_uri.unwrap_or(&self.uris))
    }

    fn caller_uri(&self) -> Option<&[u8]> {
        self.uris.get(self.from_uri as usize..)
    }

    /// The clue by which it is known if it follows a redirection of `caller`.
    pub(super) fn redirection(&self, caller: IpAddr) -> Option<Clue> {
        let target = place_of(self.called()?)?;
        Some(Clue::redirection(target, self.caller_uri()?, caller))
    }

    /// What it has in common with a REFER that asked `caller` for it, most telling first.
    pub(super) fn causes(&self, caller: IpAddr) -> Clues {
        let mut causes = Clues::new();
        let called = self.called().filter(|_| self.opens_dialog);
        let Some((called, target)) = called.and_then(|called| Some((called, place_of(called)?)))
        else {
            return causes;
        };
        let told = self.told.as_deref();
        if let Some(referrer) = told.and_then(|told| told.referrer) {
            causes.push(Clue::new(LinkReason::ReferredBy, &(target, referrer)));
        }
        causes.extend(told.and_then(|told| told.replaces));
        let origin = self.caller_uri().and_then(Party::of);
        if let Some(referee) = origin.and_then(place_of) {
            causes.push(Clue::new(LinkReason::ReferTo, &(target, referee)));
        }
        causes.push(Clue::new(LinkReason::ReferTo, &(target, caller)));
        if let Some(number) = user_of(called) {
            let value = (hash::bytes(number), caller);
            causes.push(Clue::new(LinkReason::ReferNumber, &value));
        }
        causes
    }
}

#[cfg(test)]
mod tests {
    use siptriage_sip::scan;

    use super::*;

    const CALLER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn invitation(text: &str) -> Invitation {
        let text = text.replace('\n', "\r\n");
        let outline = scan(text.as_bytes()).expect("has a start line");
        Invitation::of(Scanned::new(text.as_bytes(), &outline))
    }

    fn reasons(invitation: &Invitation) -> Vec<LinkReason> {
        let causes = invitation.causes(CALLER);
        causes.iter().map(|cause| cause.reason).collect()
    }

    #[test]
    fn an_invite_is_known_by_whom_it_calls_and_for_whom() {
        let plain = "INVITE sip:+15550100@example.com SIP/2.0\nFrom: <sip:a@example.com>\n\n";
        let known = invitation(plain);
        let target = place_of(Party::of(b"sip:+15550100@example.com").unwrap()).unwrap();
        let expected = Clue::redirection(target, b"sip:a@example.com", CALLER);
        assert_eq!(known.redirection(CALLER), Some(expected));
        let by_place = [LinkReason::ReferTo, LinkReason::ReferTo];
        assert_eq!(reasons(&known)[..2], by_place);
        assert_eq!(reasons(&known)[2..], [LinkReason::ReferNumber]);
        let told = plain.replace(
            "\n\n",
            "\nReferred-By: <sip:b@example.com>\nReplaces: 1;to-tag=2;from-tag=3\n\n",
        );
        let told = reasons(&invitation(&told));
        assert_eq!(told[..2], [LinkReason::ReferredBy, LinkReason::ReferTo]);
        assert_eq!(told[2..], reasons(&known));
    }

    #[test]
    fn without_from_nobody_was_redirected_but_somebody_may_be_called() {
        let known = invitation("INVITE sip:a@example.com SIP/2.0\n\n");
        assert_eq!(known.redirection(CALLER), None);
        let by_host = [LinkReason::ReferTo, LinkReason::ReferNumber];
        assert_eq!(reasons(&known), by_host);
    }

    #[test]
    fn of_long_addresses_no_more_is_kept_than_of_any_string() {
        let user = "u".repeat(Texts::MAX_TEXT_BYTES);
        let uri = format!("sip:{user}@example.com");
        let known = invitation(&format!("INVITE sip:b@x SIP/2.0\nFrom: <{uri}>\n\n"));
        assert_eq!(known.uris.len(), "sip:b@x".len() + Texts::MAX_TEXT_BYTES);
        let target = place_of(Party::of(b"sip:b@x").unwrap()).unwrap();
        let expected = Clue::redirection(target, uri.as_bytes(), CALLER);
        assert_eq!(known.redirection(CALLER), Some(expected));
    }

    #[test]
    fn only_an_invite_outside_of_dialogs_was_asked_for() {
        for text in [
            "INVITE sip:a@example.com SIP/2.0\nTo: <sip:a@example.com>;tag=1\n\n",
            "BYE sip:a@example.com SIP/2.0\nFrom: <sip:b@example.com>\n\n",
            "SIP/2.0 200 OK\nCSeq: 1 INVITE\nFrom: <sip:b@example.com>\n\n",
        ] {
            assert_eq!(reasons(&invitation(text)), [], "{text}");
        }
    }
}
