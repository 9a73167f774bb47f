//! Identity: a signature over who is calling whom.

use crate::charset::is_lws;
use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::text::print_in_quotes;
use crate::{DefectKind, Flaw, HeaderName};

/// `Identity = signed-identity-digest SEMI ident-info *( SEMI ident-info-params )`
/// (RFC 8224 4.1). RFC 4474 sent the bare digest in quotes; that is read too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The PASSporT (RFC 8225), whole or without its first two parts, or the old digest.
    pub digest: &'a [u8],
    /// Where the certificate is; stands in angle brackets on the wire.
    pub info: Option<&'a [u8]>,
    /// The parameters behind it.
    pub params: Params<'a>,
}

impl<'a> HeaderValue<'a> for Identity<'a> {
    const NAME: HeaderName = HeaderName::Identity;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Identity<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let digest = match lexer.peek() {
            Some(b'"') => lexer.quoted()?.0.0,
            _ => lexer.run(|byte| !is_lws(byte) && !b";,<>\"".contains(&byte)),
        };
        if digest.is_empty() {
            return Err(Flaw::Syntax);
        }
        let mut ahead = lexer;
        if !ahead.eat_spaced(b';')
            || !ahead
                .token()
                .is_ok_and(|name| name.eq_ignore_ascii_case(b"info"))
            || !ahead.eat_spaced(b'=')
            || ahead.peek() != Some(b'<')
        {
            return Ok(Identity {
                digest,
                info: None,
                params: Params::parse(lexer.rest())?,
            });
        }
        let info = ahead.bracketed()?;
        Ok(Identity {
            digest,
            info: Some(info),
            params: Params::parse(ahead.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        let quotes = self
            .digest
            .iter()
            .any(|byte| is_lws(*byte) || b";,<>".contains(byte));
        if quotes {
            print_in_quotes(self.digest, out);
        } else {
            out.extend_from_slice(self.digest);
        }
        if let Some(info) = self.info {
            out.extend_from_slice(b";info=<");
            out.extend_from_slice(info);
            out.push(b'>');
        }
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Identity<'_>>(
            &[
                "eyJhbGci.eyJhdHRl.a_b-c;info=<https://cert.example.com/a.cer>;alg=ES256;ppt=shaken",
                "\"CyI4+nAkHrH3ntmaxgr01TMxTmtjP7MASwliNRdupRI1vpkXRvZXx1ja9k0=\"",
                "..sig;info=<https://example.com/c>",
            ],
            &[
                "",
                "eyJhbGci.eyJhdHRl.a_b-c;info=<https://cert.example.com/a.cer>;alg=ES256;ppt=shaken;",
                ";info=<x>",
                "a;info=<x",
                "a b",
            ],
        );
    }
}
