//! The sip and sips URI (RFC 3261 19.1.1).

use super::host::Host;
use super::part::{ByteSet, UriPart, holds_delimiter};
use crate::lanes::{self, Lanes};
use crate::{DefectKind, Flaw, secret::Secret};

/// Whether the scheme asks for TLS on every hop (RFC 3261 26.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// `sip:`.
    Any,
    /// `sips:`.
    Required,
}

/// `SIP-URI` or `SIPS-URI` (RFC 3261 19.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SipUri<'a> {
    /// Which of the two schemes.
    pub security: Security,
    /// The user part; may hold the parameters of a telephone-subscriber. Empty if nothing stands
    /// before the `@`, which is a defect.
    pub user: Option<UriPart<'a>>,
    /// The password, which no one should send (RFC 3261 19.1.1).
    pub password: Option<Secret<'a>>,
    /// The host.
    pub host: Host<'a>,
    /// The port, if there is one.
    pub port: Option<u16>,
    /// The URI parameters.
    pub params: UriParams<'a>,
    /// Everything behind `?`, as it stands.
    pub headers: Option<&'a [u8]>,
}

/// `user` (RFC 3261 25.1).
static USER: ByteSet = ByteSet::unreserved_and(b"&=+$,;?/");
/// `password` (RFC 3261 25.1).
static PASSWORD: ByteSet = ByteSet::unreserved_and(b"&=+$,");
/// `pname` (RFC 3261 25.1).
static PARAMETER_NAME: ByteSet = ByteSet::unreserved_and(b"[]/:&+$");
/// `pvalue` (RFC 3261 25.1), and `=`, which some senders put in it.
static PARAMETER_VALUE: ByteSet = ByteSet::unreserved_and(b"[]/:&+$=");
/// `hname`, `hvalue` and what stands between them (RFC 3261 25.1).
static HEADERS: ByteSet = ByteSet::unreserved_and(b"[]/?:+$&=;,@");

impl<'a> SipUri<'a> {
    /// Reads what follows the scheme.
    pub(super) fn parse(text: &'a [u8], security: Security) -> Result<SipUri<'a>, Flaw> {
        let at = lanes::find(text, 0, text.len(), |lanes| lanes.equal(b'@'));
        let (user, password, behind) = match text.split_at(at) {
            (_, []) => (None, None, text),
            (user, [_at, behind @ ..]) => {
                let (user, password) = user_info(user)?;
                (Some(user), password, behind)
            }
        };
        let is_end = |lanes: Lanes| lanes.any_of([b';', b'?']);
        let host_end = lanes::find(behind, 0, behind.len(), is_end);
        let (host, behind) = behind.split_at(host_end);
        let mark = lanes::find(behind, 0, behind.len(), |lanes| lanes.equal(b'?'));
        let (params, headers) = match behind.split_at(mark) {
            (params, []) => (params, None),
            (params, [_mark, rest @ ..]) => (params, Some(headers(rest)?)),
        };
        let (host, port) = match Host::with_port(host)? {
            // Unlike in a Via, no white space may stand around the colon.
            (_, Some(_)) if holds_delimiter(host) => return Err(Flaw::Syntax),
            known => known,
        };
        let params = UriParams::parse(params)?;
        Ok(SipUri {
            security,
            user,
            password,
            host,
            port,
            params,
            headers,
        })
    }

    /// The headers behind `?`: names and values, escapes still in them (RFC 3261 19.1.1).
    pub fn header_fields(&self) -> impl Iterator<Item = (UriPart<'a>, UriPart<'a>)> {
        let fields = self.headers.unwrap_or_default();
        fields
            .split(|byte| *byte == b'&')
            .filter(|field| !field.is_empty())
            .map(|field| match field.iter().position(|byte| *byte == b'=') {
                Some(equals) => (UriPart(&field[..equals]), UriPart(&field[equals + 1..])),
                None => (UriPart(field), UriPart(b"")),
            })
    }

    /// Whether the URI marks a loose router (RFC 3261 19.1.1, 16.12).
    pub fn is_loose_router(&self) -> bool {
        self.params.has("lr")
    }

    /// Appends the URI.
    pub(super) fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(match self.security {
            Security::Any => b"sip:",
            Security::Required => b"sips:",
        });
        if let Some(user) = self.user {
            out.extend_from_slice(user.0);
            if let Some(password) = self.password {
                out.push(b':');
                out.extend_from_slice(password.reveal());
            }
            out.push(b'@');
        }
        self.host.print(out);
        if let Some(port) = self.port {
            out.extend_from_slice(format!(":{port}").as_bytes());
        }
        out.extend_from_slice(self.params.raw);
        if let Some(headers) = self.headers {
            out.push(b'?');
            out.extend_from_slice(headers);
        }
    }
}

/// `uri-parameters`, checked once and read where they stand (RFC 3261 19.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UriParams<'a> {
    raw: &'a [u8],
}

impl<'a> UriParams<'a> {
    pub(super) fn parse(raw: &'a [u8]) -> Result<UriParams<'a>, Flaw> {
        let params = UriParams { raw };
        for (name, value) in params.iter() {
            if name.0.is_empty() {
                return Err(Flaw::Syntax);
            }
            UriPart::checked(name.0, &PARAMETER_NAME)?;
            UriPart::checked(value.unwrap_or(UriPart(b"")).0, &PARAMETER_VALUE)?;
        }
        Ok(params)
    }

    /// Names and values in wire order (RFC 3261 19.1.1).
    pub fn iter(self) -> impl Iterator<Item = (UriPart<'a>, Option<UriPart<'a>>)> {
        self.raw
            .split(|byte| *byte == b';')
            .skip(1)
            .filter(|param| !param.is_empty())
            .map(|param| match param.iter().position(|byte| *byte == b'=') {
                Some(equals) => (
                    UriPart(&param[..equals]),
                    Some(UriPart(&param[equals + 1..])),
                ),
                None => (UriPart(param), None),
            })
    }

    /// The value of a parameter, in any case; empty if the parameter has none (RFC 3261 19.1.1).
    pub fn value(self, wanted: &str) -> Option<UriPart<'a>> {
        let wanted = UriPart(wanted.as_bytes());
        self.iter()
            .find(|(name, _)| name.eq_ignore_case(wanted))
            .map(|(_, value)| value.unwrap_or(UriPart(b"")))
    }

    /// Whether a parameter is there, with or without value (RFC 3261 19.1.1).
    pub fn has(self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Whether a semicolon has no parameter behind it. Such are passed over.
    pub(super) fn defect(self) -> Option<DefectKind> {
        let mut params = self.raw.split(|byte| *byte == b';').skip(1);
        params
            .any(<[u8]>::is_empty)
            .then_some(DefectKind::EmptyParameter)
    }

    pub(super) fn print(self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.raw);
    }
}

fn user_info(text: &[u8]) -> Result<(UriPart<'_>, Option<Secret<'_>>), Flaw> {
    let (user, password) = match text.iter().position(|byte| *byte == b':') {
        Some(colon) => (&text[..colon], Some(&text[colon + 1..])),
        None => (text, None),
    };
    if user.is_empty() && password.is_some() {
        return Err(Flaw::Syntax);
    }
    let user = UriPart::checked(user, &USER)?;
    if let Some(password) = password {
        UriPart::checked(password, &PASSWORD)?;
    }
    Ok((user, password.map(Secret::new)))
}

fn headers(text: &[u8]) -> Result<&[u8], Flaw> {
    UriPart::checked(text, &HEADERS)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::Uri;

    #[test]
    fn every_part_is_found() {
        let text = b"sips:alice:pw@example.com:5071;transport=tcp;LR;maddr=192.0.2.9?a=b&c";
        let Ok(Uri::Sip(uri)) = Uri::parse(text) else {
            panic!("parses");
        };
        assert_eq!(uri.security, Security::Required);
        assert_eq!(uri.user, Some(UriPart(b"alice")));
        assert_eq!(uri.password.map(Secret::reveal), Some(&b"pw"[..]));
        assert_eq!(
            (uri.host, uri.port),
            (Host::Name(b"example.com"), Some(5071))
        );
        assert_eq!(uri.params.value("transport"), Some(UriPart(b"tcp")));
        assert!(uri.is_loose_router());
        assert_eq!(uri.header_fields().count(), 2);
        assert!(
            !format!("{uri:?}").contains("[112, 119]"),
            "the password must not show"
        );
    }
}
