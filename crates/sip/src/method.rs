//! The method of a request.

use std::fmt;

/// A SIP method. Methods are case-sensitive (RFC 3261 7.1), so `invite` is an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Method {
    /// RFC 3261 13: sets a session up or changes it.
    Invite,
    /// RFC 3261 17.1.1.3 and 13.2.2.4: acknowledges the final response to an INVITE.
    Ack,
    /// RFC 3261 15: ends a session.
    Bye,
    /// RFC 3261 9: takes a pending request back.
    Cancel,
    /// RFC 3261 10: binds contacts to an address of record.
    Register,
    /// RFC 3261 11: asks for capabilities.
    Options,
    /// RFC 3262: acknowledges a reliable provisional response.
    Prack,
    /// RFC 6665: asks for notifications.
    Subscribe,
    /// RFC 6665: notifies.
    Notify,
    /// RFC 3903: publishes event state.
    Publish,
    /// RFC 6086: carries application information inside a dialog.
    Info,
    /// RFC 3515: asks the peer to contact a third party.
    Refer,
    /// RFC 3428: an instant message.
    Message,
    /// RFC 3311: changes a session without touching the dialog.
    Update,
    /// Any other token.
    Extension,
}

impl Method {
    /// The method that a token names; [`Method::Extension`] for any unknown one (RFC 3261 7.1).
    #[inline]
    pub fn from_token(token: &[u8]) -> Method {
        // Most messages are about calls: three comparisons beat one match with as many arms.
        if token == b"INVITE" {
            return Method::Invite;
        }
        if token == b"ACK" {
            return Method::Ack;
        }
        if token == b"BYE" {
            return Method::Bye;
        }
        Method::from_other_token(token)
    }

    /// The same for the others.
    #[inline(never)]
    fn from_other_token(token: &[u8]) -> Method {
        match token {
            b"CANCEL" => Method::Cancel,
            b"REGISTER" => Method::Register,
            b"OPTIONS" => Method::Options,
            b"PRACK" => Method::Prack,
            b"SUBSCRIBE" => Method::Subscribe,
            b"NOTIFY" => Method::Notify,
            b"PUBLISH" => Method::Publish,
            b"INFO" => Method::Info,
            b"REFER" => Method::Refer,
            b"MESSAGE" => Method::Message,
            b"UPDATE" => Method::Update,
            _ => Method::Extension,
        }
    }

    /// The token on the wire; `?` for an extension, whose token the message itself keeps (RFC 3261
    /// 7.1).
    pub const fn name(self) -> &'static str {
        match self {
            Method::Invite => "INVITE",
            Method::Ack => "ACK",
            Method::Bye => "BYE",
            Method::Cancel => "CANCEL",
            Method::Register => "REGISTER",
            Method::Options => "OPTIONS",
            Method::Prack => "PRACK",
            Method::Subscribe => "SUBSCRIBE",
            Method::Notify => "NOTIFY",
            Method::Publish => "PUBLISH",
            Method::Info => "INFO",
            Method::Refer => "REFER",
            Method::Message => "MESSAGE",
            Method::Update => "UPDATE",
            Method::Extension => "?",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_case_sensitive() {
        assert_eq!(Method::from_token(b"INVITE"), Method::Invite);
        assert_eq!(Method::from_token(b"Invite"), Method::Extension);
    }

    #[test]
    fn every_name_leads_back() {
        for method in [
            Method::Invite,
            Method::Ack,
            Method::Bye,
            Method::Cancel,
            Method::Register,
            Method::Options,
            Method::Prack,
            Method::Subscribe,
            Method::Notify,
            Method::Publish,
            Method::Info,
            Method::Refer,
            Method::Message,
            Method::Update,
        ] {
            assert_eq!(Method::from_token(method.name().as_bytes()), method);
        }
    }
}
