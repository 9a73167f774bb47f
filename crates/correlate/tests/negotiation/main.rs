//! What is negotiated inside a dialog, told of readable traces: offers and answers, hold, glare,
//! new targets and routes.

mod glare;
mod hold;
mod offers;
mod target;

use siptriage_capture::decode::{Decoded, Decoder};
use siptriage_capture::{Frame, Limits, LinkType, Time};
use siptriage_correlate::{
    Case, ExchangeResult, Negotiation, NoteKind, Observation, RecordIdx, Shard, TransactionIdx,
    hash,
};
use siptriage_sip::{Scanned, scan};
use siptriage_testkit::{Trace, Variation};

/// The only leg of a trace over UDP.
fn play(trace: &str) -> Box<Case> {
    let trace = Trace::parse(trace).expect("the test's trace is well-formed");
    let mut shard = Shard::new(&siptriage_correlate::Limits::default(), 1);
    let decoder = Decoder::new(&Limits::default());
    let packets = trace.packets(&Variation::default());
    for (number, packet) in (1..).zip(&packets) {
        let frame = Frame {
            file: 0,
            number,
            time: Time(packet.time_ns as i64),
            time_digits: 9,
            interface: 0,
            link: LinkType(1),
            bytes: &packet.bytes,
            original_len: packet.original_length_bytes as u32,
        };
        let Decoded::Datagram(payload) = decoder.decode(&frame) else {
            continue;
        };
        let Some(outline) = scan(payload.bytes) else {
            continue;
        };
        let message = Scanned::new(payload.bytes, &outline);
        shard.observe(&Observation {
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
    shard.finish(Time(packets.last().map_or(0, |last| last.time_ns as i64)));
    let settled = shard.drain().next().expect("a leg");
    Case::new(settled)
}

/// What was negotiated in each dialog, a line each; messages are told by their frames.
fn told(trace: &str) -> Vec<String> {
    let case = play(trace);
    let negotiations = case.negotiations();
    negotiations
        .iter()
        .flat_map(|one| lines(&case, one))
        .collect()
}

fn lines(case: &Case, negotiation: &Negotiation) -> Vec<String> {
    let frame = |record: RecordIdx| case.leg.record(record).frame.number();
    let request = |at: &TransactionIdx| frame(case.leg.transaction(*at).first);
    let mut lines = Vec::new();
    for exchange in &negotiation.exchanges {
        let result = match exchange.result {
            ExchangeResult::Answered(at) => format!("answered in {}", frame(at)),
            ExchangeResult::Refused(at) => format!("refused in {}", frame(at)),
            ExchangeResult::Unanswered(at) => format!("unanswered in {}", frame(at)),
            ExchangeResult::Open => "open".to_owned(),
        };
        let (by, offer) = (exchange.by.name(), frame(exchange.offer));
        lines.push(format!("{by} offers in {offer}, {result}"));
    }
    for hold in negotiation.holds(case) {
        let resumed = hold.resumed.map(|at| format!(" to {}", frame(at)));
        let (by, begun) = (hold.by.name(), frame(hold.begun));
        lines.push(format!(
            "{by} holds from {begun}{}",
            resumed.unwrap_or_default()
        ));
    }
    if let Some((side, media)) = negotiation.media(case) {
        lines.push(format!(
            "{}: {}",
            side.name(),
            String::from_utf8_lossy(media)
        ));
    }
    for glare in &negotiation.glares {
        let requests: Vec<u64> = glare.requests.iter().map(request).collect();
        let refused: Vec<u64> = glare.refused.iter().map(|at| frame(*at)).collect();
        let retries: Vec<u64> = glare.retries.iter().map(request).collect();
        lines.push(format!(
            "{requests:?} cross, refused in {refused:?}, again in {retries:?}"
        ));
    }
    for refresh in &negotiation.refreshes {
        let contact = case.leg.note(refresh.record, NoteKind::Contact);
        let contact = String::from_utf8_lossy(contact.unwrap_or_default());
        let (side, at) = (refresh.side.name(), frame(refresh.record));
        lines.push(format!("{side} moves in {at} to {contact}"));
    }
    lines
}

/// Compares each trace, after a common beginning, with its lines.
fn check(beginning: &str, cases: &[(&str, &str, &[&str])]) {
    for (what, trace, expected) in cases {
        assert_eq!(told(&format!("{beginning}{trace}")), *expected, "{what}");
    }
}

/// A call that is up, in five frames.
const UP: &str = "\
0.0 alice -> bob INVITE sdp
0.1 bob -> alice 100
1.0 bob -> alice 180
3.0 bob -> alice 200 sdp
3.1 alice -> bob ACK
";
const FIRST: &str = "caller offers in 1, answered in 4";
