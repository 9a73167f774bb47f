//! Security-Client: a security mechanism that the client supports.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Security-Client = sec-mechanism *( COMMA sec-mechanism )` (RFC 3329 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityClient<'a> {
    /// `digest`, `tls`, `ipsec-ike`, `ipsec-man` or another.
    pub mechanism: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> SecurityClient<'a> {
    /// Preference, 0 to 1 (RFC 3329 2.2).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

impl<'a> HeaderValue<'a> for SecurityClient<'a> {
    const NAME: HeaderName = HeaderName::SecurityClient;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<SecurityClient<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let mechanism = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(SecurityClient { mechanism, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.mechanism);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<SecurityClient<'_>>(
            &["tls;q=0.2", "ipsec-3gpp;alg=hmac-md5-96;spi-c=98765432"],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
