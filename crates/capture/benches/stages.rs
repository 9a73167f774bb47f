//! The stages of the capture crate: walking record headers, decoding frames, and following streams.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::format::Boundary;
use siptriage_capture::lane::Lane;
use siptriage_capture::{Cut, Frame, Limits};
use siptriage_testkit::capture::write_pcap;
use siptriage_testkit::{Packet, Trace, Variation};

const CALL: &str = "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.8 bob -> alice 180\n\
    6.0 bob -> alice 200 sdp\n6.03 alice -> bob ACK\n66.0 alice -> bob BYE\n66.02 bob -> alice 200\n";

/// A capture of a thousand calls.
fn capture(call: impl Fn(u64) -> String) -> Vec<u8> {
    let mut packets: Vec<Packet> = Vec::new();
    for number in 0..1_000_u64 {
        let call_suffix = format!("-{number}");
        let variation = Variation {
            call_suffix,
            ..Variation::default()
        };
        let trace = Trace::parse(&call(number)).expect("the trace is well formed");
        let call = trace.packets(&variation).into_iter();
        packets.extend(call.map(|packet| packet.later(number * 100_000_000)));
    }
    packets.sort_by_key(|packet| packet.time_ns);
    write_pcap(&packets)
}

fn stages(criterion: &mut Criterion) {
    let bytes = capture(|_| CALL.to_owned());
    let limits = Limits::default();
    let mut chunks = Vec::new();
    let opened = Boundary::open(&bytes, &limits).expect("it is a capture");
    opened.clone().walk(&bytes, 0, u64::MAX, &mut chunks);
    let frames: u64 = chunks.iter().map(|chunk| chunk.frames).sum();
    let mut group = criterion.benchmark_group("capture");
    group.throughput(Throughput::Elements(frames));
    group.bench_function("walk", |bencher| {
        bencher.iter(|| {
            let mut found = Vec::new();
            opened
                .clone()
                .walk(black_box(&bytes), 0, u64::MAX, &mut found)
        });
    });
    let decoder = Decoder::new(&limits);
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            for chunk in &chunks {
                for frame in chunk.frames(black_box(&bytes)) {
                    black_box(decoder.decode(&frame));
                }
            }
        });
    });
    group.finish();
    streams(criterion, &limits);
}

/// Each call on a connection of its own, large messages cut into segments.
fn streams(criterion: &mut Criterion, limits: &Limits) {
    let bytes = capture(|number| {
        let hosts = format!("host alice 2001:db8:1::{number:x}\nhost bob 2001:db8:2::1\n");
        let cut = CALL.replace("sdp\n", "sdp split=300\n");
        format!("transport tcp\n{hosts}{cut}")
    });
    let mut chunks = Vec::new();
    let mut opened = Boundary::open(&bytes, limits).expect("it is a capture");
    opened.walk(&bytes, 0, u64::MAX, &mut chunks);
    let frames = chunks.iter().flat_map(|chunk| chunk.frames(&bytes));
    let decoder = Decoder::new(limits);
    let frames: Vec<Frame<'_>> = frames.collect();
    let mut group = criterion.benchmark_group("capture");
    group.throughput(Throughput::Elements(frames.len() as u64));
    group.bench_function("streams", |bencher| {
        bencher.iter(|| {
            let mut lane = Lane::new(limits, |bytes| Cut::Message(bytes.len()));
            for frame in &frames {
                if let Decoded::Segment(segment) = decoder.decode(black_box(frame)) {
                    lane.segment(&segment, frame.time, &mut |payload| {
                        black_box(payload);
                    });
                }
            }
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
