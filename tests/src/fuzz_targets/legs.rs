//! Any sequence of SIP messages: every one is kept or counted, and each leg can be judged.

use std::net::{IpAddr, Ipv4Addr};

use siptriage_capture::time::MILLISECOND;
use siptriage_capture::{Endpoint, Flow, Passage, Time, Transport};
use siptriage_correlate::call::{CallLeg, CallLegs};
use siptriage_correlate::metrics::Width;
use siptriage_correlate::{
    Book, Call, Case, Closed, FrameRef, Ledger, Limits, Linker, Observation, Scene, Shard, Traffic,
    hash,
};
use siptriage_rules::{judge, judge_capture, judge_leg};
use siptriage_sip::{Scanned, scan};

use super::Script;

/// Start lines: requests without the URI, responses as they are.
const STARTS: [&str; 32] = [
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "PRACK",
    "UPDATE",
    "INFO",
    "REGISTER",
    "OPTIONS",
    "REFER",
    "NOTIFY",
    "SUBSCRIBE",
    "MESSAGE",
    "invite",
    "PING",
    "PUBLISH",
    "100",
    "180",
    "183",
    "199",
    "200",
    "202",
    "302",
    "401",
    "407",
    "408",
    "486",
    "487",
    "491",
    "503",
    "603",
    "999",
];
/// Methods in CSeq.
const METHODS: [&str; 8] = [
    "INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "REGISTER", "REFER",
];
/// Headers that correlation or judgement reads.
const EXTRAS: [&str; 8] = [
    "",
    "Require: 100rel\r\nRSeq: 1\r\n",
    "RAck: 1 1 INVITE\r\n",
    "Reason: Q.850;cause=16\r\n",
    "Session-ID: 0123456789abcdef0123456789abcdef;remote=00000000000000000000000000000000\r\n",
    "Contact: <sip:bob@192.0.2.9>\r\nRetry-After: 5\r\n",
    "Replaces: 1@example.com;to-tag=1;from-tag=2\r\nReferred-By: <sip:carol@example.com>\r\n",
    "Authorization: Digest username=\"bob\",nonce=\"1\",response=\"2\"\r\nDiversion: <sip:x@y>\r\n",
];
/// What passes between two messages, in milliseconds.
const PAUSES: [i64; 8] = [0, 1, 150, 500, 4_000, 33_000, 200_000, -30];

/// Eight bytes for each message; what follows the first zero step is added to each as headers.
pub(super) fn check(bytes: &[u8]) {
    let limits = Limits {
        legs: 3,
        leg_records: 24,
        ..Limits::default()
    };
    let mut shard = Shard::new(&limits, 1);
    let mut stage = Stage::new();
    let mut script = Script::new(bytes);
    let mut observed = 0;
    let (mut time, mut clock) = (Time(0), Time(0));
    for number in 1..=128 {
        let step: [u8; 8] = script.array();
        if step == [0; 8] {
            break;
        }
        time = time.plus(PAUSES[usize::from(step[5] >> 5)] * MILLISECOND);
        clock = clock.max(time);
        let text = text(step, script.rest());
        let Some(outline) = scan(&text) else {
            continue;
        };
        let message = Scanned::new(&text, &outline);
        shard.observe(&Observation {
            frame: FrameRef::new(0, number),
            time,
            clock,
            flow: flow(step),
            passage: passage(step),
            truncated: step[7] & 0x40 != 0,
            fingerprint: hash::bytes(&text),
            call_id_hash: hash::call_id(message.call_id().unwrap_or_default()),
            message,
        });
        observed += 1;
        stage.take(&mut shard);
    }
    shard.finish(clock);
    stage.take(&mut shard);
    stage.finish();
    assert_eq!(stage.traffic.messages, observed, "a message was lost");
    assert_eq!(stage.traffic.closed_early, stage.closed_early);
}

/// The message of one step.
fn text(step: [u8; 8], extra: &[u8]) -> Vec<u8> {
    let [start, ids, tags, sequence, ..] = step;
    let number = |byte: u8, shift: u8, mask: u8| byte >> shift & mask;
    let start_line = match STARTS[usize::from(start % 32)] {
        status if status.starts_with(|c: char| c.is_ascii_digit()) => format!("SIP/2.0 {status} X"),
        method => format!("{method} sip:bob@example.com SIP/2.0"),
    };
    let tag = |tag: u8| match tag {
        0 => String::new(),
        tag => format!(";tag={tag}"),
    };
    let head = format!(
        "{start_line}\r\nVia: SIP/2.0/UDP 192.0.2.{};branch=z9hG4bK{}\r\nCall-ID: {}@example.com\r\n\
         From: <sip:alice@example.com>{}\r\nTo: <sip:bob@example.com>{}\r\nCSeq: {} {}\r\n{}",
        number(ids, 6, 3),
        number(ids, 3, 7),
        number(ids, 0, 7),
        tag(number(tags, 0, 3)),
        tag(number(tags, 2, 7)),
        number(sequence, 0, 3),
        METHODS[usize::from(number(sequence, 2, 7))],
        EXTRAS[usize::from(number(sequence, 5, 7))],
    );
    let extra = if start & 0x80 == 0 { &[] } else { extra };
    let body: &[u8] = if start & 0x40 == 0 {
        b"\r\n"
    } else {
        b"Content-Type: application/sdp\r\n\r\nv=0\r\nm=audio 4000 RTP/AVP 0\r\n"
    };
    [head.as_bytes(), extra, body].concat()
}

fn flow(step: [u8; 8]) -> Flow {
    let end = |host: u8| Endpoint::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, host + 1)), 5_060);
    Flow {
        src: end(step[4] & 3),
        dst: end(step[4] >> 2 & 3),
        transport: if step[4] & 0x10 == 0 {
            Transport::Udp
        } else {
            Transport::Tcp
        },
    }
}

fn passage(step: [u8; 8]) -> Passage {
    Passage {
        interface: u32::from(step[7] & 1),
        link: u32::from(step[7] >> 1 & 3),
        tunnel: u32::from(step[7] >> 3 & 1),
        ip_id: u16::from(step[6]),
        ttl: 60 + (step[7] >> 4 & 3),
    }
}

/// What comes after the shard: calls of legs, verdicts on both, everything added up.
struct Stage {
    linker: Linker,
    scene: Scene,
    ledger: Ledger,
    traffic: Traffic,
    series: Book,
    waiting: CallLegs,
    closed_early: u64,
}

impl Stage {
    fn new() -> Stage {
        Stage {
            linker: Linker::default(),
            scene: Scene::default(),
            ledger: Ledger::new(&Limits::default(), Width::default()),
            traffic: Traffic::default(),
            series: Book::new(&Limits {
                series: 2,
                ..Limits::default()
            }),
            waiting: CallLegs::new(),
            closed_early: 0,
        }
    }

    fn take(&mut self, shard: &mut Shard) {
        for opening in shard.drain_openings() {
            self.linker.open(opening);
        }
        for hint in shard.drain_hints() {
            self.linker.hint(hint);
        }
        for scan in shard.drain_scans() {
            self.scene.scanners.meet(scan);
        }
        for leg in shard.drain() {
            let mut case = Case::new(leg);
            self.scene.skews.add(&case.leg);
            case.align(&self.scene.skews);
            case.reconsider(&self.scene);
            assert!(case.leg.records.len() <= 24, "more records than allowed");
            for at in case.leg.transaction_indices() {
                assert!(case.messages(at).count() <= case.leg.records.len());
                case.request_sendings(at);
                case.response_sendings(at);
                case.attempt_of(at);
            }
            case.retransmissions();
            for negotiation in case.negotiations() {
                negotiation.holds(&case);
                negotiation.media(&case);
            }
            self.closed_early += u64::from(case.leg.closed == Closed::Limit);
            judge_leg(&case, &self.scene);
            self.traffic.add(&case);
            self.scene.scanners.learn(&case);
            self.ledger.add_registrations(&case, &self.scene);
            self.check_dialogs(&case);
            self.series.take(&case, None, &self.scene);
            self.series.advance(case.leg.seen_until, &self.scene);
            self.waiting.push(CallLeg {
                case,
                link: None,
                cause: None,
            });
        }
    }

    /// Every usage has a request or a message by which it began, and ends once.
    fn check_dialogs(&self, case: &Case) {
        for dialog in case.dialogs() {
            assert!(!dialog.usages.is_empty(), "a dialog that nothing uses");
            for usage in &dialog.usages {
                assert!(!usage.requests.is_empty(), "a usage of no request");
                let records = [usage.begun, usage.ended.map(|end| end.record)];
                for record in records.into_iter().flatten() {
                    case.leg.record(record);
                }
            }
        }
    }

    /// Takes all legs for those of one call.
    fn finish(&mut self) {
        self.series.finish(Time(i64::MAX / 2), &self.scene);
        for series in self.series.drain() {
            assert!(series.requests > 0 && series.frames.count > 0);
            self.ledger.series.add(&series);
        }
        let legs = std::mem::take(&mut self.waiting);
        if let Some(call) = Call::new(1, legs, Vec::new(), &self.scene.skews) {
            self.ledger.add_call(&call, &self.scene);
            judge(&call, &self.scene);
        }
        judge_capture(&self.ledger.total(), &self.traffic, &self.scene);
    }
}
