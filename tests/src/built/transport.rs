//! The messages of the call over transports other than UDP: TCP, WebSocket, SCTP, and UDP in
//! fragments that come in any order.

use siptriage_testkit::{Packet, Variation};

use super::{at, call, length16, payload, plain_call};

/// A way to carry the messages of the call.
#[derive(Clone, Copy, Debug)]
pub struct Carriage {
    /// What it is.
    pub name: &'static str,
    /// The call's packets, as Ethernet frames.
    pub packets: fn() -> Vec<Packet>,
}

const fn carriage(name: &'static str, packets: fn() -> Vec<Packet>) -> Carriage {
    Carriage { name, packets }
}

/// Every way.
pub const ALL: [Carriage; 26] = [
    carriage("UDP", plain_call),
    carriage("UDP and IPv6", || call(&IPV6)),
    carriage("fragments", || call(&fragmented(Variation::default()))),
    carriage("fragments, last first", || {
        last_first(call(&fragmented(Variation::default())))
    }),
    carriage("fragments of IPv6", || call(&fragmented(IPV6))),
    carriage("fragments of IPv6, last first", || {
        last_first(call(&fragmented(IPV6)))
    }),
    carriage("TCP", || stream(Cutting::WHOLE).packets()),
    carriage("TCP, a byte a segment", || stream(Cutting::of(1)).packets()),
    carriage("TCP, seven bytes a segment", || {
        stream(Cutting::of(7)).packets()
    }),
    carriage("TCP, 536 bytes a segment", || {
        stream(Cutting::of(536)).packets()
    }),
    carriage("TCP, segments that overlap", || {
        let overlap = Cutting {
            longest: 100,
            again: 30,
        };
        stream(overlap).packets()
    }),
    carriage("TCP, last segment first", || {
        last_first(stream(Cutting::of(100)).packets())
    }),
    carriage("TCP, every segment again", || {
        let mut packets = stream(Cutting::of(300)).packets();
        let again: Vec<Packet> = packets
            .iter()
            .map(|packet| packet.clone().later(2_000_000))
            .collect();
        packets.extend(again);
        packets.sort_by_key(|packet| packet.time_ns);
        packets
    }),
    carriage("TCP, two messages in a segment", coalesced),
    carriage("TCP, joined in mid-stream", || {
        let mut joined = Connection::joined(7_000);
        joined.send_all(&messages(), Cutting::of(200));
        joined.packets()
    }),
    carriage("TCP, sequence numbers that wrap", || {
        let mut wrapping = Connection::opened(before_the_call(), u32::MAX - 500);
        wrapping.send_all(&messages(), Cutting::of(200));
        wrapping.packets()
    }),
    carriage("TCP with keep-alives", with_keep_alives),
    carriage(
        "TCP, a second connection between the same ports",
        reconnected,
    ),
    carriage("TCP with a hole in another message", with_a_hole),
    carriage("WebSocket", || web_socket(usize::MAX)),
    carriage("WebSocket, fragmented messages", || web_socket(100)),
    carriage("SCTP", || sctp(usize::MAX)),
    carriage("SCTP, fragmented messages", || sctp(200)),
    carriage("SCTP, last fragment first", || last_first(sctp(200))),
    carriage("fragments, rotated", || {
        rotated(call(&fragmented(Variation::default())))
    }),
    carriage("TCP, segments rotated", || {
        rotated(stream(Cutting::of(100)).packets())
    }),
];

const IPV6: Variation = Variation {
    duplicate_after: None,
    drop: None,
    ipv6: true,
    compact: false,
    mtu_bytes: None,
    vlan: None,
    call_suffix: String::new(),
};

/// One message of the call.
#[derive(Clone, Debug)]
pub struct Message {
    time_ns: u64,
    side: Side,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Caller,
    Callee,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Caller => Side::Callee,
            Side::Callee => Side::Caller,
        }
    }

    fn ip(self) -> [u8; 4] {
        match self {
            Side::Caller => [192, 0, 2, 1],
            Side::Callee => [198, 51, 100, 2],
        }
    }

    fn port(self) -> [u8; 2] {
        let port: u16 = match self {
            Side::Caller => 49_152,
            Side::Callee => 5060,
        };
        port.to_be_bytes()
    }
}

/// How messages are cut into segments.
#[derive(Clone, Copy, Debug)]
pub struct Cutting {
    /// Bytes of a segment, at most.
    pub longest: usize,
    /// Bytes of the segment before that each segment begins with.
    pub again: usize,
}

impl Cutting {
    const WHOLE: Cutting = Cutting::of(1460);

    /// Segments of so many bytes.
    #[must_use]
    pub const fn of(longest: usize) -> Cutting {
        Cutting { longest, again: 0 }
    }
}

/// The call on one TCP connection.
#[must_use]
pub fn stream(cutting: Cutting) -> Connection {
    let mut connection = Connection::opened(before_the_call(), 1_000);
    connection.send_all(&messages(), cutting);
    connection
}

/// Both directions of a TCP connection.
#[derive(Clone, Debug)]
pub struct Connection {
    caller_next: u32,
    callee_next: u32,
    packets: Vec<Packet>,
}

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;
/// Time between two packets that carry one message.
const SPACING_NS: u64 = 1_000;

impl Connection {
    fn joined(sequence: u32) -> Connection {
        Connection {
            caller_next: sequence,
            callee_next: sequence.wrapping_add(50_000),
            packets: Vec::new(),
        }
    }

    fn opened(time_ns: u64, sequence: u32) -> Connection {
        let mut connection = Connection::joined(sequence);
        connection.segment(time_ns, Side::Caller, SYN, &[]);
        connection.segment(time_ns + 1_000_000, Side::Callee, SYN | ACK, &[]);
        connection.segment(time_ns + 2_000_000, Side::Caller, ACK, &[]);
        connection
    }

    /// The frames in the order of their times.
    #[must_use]
    pub fn packets(mut self) -> Vec<Packet> {
        self.packets.sort_by_key(|packet| packet.time_ns);
        self.packets
    }

    fn send_all(&mut self, messages: &[Message], cutting: Cutting) {
        for message in messages {
            self.send(message, cutting);
        }
    }

    /// Sends a message whose last segment goes at the time of the message.
    fn send(&mut self, message: &Message, cutting: Cutting) {
        let bytes = &message.bytes;
        let count = bytes.len().div_ceil(cutting.longest);
        for number in 0..count {
            let begin = number * cutting.longest;
            let end = (begin + cutting.longest).min(bytes.len());
            let again = cutting.again.min(begin);
            let time_ns = message.time_ns - (count - 1 - number) as u64 * SPACING_NS;
            let next = self.next(message.side);
            *next = next.wrapping_sub(again as u32);
            self.segment(time_ns, message.side, ACK, &bytes[begin - again..end]);
        }
    }

    fn close(&mut self, time_ns: u64) {
        self.segment(time_ns, Side::Caller, FIN | ACK, &[]);
        self.segment(time_ns + 1_000_000, Side::Callee, FIN | ACK, &[]);
        self.segment(time_ns + 2_000_000, Side::Caller, ACK, &[]);
    }

    fn segment(&mut self, time_ns: u64, side: Side, flags: u8, bytes: &[u8]) {
        let acknowledged = *self.next(side.other());
        let next = self.next(side);
        let sequence = *next;
        let counted = bytes.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        *next = sequence.wrapping_add(counted);
        let ports = [side.port(), side.other().port()].concat();
        let numbers = [sequence.to_be_bytes(), acknowledged.to_be_bytes()].concat();
        let rest = [0x50, flags, 0xff, 0xff, 0, 0, 0, 0];
        let segment = [&ports, &numbers, &rest[..], bytes].concat();
        let id = self.packets.len() as u16;
        self.packets.push(at(time_ns, frame(side, id, 6, &segment)));
    }

    fn next(&mut self, side: Side) -> &mut u32 {
        match side {
            Side::Caller => &mut self.caller_next,
            Side::Callee => &mut self.callee_next,
        }
    }
}

/// The messages of the call as they are written for TCP.
fn messages() -> Vec<Message> {
    let message = |packet: &Packet| {
        let text = String::from_utf8_lossy(payload(packet)).replace("SIP/2.0/UDP", "SIP/2.0/TCP");
        let is_callers = packet.bytes[26..30] == Side::Caller.ip();
        Message {
            time_ns: packet.time_ns,
            side: if is_callers {
                Side::Caller
            } else {
                Side::Callee
            },
            bytes: text.into_bytes(),
        }
    };
    plain_call().iter().map(message).collect()
}

fn before_the_call() -> u64 {
    plain_call().first().map_or(0, |packet| packet.time_ns) - 1_000_000_000
}

/// 100 and 180 leave at the time of 180, as with Nagle's algorithm.
fn coalesced() -> Vec<Packet> {
    let mut messages = messages();
    let trying = messages.remove(1);
    messages[1].bytes = [trying.bytes, messages[1].bytes.clone()].concat();
    let mut connection = Connection::opened(before_the_call(), 1_000);
    connection.send_all(&messages, Cutting::WHOLE);
    connection.packets()
}

/// Keep-alives of TCP (RFC 9293 section 3.8.4) and of SIP (RFC 5626 section 3.5.1).
fn with_keep_alives() -> Vec<Packet> {
    let messages = messages();
    let mut connection = Connection::opened(before_the_call(), 1_000);
    for message in &messages {
        connection.send(message, Cutting::WHOLE);
        let next = connection.next(Side::Caller);
        *next = next.wrapping_sub(1);
        connection.segment(message.time_ns + 1_000_000, Side::Caller, ACK, &[0]);
        connection.segment(message.time_ns + 2_000_000, Side::Caller, ACK, b"\r\n\r\n");
        connection.segment(message.time_ns + 3_000_000, Side::Callee, ACK, b"\r\n");
    }
    connection.packets()
}

/// The BYE takes a new connection between the same ports.
fn reconnected() -> Vec<Packet> {
    let messages = messages();
    let (before, after) = messages.split_at(5);
    let mut first = Connection::opened(before_the_call(), 1_000);
    first.send_all(before, Cutting::of(300));
    first.close(before[4].time_ns + 1_000_000_000);
    let mut second = Connection::opened(after[0].time_ns - 1_000_000_000, 900);
    second.send_all(after, Cutting::of(300));
    [first.packets(), second.packets()].concat()
}

/// An OPTIONS between ACK and BYE that the capture lacks a segment of.
fn with_a_hole() -> Vec<Packet> {
    let messages = messages();
    let (before, after) = messages.split_at(5);
    let mut connection = Connection::opened(before_the_call(), 1_000);
    connection.send_all(before, Cutting::of(300));
    let options = Message {
        time_ns: before[4].time_ns + 1_000_000_000,
        side: Side::Caller,
        bytes: OPTIONS.to_vec(),
    };
    connection.send(&options, Cutting::of(OPTIONS.len().div_ceil(3)));
    let middle = connection.packets.len() - 2;
    connection.packets.remove(middle);
    connection.send_all(after, Cutting::of(300));
    connection.packets()
}

const OPTIONS: &[u8] = b"OPTIONS sip:bob@example.com SIP/2.0\r\n\
    Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKoptions\r\n\
    From: <sip:alice@example.com>;tag=o\r\nTo: <sip:bob@example.com>\r\n\
    Call-ID: options@example.com\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

/// SIP over WebSocket (RFC 7118), in frames of so many bytes.
fn web_socket(longest: usize) -> Vec<Packet> {
    const TEXT: u8 = 1;
    const LAST: u8 = 0x80;
    let start = before_the_call();
    let mut connection = Connection::opened(start, 1_000);
    connection.segment(start + 3_000_000, Side::Caller, ACK, UPGRADE);
    connection.segment(start + 4_000_000, Side::Callee, ACK, SWITCH);
    for message in messages() {
        let frames = message.bytes.len().div_ceil(longest);
        let mut bytes = Vec::new();
        for (number, part) in message.bytes.chunks(longest).enumerate() {
            let kind = if number == 0 { TEXT } else { 0 };
            let last = if number + 1 == frames { LAST } else { 0 };
            bytes.extend(web_socket_frame(kind | last, message.side, part));
        }
        connection.send(&Message { bytes, ..message }, Cutting::WHOLE);
    }
    connection.packets()
}

const UPGRADE: &[u8] = b"GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n";
const SWITCH: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
    Sec-WebSocket-Protocol: sip\r\n\r\n";

/// RFC 6455 section 5.2: what the client sends is masked.
fn web_socket_frame(first: u8, side: Side, payload: &[u8]) -> Vec<u8> {
    let mask: &[u8] = match side {
        Side::Caller => &[1, 2, 3, 4],
        Side::Callee => &[],
    };
    let flag = if mask.is_empty() { 0 } else { 0x80 };
    let mut frame = vec![first];
    match u8::try_from(payload.len()) {
        Ok(short @ 0..=125) => frame.push(flag | short),
        _ => frame.extend([&[flag | 126], &length16(payload.len())[..]].concat()),
    }
    frame.extend(mask);
    let mask = if mask.is_empty() { &[0][..] } else { mask };
    frame.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}

/// DATA chunks of so many bytes (RFC 9260 section 3.3.1).
fn sctp(longest: usize) -> Vec<Packet> {
    const BEGIN: u8 = 2;
    const END: u8 = 1;
    let mut packets = Vec::new();
    let mut sequence: u32 = 1_000;
    for message in messages() {
        let count = message.bytes.len().div_ceil(longest);
        for (number, part) in message.bytes.chunks(longest).enumerate() {
            let begin = if number == 0 { BEGIN } else { 0 };
            let end = if number + 1 == count { END } else { 0 };
            let length = length16(part.len() + 16);
            let padding = vec![0; part.len().next_multiple_of(4) - part.len()];
            let ports = [message.side.port(), message.side.other().port()].concat();
            let chunk = [&[0, begin | end], &length[..], &sequence.to_be_bytes()].concat();
            let rest = [0, 1, 0, 2, 0, 0, 0, 0];
            let packet = [
                &ports,
                &[0, 0, 0, 5, 0, 0, 0, 0][..],
                &chunk,
                &rest,
                part,
                &padding,
            ];
            let time_ns = message.time_ns - (count - 1 - number) as u64 * SPACING_NS;
            let id = packets.len() as u16;
            packets.push(at(time_ns, frame(message.side, id, 132, &packet.concat())));
            sequence += 1;
        }
    }
    packets
}

/// An Ethernet frame with IPv4. The checksums stay 0, as where the network card fills them in.
fn frame(side: Side, id: u16, protocol: u8, inner: &[u8]) -> Vec<u8> {
    let stations = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
    let length = length16(inner.len() + 20);
    let fields = [
        &[0x45, 0],
        &length[..],
        &id.to_be_bytes(),
        &[0, 0, 64, protocol, 0, 0],
    ];
    let addresses = [side.ip(), side.other().ip()].concat();
    [&stations, &fields.concat()[..], &addresses, inner].concat()
}

fn fragmented(variation: Variation) -> Variation {
    Variation {
        mtu_bytes: Some(296),
        ..variation
    }
}

/// The packets of each message in the opposite order, at the same times.
fn last_first(packets: Vec<Packet>) -> Vec<Packet> {
    by_message(packets, |frames| frames.reverse())
}

/// The first packet of each message comes last, at the same times.
fn rotated(packets: Vec<Packet>) -> Vec<Packet> {
    by_message(packets, |frames| frames.rotate_left(1))
}

fn by_message(mut packets: Vec<Packet>, reorder: fn(&mut [Vec<u8>])) -> Vec<Packet> {
    const NEAR_NS: u64 = 100_000;
    let runs = packets.chunk_by_mut(|one, next| next.time_ns - one.time_ns < NEAR_NS);
    for run in runs {
        let mut frames: Vec<Vec<u8>> = run.iter().map(|packet| packet.bytes.clone()).collect();
        reorder(&mut frames);
        for (packet, bytes) in run.iter_mut().zip(frames) {
            *packet = at(packet.time_ns, bytes);
        }
    }
    packets
}
