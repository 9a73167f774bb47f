//! Accept-Language: a language that the sender understands.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Accept-Language = [ language *( COMMA language ) ]` (RFC 3261 20.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptLanguage<'a> {
    /// The language range, or `*`.
    pub language: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> AcceptLanguage<'a> {
    /// Preference, 0 to 1 (RFC 3261 20.3).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }
}

impl<'a> HeaderValue<'a> for AcceptLanguage<'a> {
    const NAME: HeaderName = HeaderName::AcceptLanguage;
    const SHAPE: Shape = Shape::List;
    const MAY_BE_EMPTY: bool = true;

    fn parse(value: &'a [u8]) -> Result<AcceptLanguage<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let language = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(AcceptLanguage { language, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.language);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<AcceptLanguage<'_>>(
            &["da", "en-gb;q=0.8"],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
