//! One call in every shape in which a capture can hold it: file formats, link layers, tunnels,
//! transports.
//!
//! Everything here is a pure function from packets to packets or to the bytes of a file. The
//! headers are written out by hand, independently of the decoder that the tests judge.

pub mod format;
pub mod link;
pub mod mixture;
pub mod transport;
pub mod tunnel;

use siptriage_testkit::{Packet, Trace, Variation};

/// A call of seven messages. Its times are eighths of a second, which every time resolution holds.
const CALL: &str = "t0 2026-01-01T00:00:00Z
host alice 192.0.2.1:5060
host bob 198.51.100.2:5060
0.000 alice -> bob INVITE sdp
0.125 bob -> alice 100
0.875 bob -> alice 180
6.000 bob -> alice 200 sdp
6.125 alice -> bob ACK
36.00 alice -> bob BYE
36.125 bob -> alice 200
";

/// What has to be said of the call, whatever it was captured as.
pub const SAID: &str = "call answered 200 setup=6000 pdd=875 ring=5125 talk=30000 attempts=1 \
    retransmissions=0 legs=1 ended_by=caller\nno findings\n";

/// A packet around an Ethernet frame with the same time.
pub type Wrap = fn(&Packet) -> Vec<u8>;

/// The packets of the call over UDP, as Ethernet frames.
#[must_use]
pub fn call(variation: &Variation) -> Vec<Packet> {
    packets(CALL, variation)
}

/// The packets of the call over UDP and IPv4.
#[must_use]
pub fn plain_call() -> Vec<Packet> {
    call(&Variation::default())
}

/// The same packets in other frames.
#[must_use]
pub fn wrapped(packets: &[Packet], wrap: Wrap) -> Vec<Packet> {
    let wrapped = packets
        .iter()
        .map(|packet| at(packet.time_ns, wrap(packet)));
    wrapped.collect()
}

/// A packet that was captured whole.
#[must_use]
pub fn at(time_ns: u64, bytes: Vec<u8>) -> Packet {
    Packet {
        time_ns,
        original_length_bytes: bytes.len(),
        bytes,
    }
}

fn packets(trace: &str, variation: &Variation) -> Vec<Packet> {
    let trace = Trace::parse(trace).expect("the trace stands in this file and is well-formed");
    trace.packets(variation)
}

/// The IP packet in an Ethernet frame.
fn ip(packet: &Packet) -> &[u8] {
    packet.bytes.get(14..).unwrap_or_default()
}

/// The transport's packet in an Ethernet frame with IPv4.
fn datagram(packet: &Packet) -> &[u8] {
    packet.bytes.get(34..).unwrap_or_default()
}

/// What is in the UDP datagram of an Ethernet frame with IPv4.
fn payload(packet: &Packet) -> &[u8] {
    packet.bytes.get(42..).unwrap_or_default()
}

fn length16(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).unwrap_or(u16::MAX).to_be_bytes()
}
