//! Content-Language: a language of the body.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::{Flaw, HeaderName};

/// `Content-Language = language-tag *( COMMA language-tag )` (RFC 3261 20.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentLanguage<'a> {
    /// The language tag.
    pub language: &'a [u8],
}

impl<'a> HeaderValue<'a> for ContentLanguage<'a> {
    const NAME: HeaderName = HeaderName::ContentLanguage;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<ContentLanguage<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let language = lexer.token()?;
        lexer.end()?;
        Ok(ContentLanguage { language })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.language);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<ContentLanguage<'_>>(&["fr", "en-GB"], &["", "a b", "<a>", r#""a""#]);
    }
}
