//! What a subscription is about: the name of an event package, and which subscription to it.

use siptriage_sip::HeaderValue;
use siptriage_sip::header::Event;

/// An event package and what tells several subscriptions to it apart (RFC 6665 8.2.1). Both are
/// compared byte by byte (RFC 6665 8.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventName<'c> {
    /// The event package, with its templates; empty where the message names none.
    pub package: &'c [u8],
    /// The parameter `id`.
    pub id: Option<&'c [u8]>,
}

impl<'c> EventName<'c> {
    /// The package to which a REFER subscribes (RFC 3515 3).
    pub const REFER: &'static [u8] = b"refer";

    /// Reads an Event header; a value that cannot be read is a name of its own.
    pub(crate) fn of(value: Option<&'c [u8]>) -> EventName<'c> {
        let Some(value) = value else {
            return EventName::default();
        };
        match Event::parse(value) {
            Ok(event) => EventName {
                package: event.package,
                id: event.id(),
            },
            Err(_) => EventName {
                package: value,
                id: None,
            },
        }
    }

    /// The subscription that a REFER begins; its NOTIFYs may leave the id out (RFC 3515 2.4.6).
    pub(super) fn refer() -> EventName<'c> {
        EventName {
            package: EventName::REFER,
            id: None,
        }
    }

    /// The CSeq number of the REFER that a NOTIFY is about, where it says so (RFC 3515 2.4.6).
    pub(super) fn refer_cseq(self) -> Option<u32> {
        std::str::from_utf8(self.id?).ok()?.parse().ok()
    }
}
