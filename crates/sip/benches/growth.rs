//! Time by size for every shape that attackers send: the throughput stays what it is when the
//! size doubles.

mod processor_time;
#[path = "../tests/shapes/mod.rs"]
mod shapes;

use std::hint::black_box;

use criterion::{BenchmarkId, Throughput, criterion_group, criterion_main};
use processor_time::ProcessorTime;
use siptriage_sip::{body, parse, scan, sdp};

type Criterion = criterion::Criterion<ProcessorTime>;

/// Repetitions in a shape.
const SIZES: [usize; 4] = [2_000, 4_000, 8_000, 16_000];

fn messages(criterion: &mut Criterion) {
    for (name, shape) in shapes::SHAPES {
        grow(criterion, name, *shape, |bytes| {
            black_box(scan(black_box(bytes)));
            black_box(parse(black_box(bytes)));
        });
    }
}

fn bodies(criterion: &mut Criterion) {
    grow(criterion, "media", media, |bytes| {
        black_box(sdp::parse(black_box(bytes)));
    });
    grow(criterion, "payload types", payload_types, |bytes| {
        let session = sdp::parse(black_box(bytes));
        black_box(session.map(|session| session.media[0].codecs()));
    });
    grow(criterion, "parts", parts, |bytes| {
        black_box(body::parts(black_box(bytes), b"b"));
    });
    grow(
        criterion,
        "nested parts",
        shapes::nested_multiparts,
        |bytes| {
            let line_end = bytes.iter().position(|byte| *byte == b'\r');
            let boundary = &bytes[2..line_end.unwrap_or(2)];
            black_box(body::parts(black_box(bytes), boundary));
        },
    );
}

fn grow(criterion: &mut Criterion, name: &str, shape: shapes::Shape, read: fn(&[u8])) {
    let mut group = criterion.benchmark_group(name);
    for size in SIZES {
        let bytes = shape(size);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| read(&bytes));
        });
    }
    group.finish();
}

fn media(count: usize) -> Vec<u8> {
    format!("v=0\n{}", "m=audio 1 RTP/AVP 0\n".repeat(count)).into_bytes()
}

fn payload_types(count: usize) -> Vec<u8> {
    let formats = " 96".repeat(count);
    let maps = "a=rtpmap:96 x/8000\n".repeat(count);
    format!("v=0\nm=audio 1 RTP/AVP{formats}\n{maps}").into_bytes()
}

fn parts(count: usize) -> Vec<u8> {
    "--b\r\n\r\nx\r\n".repeat(count).into_bytes()
}

criterion_group! {
    name = benches;
    config = criterion::Criterion::default()
        .with_measurement(ProcessorTime)
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(100))
        .measurement_time(std::time::Duration::from_millis(400));
    targets = messages, bodies
}
criterion_main!(benches);
