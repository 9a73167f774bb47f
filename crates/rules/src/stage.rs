//! Puts a readable trace through capture, scan and correlation, for the tests of this crate.

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::lane::Lane;
use siptriage_capture::{Frame, Limits, LinkType, Payload, Time};
use siptriage_correlate::call::{CallLeg, CallLegs};
use siptriage_correlate::framing;
use siptriage_correlate::{Call, Case, Observation, Pairs, Scene, Shard, hash};
use siptriage_sip::{Scanned, scan};
use siptriage_testkit::{Packet, Trace, Variation};

use crate::finding::Judged;
use crate::{judge, judge_leg};

/// Ethernet.
const ETHERNET: LinkType = LinkType(1);

/// The legs of a trace, in the order in which they were settled, and its scene.
pub struct Play {
    pub cases: Vec<Case>,
    pub scene: Scene,
}

impl Play {
    /// Plays the trace as it is written.
    pub fn of(trace: &str) -> Play {
        let trace = Trace::parse(trace).expect("the test's trace is well-formed");
        Play::packets(&trace.packets(&Variation::default()))
    }

    /// Plays packets in their order.
    pub fn packets(packets: &[Packet]) -> Play {
        let limits = Limits::default();
        let mut stage = Stage {
            shard: Shard::new(&siptriage_correlate::Limits::default(), 1),
            pairs: Pairs::new(64),
        };
        let decoder = Decoder::new(&limits);
        let mut lane = Lane::new(&limits, framing::cut);
        for (number, packet) in (1..).zip(packets) {
            let frame = Frame {
                file: 0,
                number,
                time: Time(packet.time_ns as i64),
                time_digits: 9,
                interface: 0,
                link: ETHERNET,
                bytes: &packet.bytes,
                original_len: packet.original_length_bytes as u32,
            };
            match decoder.decode(&frame) {
                Decoded::Datagram(payload) => stage.observe(&payload),
                Decoded::Segment(segment) => {
                    lane.segment(&segment, frame.time, &mut |payload| stage.observe(&payload));
                }
                Decoded::Fragment(_)
                | Decoded::Chunks(_)
                | Decoded::Refusal(_)
                | Decoded::Other
                | Decoded::Skipped(_) => {}
            }
        }
        let end = packets
            .last()
            .map_or(Time(0), |packet| Time(packet.time_ns as i64));
        stage.shard.finish(end);
        let cases = stage.shard.drain().map(|leg| *Case::new(leg)).collect();
        let scene = Scene {
            end: Some(end),
            pairs: stage.pairs,
            ..Scene::default()
        };
        Play { cases, scene }
    }

    /// What the rules say of the only leg.
    pub fn judged(self) -> Judged {
        let Play { mut cases, scene } = self;
        assert_eq!(cases.len(), 1, "a trace of one leg");
        let case = cases.remove(0);
        if case.judgement.is_none() {
            return judge_leg(&case, &scene);
        }
        let call = Call::new(
            1,
            CallLegs::from([CallLeg {
                case: Box::new(case),
                link: None,
                cause: None,
            }]),
            Vec::new(),
            &scene.skews,
        )
        .expect("the leg is a call's");
        judge(&call, &scene)
    }
}

/// `CODE severity confidence` of every finding of a trace of one leg.
pub fn verdicts(trace: &str) -> Vec<String> {
    let judged = Play::of(trace).judged();
    let told = judged.findings.iter().map(|found| {
        format!(
            "{} {} {}",
            found.rule.code,
            found.severity.name(),
            found.confidence.name()
        )
    });
    told.collect()
}

struct Stage {
    shard: Shard,
    pairs: Pairs,
}

impl Stage {
    fn observe(&mut self, payload: &Payload<'_>) {
        let Some(outline) = scan(payload.bytes) else {
            return;
        };
        let message = Scanned::new(payload.bytes, &outline);
        let stretch = siptriage_correlate::Pairs::stretch(payload.time);
        self.pairs
            .hear(payload.flow.src.ip, payload.flow.dst.ip, stretch, 1);
        self.shard.observe(&Observation {
            frame: payload.frame,
            time: payload.time,
            clock: payload.time,
            flow: payload.flow,
            passage: payload.passage,
            truncated: payload.truncated,
            fingerprint: hash::bytes(payload.bytes),
            call_id_hash: hash::call_id(message.call_id().unwrap_or_default()),
            message,
        });
    }
}
