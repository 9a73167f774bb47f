//! Privacy: what the caller wants hidden.

use crate::charset::{is_token, trim_lws};
use crate::header::value::{HeaderValue, Shape};
use crate::{Flaw, HeaderName};

/// `Privacy-hdr = priv-value *( ";" priv-value )` (RFC 3323 4.2).
#[derive(Clone, Copy, Debug)]
pub struct Privacy<'a> {
    raw: &'a [u8],
}

impl<'a> Privacy<'a> {
    /// The wishes, such as `id` or `none` (RFC 3323 4.2).
    pub fn wishes(self) -> impl Iterator<Item = &'a [u8]> {
        // Some senders divide by commas, which the grammar has not.
        self.raw
            .split(|byte| matches!(byte, b';' | b','))
            .map(trim_lws)
    }

    /// Whether `wish` is among them, in any case (RFC 3323 4.2).
    pub fn asks_for(self, wish: &str) -> bool {
        self.wishes()
            .any(|value| value.eq_ignore_ascii_case(wish.as_bytes()))
    }
}

impl PartialEq for Privacy<'_> {
    fn eq(&self, other: &Privacy<'_>) -> bool {
        self.wishes().eq(other.wishes())
    }
}

impl Eq for Privacy<'_> {}

impl<'a> HeaderValue<'a> for Privacy<'a> {
    const NAME: HeaderName = HeaderName::Privacy;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<Privacy<'a>, Flaw> {
        let privacy = Privacy { raw: value };
        if privacy.wishes().all(is_token) {
            Ok(privacy)
        } else {
            Err(Flaw::Syntax)
        }
    }

    fn print(&self, out: &mut Vec<u8>) {
        for (position, wish) in self.wishes().enumerate() {
            if position > 0 {
                out.push(b';');
            }
            out.extend_from_slice(wish);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Privacy<'_>>(
            &["id", "header ; user;critical", "none"],
            &["", "id;", "a b"],
        );
        assert!(Privacy { raw: b"user;ID" }.asks_for("id"));
        assert!(!Privacy { raw: b"user" }.asks_for("id"));
    }
}
