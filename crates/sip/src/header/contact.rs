//! Contact: where to reach the sender directly, or what to bind.

use crate::address::Address;
use crate::charset::trim_lws;
use crate::header::part::Part;
use crate::header::value::{HeaderValue, Shape};
use crate::params::Params;
use crate::{DefectKind, Flaw, HeaderName};

/// `Contact = STAR / ( contact-param *( COMMA contact-param ) )` (RFC 3261 20.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact<'a> {
    /// `*`: all bindings (RFC 3261 10.2.2).
    Any,
    /// One address.
    Address(ContactAddress<'a>),
}

/// `contact-param` (RFC 3261 20.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactAddress<'a> {
    /// Display name and URI.
    pub address: Address<'a>,
    /// The parameters of the header, not of the URI.
    pub params: Params<'a>,
}

impl<'a> ContactAddress<'a> {
    /// Seconds that the binding shall live (RFC 3261 10.2.1.1).
    pub fn expires(&self) -> Option<u32> {
        self.params.number("expires").and_then(Result::ok)
    }

    /// Preference, 0 to 1 (RFC 3261 20.10).
    pub fn preference(&self) -> Option<&'a [u8]> {
        self.params.value("q")
    }

    /// The device (RFC 5626 4.1).
    pub fn instance(&self) -> Option<&'a [u8]> {
        self.params.value("+sip.instance")
    }

    /// Number of the flow of the device (RFC 5626 4.2).
    pub fn reg_id(&self) -> Option<u32> {
        self.params.number("reg-id").and_then(Result::ok)
    }
}

impl<'a> HeaderValue<'a> for Contact<'a> {
    const NAME: HeaderName = HeaderName::Contact;
    const SHAPE: Shape = Shape::List;

    fn parse(value: &'a [u8]) -> Result<Contact<'a>, Flaw> {
        if trim_lws(value) == b"*" {
            return Ok(Contact::Any);
        }
        let (address, params) = Address::with_params(value)?;
        if let Some(Err(Flaw::Overflow)) = params.number("expires") {
            return Err(Flaw::Overflow);
        }
        Ok(Contact::Address(ContactAddress { address, params }))
    }

    fn defect(&self) -> Option<DefectKind> {
        match self {
            Contact::Any => None,
            Contact::Address(contact) => contact.address.defect().or(contact.params.defect()),
        }
    }

    fn print(&self, out: &mut Vec<u8>) {
        match self {
            Contact::Any => out.push(b'*'),
            Contact::Address(contact) => {
                contact.address.print(out);
                contact.params.print(out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::value::check;

    #[test]
    fn values_survive_printing_and_bad_ones_are_refused() {
        check::<Contact<'_>>(
            &[
                "*",
                "<sip:a@192.0.2.1:5060;ob>;expires=3600;reg-id=1;+sip.instance=\"<urn:uuid:x>\"",
                "sip:a@example.com;unknownparam",
                "\"A, B\" <sips:a@example.com>;q=0.7",
            ],
            &[
                "",
                "**",
                "sip:a@example.com?Route=%3Csip:b.example.com%3E",
                "<sip:a@example.com>;expires=280297596632815",
                "\"Joe\" <sip:joe@example.com>;;;;",
                "<sip:@example.com>",
            ],
        );
    }
}
