//! Feeds the segments of a TCP connection to a lane and keeps what comes out.

use siptriage_capture::decode::{Decoded, Decoder, Segment};
use siptriage_capture::lane::Lane;
use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Cut, Frame, Limits, Payload, Time, Transport};

use crate::wire::*;

pub const SYN: u8 = Segment::SYN;
pub const ACK: u8 = Segment::ACK;
pub const FIN: u8 = Segment::FIN;

/// A framer for OPTIONS requests with a Content-Length.
pub fn framer(bytes: &[u8]) -> Cut {
    const START: &[u8] = b"OPTIONS sip:";
    let blank = bytes
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    if blank > 0 {
        return Cut::Nothing(blank);
    }
    let known = bytes.len().min(START.len());
    if bytes[..known] != START[..known] {
        let found = bytes
            .windows(START.len())
            .position(|window| window == START);
        return Cut::Foreign {
            skip: found.unwrap_or(0),
        };
    }
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Cut::More { at_least: 0 };
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "));
    let whole = end + 4 + length.and_then(|length| length.parse().ok()).unwrap_or(0);
    if bytes.len() < whole {
        Cut::More { at_least: whole }
    } else {
        Cut::Message(whole)
    }
}

/// A message of its own for each number.
pub fn message(number: usize) -> Vec<u8> {
    let body = "b".repeat(number % 7 * 10);
    let head = format!("OPTIONS sip:{number}@example.com SIP/2.0\r\nContent-Length: ");
    format!("{head}{}\r\n\r\n{body}", body.len()).into_bytes()
}

/// What a lane gave out of a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Given {
    pub frame: u64,
    pub first_frame: u64,
    pub bytes: Vec<u8>,
    pub truncated: bool,
    pub transport: Transport,
}

/// Feeds segments from Alice to a lane, one a millisecond.
pub struct Feed {
    pub lane: Lane,
    pub given: Vec<Given>,
    pub time: Time,
    number: u64,
    ports: (u16, u16),
    missing: u32,
}

impl Feed {
    pub fn new() -> Feed {
        Feed::with(&Limits::default())
    }

    pub fn with(limits: &Limits) -> Feed {
        Feed {
            lane: Lane::new(limits, framer),
            given: Vec::new(),
            time: Time(0),
            number: 0,
            ports: (5060, 5062),
            missing: 0,
        }
    }

    /// The segments that follow have these ports.
    pub fn ports(&mut self, src: u16, dst: u16) -> &mut Feed {
        self.ports = (src, dst);
        self
    }

    /// The next segment loses so many of its last bytes to the snap length.
    pub fn cutting(&mut self, missing: u32) -> &mut Feed {
        self.missing = missing;
        self
    }

    pub fn data(&mut self, seq: u32, bytes: &[u8]) -> &mut Feed {
        self.segment(seq, ACK, bytes)
    }

    pub fn segment(&mut self, seq: u32, flags: u8, bytes: &[u8]) -> &mut Feed {
        let (src, dst) = self.ports;
        let packet = ipv4(TCP, &tcp(src, dst, seq, flags, bytes));
        self.packet(packet)
    }

    /// Bob acknowledges everything before `ack`.
    pub fn acknowledge(&mut self, ack: u32) -> &mut Feed {
        self.reply(77, ack, &[])
    }

    /// Bob sends bytes in the other direction of the same connection.
    pub fn reply(&mut self, seq: u32, ack: u32, bytes: &[u8]) -> &mut Feed {
        let mut packet = ipv4(TCP, &tcp(self.ports.1, self.ports.0, seq, ACK, bytes));
        packet[12..16].copy_from_slice(&BOB.octets());
        packet[16..20].copy_from_slice(&ALICE.octets());
        packet[28..32].copy_from_slice(&ack.to_be_bytes());
        self.packet(packet)
    }

    fn packet(&mut self, packet: Vec<u8>) -> &mut Feed {
        self.number += 1;
        self.time = self.time.plus(MILLISECOND);
        let captured = packet.len() - std::mem::take(&mut self.missing) as usize;
        let (number, time) = (self.number, self.time);
        let original_len = packet.len() as u32;
        let frame = Frame {
            file: 0,
            number,
            time,
            original_len,
            ..frame(RAW, &packet[..captured])
        };
        let Decoded::Segment(segment) = Decoder::new(&Limits::default()).decode(&frame) else {
            panic!("no segment")
        };
        let given = &mut self.given;
        self.lane.segment(&segment, time, &mut |payload| {
            given.push(Given::from(payload))
        });
        self
    }

    pub fn finish(&mut self) -> &mut Feed {
        let given = &mut self.given;
        self.lane
            .finish(&mut |payload| given.push(Given::from(payload)));
        self
    }

    pub fn messages(&self) -> Vec<Vec<u8>> {
        self.given.iter().map(|given| given.bytes.clone()).collect()
    }

    pub fn skipped(&self, reason: &str) -> u64 {
        self.lane.skipped(0).get(reason)
    }
}

impl From<Payload<'_>> for Given {
    fn from(payload: Payload<'_>) -> Given {
        Given {
            frame: payload.frame.number(),
            first_frame: payload.first_frame.number(),
            bytes: payload.bytes.to_vec(),
            truncated: payload.truncated,
            transport: payload.flow.transport,
        }
    }
}
