//! The threads: each takes a piece of the capture all the way, then the next one.

use std::sync::Mutex;

use siptriage_capture::Time;
use siptriage_capture::decode::Decoder;
use siptriage_correlate::{Case, Pairs, Scene, Shard};
use siptriage_rules::judge_capture;

use super::assembly::{Assembly, Yield};
use super::batch::{Batch, Counts};
use super::reader::{Piece, Reader};
use super::sequence::Sequence;
use super::turnstile::Turnstile;
use super::{CaptureFacts, Event, Flow, Input, Options, Seen, Totals};

/// Shards that all Call-IDs are dealt to: the same number whatever the number of threads.
const SHARDS: usize = 16;

/// Reads captures and hands out calls as they are over. The order of events, and everything in
/// them, depends on the captures only.
pub fn analyze(
    inputs: &[Input],
    options: &Options,
    sink: &mut (dyn FnMut(Event<'_>) -> Flow + Send),
) -> Totals {
    let shards: Vec<Turnstile<Shard>> = (0..SHARDS)
        .map(|_| Turnstile::new(Shard::new(&options.correlate, SHARDS)))
        .collect();
    let scene = Scene {
        assume_complete: options.assume_complete,
        pairs: Pairs::new(options.correlate.pairs),
        ..Scene::default()
    };
    let assembly = Turnstile::new(Assembly::new(inputs.len(), scene, sink));
    let read = read(inputs, options, &|ticket, batch, piece| {
        let mut yielded = deal(&shards, ticket, batch, piece, options.correlate.pairs);
        yielded.silences.extend_from_slice(&batch.silences);
        assembly.enter(ticket).take(yielded, batch.clock)
    });
    let mut assembly = assembly.into_inner();
    let mut rest = Yield::default();
    for shard in shards {
        let mut shard = shard.into_inner();
        shard.finish(read.clock);
        rest.collect(&mut shard);
    }
    // A receiver that wants no more gets no more: what is left is added up all the same.
    let _ = assembly.take(rest, None);
    let _ = assembly.finish();
    let (scene, metrics, traffic, duplicates) = assembly.into_totals();
    let captures = read.captures(inputs, &duplicates);
    let judged = judge_capture(&metrics, &traffic, &scene);
    Totals {
        captures,
        metrics,
        traffic,
        judged,
    }
}

/// Reads captures and hands out every message in the order of the capture.
pub fn messages(
    inputs: &[Input],
    options: &Options,
    sink: &mut (dyn FnMut(&Seen<'_>) -> Flow + Send),
) -> Vec<CaptureFacts> {
    let sink = Turnstile::new(sink);
    let read = read(inputs, options, &|ticket, batch, piece| {
        let mut sink = sink.enter(ticket);
        for sight in &batch.sights {
            let observation = batch.observation(sight, piece);
            sink(&Seen {
                observation,
                time_digits: sight.time_digits,
            })?;
        }
        Flow::Continue(())
    });
    read.captures(inputs, &[])
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
    let reader = Reader::new(inputs, options.piece_bytes, options.capture);
    let sequence = Turnstile::new(Sequence::new(&options.capture, inputs.len()));
    let last = Mutex::new((0, Time::MIN));
    let decoder = Decoder::new(&options.capture);
    let work = || {
        let (mut buffer, mut runs, mut batch) = (Vec::new(), Vec::new(), Batch::default());
        while let Some(Piece {
            ticket,
            clock,
            silences,
        }) = reader.next(&mut buffer, &mut runs)
        {
            batch.begin();
            batch.silences = silences;
            let mut pending = Vec::new();
            batch.decode(decoder, &buffer, &runs, clock, &mut pending);
            sequence.enter(ticket).take(&mut batch, &pending);
            if consume(ticket, &batch, &buffer).is_break() {
                reader.stop();
            }
            let mut last = last
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            last.0 = last.0.max(ticket + 1);
            last.1 = last.1.max(batch.clock.unwrap_or(clock));
        }
    };
    run(options.threads, &work);
    let (tickets, clock) = last
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut batch = Batch::default();
    let mut sequence = sequence.into_inner();
    sequence.finish(&mut batch, clock);
    batch.clock = Some(clock);
    let _ = consume(tickets, &batch, &[]);
    Read {
        readings: reader.finish(),
        files: sequence.into_files(),
        clock,
    }
}

type Consume<'c> = &'c (dyn Fn(u64, &Batch, &[u8]) -> Flow + Sync);

/// Runs `work` on every thread of a pool of its own; on the caller's thread if one is enough.
fn run(threads: usize, work: &(dyn Fn() + Sync)) {
    if threads == 1 {
        return work();
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => {
            pool.broadcast(|_| work());
        }
        Err(_) => work(),
    }
}

/// Deals the messages of a batch to their shards and collects what these settle.
fn deal(
    shards: &[Turnstile<Shard>],
    ticket: u64,
    batch: &Batch,
    piece: &[u8],
    limit: usize,
) -> Yield {
    let mut yielded = Yield::default();
    let mut order: Vec<Vec<u32>> = vec![Vec::new(); shards.len()];
    for (index, sight) in batch.sights.iter().enumerate() {
        order[(sight.call_id_hash % shards.len() as u64) as usize].push(index as u32);
    }
    for (shard, own) in shards.iter().zip(&order) {
        let mut shard = shard.enter(ticket);
        for index in own {
            let observation = batch.observation(&batch.sights[*index as usize], piece);
            let stretch = Pairs::stretch(observation.clock);
            let heard = yielded.heard.entry(stretch);
            heard
                .or_insert_with(|| Pairs::new(limit))
                .hear(observation.flow, observation.clock);
            shard.observe(&observation);
        }
        if let Some(clock) = batch.clock {
            shard.advance(clock);
        }
        yielded.collect(&mut shard);
    }
    yielded
}

impl Yield {
    /// Takes what a shard settled; the leg is studied when the shard is free again.
    fn collect(&mut self, shard: &mut Shard) {
        self.openings.extend(shard.drain_openings());
        self.hints.extend(shard.drain_hints());
        self.settled.extend(
            shard
                .drain()
                .map(|settled| (settled.due, Case::new(settled.leg))),
        );
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
                sip_messages: counted.sip_messages,
                not_sip: counted.not_sip,
                duplicates: duplicates.get(number).copied().unwrap_or(0),
                skipped,
            }
        });
        facts.collect()
    }
}
