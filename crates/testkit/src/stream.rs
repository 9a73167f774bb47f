//! TCP connections between hosts: handshake, sequence numbers, segments.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::wire::{Protocol, transport_checksum};

/// Longest segment on Ethernet with IPv6 (RFC 9293 section 3.7.1).
const SEGMENT_BYTES: usize = 1440;
const FIRST_CLIENT_PORT: u16 = 49_152;
const FIN: u8 = 0x01;
const RST: u8 = 0x04;
const SYN: u8 = 0x02;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// All connections of a capture, by client and server address as the trace names them.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    connections: BTreeMap<(SocketAddr, SocketAddr), Connection>,
    opened: u16,
}

/// A segment without data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    Fin,
    /// Also refuses an attempt.
    Rst,
    Ack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A SYN has been seen and nothing else.
    Attempted,
    Established,
    Closed,
}

#[derive(Debug)]
struct Connection {
    state: State,
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
        let from_server = self.is_established(dst, src);
        let key = if from_server { (dst, src) } else { (src, dst) };
        let (mut connection, handshake) = match self.connections.remove(&key) {
            Some(known) if known.state == State::Established => (known, Vec::new()),
            Some(_) | None => {
                let mut opened = self.connection(src, dst);
                let handshake = opened.handshake();
                (opened, handshake)
            }
        };
        let longest = longest.unwrap_or(SEGMENT_BYTES).min(SEGMENT_BYTES);
        let pieces = bytes.chunks(longest);
        let (client, server) = (connection.client, connection.server);
        let (flow, of_message) = if from_server {
            let segments = pieces
                .map(|piece| connection.server_sends(ACK | PSH, piece))
                .collect();
            ((server, client), segments)
        } else {
            let segments = pieces
                .map(|piece| connection.client_sends(ACK | PSH, piece))
                .collect();
            ((client, server), segments)
        };
        self.connections.insert(key, connection);
        Segments {
            handshake,
            flow,
            of_message,
        }
    }

    /// A connection attempt (RFC 9293 section 3.5), the same each time until it is answered.
    pub(crate) fn attempt(
        &mut self,
        src: SocketAddr,
        dst: SocketAddr,
    ) -> (SocketAddr, SocketAddr, Vec<u8>) {
        let connection = match self.connections.remove(&(src, dst)) {
            Some(known) if known.state == State::Attempted => known,
            Some(_) | None => Connection {
                state: State::Attempted,
                ..self.connection(src, dst)
            },
        };
        let (client, server) = (connection.client, connection.server);
        let opening = segment(client, server, connection.client_next, 0, SYN, &[]);
        self.connections.insert((src, dst), connection);
        (client, server, opening)
    }

    /// A segment without data on the connection of the pair, or on one that began earlier.
    pub(crate) fn control(
        &mut self,
        src: SocketAddr,
        dst: SocketAddr,
        control: Bare,
    ) -> (SocketAddr, SocketAddr, Vec<u8>) {
        let from_server = self.connections.contains_key(&(dst, src));
        let key = if from_server { (dst, src) } else { (src, dst) };
        let known = self.connections.remove(&key);
        let mut connection = known.unwrap_or_else(|| self.connection(key.0, key.1));
        if from_server && connection.state == State::Attempted {
            connection.server_next = 0;
            connection.client_next = connection.client_next.wrapping_add(1);
        }
        let (flags, counts) = match control {
            Bare::Fin => (FIN | ACK, 1),
            Bare::Rst => (RST | ACK, 0),
            Bare::Ack => (ACK, 0),
        };
        if control != Bare::Ack {
            connection.state = State::Closed;
        }
        let (client, server) = (connection.client, connection.server);
        let sent = if from_server {
            let segment = connection.server_sends(flags, &[]);
            connection.server_next = connection.server_next.wrapping_add(counts);
            (server, client, segment)
        } else {
            let segment = connection.client_sends(flags, &[]);
            connection.client_next = connection.client_next.wrapping_add(counts);
            (client, server, segment)
        };
        self.connections.insert(key, connection);
        sent
    }

    fn is_established(&self, client: SocketAddr, server: SocketAddr) -> bool {
        let connection = self.connections.get(&(client, server));
        connection.is_some_and(|connection| connection.state == State::Established)
    }

    /// A connection with a client port of its own.
    fn connection(&mut self, client: SocketAddr, server: SocketAddr) -> Connection {
        let connection = Connection::new(client, server, self.opened);
        self.opened = (self.opened + 1) % 16_000;
        connection
    }
}

impl Connection {
    fn new(client: SocketAddr, server: SocketAddr, number: u16) -> Connection {
        Connection {
            state: State::Established,
            client: SocketAddr::new(client.ip(), FIRST_CLIENT_PORT + number),
            server,
            client_next: 1000 + 100_000 * u32::from(number),
            server_next: 50_000 + 100_000 * u32::from(number),
        }
    }

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
