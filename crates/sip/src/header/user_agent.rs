//! User-Agent: the software of a client.

use crate::charset::trim_lws;
use crate::header::value::{HeaderValue, Shape};
use crate::text::Text;
use crate::{Flaw, HeaderName};

/// `User-Agent = server-val *( LWS server-val )` (RFC 3261 20.41).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserAgent<'a> {
    /// The text; may be empty.
    pub text: Text<'a>,
}

impl<'a> HeaderValue<'a> for UserAgent<'a> {
    const NAME: HeaderName = HeaderName::UserAgent;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<UserAgent<'a>, Flaw> {
        Ok(UserAgent {
            text: Text(trim_lws(value)),
        })
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text.unfolded());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<UserAgent<'_>>(&["", "phone/1.0 (beta)"], &[]);
    }
}
