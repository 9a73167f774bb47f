//! Event: the package and the subscription a request is about.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Event = event-type *( SEMI event-param )` (RFC 6665 8.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The event type, templates behind a dot.
    pub package: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> Event<'a> {
    /// Tells subscriptions inside one dialog apart (RFC 6665 8.2.1).
    pub fn id(&self) -> Option<&'a [u8]> {
        self.params.value("id")
    }
}

impl<'a> HeaderValue<'a> for Event<'a> {
    const NAME: HeaderName = HeaderName::Event;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<Event<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let package = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        Ok(Event { package, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.package);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Event<'_>>(
            &["presence.winfo", "refer;id=93809824"],
            &["", ";a=b", "a;", "a b", "a;b=c d"],
        );
    }
}
