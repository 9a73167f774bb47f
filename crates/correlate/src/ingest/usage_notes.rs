//! What requests beside those of a call say about the usage or the state that they keep alive.

use siptriage_sip::header::{Contact, Expires};
use siptriage_sip::uri::Uri;
use siptriage_sip::{HeaderName, HeaderValue, Method, Scanned};

use crate::leg::{Leg, NoteKind};
use crate::record::{RecordIdx, Role};

/// Whether messages of a method say something that [`keep`] keeps.
pub(super) fn concern(method: Method) -> bool {
    matches!(
        method,
        Method::Register | Method::Subscribe | Method::Notify | Method::Refer | Method::Publish
    )
}

/// Keeps what a message of such a method says.
#[inline(never)]
pub(super) fn keep(leg: &mut Leg, at: RecordIdx, role: Role, message: Scanned<'_>) {
    match (message.outline.method(), role) {
        (Method::Register, Role::Request) => {
            leg.annotate(at, NoteKind::Contact, message.contact_uri());
            leg.annotate(at, NoteKind::Expires, requested(message));
        }
        (Method::Register, Role::Response(status)) if status.is_success() => {
            let granted = granted(leg, at, message);
            leg.annotate(at, NoteKind::Expires, granted);
        }
        (Method::Subscribe, Role::Request) => {
            leg.annotate(at, NoteKind::Event, value(message, HeaderName::Event));
            leg.annotate(at, NoteKind::Expires, expires(message));
        }
        (Method::Subscribe, Role::Response(status)) if status.is_success() => {
            leg.annotate(at, NoteKind::Expires, expires(message));
        }
        (Method::Notify, Role::Request) => {
            leg.annotate(at, NoteKind::Event, value(message, HeaderName::Event));
            let state = value(message, HeaderName::SubscriptionState);
            leg.annotate(at, NoteKind::SubscriptionState, state);
        }
        (Method::Refer, Role::Request) => {
            leg.annotate(at, NoteKind::ReferSub, unwanted(message));
        }
        (Method::Refer, Role::Response(status)) if status.is_success() => {
            let wanted = value(message, HeaderName::ReferSub);
            leg.annotate(at, NoteKind::ReferSub, wanted);
        }
        (Method::Publish, Role::Request) => {
            leg.annotate(at, NoteKind::Event, value(message, HeaderName::Event));
            leg.annotate(at, NoteKind::Expires, expires(message));
            let known = value(message, HeaderName::SipIfMatch);
            leg.annotate(at, NoteKind::EntityTag, known);
        }
        (Method::Publish, Role::Response(status)) if status.is_success() => {
            leg.annotate(at, NoteKind::Expires, expires(message));
            let given = value(message, HeaderName::SipEtag);
            leg.annotate(at, NoteKind::EntityTag, given);
        }
        (_, Role::Request | Role::Response(_) | Role::Ack) => {}
    }
}

fn value(message: Scanned<'_>, name: HeaderName) -> Option<&[u8]> {
    message.header(name).next()
}

/// The Expires header where it is a number.
pub(super) fn expires(message: Scanned<'_>) -> Option<&[u8]> {
    value(message, HeaderName::Expires).filter(|value| Expires::parse(value).is_ok())
}

/// How long the first binding of a REGISTER is to live: its parameter goes before the header
/// (RFC 3261 10.2.1.1).
fn requested(message: Scanned<'_>) -> Option<&[u8]> {
    let own = message.elements(HeaderName::Contact).next();
    own.and_then(lifetime).or_else(|| expires(message))
}

/// How long a registrar keeps the binding that the REGISTER asked for; with several in its 2xx, the
/// one of the same user and host (RFC 3261 10.3).
fn granted<'m>(leg: &Leg, at: RecordIdx, message: Scanned<'m>) -> Option<&'m [u8]> {
    let transaction = leg.transaction(leg.record(at).transaction);
    let asked = leg.note(transaction.first, NoteKind::Contact);
    let mut bindings = message.elements(HeaderName::Contact);
    let own = bindings.find(|binding| asked.is_some_and(|asked| binds(binding, asked)));
    let only = || {
        let mut bindings = message.elements(HeaderName::Contact);
        bindings.next().filter(|_| bindings.next().is_none())
    };
    own.or_else(only)
        .and_then(lifetime)
        .or_else(|| expires(message))
}

fn lifetime(contact: &[u8]) -> Option<&[u8]> {
    // Most have no parameters.
    if contact.ends_with(b">") {
        return None;
    }
    match Contact::parse(contact).ok()? {
        Contact::Any => None,
        Contact::Address(binding) => binding.expires().and(binding.params.value("expires")),
    }
}

/// Whether a Contact binds a URI, its parameters left out: registrars add some of their own.
fn binds(contact: &[u8], asked: &[u8]) -> bool {
    let (Ok(Contact::Address(binding)), Ok(asked)) = (Contact::parse(contact), Uri::parse(asked))
    else {
        return false;
    };
    match (binding.address.uri, asked) {
        (Uri::Sip(one), Uri::Sip(other)) => {
            (one.user, one.host, one.port) == (other.user, other.host, other.port)
        }
        (one, other) => one == other,
    }
}

/// The option tag by which a REFER asks for no subscription of its own (RFC 7614 4).
fn unwanted(message: Scanned<'_>) -> Option<&[u8]> {
    let mut options = message.elements(HeaderName::Require);
    options.find(|option| {
        option.eq_ignore_ascii_case(b"nosub") || option.eq_ignore_ascii_case(b"explicitsub")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_may_say_how_long_it_lives() {
        for (contact, expected) in [
            ("<sip:a@example.com>;expires=60", Some("60")),
            ("sip:a@example.com;q=0.5;expires=60", Some("60")),
            ("<sip:a@example.com>;expires=60;x=\"y>\"", Some("60")),
            ("<sip:a@example.com;expires=60>", None),
            ("<sip:a@example.com>;expires=60>", None),
            ("<sip:a@example.com>;q=0.5", None),
            ("*", None),
        ] {
            let expected = expected.map(str::as_bytes);
            assert_eq!(lifetime(contact.as_bytes()), expected, "{contact}");
        }
    }
}
