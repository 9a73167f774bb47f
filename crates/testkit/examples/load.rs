//! Writes a capture of many overlapping calls: `load CALLS OUT.pcap`.
//!
//! The calls are of five kinds (answered, challenged, busy, given up, unreachable), ten a second,
//! and come in the same order every time.

use std::io::{self, Write};

use siptriage_testkit::capture::write_pcap;
use siptriage_testkit::{Packet, Trace, Variation};

/// One call of each kind, as often as it comes in every ten.
const KINDS: [(&str, usize); 5] = [
    (
        "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.8 bob -> alice 180\n\
         6.0 bob -> alice 200 sdp\n6.03 alice -> bob ACK\n66.0 alice -> bob BYE\n\
         66.02 bob -> alice 200\n",
        6,
    ),
    (
        "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 407\n0.04 alice -> bob ACK\n\
         0.06 alice -> bob INVITE sdp\n0.08 bob -> alice 100\n0.9 bob -> alice 180\n\
         4.0 bob -> alice 200 sdp\n4.03 alice -> bob ACK\n30.0 bob -> alice BYE\n\
         30.02 alice -> bob 200\n",
        1,
    ),
    (
        "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.4 bob -> alice 486\n\
         0.43 alice -> bob ACK\n",
        1,
    ),
    (
        "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.8 bob -> alice 180\n\
         9.0 alice -> bob CANCEL\n9.02 bob -> alice 200 of CANCEL\n9.03 bob -> alice 487\n\
         9.05 alice -> bob ACK\n",
        1,
    ),
    (
        "0.0 alice -> bob INVITE sdp\n0.5 1.5 3.5 7.5 15.5 31.5 alice -> bob again INVITE\n",
        1,
    ),
];
/// A call begins every so many nanoseconds.
const STEP_NS: u64 = 100_000_000;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(calls), Some(path)) = (arguments.next(), arguments.next()) else {
        return writeln!(io::stderr(), "usage: load CALLS OUT.pcap");
    };
    let calls: u64 = calls.parse().map_err(io::Error::other)?;
    let mut traces = Vec::new();
    for (text, share) in KINDS {
        let trace = Trace::parse(text).map_err(io::Error::other)?;
        traces.extend(std::iter::repeat_n(trace, share));
    }
    let mut packets: Vec<Packet> = Vec::new();
    for number in 0..calls {
        let variation = Variation {
            call_suffix: format!("-{number}"),
            ..Variation::default()
        };
        let trace = &traces[number as usize % traces.len()];
        let moved = trace.packets(&variation).into_iter();
        packets.extend(moved.map(|packet| packet.later(number * STEP_NS)));
    }
    packets.sort_by_key(|packet| packet.time_ns);
    std::fs::write(path, write_pcap(&packets))
}
