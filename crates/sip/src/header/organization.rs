//! Organization: whom the sender belongs to.

use crate::charset::trim_lws;
use crate::header::value::{HeaderValue, Shape};
use crate::text::Text;
use crate::{Flaw, HeaderName};

/// `Organization = [ TEXT-UTF8-TRIM ]` (RFC 3261 20.25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Organization<'a> {
    /// The text; may be empty.
    pub text: Text<'a>,
}

impl<'a> HeaderValue<'a> for Organization<'a> {
    const NAME: HeaderName = HeaderName::Organization;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<Organization<'a>, Flaw> {
        Ok(Organization {
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
        check::<Organization<'_>>(&["", "phone/1.0 (beta)"], &[]);
    }
}
