//! SIP, tel and other URIs (RFC 3261 19.1, RFC 3966, RFC 8141).

mod compare;
mod host;
mod part;
mod party;
mod sip;
mod tel;

pub use host::Host;
pub use part::UriPart;
pub use party::Party;
pub use sip::{Security, SipUri, UriParams};
pub use tel::TelUri;

use crate::{DefectKind, Flaw};

/// A URI of any scheme (RFC 3261 19.1, RFC 3986 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uri<'a> {
    /// `sip:` or `sips:`.
    Sip(SipUri<'a>),
    /// `tel:`.
    Tel(TelUri<'a>),
    /// `urn:`, such as `urn:service:sos` (RFC 5031).
    Urn {
        /// The namespace identifier.
        namespace: &'a [u8],
        /// The part that is specific to the namespace.
        specific: &'a [u8],
    },
    /// Any other scheme.
    Other {
        /// The scheme as it stands.
        scheme: &'a [u8],
        /// Everything behind its colon.
        rest: &'a [u8],
    },
}

impl<'a> Uri<'a> {
    /// Reads a whole URI; no white space or angle bracket may stand in it (RFC 3261 25.1).
    pub fn parse(text: &'a [u8]) -> Result<Uri<'a>, Flaw> {
        let colon = text
            .iter()
            .position(|byte| *byte == b':')
            .ok_or(Flaw::Syntax)?;
        let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
        let in_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        if !scheme.first().is_some_and(u8::is_ascii_alphabetic) || !scheme.iter().all(in_scheme) {
            return Err(Flaw::Syntax);
        }
        if scheme.eq_ignore_ascii_case(b"sip") {
            return SipUri::parse(rest, sip::Security::Any).map(Uri::Sip);
        }
        if scheme.eq_ignore_ascii_case(b"sips") {
            return SipUri::parse(rest, sip::Security::Required).map(Uri::Sip);
        }
        if scheme.eq_ignore_ascii_case(b"tel") {
            return TelUri::parse(rest).map(Uri::Tel);
        }
        if part::holds_delimiter(rest) {
            return Err(Flaw::Syntax);
        }
        if scheme.eq_ignore_ascii_case(b"urn") {
            let colon = rest
                .iter()
                .position(|byte| *byte == b':')
                .ok_or(Flaw::Syntax)?;
            return Ok(Uri::Urn {
                namespace: &rest[..colon],
                specific: &rest[colon + 1..],
            });
        }
        Ok(Uri::Other { scheme, rest })
    }

    /// The user part of a SIP URI or the number of a tel URI (RFC 3261 19.1.1, RFC 3966 3).
    pub fn user(&self) -> Option<UriPart<'a>> {
        match self {
            Uri::Sip(sip) => sip.user,
            Uri::Tel(tel) => Some(UriPart(tel.number)),
            Uri::Urn { .. } | Uri::Other { .. } => None,
        }
    }

    /// The host of a SIP URI (RFC 3261 19.1.1).
    pub fn host(&self) -> Option<Host<'a>> {
        match self {
            Uri::Sip(sip) => Some(sip.host),
            Uri::Tel(_) | Uri::Urn { .. } | Uri::Other { .. } => None,
        }
    }

    /// What its grammar forbids in a URI that can be read all the same (RFC 3261 25.1).
    pub(crate) fn defect(&self) -> Option<DefectKind> {
        match self {
            Uri::Sip(sip) if sip.user.is_some_and(|user| user.0.is_empty()) => {
                Some(DefectKind::EmptyUser)
            }
            Uri::Sip(sip) => sip.params.defect(),
            Uri::Tel(tel) => tel.params.defect(),
            Uri::Urn { .. } | Uri::Other { .. } => None,
        }
    }

    /// Appends the URI (RFC 3261 25.1).
    pub fn print(&self, out: &mut Vec<u8>) {
        match self {
            Uri::Sip(sip) => sip.print(out),
            Uri::Tel(tel) => tel.print(out),
            Uri::Urn {
                namespace,
                specific,
            } => {
                out.extend_from_slice(b"urn:");
                out.extend_from_slice(namespace);
                out.push(b':');
                out.extend_from_slice(specific);
            }
            Uri::Other { scheme, rest } => {
                out.extend_from_slice(scheme);
                out.push(b':');
                out.extend_from_slice(rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_a_uri_gives_it_back() {
        for text in [
            "sip:example.com",
            "sip:alice:secret@example.com:5070;transport=tcp;lr?subject=x&priority=urgent",
            "sips:bob@[2001:db8::1]:5061",
            "sip:user;par=u%40example.net@example.com",
            "sip:1_x~(to!y)&z+it$/a?,/;;*:&p+q=1,w!*s$@example.com",
            "sip:+15550100;phone-context=example.com@192.0.2.1;user=phone",
            "tel:+1-555-0100;ext=9",
            "tel:7042;phone-context=example.com",
            "urn:service:sos.fire",
            "soap.beep://192.0.2.103:3002",
            "nobodyKnowsThisScheme:totallyopaquecontent",
        ] {
            let uri = Uri::parse(text.as_bytes()).unwrap_or_else(|flaw| panic!("{text}: {flaw}"));
            let mut printed = Vec::new();
            uri.print(&mut printed);
            assert_eq!(String::from_utf8_lossy(&printed), text);
        }
    }

    #[test]
    fn an_empty_part_is_a_defect_and_hides_no_other() {
        for (text, expected) in [
            ("sip:@example.com", Some(DefectKind::EmptyUser)),
            ("sip:a@example.com;;lr", Some(DefectKind::EmptyParameter)),
            ("sip:a@example.com;lr;", Some(DefectKind::EmptyParameter)),
            ("tel:+15550100;;ext=9;lr", Some(DefectKind::EmptyParameter)),
            ("sip:a;;b@example.com;lr", None),
            ("sip:example.com;lr", None),
        ] {
            let uri = Uri::parse(text.as_bytes()).unwrap_or_else(|flaw| panic!("{text}: {flaw}"));
            assert_eq!(uri.defect(), expected, "{text}");
            let params = match uri {
                Uri::Sip(sip) => sip.params,
                Uri::Tel(tel) => tel.params,
                Uri::Urn { .. } | Uri::Other { .. } => panic!("{text}"),
            };
            assert!(params.iter().all(|(name, _)| !name.0.is_empty()), "{text}");
            let is_named = text.contains("lr");
            assert_eq!(params.has("lr"), is_named, "{text}");
            let mut printed = Vec::new();
            uri.print(&mut printed);
            assert_eq!(printed, text.as_bytes());
        }
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        for text in [
            "",
            "example.com",
            ":x",
            "sip:",
            "sip:@",
            "sip::secret@example.com",
            "sip:alice@",
            "sip:2001:db8::10",
            "sip:[2001:db8::10",
            "sip:[2001:xyz::10]",
            "sip:alice@example.com:70000",
            "sip:alice@example.com:",
            "sip: alice@example.com",
            "sip:alice@example.com; lr",
            "sip:alice@example.com;lr=\"x\"",
            "sip:a%4@example.com",
            "sip:a@b@example.com",
            "tel:",
            "tel:abc xyz",
            "urn:sos",
            "http://<x>",
            "1x:y",
        ] {
            assert!(Uri::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
