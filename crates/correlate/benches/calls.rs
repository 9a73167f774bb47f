//! The stages of the correlate crate: taking messages in, linking legs to calls, and studying settled
//! legs.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use siptriage_capture::time::{MILLISECOND, SECOND};
use siptriage_capture::{Endpoint, Flow, Passage, Time, Transport};
use siptriage_correlate::{Case, FrameRef, Leg, Limits, Linker, Observation, Shard, hash};
use siptriage_sip::{Outline, Scanned, scan};

const CALLS: i64 = 1_000;

/// One message of a call: when after its begin, from which side, and its start line.
const MESSAGES: [(i64, Side, &str, &str); 7] = [
    (0, Side::Caller, "INVITE sip:bob@example.com SIP/2.0", ""),
    (20, Side::Callee, "SIP/2.0 100 Trying", ""),
    (800, Side::Callee, "SIP/2.0 180 Ringing", ";tag=b"),
    (6_000, Side::Callee, "SIP/2.0 200 OK", ";tag=b"),
    (
        6_030,
        Side::Caller,
        "ACK sip:bob@example.com SIP/2.0",
        ";tag=b",
    ),
    (
        66_000,
        Side::Caller,
        "BYE sip:bob@example.com SIP/2.0",
        ";tag=b",
    ),
    (66_020, Side::Callee, "SIP/2.0 200 OK", ";tag=b"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Caller,
    Callee,
}

struct Message {
    bytes: Vec<u8>,
    outline: Outline,
    time: Time,
    flow: Flow,
}

fn endpoint(last: u8) -> Endpoint {
    Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), 5060)
}

fn message(call: i64, number: usize) -> Message {
    let (after, side, start, tag) = MESSAGES[number];
    let (cseq, method) = match number {
        4 => (1, "ACK"),
        5 | 6 => (2, "BYE"),
        _ => (1, "INVITE"),
    };
    let bytes = format!(
        "{start}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{call}-{method}\r\n\
         From: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>{tag}\r\n\
         Call-ID: {call}@example.com\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n"
    );
    let flow = Flow {
        src: endpoint(1),
        dst: endpoint(2),
        transport: Transport::Udp,
    };
    let flow = if side == Side::Caller {
        flow
    } else {
        flow.reversed()
    };
    let bytes = bytes.into_bytes();
    let outline = scan(&bytes).expect("it is SIP");
    Message {
        bytes,
        outline,
        time: Time(call * SECOND / 10 + after * MILLISECOND),
        flow,
    }
}

/// The messages of overlapping calls in the order of time.
fn messages() -> Vec<Message> {
    let calls = (0..CALLS).flat_map(|call| (0..MESSAGES.len()).map(move |number| (call, number)));
    let mut messages: Vec<Message> = calls.map(|(call, number)| message(call, number)).collect();
    messages.sort_by_key(|message| message.time);
    messages
}

fn take_in(messages: &[Message]) -> Vec<Box<Leg>> {
    taken_in(messages).drain().collect()
}

/// A shard that has settled all legs of the messages.
fn taken_in(messages: &[Message]) -> Shard {
    let mut shard = Shard::new(&Limits::default(), 1);
    for (number, message) in (1..).zip(messages) {
        let scanned = Scanned::new(&message.bytes, &message.outline);
        shard.observe(&Observation {
            frame: FrameRef::new(0, number),
            time: message.time,
            clock: message.time,
            flow: message.flow,
            passage: Passage::default(),
            truncated: false,
            fingerprint: hash::bytes(&message.bytes),
            call_id_hash: hash::call_id(scanned.call_id().unwrap_or_default()),
            message: scanned,
        });
    }
    shard.finish(Time(i64::MAX / 2));
    shard
}

fn stages(criterion: &mut Criterion) {
    let messages = messages();
    let mut group = criterion.benchmark_group("correlate");
    group.throughput(Throughput::Elements(messages.len() as u64));
    group.bench_function("take in", |bencher| {
        bencher.iter(|| take_in(black_box(&messages)))
    });
    group.throughput(Throughput::Elements(CALLS as u64));
    group.bench_function("link", |bencher| {
        bencher.iter_batched(
            || taken_in(&messages),
            |mut shard| {
                let mut linker = Linker::default();
                for opening in shard.drain_openings() {
                    linker.open(opening);
                }
                let ids = shard.drain().filter_map(|leg| leg.id());
                ids.filter_map(|id| linker.end(id)).count()
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("study", |bencher| {
        bencher.iter_batched(
            || take_in(&messages),
            |settled| {
                settled
                    .into_iter()
                    .map(Case::new)
                    .collect::<Vec<Box<Case>>>()
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
