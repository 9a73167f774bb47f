//! Via: a hop that the request came through and the response will go back through.

use memchr::memchr;

use crate::charset::{is_lws, trim_lws};
use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::{ParamValue, Params};
use crate::uri::Host;
use crate::{DefectKind, Flaw, HeaderName};

/// `Via = via-parm *( COMMA via-parm )` (RFC 3261 20.42).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via<'a> {
    /// The protocol, `SIP`.
    pub protocol: &'a [u8],
    /// Its version, `2.0`.
    pub version: &'a [u8],
    /// The transport, such as `UDP`.
    pub transport: &'a [u8],
    /// Host of sent-by.
    pub host: Host<'a>,
    /// Port of sent-by.
    pub port: Option<u16>,
    /// The parameters.
    pub params: Params<'a>,
}

/// The `rport` parameter (RFC 3581).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rport {
    /// Not there.
    Absent,
    /// Asked for by the client.
    Requested,
    /// The port that the server saw.
    Port(u16),
}

impl<'a> Via<'a> {
    /// The transaction identifier (RFC 3261 8.1.1.7).
    pub fn branch(&self) -> Option<&'a [u8]> {
        self.params.value("branch")
    }

    /// The address that the server saw, with or without brackets (RFC 3261 18.2.1).
    pub fn received(&self) -> Option<Host<'a>> {
        self.params
            .value("received")
            .and_then(|host| Host::parse_bare(host).ok())
    }

    /// The port that the server saw or is asked for (RFC 3581 4).
    pub fn rport(&self) -> Rport {
        match self.params.find("rport") {
            None => Rport::Absent,
            Some(ParamValue::Absent) => Rport::Requested,
            Some(ParamValue::Plain(_) | ParamValue::Quoted(_)) => {
                let number = self.params.number("rport").and_then(Result::ok);
                match number.map(u16::try_from) {
                    Some(Ok(port)) => Rport::Port(port),
                    _ => Rport::Requested,
                }
            }
        }
    }

    /// Where responses to a multicast request go (RFC 3261 18.2.2).
    pub fn maddr(&self) -> Option<Host<'a>> {
        self.params
            .value("maddr")
            .and_then(|host| Host::parse_bare(host).ok())
    }

    /// Percentage of requests that the server wants dropped (RFC 7339 4.1).
    pub fn overload(&self) -> Option<u32> {
        self.params.number("oc").and_then(Result::ok)
    }
}

impl<'a> HeaderValue<'a> for Via<'a> {
    const NAME: HeaderName = HeaderName::Via;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Via<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let protocol = lexer.token()?;
        if !lexer.eat_spaced(b'/') {
            return Err(Flaw::Syntax);
        }
        let version = lexer.token()?;
        if !lexer.eat_spaced(b'/') {
            return Err(Flaw::Syntax);
        }
        let transport = lexer.token()?;
        lexer.lws()?;
        let value = without_comment(lexer.rest())?;
        let params = value.iter().position(|byte| *byte == b';');
        let (sent_by, params) = value.split_at(params.unwrap_or(value.len()));
        let sent_by = trim_lws(sent_by);
        let (host, port) = Host::parse_bare(sent_by)
            .map(|host| (host, None))
            .or_else(|_| Host::with_port(sent_by))?;
        let params = Params::parse(params)?;
        Ok(Via {
            protocol,
            version,
            transport,
            host,
            port,
            params,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.protocol);
        out.push(b'/');
        out.extend_from_slice(self.version);
        out.push(b'/');
        out.extend_from_slice(self.transport);
        out.push(b' ');
        self.host.print(out);
        if let Some(port) = self.port {
            out.extend_from_slice(format!(":{port}").as_bytes());
        }
        self.params.print(out);
    }
}

/// What stands before the comment that RFC 2543 6.40 allows at the end of a value, behind white
/// space.
fn without_comment(value: &[u8]) -> Result<&[u8], Flaw> {
    let Some(open) = memchr(b'(', value) else {
        return Ok(value);
    };
    let before = &value[..open];
    if before.contains(&b'"') || !before.last().is_some_and(|byte| is_lws(*byte)) {
        return Ok(value);
    }
    let mut comment = Lexer::new(&value[open..]);
    comment.comment()?;
    comment.end()?;
    Ok(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Via<'_>>(
            &[
                "SIP/2.0/UDP example.com:5060;branch=z9hG4bK1;rport",
                "SIP / 2.0 / TCP  example.com : 5060 ; branch = z9hG4bK1 ; received = 192.0.2.1",
                "SIP/2.0/TLS [2001:db8::1]:5061;received=2001:db8::2;rport=5070",
                "SIP/2.0/UDP 2001:db8::1;branch=1",
                "SIP/2.0/UDP example.com;hidden",
                "SIP/2.0/UDP 192.0.2.2 (Acme server)",
                "SIP/2.0/UDP 192.0.2.2;branch=1;x=\"(\" ",
                "SIP/2.0/UDP 192.0.2.2 ; branch=1\r\n (Acme (server))",
                "SIP/2.0/UNKNOWN example.com",
            ],
            &[
                "",
                "SIP/2.0/UDP",
                "SIP/2.0 example.com",
                "SIP/2.0/UDP example.com;;,;,,",
                "SIP/2.0/UDP example.com;branch=z9hG4bK1;;rport",
                "SIP/2.0/UDP example.com:x",
                "SIP/2.0/UDP example.com:65536",
                "SIP/2.0/UDP a b",
                "SIP/2.0/UDP a(b)",
                "SIP/2.0/UDP a;branch=1(b c)",
                "SIP/2.0/UDP a (b) c",
            ],
        );
    }

    #[test]
    fn received_and_rport_are_read() {
        let via = Via::parse(b"SIP/2.0/UDP a;received=2001:db8::9;rport=5070").expect("parses");
        assert_eq!(via.received(), Host::parse(b"[2001:db8::9]").ok());
        assert_eq!(via.rport(), Rport::Port(5070));
        let via = Via::parse(b"SIP/2.0/UDP a;received=[2001:db8::9];rport").expect("parses");
        assert_eq!(via.received(), Host::parse(b"[2001:db8::9]").ok());
        assert_eq!(via.rport(), Rport::Requested);
    }
}
