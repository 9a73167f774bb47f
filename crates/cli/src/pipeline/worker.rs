//! The threads: each takes a piece of the capture all the way, then the next one.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use siptriage_capture::Time;
use siptriage_capture::decode::Decoder;
use siptriage_correlate::{Book, Ledger, Leg, Pairs, Refusals, Scanners, Scene, Shard};
use siptriage_rules::judge_capture;

use super::assembly::{Assembly, Waiting, Yield};
use super::batch::{Batch, Counts, Sight};
use super::funnel::Funnel;
use super::reader::{Piece, Reader};
use super::refusals::Refused;
use super::sequence::Sequence;
use super::spare::Spare;
use super::threads;
use super::turnstile::Turnstile;
use super::{CaptureFacts, Event, Flow, Input, Listed, Options, Seen, Totals};

/// Shards that all Call-IDs are dealt to: the same number whatever the number of threads.
const SHARDS: usize = 4;

/// Reads captures and hands out calls as they are over. The order of events, and everything in
/// them, depends on the captures only.
pub fn analyze(
    inputs: &[Input],
    options: &Options,
    sink: &mut (dyn FnMut(Event<'_>) -> Flow + Send),
) -> Totals {
    let mut wanted = Flow::Continue(());
    let mut counting = |event: Event<'_>| {
        // A receiver that wants no more gets no more.
        if wanted.is_continue() {
            if let Event::Call { .. } = event {
                options.watch.count_call();
            }
            wanted = sink(event);
        }
        wanted
    };
    let shards: Vec<Turnstile<Shard>> = (0..SHARDS)
        .map(|_| {
            let shard = Shard::new(&options.correlate, SHARDS);
            Turnstile::new(shard.linking_by(options.profile.link_headers()))
        })
        .collect();
    let scene = Scene {
        assume_complete: options.assume_complete,
        pairs: Pairs::new(options.correlate.pairs),
        profile: options.profile.clone(),
        refusals: Refusals::new(options.correlate.refusals),
        scanners: Scanners::new(options.correlate.scanners),
        ..Scene::default()
    };
    let ledger = Ledger::new(&options.correlate, options.window);
    let series = Book::new(&options.correlate);
    let assembly = Assembly::new(inputs.len(), scene, ledger, series, &mut counting);
    let assembly = Funnel::new(assembly, threads::count(options.threads));
    let spare = Spare::default();
    let read = read(inputs, options, &|ticket, batch, piece| {
        let mut legs = spare.take();
        let mut yielded = deal(&shards, ticket, batch, piece, &mut legs);
        yielded.listen(batch, options.correlate.pairs);
        yielded.circumstances.extend(&batch.circumstances);
        yielded.refused.extend_from_slice(&batch.refused);
        let flow = assembly.bring(
            ticket,
            (yielded, batch.clock),
            |assembly, (yielded, clock)| {
                let flow = assembly.take(yielded, clock);
                legs.append(&mut assembly.spent);
                flow
            },
        );
        spare.give(legs);
        flow
    });
    let mut assembly = assembly.into_inner();
    if read.readings.iter().any(|reading| reading.is_interrupted) {
        assembly.expect_more();
    }
    let mut rest = Yield::default();
    for shard in shards {
        let mut shard = shard.into_inner();
        shard.finish(read.clock);
        rest.waiting
            .extend(shard.drain_openings().map(Waiting::opening));
        rest.study(shard.drain().collect());
    }
    let _ = assembly.take(rest, None);
    let _ = assembly.finish(read.clock);
    let (mut scene, ledger, mut traffic, duplicates) = assembly.into_totals();
    scene.end = Some(read.clock);
    traffic.unpaired = scene.pairs.overflow;
    traffic.refusals_overflow = scene.refusals.overflow;
    traffic.scans_overflow = scene.scanners.overflow;
    let captures = read.captures(inputs, &duplicates);
    let judged = judge_capture(&ledger.total(), &traffic, &scene);
    Totals {
        captures,
        ledger,
        traffic,
        refusals: scene.refusals,
        judged,
    }
}

/// Reads captures and hands out every message in the order of the capture.
pub fn messages(
    inputs: &[Input],
    options: &Options,
    sink: &mut (dyn FnMut(&Seen<'_>) -> Flow + Send),
) -> Listed {
    let refused = Refused::new(options.correlate.refusals);
    let listing = Turnstile::new((sink, refused, Flow::Continue(())));
    let read = read(inputs, options, &|ticket, batch, piece| {
        let mut listing = listing.enter(ticket);
        let (sink, refused, wanted) = listing.state();
        refused.take(batch);
        for sight in &batch.sights {
            if wanted.is_break() {
                break;
            }
            let observation = batch.observation(sight, piece);
            *wanted = sink(&Seen {
                observation,
                time_digits: sight.time_digits,
            });
        }
        *wanted
    });
    let (_, refused, _) = listing.into_inner();
    Listed {
        captures: read.captures(inputs, &[]),
        refusals: refused.into_refusals(),
    }
}

/// What was read.
struct Read {
    readings: Vec<super::reader::Reading>,
    files: Vec<Counts>,
    /// The clock at the end.
    clock: Time,
}

/// Takes all pieces of the inputs through reading, decoding and sequencing, and hands each batch
/// with its ticket to `consume`, which has to keep the order.
fn read(inputs: &[Input], options: &Options, consume: Consume<'_>) -> Read {
    let reader = Reader::new(inputs, options);
    let sequence = Turnstile::new(Sequence::new(&options.capture, inputs.len()));
    let (tickets, clock) = (AtomicU64::new(0), AtomicI64::new(Time::MIN.0));
    let decoder = Decoder::new(&options.capture);
    let work = || {
        let (mut buffer, mut runs, mut batch) = (Vec::new(), Vec::new(), Batch::default());
        while let Some(Piece {
            ticket,
            clock: begun,
            circumstances,
        }) = reader.next(&mut buffer, &mut runs)
        {
            batch.begin();
            batch.circumstances = circumstances;
            let mut pending = Vec::new();
            batch.decode(decoder, &buffer, &runs, begun, &mut pending);
            sequence.enter(ticket).state().take(&mut batch, &pending);
            if consume(ticket, &batch, &buffer).is_break() {
                reader.stop();
            }
            tickets.fetch_max(ticket + 1, Ordering::Relaxed);
            clock.fetch_max(batch.clock.unwrap_or(begun).0, Ordering::Relaxed);
        }
    };
    threads::run(options.threads, &work);
    let clock = Time(clock.into_inner());
    let mut batch = Batch::default();
    let mut sequence = sequence.into_inner();
    sequence.finish(&mut batch, clock);
    batch.clock = Some(clock);
    let _ = consume(tickets.into_inner(), &batch, &[]);
    Read {
        readings: reader.finish(),
        files: sequence.into_files(),
        clock,
    }
}

type Consume<'c> = &'c (dyn Fn(u64, &Batch, &[u8]) -> Flow + Sync);

/// Deals the messages of a batch to their shards, with legs to `spare`, and collects what these
/// settle.
fn deal(
    shards: &[Turnstile<Shard>],
    ticket: u64,
    batch: &Batch,
    piece: &[u8],
    spare: &mut Vec<Box<Leg>>,
) -> Yield {
    let mut yielded = Yield::default();
    let mut settled = Vec::new();
    let dealt = Dealt::new(batch);
    for (number, shard) in shards.iter().enumerate() {
        let mut pass = shard.enter(ticket);
        let shard = pass.state();
        shard.swap_spare(spare);
        let sights = dealt.of(number).iter();
        shard.anticipate(sights.map(|index| batch.sights[*index as usize].call_id_hash));
        for index in dealt.of(number) {
            shard.observe(&batch.observation(&batch.sights[*index as usize], piece));
        }
        if let Some(clock) = batch.clock {
            shard.advance(clock);
        }
        let waiting = &mut yielded.waiting;
        waiting.extend(shard.drain_openings().map(Waiting::opening));
        waiting.extend(shard.drain_hints().map(Waiting::hint));
        waiting.extend(shard.drain_scans().map(Waiting::scan));
        settled.extend(shard.drain());
        shard.swap_spare(spare);
    }
    yielded.study(settled);
    yielded
}

/// The messages of a batch by shard, in capture order within each.
struct Dealt {
    order: Vec<u32>,
    ends: [u32; SHARDS],
}

impl Dealt {
    fn new(batch: &Batch) -> Dealt {
        let shard = |sight: &Sight| (sight.call_id_hash % SHARDS as u64) as usize;
        let mut ends = [0; SHARDS];
        for sight in &batch.sights {
            ends[shard(sight)] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        let mut order = vec![0; batch.sights.len()];
        for (index, sight) in (0..).zip(&batch.sights) {
            let end = &mut ends[shard(sight)];
            order[*end as usize] = index;
            *end += 1;
        }
        Dealt { order, ends }
    }

    fn of(&self, shard: usize) -> &[u32] {
        let start = if shard == 0 { 0 } else { self.ends[shard - 1] };
        &self.order[start as usize..self.ends[shard] as usize]
    }
}

impl Yield {
    /// Studies settled legs, away from the shards.
    fn study(&mut self, settled: Vec<Box<Leg>>) {
        std::hint::black_box(settled.iter().fold(0, |seen, leg| seen ^ leg.touch()));
        self.waiting
            .extend(settled.into_iter().map(Waiting::settled));
    }

    /// Takes note of who was heard when.
    fn listen(&mut self, batch: &Batch, limit: usize) {
        let stretches = batch
            .sights
            .chunk_by(|one, next| one.stretch() == next.stretch());
        for sights in stretches {
            let stretch = sights[0].stretch();
            let pairs = self.heard.entry(stretch);
            let pairs = pairs.or_insert_with(|| Pairs::new(limit));
            for Sight { flow, .. } in sights {
                pairs.hear(flow.src.ip, flow.dst.ip, stretch, 1);
            }
        }
    }
}

impl Read {
    fn captures(self, inputs: &[Input], duplicates: &[u64]) -> Vec<CaptureFacts> {
        let parts = inputs.iter().zip(self.readings).zip(self.files).enumerate();
        let facts = parts.map(|(number, ((input, reading), counted))| {
            let mut skipped = counted.skipped;
            if let Some(summary) = &reading.summary {
                skipped.merge(&summary.skipped);
            }
            CaptureFacts {
                path: input.name(),
                compression: reading.compression.map(|compression| compression.name()),
                summary: reading.summary,
                error: reading.error,
                is_interrupted: reading.is_interrupted,
                sip_messages: counted.sip_messages,
                not_sip: counted.not_sip,
                encrypted: counted.encrypted,
                duplicates: duplicates.get(number).copied().unwrap_or(0),
                skipped,
            }
        });
        facts.collect()
    }
}
