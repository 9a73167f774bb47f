//! The parts of a description that concern the session as a whole.

use std::net::IpAddr;

use super::attribute::{Attribute, Direction, Setup};
use super::media::Media;
use super::security::Fingerprint;
use crate::Span;
use crate::secret::Secret;

/// A session description (RFC 8866 5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session<'a> {
    /// `o=`: who made it, and which version it is.
    pub origin: Option<Origin<'a>>,
    /// `s=`.
    pub name: Option<&'a [u8]>,
    /// `c=` for every medium that has none of its own.
    pub connection: Option<Connection<'a>>,
    /// `b=` lines before the first medium.
    pub bandwidth: Vec<Bandwidth<'a>>,
    /// `a=` lines before the first medium.
    pub attributes: Vec<Attribute<'a>>,
    /// The media, in the order of their `m=` lines.
    pub media: Vec<Media<'a>>,
    /// What could not be read, in the order of the bytes.
    pub defects: Vec<SdpDefect>,
}

/// `o=<username> <sess-id> <sess-version> <nettype> <addrtype> <address>` (RFC 8866 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The user's login, or `-`.
    pub username: &'a [u8],
    /// With user name and address the name of the session.
    pub session_id: &'a [u8],
    /// Rises with every change (RFC 3264 8).
    pub version: &'a [u8],
    /// The host that made the description.
    pub address: Connection<'a>,
}

impl Origin<'_> {
    /// The version as a number, where it is one of 64 bits (RFC 8866 5.2).
    pub fn version_number(&self) -> Option<u64> {
        std::str::from_utf8(self.version).ok()?.parse().ok()
    }
}

/// `c=<nettype> <addrtype> <address>` (RFC 8866 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection<'a> {
    /// The kind of address.
    pub family: AddressFamily,
    /// The address or host name, without time to live.
    pub address: &'a [u8],
    /// Time to live of an IPv4 multicast.
    pub time_to_live: Option<u8>,
}

/// `addrtype` (RFC 8866 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFamily {
    /// `IP4`.
    V4,
    /// `IP6`.
    V6,
    /// Anything else.
    Other,
}

impl Connection<'_> {
    /// The address, if it is no host name (RFC 8866 5.7).
    pub fn ip(&self) -> Option<IpAddr> {
        std::str::from_utf8(self.address).ok()?.parse().ok()
    }

    /// Whether the address is 0.0.0.0 or ::, the old way to put a call on hold
    /// (RFC 3264 8.4).
    pub fn is_unspecified(&self) -> bool {
        self.ip().is_some_and(|ip| ip.is_unspecified())
    }
}

/// `b=<bwtype>:<bandwidth>` (RFC 8866 5.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bandwidth<'a> {
    /// `CT`, `AS`, `TIAS` or another.
    pub kind: &'a [u8],
    /// In kbit/s, or in bit/s for `TIAS` (RFC 3890).
    pub value: u64,
}

/// Something in a description that could not be read (RFC 8866 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SdpDefect {
    /// What it is.
    pub kind: SdpDefectKind,
    /// Where it stands in the description.
    pub span: Span,
}

/// The kinds of defects of a description (RFC 8866 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SdpDefectKind {
    /// The first line is not `v=0` (RFC 8866 5.1).
    BadVersion,
    /// A line is not `<letter>=<value>` (RFC 8866 5).
    NotALine,
    /// `o=` is missing or not of six words (RFC 8866 5.2).
    BadOrigin,
    /// `c=` is not of three words (RFC 8866 5.7).
    BadConnection,
    /// A medium has no `c=`, nor has the session (RFC 8866 5.7).
    MissingConnection,
    /// `m=` cannot be read (RFC 8866 5.14).
    BadMedia,
    /// `b=` cannot be read (RFC 8866 5.8).
    BadBandwidth,
    /// There are more media than [`super::MEDIA_LIMIT`]; the rest is left out.
    TooManyMedia,
}

impl<'a> Session<'a> {
    /// The connection that holds for a medium (RFC 8866 5.7).
    pub fn connection_of(&self, media: &Media<'a>) -> Option<Connection<'a>> {
        media.connection.or(self.connection)
    }

    /// The direction that holds for a medium; `sendrecv` if nothing says otherwise
    /// (RFC 8866 6.7).
    pub fn direction_of(&self, media: &Media<'a>) -> Direction {
        let own = Direction::among(&media.attributes);
        own.or_else(|| Direction::among(&self.attributes))
            .unwrap_or(Direction::SendRecv)
    }

    /// The fingerprint that holds for a medium (RFC 8122 5).
    pub fn fingerprint_of(&self, media: &Media<'a>) -> Option<Fingerprint<'a>> {
        Fingerprint::among(&media.attributes).or_else(|| Fingerprint::among(&self.attributes))
    }

    /// Who opens the connection of a medium (RFC 4145 4).
    pub fn setup_of(&self, media: &Media<'a>) -> Option<Setup> {
        media
            .setup()
            .or_else(|| self.attribute("setup").and_then(Setup::parse))
    }

    /// `a=ice-ufrag` that holds for a medium (RFC 8839 5.4).
    pub fn ice_user_of(&self, media: &Media<'a>) -> Option<&'a [u8]> {
        media.ice_user().or_else(|| self.attribute("ice-ufrag"))
    }

    /// `a=ice-pwd` that holds for a medium (RFC 8839 5.4).
    pub fn ice_password_of(&self, media: &Media<'a>) -> Option<Secret<'a>> {
        media
            .ice_password()
            .or_else(|| self.attribute("ice-pwd").map(Secret::new))
    }

    /// The value of the session attribute called `name` (RFC 8866 5.13).
    pub fn attribute(&self, name: &str) -> Option<&'a [u8]> {
        Attribute::find(&self.attributes, name)
    }

    /// Whether the description offers or accepts any medium, that is has one with a port (RFC 3264
    /// 5.1).
    pub fn has_active_media(&self) -> bool {
        self.media.iter().any(|media| !media.is_rejected())
    }
}
