//! Warning: more about why a request was answered so.

use crate::charset::{is_lws, trim_lws};
use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::text::Quoted;
use crate::{Flaw, HeaderName};

/// `warning-value = warn-code SP warn-agent SP warn-text` (RFC 3261 20.43).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning<'a> {
    /// Three digits; 3xx are SIP's.
    pub code: u16,
    /// Who warns: a host with or without port, or a made-up name.
    pub agent: &'a [u8],
    /// The warning in words.
    pub text: Quoted<'a>,
}

impl<'a> HeaderValue<'a> for Warning<'a> {
    const NAME: HeaderName = HeaderName::Warning;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Warning<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let code = match lexer.number()? {
            code @ 100..=999 => u16::try_from(code).map_err(|_| Flaw::Overflow)?,
            1000.. => return Err(Flaw::Overflow),
            _ => return Err(Flaw::Syntax),
        };
        lexer.lws()?;
        let agent = trim_lws(lexer.run(|byte| byte != b'"'));
        if agent.is_empty() || agent.iter().any(|byte| is_lws(*byte)) {
            return Err(Flaw::Syntax);
        }
        let text = lexer.quoted()?;
        lexer.end()?;
        Ok(Warning { code, agent, text })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.code.to_string().as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.agent);
        out.push(b' ');
        self.text.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Warning<'_>>(
            &[
                r#"307 example.com "Session parameter 'foo' not understood""#,
                r#"399 a:5060 """#,
            ],
            &[
                "",
                "307",
                "307 example.com",
                r#"1812 a "x""#,
                r#"30 a "x""#,
                r#"307 "x""#,
            ],
        );
    }
}
