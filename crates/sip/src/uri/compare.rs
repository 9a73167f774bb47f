//! When two URIs are equivalent (RFC 3261 19.1.4).

use super::Uri;
use super::part::{Character, UriPart};
use super::sip::{SipUri, UriParams};
use crate::HeaderName;

/// Parameters that make a difference even if only one of the URIs carries them. The list of rules
/// leaves `transport` out; the sentence on default values and the examples have it.
const SIGNIFICANT: [&str; 5] = ["transport", "user", "ttl", "method", "maddr"];

impl Uri<'_> {
    /// Whether both URIs are equivalent. Not transitive, as RFC 3261 19.1.4 itself notes.
    pub fn is_equivalent(&self, other: &Uri<'_>) -> bool {
        match (self, other) {
            (Uri::Sip(one), Uri::Sip(two)) => sip(one, two),
            (Uri::Tel(one), Uri::Tel(two)) => {
                one.digits().eq(two.digits()) && same_params(one.params, two.params)
            }
            (
                Uri::Urn {
                    namespace,
                    specific,
                },
                Uri::Urn {
                    namespace: other_namespace,
                    specific: other_specific,
                },
            ) => namespace.eq_ignore_ascii_case(other_namespace) && specific == other_specific,
            (
                Uri::Other { scheme, rest },
                Uri::Other {
                    scheme: other_scheme,
                    rest: other_rest,
                },
            ) => scheme.eq_ignore_ascii_case(other_scheme) && rest == other_rest,
            (Uri::Sip(_) | Uri::Tel(_) | Uri::Urn { .. } | Uri::Other { .. }, _) => false,
        }
    }
}

fn sip(one: &SipUri<'_>, two: &SipUri<'_>) -> bool {
    one.security == two.security
        && one.user == two.user
        && one.password.map(|password| UriPart(password.reveal()))
            == two.password.map(|password| UriPart(password.reveal()))
        && one.host == two.host
        && one.port == two.port
        && params(one.params, two.params)
        && headers(one, two)
}

/// A parameter in both must match; one in only one of them is ignored, but for the significant.
fn params(one: UriParams<'_>, two: UriParams<'_>) -> bool {
    if SIGNIFICANT
        .iter()
        .any(|name| one.has(name) != two.has(name))
    {
        return false;
    }
    let (one, two) = (sorted(one), sorted(two));
    let mut two = two.iter().peekable();
    for (name, value) in &one {
        while two.next_if(|(other, _)| other < name).is_some() {}
        if let Some((_, other)) = two.next_if(|(other, _)| other == name)
            && other != value
        {
            return false;
        }
    }
    true
}

/// All parameters must match, in any order (RFC 3966 4).
fn same_params(one: UriParams<'_>, two: UriParams<'_>) -> bool {
    sorted(one) == sorted(two)
}

/// Header fields must all match, in any order. A compact name is the long one.
fn headers(one: &SipUri<'_>, two: &SipUri<'_>) -> bool {
    let sorted = |uri: &SipUri<'_>| {
        let mut fields: Vec<(Name, Vec<Character>)> = uri
            .header_fields()
            .map(|(name, value)| (Name::of(name), value.characters().collect()))
            .collect();
        fields.sort_unstable();
        fields
    };
    sorted(one) == sorted(two)
}

/// The name of a header field of a URI.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Known(HeaderName),
    Other(Vec<Character>),
}

impl Name {
    fn of(part: UriPart<'_>) -> Name {
        match HeaderName::from_wire(&part.unescaped()) {
            Some(name) => Name::Known(name),
            None => Name::Other(lower(part)),
        }
    }
}

/// Parameters by name, names and values without case and escapes.
fn sorted(params: UriParams<'_>) -> Vec<(Vec<Character>, Vec<Character>)> {
    let mut sorted: Vec<(Vec<Character>, Vec<Character>)> = params
        .iter()
        .map(|(name, value)| (lower(name), lower(value.unwrap_or(UriPart(b"")))))
        .collect();
    sorted.sort_unstable();
    sorted
}

fn lower(part: UriPart<'_>) -> Vec<Character> {
    part.characters()
        .map(Character::to_ascii_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equivalent(one: &str, two: &str) -> bool {
        let parse = |text: &'static str| Uri::parse(text.as_bytes()).expect("parses");
        let (one, two) = (one.to_owned().leak(), two.to_owned().leak());
        let (one, two) = (parse(one), parse(two));
        assert_eq!(one.is_equivalent(&two), two.is_equivalent(&one), "symmetry");
        one.is_equivalent(&two)
    }

    #[test]
    fn the_pairs_of_the_specification() {
        for (one, two) in [
            (
                "sip:%61lice@example.com;transport=TCP",
                "sip:alice@EXAMPLE.com;Transport=tcp",
            ),
            ("sip:carol@example.com", "sip:carol@example.com;newparam=5"),
            ("sip:carol@example.com", "sip:carol@example.com;security=on"),
            (
                "sip:carol@example.com;newparam=5",
                "sip:carol@example.com;security=on",
            ),
            (
                "sip:carol@example.com",
                "sip:carol@example.com;security=off",
            ),
            (
                "sip:example.com;transport=tcp;method=REGISTER?to=sip:b%40example.com",
                "sip:example.com;method=REGISTER;transport=tcp?to=sip:b%40example.com",
            ),
            (
                "sip:alice@example.com?subject=p%20x&priority=urgent",
                "sip:alice@example.com?priority=urgent&subject=p%20x",
            ),
            (
                "sip:alice@example.com?subject=x",
                "sip:alice@example.com?S=%78",
            ),
            ("tel:+1-555-0100;ext=1;x=2", "tel:+15550100;x=2;ext=1"),
            ("urn:Service:sos", "URN:service:sos"),
        ] {
            assert!(equivalent(one, two), "{one} {two}");
        }
        for (one, two) in [
            (
                "SIP:ALICE@example.com;Transport=udp",
                "sip:alice@example.com;Transport=UDP",
            ),
            ("sip:bob@example.com", "sip:bob@example.com:5060"),
            ("sip:bob@example.com", "sip:bob@example.com;transport=udp"),
            (
                "sip:bob@example.com",
                "sip:bob@example.com:6000;transport=tcp",
            ),
            ("sip:bob@example.com", "sip:bob@example.com;transport=tcp"),
            ("sip:bob@example.com", "sip:bob@example.com;ttl=1"),
            ("sip:bob@example.com", "sip:bob@example.com;method=INVITE"),
            ("sip:bob@example.com", "sip:bob@example.com;maddr=192.0.2.4"),
            ("sip:bob@example.com", "sip:bob:pw@example.com"),
            ("sip:a;b@example.com", "sip:a%3Bb@example.com"),
            (
                "sip:carol@example.com;security=on",
                "sip:carol@example.com;security=off",
            ),
            (
                "sip:carol@example.com;newparam=5",
                "sip:carol@example.com;newparam=6",
            ),
            (
                "sip:carol@example.com",
                "sip:carol@example.com?Subject=next%20meeting",
            ),
            ("sip:bob@phone21.example.com", "sip:bob@192.0.2.4"),
            ("sip:bob@example.com", "sips:bob@example.com"),
            ("sip:bob@example.com", "sip:bob@example.com;user=phone"),
            ("sip:example.com", "sip:bob@example.com"),
        ] {
            assert!(!equivalent(one, two), "{one} {two}");
        }
    }
}
