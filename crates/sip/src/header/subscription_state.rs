//! Subscription-State: how a subscription stands.

use crate::header::value::{HeaderValue, Shape};
use crate::lexer::Lexer;
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Subscription-State = substate-value *( SEMI subexp-params )` (RFC 6665 8.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionState<'a> {
    /// `active`, `pending`, `terminated` or another.
    pub state: &'a [u8],
    /// The parameters.
    pub params: Params<'a>,
}

impl<'a> SubscriptionState<'a> {
    /// Why the subscription ended (RFC 6665 4.1.3).
    pub fn reason(&self) -> Option<&'a [u8]> {
        self.params.value("reason")
    }

    /// Seconds that the subscription is still good (RFC 6665 4.1.3).
    pub fn expires_seconds(&self) -> Option<u32> {
        self.params.number("expires").and_then(Result::ok)
    }

    /// Seconds after which a new subscription makes sense (RFC 6665 4.1.3).
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.params.number("retry-after").and_then(Result::ok)
    }
}

impl<'a> HeaderValue<'a> for SubscriptionState<'a> {
    const NAME: HeaderName = HeaderName::SubscriptionState;
    const SHAPE: Shape = Shape::Single;

    fn parse(value: &'a [u8]) -> Result<SubscriptionState<'a>, Flaw> {
        let mut lexer = Lexer::new(value);
        let state = lexer.token()?;
        let params = Params::parse(lexer.rest())?;
        if let Some(Err(flaw)) = params.number("expires") {
            return Err(flaw);
        }
        if let Some(Err(flaw)) = params.number("retry-after") {
            return Err(flaw);
        }
        Ok(SubscriptionState { state, params })
    }

    fn defect(&self) -> Option<DefectKind> {
        self.params.defect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.state);
        self.params.print(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<SubscriptionState<'_>>(
            &["active;expires=60", "terminated;reason=noresource"],
            &["", ";a=b", "a;", "a b", "a;b=c d", "active;expires=x"],
        );
    }
}
