//! Hosts: names, IPv4 addresses, IPv6 references (RFC 3261 25.1, RFC 5954).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::part::ByteSet;
use crate::Flaw;

/// A host of a URI or of a Via (RFC 3261 25.1).
#[derive(Clone, Copy, Debug)]
pub enum Host<'a> {
    /// A domain name as it stands.
    Name(&'a [u8]),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address, which stands in brackets on the wire.
    V6(Ipv6Addr),
}

/// `hostname`, and the underscore of many names in use (RFC 3261 25.1).
static NAME: ByteSet = ByteSet::alphanumeric_and(b"-._");

impl<'a> Host<'a> {
    /// Reads a host; an IPv6 address must stand in brackets (RFC 3261 25.1, RFC 5118 4.1).
    pub fn parse(text: &'a [u8]) -> Result<Host<'a>, Flaw> {
        if let [b'[', inside @ .., b']'] = text {
            return ip_v6(inside).map(Host::V6).ok_or(Flaw::Syntax);
        }
        if text.is_empty() || !text.iter().all(|byte| NAME.contains(*byte)) {
            return Err(Flaw::Syntax);
        }
        Ok(ip_v4(text).map_or(Host::Name(text), Host::V4))
    }

    /// Reads a host that may be an IPv6 address without brackets, as in `received`
    /// (RFC 5118 4.5).
    pub fn parse_bare(text: &'a [u8]) -> Result<Host<'a>, Flaw> {
        match ip_v6(text) {
            Some(address) => Ok(Host::V6(address)),
            None => Host::parse(text),
        }
    }

    /// Divides `host [ COLON port ]`.
    pub(crate) fn with_port(text: &'a [u8]) -> Result<(Host<'a>, Option<u16>), Flaw> {
        let brackets = text.first().filter(|first| **first == b'[');
        let end = brackets.and_then(|_| text.iter().rposition(|byte| *byte == b']'));
        let behind_brackets = end.map_or(0, |at| at + 1);
        let colon = text[behind_brackets..]
            .iter()
            .position(|byte| *byte == b':');
        let Some(colon) = colon.map(|at| behind_brackets + at) else {
            return Ok((Host::parse(text)?, None));
        };
        let mut lexer = crate::lexer::Lexer::new(&text[colon + 1..]);
        let port = lexer.number()?;
        lexer.end()?;
        let port = u16::try_from(port).map_err(|_| Flaw::Overflow)?;
        Ok((
            Host::parse(crate::charset::trim_lws(&text[..colon]))?,
            Some(port),
        ))
    }

    /// Appends the host, an IPv6 address in brackets.
    pub(crate) fn print(self, out: &mut Vec<u8>) {
        match self {
            Host::Name(name) => out.extend_from_slice(name),
            Host::V4(address) => out.extend_from_slice(address.to_string().as_bytes()),
            Host::V6(address) => out.extend_from_slice(format!("[{address}]").as_bytes()),
        }
    }
}

impl PartialEq for Host<'_> {
    /// Names compare without regard to case, addresses by value (RFC 3261 19.1.4).
    fn eq(&self, other: &Host<'_>) -> bool {
        match (self, other) {
            (Host::Name(one), Host::Name(two)) => one.eq_ignore_ascii_case(two),
            (Host::V4(one), Host::V4(two)) => one == two,
            (Host::V6(one), Host::V6(two)) => one == two,
            (Host::Name(_) | Host::V4(_) | Host::V6(_), _) => false,
        }
    }
}

impl Eq for Host<'_> {}

fn ip_v4(text: &[u8]) -> Option<Ipv4Addr> {
    if !text.last()?.is_ascii_digit() {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The grammar of RFC 3261 allows a third colon before an embedded IPv4 address; it is to be
/// tolerated (RFC 5118 4.10).
fn ip_v6(text: &[u8]) -> Option<Ipv6Addr> {
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let (before, behind) = text.split_once(":::")?;
    behind.parse::<Ipv4Addr>().ok()?;
    format!("{before}::{behind}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart() {
        let v6 = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
        assert_eq!(
            Host::parse(b"192.0.2.1"),
            Ok(Host::V4(Ipv4Addr::new(192, 0, 2, 1)))
        );
        assert_eq!(Host::parse(b"[2001:db8::1]"), Ok(Host::V6(v6)));
        assert_eq!(Host::parse(b"Example.COM"), Ok(Host::Name(b"example.com")));
        assert_eq!(Host::parse_bare(b"2001:db8::1"), Ok(Host::V6(v6)));
        assert_eq!(
            Host::parse(b"[2001:db8:::192.0.2.1]"),
            Host::parse(b"[2001:db8::192.0.2.1]")
        );
        assert_eq!(
            Host::with_port(b"[2001:db8::1] : 5060"),
            Ok((Host::V6(v6), Some(5060)))
        );
        assert_eq!(Host::with_port(b"a:65536"), Err(Flaw::Overflow));
        for bad in [
            &b""[..],
            b"2001:db8::1",
            b"[2001:db8::1",
            b"[:::1]",
            b"a b",
            b"a@b",
        ] {
            assert!(Host::parse(bad).is_err(), "{bad:?}");
        }
    }
}
