//! One medium of a description: an `m=` line and what follows it (RFC 8866 5.14).

use super::attribute::{Attribute, Direction, Rtcp, Setup};
use super::codec::Codec;
use super::read::{number, words};
use super::security::{Candidate, Crypto};
use super::session::{Bandwidth, Connection};
use crate::secret::Secret;

/// A medium (RFC 8866 5.14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media<'a> {
    /// The kind as it stands.
    pub kind_token: &'a [u8],
    /// The port; 0 rejects or disables the medium (RFC 3264 6).
    pub port: u16,
    /// How many ports follow one another; 1 if not said.
    pub port_count: u16,
    /// The transport protocol as it stands, such as `RTP/AVP`.
    pub protocol: &'a [u8],
    /// The formats as they stand: payload types with RTP.
    pub formats: Vec<&'a [u8]>,
    /// `c=` of this medium.
    pub connection: Option<Connection<'a>>,
    /// `b=` of this medium.
    pub bandwidth: Vec<Bandwidth<'a>>,
    /// `a=` of this medium.
    pub attributes: Vec<Attribute<'a>>,
}

/// What kind of medium (RFC 8866 5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// `audio`.
    Audio,
    /// `video`.
    Video,
    /// `image`, mostly T.38 fax (RFC 3362).
    Image,
    /// `application`.
    Application,
    /// `message`, mostly MSRP (RFC 4975).
    Message,
    /// `text` (RFC 4103).
    Text,
    /// Anything else.
    Other,
}

/// What carries a medium (RFC 8866 5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// RTP in clear: `RTP/AVP`, `RTP/AVPF`, also over TCP (RFC 4571).
    Rtp,
    /// SRTP keyed by SDES (RFC 4568): `RTP/SAVP`, `RTP/SAVPF`, also over TCP (RFC 7850).
    Srtp,
    /// SRTP keyed by DTLS (RFC 5764): `UDP/TLS/RTP/SAVP`, `UDP/TLS/RTP/SAVPF`, `TCP/DTLS/RTP/SAVP`,
    /// `TCP/DTLS/RTP/SAVPF`.
    DtlsSrtp,
    /// `udptl`, for T.38.
    Udptl,
    /// Anything else.
    Other,
}

impl<'a> Media<'a> {
    /// Reads the value of an `m=` line.
    pub(super) fn parse(line: &'a [u8]) -> Option<Media<'a>> {
        let mut words = words(line);
        let kind_token = words.next()?;
        let ports = words.next()?;
        let protocol = words.next()?;
        let (port, count) = match ports.iter().position(|byte| *byte == b'/') {
            Some(slash) => (&ports[..slash], number(&ports[slash + 1..])?),
            None => (ports, 1),
        };
        Some(Media {
            kind_token,
            port: u16::try_from(number(port)?).ok()?,
            port_count: u16::try_from(count).ok()?,
            protocol,
            formats: words.collect(),
            connection: None,
            bandwidth: Vec::new(),
            attributes: Vec::new(),
        })
    }

    /// The kind of medium (RFC 8866 5.14).
    pub fn kind(&self) -> MediaKind {
        match self.kind_token {
            b"audio" => MediaKind::Audio,
            b"video" => MediaKind::Video,
            b"image" => MediaKind::Image,
            b"application" => MediaKind::Application,
            b"message" => MediaKind::Message,
            b"text" => MediaKind::Text,
            _ => MediaKind::Other,
        }
    }

    /// What carries it (RFC 8866 5.14).
    pub fn transport(&self) -> Transport {
        let is = |names: &[&str]| {
            names
                .iter()
                .any(|name| self.protocol.eq_ignore_ascii_case(name.as_bytes()))
        };
        if is(&["RTP/AVP", "RTP/AVPF", "TCP/RTP/AVP", "TCP/RTP/AVPF"]) {
            Transport::Rtp
        } else if is(&["RTP/SAVP", "RTP/SAVPF", "TCP/RTP/SAVP", "TCP/RTP/SAVPF"]) {
            Transport::Srtp
        } else if is(&[
            "UDP/TLS/RTP/SAVP",
            "UDP/TLS/RTP/SAVPF",
            "TCP/DTLS/RTP/SAVP",
            "TCP/DTLS/RTP/SAVPF",
        ]) {
            Transport::DtlsSrtp
        } else if is(&["udptl"]) {
            Transport::Udptl
        } else {
            Transport::Other
        }
    }

    /// Whether the medium is rejected or disabled (RFC 3264 6, 8.2). A bundled medium may have
    /// port 0 and live all the same (RFC 8843 6).
    pub fn is_rejected(&self) -> bool {
        self.port == 0 && self.attribute("bundle-only").is_none()
    }

    /// The direction that the medium itself gives (RFC 8866 6.7).
    pub fn direction(&self) -> Option<Direction> {
        Direction::among(&self.attributes)
    }

    /// The value of the first attribute called `name`; empty for a flag (RFC 8866 5.13).
    pub fn attribute(&self, name: &str) -> Option<&'a [u8]> {
        Attribute::find(&self.attributes, name)
    }

    /// The codecs in the order of preference, each payload type once (RFC 8866 6.6). One that
    /// nothing explains is left out.
    ///
    /// Linear in the size of the medium: the explanations are put in a table of 128 first.
    pub fn codecs(&self) -> Vec<Codec<'a>> {
        if matches!(self.transport(), Transport::Udptl | Transport::Other) {
            return Vec::new();
        }
        let mut maps = [None; 128];
        let mut formats = [None; 128];
        for attribute in &self.attributes {
            let table = match attribute.name {
                b"rtpmap" => &mut maps,
                b"fmtp" => &mut formats,
                _ => continue,
            };
            let gap = attribute.value.iter().position(|byte| *byte == b' ');
            let (payload_type, value) = attribute.value.split_at(gap.unwrap_or(0));
            if let Some(number) = number(payload_type)
                && let Some(slot) = usize::try_from(number)
                    .ok()
                    .and_then(|at| table.get_mut(at))
                && slot.is_none()
            {
                *slot = Some(value.trim_ascii());
            }
        }
        let mut seen = [false; 128];
        let mut codecs = Vec::with_capacity(self.formats.len().min(128));
        for format in &self.formats {
            let Some(payload_type) = number(format).and_then(|number| u8::try_from(number).ok())
            else {
                continue;
            };
            let at = usize::from(payload_type);
            match seen.get_mut(at) {
                Some(seen) if !*seen => *seen = true,
                Some(_) | None => continue,
            }
            let mapped = maps.get(at).copied().flatten();
            let codec = match mapped.map(|value| Codec::from_map(payload_type, value)) {
                Some(Some(codec)) => Some(codec),
                Some(None) | None => Codec::fixed(payload_type),
            };
            if let Some(codec) = codec {
                codecs.push(Codec {
                    format: formats.get(at).copied().flatten(),
                    ..codec
                });
            }
        }
        codecs
    }

    /// `a=ptime`: milliseconds of media in a packet (RFC 8866 6.4).
    pub fn ptime_ms(&self) -> Option<u64> {
        self.attribute("ptime").and_then(number)
    }

    /// `a=maxptime`: the most milliseconds of media in a packet (RFC 8866 6.5).
    pub fn maxptime_ms(&self) -> Option<u64> {
        self.attribute("maxptime").and_then(number)
    }

    /// `a=rtcp` (RFC 3605).
    pub fn rtcp(&self) -> Option<Rtcp<'a>> {
        self.attribute("rtcp").and_then(Rtcp::parse)
    }

    /// `a=setup` (RFC 4145).
    pub fn setup(&self) -> Option<Setup> {
        self.attribute("setup").and_then(Setup::parse)
    }

    /// `a=crypto` lines (RFC 4568).
    pub fn crypto(&self) -> impl Iterator<Item = Crypto<'a>> {
        self.named("crypto").filter_map(Crypto::parse)
    }

    /// `a=candidate` lines (RFC 8839).
    pub fn candidates(&self) -> impl Iterator<Item = Candidate<'a>> {
        self.named("candidate").filter_map(Candidate::parse)
    }

    /// `a=ice-ufrag` (RFC 8839 5.4).
    pub fn ice_user(&self) -> Option<&'a [u8]> {
        self.attribute("ice-ufrag")
    }

    /// `a=ice-pwd` (RFC 8839 5.4).
    pub fn ice_password(&self) -> Option<Secret<'a>> {
        self.attribute("ice-pwd").map(Secret::new)
    }

    /// Whether this is fax by T.38 (RFC 3362).
    pub fn is_t38(&self) -> bool {
        self.kind() == MediaKind::Image
            && self
                .formats
                .iter()
                .any(|format| format.eq_ignore_ascii_case(b"t38"))
    }

    fn named(&self, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.name == name.as_bytes())
            .map(|attribute| attribute.value)
    }
}
