//! The stages behind correlation, call by call: metrics, rules, rows, documents; and all of it.

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use siptriage::pipeline::{Event, Flow, Input, Options, Totals, analyze};
use siptriage_correlate::metrics::Width;
use siptriage_correlate::{Call, Ledger, Limits, Scene, Traffic};
use siptriage_report::{CallRow, Collected, Ndjson, Order, csv, json};
use siptriage_rules::judge;
use siptriage_testkit::capture::write_pcap;
use siptriage_testkit::{Packet, Trace, Variation};

const CALLS: u64 = 1_000;
const CALL: &str = "0.0 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.8 bob -> alice 180\n\
    6.0 bob -> alice 200 sdp\n6.03 alice -> bob ACK\n66.0 alice -> bob BYE\n66.02 bob -> alice 200\n";

/// Writes a capture of a thousand calls.
fn capture(folder: &tempfile::TempDir) -> PathBuf {
    let trace = Trace::parse(CALL).expect("the trace is well formed");
    let mut packets: Vec<Packet> = Vec::new();
    for number in 0..CALLS {
        let call_suffix = format!("-{number}");
        let variation = Variation {
            call_suffix,
            ..Variation::default()
        };
        let call = trace.packets(&variation).into_iter();
        packets.extend(call.map(|packet| packet.later(number * 100_000_000)));
    }
    packets.sort_by_key(|packet| packet.time_ns);
    let path = folder.path().join("calls.pcap");
    fs::write(&path, write_pcap(&packets)).expect("a file");
    path
}

/// Reads the capture with one thread and hands over its calls.
fn each_call(path: &Path, take: &mut (dyn FnMut(&Call) + Send)) -> Totals {
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let inputs = [Input::File(path.to_owned())];
    analyze(&inputs, &options, &mut |event| {
        if let Event::Call { call, .. } = event {
            take(call);
        }
        Flow::Continue(())
    })
}

/// How long `work` takes on all calls of a capture, which is read anew each time.
fn timed(path: &Path, rounds: u64, work: &mut (dyn FnMut(&Call) + Send)) -> Duration {
    let mut total = Duration::ZERO;
    for _ in 0..rounds {
        each_call(path, &mut |call| {
            let begin = Instant::now();
            work(call);
            total += begin.elapsed();
        });
    }
    total
}

fn stages(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = capture(&folder);
    let mut group = criterion.benchmark_group("calls");
    group.throughput(Throughput::Elements(CALLS));
    group.bench_function("all stages", |bencher| {
        bencher.iter(|| each_call(&path, &mut |_| {}));
    });
    let scene = Scene::default();
    group.bench_function("metrics", |bencher| {
        let mut ledger = Ledger::new(&Limits::default(), Width::Automatic);
        bencher
            .iter_custom(|rounds| timed(&path, rounds, &mut |call| ledger.add_call(call, &scene)));
    });
    group.bench_function("rules", |bencher| {
        bencher.iter_custom(|rounds| {
            timed(&path, rounds, &mut |call| {
                drop(black_box(judge(call, &scene)))
            })
        });
    });
    group.bench_function("rows, ndjson", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut out: Box<dyn Write + Send> = Box::new(std::io::sink());
            let mut lines = Ndjson::new(&mut *out);
            let written = &mut |call: &Call| lines.call(&CallRow::of(call)).expect("a sink");
            timed(&path, rounds, written)
        });
    });
    group.bench_function("rows, csv", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut out: Box<dyn Write + Send> = Box::new(std::io::sink());
            let mut rows = csv::Calls::begin(&mut *out).expect("a sink");
            let written = &mut |call: &Call| rows.call(&CallRow::of(call)).expect("a sink");
            timed(&path, rounds, written)
        });
    });
    group.bench_function("rows kept", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut kept = Collected::new(usize::MAX);
            timed(&path, rounds, &mut |call| kept.add_call(&CallRow::of(call)))
        });
    });
    let mut kept = Collected::new(usize::MAX);
    each_call(&path, &mut |call| kept.add_call(&CallRow::of(call)));
    kept.sort(Order::Frame);
    let traffic = Traffic::default();
    group.bench_function("document, json", |bencher| {
        bencher.iter(|| json::calls(&mut std::io::sink(), &[], &kept, &traffic));
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
