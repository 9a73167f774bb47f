//! TCP connections between hosts: handshake, sequence numbers, segments.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::wire::{Protocol, transport_checksum};

/// Longest segment on Ethernet with IPv6 (RFC 9293 section 3.7.1).
const SEGMENT_BYTES: usize = 1440;
const FIRST_CLIENT_PORT: u16 = 49_152;
const SYN: u8 = 0x02;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// All connections of a capture, by client and server address as the trace names them.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    connections: BTreeMap<(SocketAddr, SocketAddr), Connection>,
}

#[derive(Debug)]
struct Connection {
    client: SocketAddr,
    server: SocketAddr,
    /// Next sequence number of each side.
    client_next: u32,
    server_next: u32,
}

/// The segments of one message, and those that open its connection.
#[derive(Debug)]
pub(crate) struct Segments {
    pub(crate) handshake: Vec<(SocketAddr, SocketAddr, Vec<u8>)>,
    pub(crate) flow: (SocketAddr, SocketAddr),
    pub(crate) of_message: Vec<Vec<u8>>,
}

impl Streams {
    /// Sends bytes from one host to the other on their connection, which the first of them opens
    /// from a port of its own.
    pub(crate) fn segments(
        &mut self,
        src: SocketAddr,
        dst: SocketAddr,
        bytes: &[u8],
        longest: Option<usize>,
    ) -> Segments {
        let mut handshake = Vec::new();
        let from_server = self.connections.contains_key(&(dst, src));
        let key = if from_server { (dst, src) } else { (src, dst) };
        let opened = u16::try_from(self.connections.len() % 16_000).unwrap_or(0);
        let connection = self.connections.entry(key).or_insert_with(|| {
            let client = SocketAddr::new(src.ip(), FIRST_CLIENT_PORT + opened);
            let mut connection = Connection {
                client,
                server: dst,
                client_next: 1000 + 100_000 * u32::from(opened),
                server_next: 50_000 + 100_000 * u32::from(opened),
            };
            handshake = connection.handshake();
            connection
        });
        let longest = longest.unwrap_or(SEGMENT_BYTES).min(SEGMENT_BYTES);
        let of_message = bytes
            .chunks(longest)
            .map(|piece| {
                if from_server {
                    connection.server_sends(ACK | PSH, piece)
                } else {
                    connection.client_sends(ACK | PSH, piece)
                }
            })
            .collect();
        let (client, server) = (connection.client, connection.server);
        let flow = if from_server {
            (server, client)
        } else {
            (client, server)
        };
        Segments {
            handshake,
            flow,
            of_message,
        }
    }
}

impl Connection {
    /// RFC 9293 section 3.5.
    fn handshake(&mut self) -> Vec<(SocketAddr, SocketAddr, Vec<u8>)> {
        let (client, server) = (self.client, self.server);
        let opening = segment(client, server, self.client_next, 0, SYN, &[]);
        self.client_next = self.client_next.wrapping_add(1);
        let accepting = self.server_sends(SYN | ACK, &[]);
        self.server_next = self.server_next.wrapping_add(1);
        let confirming = self.client_sends(ACK, &[]);
        vec![
            (client, server, opening),
            (server, client, accepting),
            (client, server, confirming),
        ]
    }

    fn client_sends(&mut self, flags: u8, bytes: &[u8]) -> Vec<u8> {
        let sequence = self.client_next;
        self.client_next = sequence.wrapping_add(length(bytes));
        segment(
            self.client,
            self.server,
            sequence,
            self.server_next,
            flags,
            bytes,
        )
    }

    fn server_sends(&mut self, flags: u8, bytes: &[u8]) -> Vec<u8> {
        let sequence = self.server_next;
        self.server_next = sequence.wrapping_add(length(bytes));
        segment(
            self.server,
            self.client,
            sequence,
            self.client_next,
            flags,
            bytes,
        )
    }
}

fn segment(
    src: SocketAddr,
    dst: SocketAddr,
    sequence: u32,
    acknowledged: u32,
    flags: u8,
    bytes: &[u8],
) -> Vec<u8> {
    const HEADER_WORDS: u8 = 5;
    const WINDOW: u16 = 65_535;
    let mut segment = Vec::with_capacity(20 + bytes.len());
    segment.extend_from_slice(&src.port().to_be_bytes());
    segment.extend_from_slice(&dst.port().to_be_bytes());
    segment.extend_from_slice(&sequence.to_be_bytes());
    segment.extend_from_slice(&acknowledged.to_be_bytes());
    segment.extend_from_slice(&[HEADER_WORDS << 4, flags]);
    segment.extend_from_slice(&WINDOW.to_be_bytes());
    segment.extend_from_slice(&[0, 0, 0, 0]);
    segment.extend_from_slice(bytes);
    let sum = transport_checksum(src.ip(), dst.ip(), Protocol::Tcp, &segment);
    segment[16..18].copy_from_slice(&sum.to_be_bytes());
    segment
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}
