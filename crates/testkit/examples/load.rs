//! Writes a capture of many overlapping calls: `load CALLS OUT.pcap [signalling|mixed|tcp]`.
//!
//! The calls are of five kinds (answered, challenged, busy, given up, unreachable), ten a second,
//! and come in the same order every time.

use std::fs::File;
use std::io::{self, BufWriter, Write};

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
/// Bytes of the header of a capture file, which stands in front of the records.
const FILE_HEADER: usize = 24;

/// What kind of calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Profile {
    /// Over UDP, without their media.
    Signalling,
    /// Over UDP, with four seconds of media in both directions where they are answered.
    Mixed,
    /// Over TCP and IPv6, each call from a host of its own, large messages cut into segments.
    Tcp,
}

impl Profile {
    fn named(name: &str) -> Option<Profile> {
        match name {
            "signalling" => Some(Profile::Signalling),
            "mixed" => Some(Profile::Mixed),
            "tcp" => Some(Profile::Tcp),
            _ => None,
        }
    }

    /// The trace of the call of a number, which is one of the kinds.
    fn trace(self, call: &str, number: u64) -> String {
        match self {
            Profile::Signalling => call.to_owned(),
            Profile::Mixed => call
                .replace(
                    "6.03 alice -> bob ACK\n",
                    "6.03 alice -> bob ACK\n6.1 alice -> bob rtp until=10.1\n\
                     6.11 bob -> alice rtp until=10.1\n",
                )
                .replace(
                    "4.03 alice -> bob ACK\n",
                    "4.03 alice -> bob ACK\n4.1 alice -> bob rtp until=8.1\n\
                     4.11 bob -> alice rtp until=8.1\n",
                ),
            Profile::Tcp => {
                let cut = call.replace(" sdp\n", " sdp split=300\n");
                let hosts = format!("host alice 2001:db8:1::{number:x}\nhost bob 2001:db8:2::1\n");
                format!("transport tcp\n{hosts}{cut}")
            }
        }
    }
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (calls, path, profile) = match arguments.as_slice() {
        [calls, path] => (calls, path, Some(Profile::Signalling)),
        [calls, path, profile] => (calls, path, Profile::named(profile)),
        _ => return usage(),
    };
    let Some(profile) = profile else {
        return usage();
    };
    let calls: u64 = calls.parse().map_err(io::Error::other)?;
    let kinds = KINDS.iter();
    let kinds = kinds.flat_map(|(call, share)| std::iter::repeat_n(*call, *share));
    let kinds: Vec<&str> = kinds.collect();
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&write_pcap(&[]))?;
    let mut waiting: Vec<Packet> = Vec::new();
    for number in 0..calls {
        let variation = Variation {
            call_suffix: format!("-{number}"),
            ..Variation::default()
        };
        let text = profile.trace(kinds[number as usize % kinds.len()], number);
        let packets = Trace::parse(&text)
            .map_err(io::Error::other)?
            .packets(&variation);
        let begin = packets.first().map_or(0, |first| first.time_ns);
        let moved = packets
            .into_iter()
            .map(|packet| packet.later(number * STEP_NS));
        waiting.extend(moved);
        // No later call has an earlier packet.
        waiting.sort_by_key(|packet| packet.time_ns);
        let is_last = number + 1 == calls;
        let until = begin + (number + 1) * STEP_NS;
        let ready = waiting.partition_point(|packet| is_last || packet.time_ns < until);
        let ready: Vec<Packet> = waiting.drain(..ready).collect();
        out.write_all(&write_pcap(&ready)[FILE_HEADER..])?;
    }
    out.flush()
}

fn usage() -> io::Result<()> {
    writeln!(
        io::stderr(),
        "usage: load CALLS OUT.pcap [signalling|mixed|tcp]"
    )
}
