//! Session descriptions of the hosts (RFC 8866).

use super::Play;
use crate::host::HostIdx;
use crate::script::{Endpoint, Line};

/// Media port of a host that has described no session.
const DEFAULT_MEDIA_PORT: u16 = 10_000;

/// What a host has said about its media in a call.
#[derive(Debug, Clone)]
pub(super) struct Media {
    session: u16,
    port: u16,
    version: u32,
    direction: String,
}

impl Play<'_> {
    /// Where a host sends and receives the media of the call.
    pub(super) fn media_endpoint(&mut self, line: &Line, host: HostIdx) -> Endpoint {
        let ip = self.address(host).ip();
        let media = self.call(line).media.get(&host);
        Endpoint {
            ip,
            port: Some(media.map_or(DEFAULT_MEDIA_PORT, |media| media.port)),
        }
    }

    /// The session description of the line's source; its version rises when it says something new.
    pub(super) fn session_description(&mut self, line: &Line) -> String {
        let direction = line.values.direction.as_deref().unwrap_or("sendrecv");
        let (session, port) = (
            self.media_ports + 1,
            DEFAULT_MEDIA_PORT + 2 * (self.media_ports % 20_000),
        );
        let media = self
            .call(line)
            .media
            .entry(line.src)
            .or_insert_with(|| Media {
                session,
                port,
                version: 1,
                direction: direction.to_owned(),
            });
        if media.direction != direction {
            media.version += 1;
            media.direction = direction.to_owned();
        }
        let media = media.clone();
        if media.session == session {
            self.media_ports = (self.media_ports + 1) % u16::MAX;
        }
        let ip = self.address(line.src).ip();
        let family = if ip.is_ipv4() { "IP4" } else { "IP6" };
        format!(
            "v=0\r\no={name} {session} {version} IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\n\
             t=0 0\r\nm=audio {port} RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n\
             a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n",
            name = self.hosts.name(line.src),
            session = media.session,
            version = media.version,
            port = media.port,
        )
    }
}
