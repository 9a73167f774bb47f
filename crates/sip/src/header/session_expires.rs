//! Session-Expires: how long a session lives without a refresh.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Session-Expires = delta-seconds *( SEMI se-params )` (RFC 4028 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionExpires<'a> {
    /// Seconds.
    pub seconds: u32,
    /// The parameters.
    pub params: Params<'a>,
}

/// Who refreshes the session (RFC 4028 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresher {
    /// The client of the transaction.
    Uac,
    /// Its server.
    Uas,
}

impl SessionExpires<'_> {
    /// Who refreshes, where that is said (RFC 4028 4).
    pub fn refresher(&self) -> Option<Refresher> {
        let value = self.params.value("refresher")?;
        if value.eq_ignore_ascii_case(b"uac") {
            return Some(Refresher::Uac);
        }
        value.eq_ignore_ascii_case(b"uas").then_some(Refresher::Uas)
    }
}

impl<'a> HeaderValue<'a> for SessionExpires<'a> {
    const NAME: HeaderName = HeaderName::SessionExpires;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<SessionExpires<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let seconds = lexer.number()?;
        Ok(SessionExpires {
            seconds,
            params: Params::parse(lexer.rest())?,
        })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.seconds.to_string().as_bytes());
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<SessionExpires<'_>>(
            &["1800", "90 ;refresher=UAS"],
            &["", "1800;", ";refresher=uas", "x"],
        );
    }

    #[test]
    fn the_refresher_is_named() {
        let refresher = |value| {
            SessionExpires::parse(value)
                .ok()
                .and_then(|it| it.refresher())
        };
        assert_eq!(refresher(b"90;refresher=uac"), Some(Refresher::Uac));
        assert_eq!(refresher(b"90;Refresher=UAS"), Some(Refresher::Uas));
        assert_eq!(refresher(b"90;refresher=x"), None);
    }
}
