//! The table of calls, put into captures in other ways: all calls at once, split over two files,
//! with packets missing. And one call for every registered final response.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use siptriage_sip::{StatusCode, codes};
use siptriage_testkit::{Packet, Trace, Variation, capture};
use siptriage_tests::document::{Document, call_ids, text};
use siptriage_tests::fixtures::{Placed, analyze, cases};
use siptriage_tests::folder::Folder;

/// Cases that the table must have at least.
const LEAST_CASES: usize = 120;
/// The share of packets that a busy capture port loses, and how often the dice are thrown.
const LOSS: f64 = 0.03;
const SEEDS: u64 = 10;
/// Between the beginnings of two calls in a crowd. All of them are between the same hosts and users
/// and of the same session description: closer together nobody could tell whose leg is whose.
const STAGGER_NS: u64 = 6_000_000_000;
/// Outcome of a call by its final status: when nothing rang before, and when something did.
const OUTCOMES: &[(u16, &str, &str)] = &[
    (200, "answered", "answered"),
    (202, "answered", "answered"),
    (204, "answered", "answered"),
    (299, "answered", "answered"),
    (300, "redirected", "redirected"),
    (301, "redirected", "redirected"),
    (302, "redirected", "redirected"),
    (305, "redirected", "redirected"),
    (380, "redirected", "redirected"),
    (400, "client-error", "client-error"),
    (401, "auth-failed", "auth-failed"),
    (402, "rejected", "rejected"),
    (403, "rejected", "rejected"),
    (404, "not-found", "not-found"),
    (405, "client-error", "client-error"),
    (406, "client-error", "client-error"),
    (407, "auth-failed", "auth-failed"),
    (408, "timeout", "no-answer"),
    (409, "client-error", "client-error"),
    (410, "not-found", "not-found"),
    (411, "client-error", "client-error"),
    (412, "client-error", "client-error"),
    (413, "client-error", "client-error"),
    (414, "client-error", "client-error"),
    (415, "media-mismatch", "media-mismatch"),
    (416, "client-error", "client-error"),
    (417, "client-error", "client-error"),
    (418, "client-error", "client-error"),
    (420, "client-error", "client-error"),
    (421, "client-error", "client-error"),
    (422, "client-error", "client-error"),
    (423, "client-error", "client-error"),
    (424, "client-error", "client-error"),
    (425, "client-error", "client-error"),
    (428, "client-error", "client-error"),
    (429, "client-error", "client-error"),
    (430, "client-error", "client-error"),
    (433, "rejected", "rejected"),
    (436, "client-error", "client-error"),
    (437, "client-error", "client-error"),
    (438, "client-error", "client-error"),
    (439, "client-error", "client-error"),
    (440, "client-error", "client-error"),
    (469, "client-error", "client-error"),
    (470, "rejected", "rejected"),
    (480, "unavailable", "no-answer"),
    (481, "client-error", "client-error"),
    (482, "client-error", "client-error"),
    (483, "client-error", "client-error"),
    (484, "not-found", "not-found"),
    (485, "not-found", "not-found"),
    (486, "busy", "busy"),
    (487, "abandoned", "no-answer"),
    (488, "media-mismatch", "media-mismatch"),
    (489, "client-error", "client-error"),
    (491, "client-error", "client-error"),
    (493, "client-error", "client-error"),
    (494, "auth-failed", "auth-failed"),
    (499, "client-error", "client-error"),
    (500, "server-error", "server-error"),
    (501, "server-error", "server-error"),
    (502, "server-error", "server-error"),
    (503, "overload", "overload"),
    (504, "timeout", "timeout"),
    (505, "server-error", "server-error"),
    (513, "server-error", "server-error"),
    (555, "server-error", "server-error"),
    (580, "media-mismatch", "media-mismatch"),
    (599, "server-error", "server-error"),
    (600, "busy", "busy"),
    (603, "declined", "declined"),
    (604, "not-found", "not-found"),
    (606, "media-mismatch", "media-mismatch"),
    (607, "blocked", "blocked"),
    (608, "blocked", "blocked"),
    (699, "declined", "declined"),
];

#[test]
fn every_final_response_has_its_word() {
    for (code, at_once, after_ringing) in OUTCOMES {
        let refusal = format!("2.0 bob -> alice {code} of INVITE\n2.1 alice -> bob ACK\nend 60\n");
        let plain = format!("0.0 alice -> bob INVITE sdp\n0.1 bob -> alice 100\n{refusal}");
        let rung = plain.replace("0.1 bob -> alice 100", "0.1 bob -> alice 180");
        for (trace, outcome) in [(plain, at_once), (rung, after_ringing)] {
            let call = only_call(&trace);
            assert_eq!(text(&call, "outcome"), *outcome, "{code}:\n{trace}");
            assert_eq!(call["status"], *code, "{trace}");
        }
    }
}

#[test]
fn the_table_of_words_knows_every_registered_code() {
    let known = |status: StatusCode| OUTCOMES.iter().any(|(code, _, _)| *code == status.0);
    let unknown: Vec<u16> = codes::all()
        .iter()
        .filter(|code| code.status.0 >= 200 && !known(code.status))
        .map(|code| code.status.0)
        .collect();
    assert_eq!(unknown, Vec::<u16>::new());
}

#[test]
fn all_calls_at_once() {
    let cases = udp_cases();
    let suffixed = |(number, placed): (usize, &Placed)| {
        let packets = placed.case.trace.packets(&Variation {
            call_suffix: format!("-{number}"),
            ..Variation::default()
        });
        let later = |packet: Packet| packet.later(number as u64 * STAGGER_NS);
        packets.into_iter().map(later).collect()
    };
    let alone: Vec<Vec<Packet>> = cases.iter().enumerate().map(suffixed).collect();
    let long = long_silence();
    let together = [alone.clone(), vec![long.clone()]].concat();
    let crowd = gists(&analyze(&capture::interleave(together)).expect("a document"));
    let mut differences = Vec::new();
    for (placed, packets) in cases.iter().zip(alone) {
        let packets = capture::interleave(vec![packets, long.clone()]);
        for (leg, call) in gists(&analyze(&packets).expect("a document")) {
            if crowd.get(&leg) != Some(&call) {
                let found = crowd.get(&leg).map_or("nothing", String::as_str);
                differences.push(format!("{}\n  alone {call}\n  found {found}", placed.name));
            }
        }
    }
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

#[test]
fn split_over_two_files() {
    let mut differences = Vec::new();
    for Placed { name, case } in table() {
        let packets = case.trace.packets(&Variation::default());
        let whole = gists(&analyze(&packets).expect("a document"));
        let middle = packets[packets.len() / 2].time_ns;
        let (first, second) = capture::split_at(packets, middle);
        let [first, second] = [first, second].map(|packets| capture::write_pcap(&packets));
        let folder = Folder::of(&[("a", &first), ("b", &second)]).expect("two files");
        let run = folder.run(&["analyze", "--format", "json"], &["a", "b"]);
        let split = gists(&Document::parse(&run.out).expect("a document"));
        if whole != split {
            differences.push(format!("{name}\n  {whole:?}\n  {split:?}"));
        }
    }
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

#[test]
fn no_certain_outcome_is_wrong_where_packets_are_missing() {
    let mut wrong = Vec::new();
    for Placed { name, case } in table() {
        let outcomes = |variation: &Variation| {
            let document = analyze(&case.trace.packets(variation)).expect("a document");
            let legs = document
                .calls
                .into_iter()
                .map(|call| (first_leg(&call), call));
            legs.collect::<Vec<(String, Value)>>()
        };
        let truth = outcomes(&Variation::default());
        for seed in 0..SEEDS {
            let lossy = outcomes(&Variation {
                drop: Some((LOSS, seed)),
                ..Variation::default()
            });
            let certain = lossy
                .iter()
                .filter(|(_, call)| text(call, "certainty") == "certain");
            for (leg, call) in certain {
                let outcome = text(call, "outcome");
                let is_true = |(known, call): &(String, Value)| {
                    known == leg && text(call, "outcome") == outcome
                };
                let of_main_leg = |(_, call): &(String, Value)| {
                    call_ids(call).any(|id| id == leg) && text(call, "outcome") == outcome
                };
                if !truth.iter().any(is_true) && !truth.iter().any(of_main_leg) {
                    wrong.push(format!("{name}, seed {seed}: {leg} {outcome}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn table() -> Vec<Placed> {
    let cases = cases("fixtures/calls").expect("the fixtures are readable");
    assert!(cases.len() >= LEAST_CASES, "{} cases", cases.len());
    cases
}

/// The cases that can share their addresses: connections of the same hosts would be the same.
fn udp_cases() -> Vec<Placed> {
    const PROTOCOL: usize = 23;
    const UDP: u8 = 17;
    let mut cases = table();
    cases.retain(|placed| {
        let packets = placed.case.trace.packets(&Variation::default());
        packets
            .iter()
            .all(|packet| packet.bytes.get(PROTOCOL) == Some(&UDP))
    });
    cases
}

/// A packet that shows that the capture ran on for two hours.
fn long_silence() -> Vec<Packet> {
    let trace = Trace::parse("end 7200").expect("a trace");
    trace.packets(&Variation::default())
}

/// What matters of each call, by its first Call-ID and the time of its first packet.
fn gists(document: &Document) -> BTreeMap<(String, String), String> {
    let mut gists = BTreeMap::new();
    for call in &document.calls {
        let legs: Vec<String> = call["legs"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|leg| format!("{} {}", text(leg, "call_id"), leg["link"]))
            .collect();
        let fields = [
            "outcome",
            "status",
            "setup_ms",
            "ring_ms",
            "pdd_ms",
            "talk_ms",
            "ended_by",
            "attempts",
            "retransmissions",
        ];
        let values: BTreeMap<&str, &Value> =
            fields.iter().map(|field| (*field, &call[*field])).collect();
        let key = (first_leg(call), text(call, "start").to_owned());
        gists.insert(key, format!("{} {legs:?}", json!(values)));
    }
    gists
}

fn first_leg(call: &Value) -> String {
    call_ids(call).next().unwrap_or_default().to_owned()
}

fn only_call(trace: &str) -> Value {
    let packets = Trace::parse(trace)
        .expect("a trace")
        .packets(&Variation::default());
    let mut calls = analyze(&packets).expect("a document").calls;
    assert_eq!(calls.len(), 1, "{trace}");
    calls.remove(0)
}
