//! How fast noise is turned away and messages are read, in processor time of the thread: what
//! else the machine does meanwhile does not count.

mod processor_time;

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::Measurement;
use criterion::{Throughput, criterion_group, criterion_main};
use processor_time::ProcessorTime;

type Criterion = criterion::Criterion<ProcessorTime>;

const INVITE: &[u8] = include_bytes!("../../../fixtures/messages/bench/invite.sip");
const OK: &[u8] = include_bytes!("../../../fixtures/messages/bench/ok.sip");
const TRYING: &[u8] = include_bytes!("../../../fixtures/messages/bench/trying.sip");
const BYE: &[u8] = include_bytes!("../../../fixtures/messages/bench/bye.sip");

/// Messages in the mixed stream; with 740 bytes each it does not fit the second-level cache.
const STREAM_MESSAGES: usize = 4096;

fn recognise(criterion: &mut Criterion) {
    let mut rtp = [0x5a; 172];
    rtp[0] = 0x80;
    let mut group = criterion.benchmark_group("recognise");
    group.throughput(Throughput::Elements(1));
    group.bench_function("rtp", |bencher| {
        bencher.iter(|| siptriage_sip::recognise(black_box(&rtp)));
    });
    group.bench_function("invite", |bencher| {
        bencher.iter(|| siptriage_sip::recognise(black_box(INVITE)));
    });
    group.finish();
}

fn scan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan");
    for (name, message) in [("invite", INVITE), ("ok", OK), ("bye", BYE)] {
        group.throughput(Throughput::Bytes(message.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| siptriage_sip::scan(black_box(message)));
        });
    }
    let stream = stream();
    group.throughput(Throughput::Elements(STREAM_MESSAGES as u64));
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            for message in &stream {
                black_box(siptriage_sip::scan(black_box(message)));
            }
        });
    });
    group.finish();
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    let stream = stream();
    group.throughput(Throughput::Elements(1));
    group.bench_function("invite", |bencher| {
        bencher.iter(|| siptriage_sip::parse(black_box(INVITE)));
    });
    group.bench_function("sdp", |bencher| {
        let message = siptriage_sip::parse(INVITE).expect("is SIP");
        bencher.iter(|| siptriage_sip::sdp::parse(black_box(message.body)));
    });
    group.throughput(Throughput::Elements(STREAM_MESSAGES as u64));
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            for message in &stream {
                black_box(siptriage_sip::parse(black_box(message)));
            }
        });
    });
    group.bench_function("rsip-stream", |bencher| {
        bencher.iter(|| {
            for message in &stream {
                let _ = black_box(rsip::SipMessage::try_from(black_box(message.as_slice())));
            }
        });
    });
    group.finish();
}

/// Says how the scan compares with rsip on the same stream, taking turns with it.
#[expect(clippy::print_stdout, reason = "the figures of both and their ratio")]
fn beside_rsip(_: &mut Criterion) {
    const TURNS: u32 = 24;
    let stream = stream();
    let mut spent = [Duration::ZERO; 2];
    for _ in 0..TURNS {
        let start = ProcessorTime.start();
        for message in &stream {
            black_box(siptriage_sip::scan(black_box(message)));
        }
        spent[0] += ProcessorTime.end(start);
        let start = ProcessorTime.start();
        for message in &stream {
            let _ = black_box(rsip::SipMessage::try_from(black_box(message.as_slice())));
        }
        spent[1] += ProcessorTime.end(start);
    }
    let messages = f64::from(TURNS) * stream.len() as f64;
    let [ours, theirs] = spent.map(|spent| messages / spent.as_secs_f64());
    println!(
        "mixed stream: scan {ours:.0} messages/s, rsip {theirs:.0} messages/s, {:.1} times as many",
        ours / theirs
    );
}

/// Calls one after another, each with its own identifiers.
fn stream() -> Vec<Vec<u8>> {
    let mut stream = Vec::with_capacity(STREAM_MESSAGES);
    for position in 0..STREAM_MESSAGES {
        let message = [INVITE, TRYING, OK, BYE][position % 4];
        let text = String::from_utf8_lossy(message);
        stream.push(text.replace("0000", &format!("{position:04}")).into_bytes());
    }
    stream
}

criterion_group! {
    name = benches;
    config = criterion::Criterion::default().with_measurement(ProcessorTime);
    targets = recognise, scan, parse, beside_rsip
}
criterion_main!(benches);
