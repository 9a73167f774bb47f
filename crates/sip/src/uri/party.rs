//! Whom a URI names, for those who ask for nothing else of it.

use super::part::UriPart;
use crate::lanes;

/// The user and the host of a SIP URI, or the number of a tel URI, as they stand: nothing is checked
/// (RFC 3261 19.1.1, RFC 3966 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party<'a> {
    /// The user part without its password, or the number without its parameters.
    pub user: Option<UriPart<'a>>,
    /// Where the host begins, and all behind it; nothing for a tel URI.
    rest: &'a [u8],
}

impl<'a> Party<'a> {
    /// Looks for the party of a whole URI; `None` for one of another scheme, and for one without
    /// host or number.
    pub fn of(uri: &'a [u8]) -> Option<Party<'a>> {
        if let Some(begin) = behind(uri, b"sip:").or_else(|| behind(uri, b"sips:")) {
            return sip(uri, begin);
        }
        let begin = behind(uri, b"tel:")?;
        let number = &uri[begin..find(uri, begin, [b';'])];
        (!number.is_empty()).then_some(Party {
            user: Some(UriPart(number)),
            rest: b"",
        })
    }

    /// The host, an IPv6 address in its brackets; a tel URI has none.
    pub fn host(self) -> Option<&'a [u8]> {
        let inside_brackets = self.rest.first() == Some(&b'[');
        let behind_brackets = if inside_brackets {
            find(self.rest, 0, [b']'])
        } else {
            0
        };
        let host = &self.rest[..find(self.rest, behind_brackets, HOST_ENDS)];
        (!host.is_empty()).then_some(host)
    }
}

/// What may stand behind a host.
const HOST_ENDS: [u8; 3] = [b':', b';', b'?'];

/// Length of the scheme of a URI, if it is this one.
#[inline]
fn behind(uri: &[u8], scheme: &[u8]) -> Option<usize> {
    let begin = uri.get(..scheme.len())?;
    begin.eq_ignore_ascii_case(scheme).then_some(scheme.len())
}

/// `[ user [ COLON password ] @ ] host`, and whatever follows.
fn sip(uri: &[u8], begin: usize) -> Option<Party<'_>> {
    let user_end = find(uri, begin, [b'@', b':']);
    let has_password = uri.get(user_end) == Some(&b':');
    let at = if has_password {
        find(uri, user_end, [b'@'])
    } else {
        user_end
    };
    let (user, host) = if at < uri.len() {
        (Some(UriPart(&uri[begin..user_end])), at + 1)
    } else {
        (None, begin)
    };
    let rest = &uri[host..];
    let first = rest.first()?;
    (!HOST_ENDS.contains(first)).then_some(Party { user, rest })
}

/// Offset of the first of `bytes` from `from` on, or behind the URI.
#[inline(always)]
fn find<const COUNT: usize>(uri: &[u8], from: usize, bytes: [u8; COUNT]) -> usize {
    lanes::find(uri, from, uri.len(), |lanes| lanes.any_of(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(uri: &str) -> Option<(Option<&str>, Option<&str>)> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        let party = Party::of(uri.as_bytes())?;
        Some((party.user.map(|user| text(user.0)), party.host().map(text)))
    }

    #[test]
    fn user_and_host_are_found_among_everything_else() {
        for (uri, user, host) in [
            ("sip:alice@example.com", Some("alice"), Some("example.com")),
            (
                "SIPS:a%3b;x=y:secret@192.0.2.1:5061;lr?a=b@c",
                Some("a%3b;x=y"),
                Some("192.0.2.1"),
            ),
            (
                "sip:+15550100@[2001:db8::1]:5060",
                Some("+15550100"),
                Some("[2001:db8::1]"),
            ),
            ("sip:[2001:db8::1]", None, Some("[2001:db8::1]")),
            ("sip:example.com?x=y", None, Some("example.com")),
            ("sip:@example.com;lr", Some(""), Some("example.com")),
            ("tel:+1-555-0100;ext=9", Some("+1-555-0100"), None),
        ] {
            assert_eq!(party(uri), Some((user, host)), "{uri}");
        }
    }

    #[test]
    fn what_names_nobody_has_no_party() {
        for uri in [
            "",
            "alice@example.com",
            "sip:",
            "sip:alice@",
            "sip:alice@:5060",
            "tel:;ext=9",
        ] {
            assert_eq!(party(uri), None, "{uri}");
        }
        for uri in ["urn:service:sos", "mailto:alice@example.com"] {
            assert_eq!(party(uri), None, "{uri}");
        }
    }
}
