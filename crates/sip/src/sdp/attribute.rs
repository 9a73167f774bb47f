//! `a=` lines (RFC 8866 5.13).

use std::fmt;

use crate::secret::Secret;

/// One attribute (RFC 8866 5.13). Its `Debug` form does not show keys and passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name.
    pub name: &'a [u8],
    /// What follows its colon; empty for a flag.
    pub value: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// Divides the value of an `a=` line.
    pub(super) fn parse(line: &'a [u8]) -> Attribute<'a> {
        match line.iter().position(|byte| *byte == b':') {
            Some(colon) => Attribute {
                name: &line[..colon],
                value: line[colon + 1..].trim_ascii(),
            },
            None => Attribute {
                name: line,
                value: b"",
            },
        }
    }

    /// The value of the first attribute called `name`; names have a case (RFC 8866 5.13).
    pub(super) fn find(attributes: &[Attribute<'a>], name: &str) -> Option<&'a [u8]> {
        attributes
            .iter()
            .find(|attribute| attribute.name == name.as_bytes())
            .map(|attribute| attribute.value)
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = String::from_utf8_lossy(self.name);
        let mut attribute = f.debug_struct("Attribute");
        attribute.field("name", &name);
        if is_secret(self.name) {
            attribute.field("value", &Secret::new(self.value));
        } else {
            attribute.field("value", &String::from_utf8_lossy(self.value));
        }
        attribute.finish()
    }
}

/// Whether an attribute carries a key or a password (RFC 4567, RFC 4568, RFC 8839 5.4), be its name
/// written as it should or not.
fn is_secret(name: &[u8]) -> bool {
    let name = name.trim_ascii();
    [&b"crypto"[..], b"ice-pwd", b"key-mgmt"]
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Who sends media (RFC 8866 6.7), seen by the maker of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Both ways.
    SendRecv,
    /// Its maker only sends.
    SendOnly,
    /// Its maker only receives.
    RecvOnly,
    /// Neither way.
    Inactive,
}

impl Direction {
    /// The first direction among attributes.
    pub(super) fn among(attributes: &[Attribute<'_>]) -> Option<Direction> {
        attributes
            .iter()
            .find_map(|attribute| match attribute.name {
                b"sendrecv" => Some(Direction::SendRecv),
                b"sendonly" => Some(Direction::SendOnly),
                b"recvonly" => Some(Direction::RecvOnly),
                b"inactive" => Some(Direction::Inactive),
                _ => None,
            })
    }

    /// The name of the attribute (RFC 8866 6.7).
    pub fn name(self) -> &'static str {
        match self {
            Direction::SendRecv => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::RecvOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }

    /// Whether the maker of the description sends (RFC 3264 5.1).
    pub fn sends(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::SendOnly)
    }

    /// Whether the maker of the description receives (RFC 3264 5.1).
    pub fn receives(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::RecvOnly)
    }

    /// The same direction seen by the other side (RFC 3264 6.1).
    #[must_use]
    pub fn reversed(self) -> Direction {
        match self {
            Direction::SendRecv => Direction::SendRecv,
            Direction::SendOnly => Direction::RecvOnly,
            Direction::RecvOnly => Direction::SendOnly,
            Direction::Inactive => Direction::Inactive,
        }
    }

    /// What remains when both directions must hold (RFC 3264 6.1).
    #[must_use]
    pub fn narrowed_to(self, other: Direction) -> Direction {
        let sends = self.sends() && other.sends();
        let receives = self.receives() && other.receives();
        match (sends, receives) {
            (true, true) => Direction::SendRecv,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::RecvOnly,
            (false, false) => Direction::Inactive,
        }
    }
}

/// Who opens the connection (RFC 4145 4, RFC 8842 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setup {
    /// The maker of the description.
    Active,
    /// The other side.
    Passive,
    /// Either.
    ActPass,
    /// Nobody for now.
    HoldConn,
}

impl Setup {
    /// Reads the value of `a=setup`.
    pub(super) fn parse(value: &[u8]) -> Option<Setup> {
        match value {
            b"active" => Some(Setup::Active),
            b"passive" => Some(Setup::Passive),
            b"actpass" => Some(Setup::ActPass),
            b"holdconn" => Some(Setup::HoldConn),
            _ => None,
        }
    }
}

/// Where RTCP goes when not to the next port (RFC 3605).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rtcp<'a> {
    /// The port.
    pub port: u16,
    /// The address, if it differs from the medium's.
    pub address: Option<&'a [u8]>,
}

impl<'a> Rtcp<'a> {
    /// Reads the value of `a=rtcp`.
    pub(super) fn parse(value: &'a [u8]) -> Option<Rtcp<'a>> {
        let mut words = super::read::words(value);
        let port = super::read::number(words.next()?)?;
        Some(Rtcp {
            port: u16::try_from(port).ok()?,
            address: words.nth(2),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_passwords_do_not_show() {
        for line in [
            "crypto:1 A inline:hidden",
            "ICE-pwd:hidden",
            " crypto:1 A inline:hidden",
        ] {
            let shown = format!("{:?}", Attribute::parse(line.as_bytes()));
            assert!(!shown.contains("hidden"), "{shown}");
        }
        let shown = format!("{:?}", Attribute::parse(b"ice-ufrag:shown"));
        assert!(shown.contains("shown"));
    }

    #[test]
    fn directions_narrow_to_what_both_allow() {
        use Direction::{Inactive, RecvOnly, SendOnly, SendRecv};
        assert_eq!(SendRecv.narrowed_to(SendOnly), SendOnly);
        assert_eq!(SendOnly.narrowed_to(RecvOnly), Inactive);
        assert_eq!(SendOnly.reversed(), RecvOnly);
        assert_eq!(Inactive.narrowed_to(SendRecv), Inactive);
    }
}
