//! What happens to captures: messages cut, clocks set, pauses, directions by clocks of their own.
//! None of it makes a fault, or a certain outcome that is wrong.

use std::io::Write;

use serde_json::Value;
use siptriage_testkit::{Packet, Trace, Variation, capture};
use siptriage_tests::document::{Document, call_ids, text};
use siptriage_tests::fixtures::analyze;
use siptriage_tests::program;
use tempfile::NamedTempFile;

const SECOND: i64 = 1_000_000_000;
/// Where the source address stands in an Ethernet frame with IPv4.
const SOURCE: std::ops::Range<usize> = 26..30;

fn packets(trace: &str) -> Vec<Packet> {
    let trace = Trace::parse(trace).expect("the trace is well-formed");
    trace.packets(&Variation::default())
}

fn grave(document: &Document) -> Vec<&str> {
    let findings = document.findings.iter();
    let grave = findings.filter(|finding| text(finding, "severity") != "info");
    grave.map(|finding| text(finding, "rule")).collect()
}

fn moved(packet: &Packet, by: i64) -> Packet {
    let time_ns = packet.time_ns.saturating_add_signed(by);
    Packet {
        time_ns,
        ..packet.clone()
    }
}

#[test]
fn messages_cut_before_they_are_named_belong_to_nothing() {
    let call = |name: &str, begin: u32| {
        format!(
            "{begin}.0 {begin}.5 alice -> bob INVITE sdp call={name}\n\
             {begin}.6 bob -> alice 180 call={name}\n\
             {begin}.7 bob -> alice 486 call={name}\n\
             {begin}.8 alice -> bob ACK call={name}\n"
        )
    };
    let trace = [call("one", 0), call("another", 1), call("onemore", 2)].concat();
    let whole = packets(&format!("{trace}end 60\n"));
    let names = ["one", "another", "onemore"].map(|name| format!("{name}@example.com"));
    let mut calls_by_length = Vec::new();
    for length in (60..700).step_by(5) {
        let cut = whole.iter().map(|packet| Packet {
            bytes: packet.bytes[..packet.bytes.len().min(length)].to_vec(),
            ..packet.clone()
        });
        let document = analyze(&cut.collect::<Vec<_>>()).expect("a document");
        for id in document.calls.iter().flat_map(call_ids) {
            assert!(names.iter().any(|name| name == id), "{length}: {id:?}");
        }
        let outcomes = document.calls.iter().map(|call| text(call, "outcome"));
        assert!(
            outcomes
                .clone()
                .all(|word| word == "busy" || word == "partial"),
            "{length}"
        );
        assert!(
            grave(&document).iter().all(|rule| *rule == "TXN-002"),
            "{length}"
        );
        calls_by_length.push(document.calls.len());
    }
    assert_eq!(calls_by_length.first(), Some(&0));
    assert_eq!(calls_by_length.last(), Some(&3));
    assert!(calls_by_length.is_sorted(), "{calls_by_length:?}");
}

#[test]
fn a_message_without_a_call_id_belongs_to_nothing() {
    let trace = "0.0 0.5 1.5 3.5 7.5 15.5 31.5 alice -> bob INVITE sdp\n    -Call-ID\n\
                 0.1 carol -> dave INVITE sdp call=2\n    -Call-ID\nend 60\n";
    let document = analyze(&packets(trace)).expect("a document");
    assert!(document.calls.is_empty());
    assert!(grave(&document).is_empty());
    let skipped = &document.captures[0]["skipped"][0];
    assert_eq!(skipped["reason"], "sip-without-call-id");
    assert_eq!(skipped["count"], 8);
}

/// A call that rings for long and is given up by the network.
const UNHEARD: &str = "\
0.0 alice -> bob INVITE sdp\n0.1 bob -> alice 100\n1.0 bob -> alice 180\n\
45.0 bob -> alice 480\n45.1 alice -> bob ACK\nend 200\n";

#[test]
fn a_clock_that_is_set_back_does_not_silence_a_phone() {
    for by in [1, 30, 60, 3_600] {
        let mut packets = packets(UNHEARD);
        for packet in &mut packets[3..] {
            *packet = moved(packet, -by * SECOND);
        }
        let document = analyze(&packets).expect("a document");
        assert_eq!(text(&document.calls[0], "outcome"), "no-answer", "{by}");
    }
}

/// A CANCEL behind the answer, and a 487 once the time is over that the INVITE gave.
const IN_ORDER: [&str; 2] = [
    "0.0 alice -> bob INVITE sdp\n1.0 bob -> alice 180\n8.0 bob -> alice 200 of INVITE sdp\n\
     8.005 alice -> bob CANCEL\n8.03 alice -> bob ACK\n8.035 bob -> alice 481 of CANCEL\n\
     38.0 bob -> alice BYE\n38.02 alice -> bob 200\nend 98\n",
    "0.0 alice -> bob INVITE sdp\n    Expires: 20\n0.5 bob -> alice 180\n\
     20.5 bob -> alice 487 of INVITE\n20.52 alice -> bob ACK\nend 82\n",
];

#[test]
fn a_clock_that_is_set_back_hurries_nobody() {
    for trace in IN_ORDER {
        for step in &packets(trace)[1..] {
            let mut all = capture::interleave(vec![busy(0), packets(trace)]);
            for packet in &mut all {
                let by = if packet.time_ns < step.time_ns { 0 } else { -2 };
                *packet = moved(packet, by * SECOND);
            }
            let document = analyze(&all).expect("a document");
            let rules = grave(&document);
            assert!(rules.is_empty(), "{rules:?} {} {trace}", step.time_ns);
        }
    }
}

/// A packet each 20 ms for a minute.
fn busy(from: u32) -> Vec<Packet> {
    packets(&format!(
        "host carol 203.0.113.7\nhost dave 203.0.113.8\n\
         {from}.0 carol -> dave rtp until={}\nend 300\n",
        from + 60
    ))
}

/// The packets of these traces, less those between the two times.
fn with_pause(trace: &str, pause: std::ops::Range<f64>) -> Vec<Packet> {
    let first = busy(0);
    let start = first[0].time_ns;
    let mut all = capture::interleave(vec![first, busy(60), busy(120), busy(180), packets(trace)]);
    all.retain(|packet| {
        let time = (packet.time_ns - start) as f64 / SECOND as f64;
        !pause.contains(&time)
    });
    all
}

#[test]
fn what_a_pause_of_the_capture_may_hide_is_not_missed() {
    // Rings, is answered in the pause and goes on talking; the same hosts are heard all along.
    let mut trace = "0.0 alice -> bob INVITE sdp\n0.1 bob -> alice 100\n1.0 bob -> alice 180\n\
         20.0 bob -> alice 200 sdp\n20.1 alice -> bob ACK\n"
        .to_owned();
    for (number, time) in (30..230).step_by(10).enumerate() {
        trace += &format!("{time}.0 alice -> bob OPTIONS call=p{number}\n");
        trace += &format!("{time}.1 bob -> alice 200 of OPTIONS call=p{number}\n");
    }
    trace += "end 240\n";
    for (pause, is_found) in [(19.0..21.9, false), (10.0..25.0, false), (19.5..20.5, true)] {
        let document = analyze(&with_pause(&trace, pause.clone())).expect("a document");
        // A hole of a second is no pause: it tells from a loss by nothing.
        assert_eq!(grave(&document) == ["TXN-004"], is_found, "{pause:?}");
        let word = text(&document.calls[0], "outcome");
        assert_eq!(word == "in-progress", !is_found, "{pause:?} {word}");
    }
}

#[test]
fn a_challenge_may_be_met_in_a_pause_of_the_capture() {
    let trace = "5.0 alice -> bob INVITE sdp\n5.1 bob -> alice 407\n5.2 alice -> bob ACK\n\
                 end 240\n";
    for (pause, certainty) in [
        (5.3..5.35, "certain"),
        (5.3..9.0, "unknown"),
        (11.0..30.0, "certain"),
    ] {
        let document = analyze(&with_pause(trace, pause.clone())).expect("a document");
        let call: &Value = &document.calls[0];
        assert_eq!(text(call, "outcome"), "auth-failed", "{pause:?}");
        assert_eq!(text(call, "certainty"), certainty, "{pause:?}");
    }
}

#[test]
fn an_answer_that_nobody_is_seen_to_acknowledge_is_inferred_once_it_is_repeated() {
    let trace = "0.0 alice -> bob INVITE sdp\n1.0 bob -> alice 180\n";
    for (times, certainty) in [("3.0", "certain"), ("3.0 3.5", "inferred")] {
        let trace = format!("{trace}{times} bob -> alice 200 sdp\nend 4\n");
        let document = analyze(&packets(&trace)).expect("a document");
        assert_eq!(text(&document.calls[0], "outcome"), "answered");
        assert_eq!(text(&document.calls[0], "certainty"), certainty, "{times}");
    }
}

/// Calls whose INVITE is sent three times before the first response.
fn slow_calls() -> Vec<Packet> {
    let mut trace = String::new();
    for (number, begin) in (0..40).step_by(4).enumerate() {
        trace += &format!(
            "{begin}.0 {begin}.5 {}.5 alice -> bob INVITE sdp call={number}\n",
            begin + 1
        );
        for (time, message) in [
            (1.6, "bob -> alice 180"),
            (2.0, "bob -> alice 200 sdp"),
            (2.01, "alice -> bob ACK"),
            (3.0, "alice -> bob BYE"),
            (3.01, "bob -> alice 200"),
        ] {
            trace += &format!("{:.2} {message} call={number}\n", f64::from(begin) + time);
        }
        // One that tells how long the way is.
        for (time, message) in [
            (0.1, "alice -> bob INVITE sdp"),
            (0.11, "bob -> alice 486"),
            (0.12, "alice -> bob ACK"),
        ] {
            trace += &format!("{:.2} {message} call=b{number}\n", f64::from(begin) + time);
        }
    }
    packets(&format!("{trace}end 120\n"))
}

#[test]
fn each_direction_by_a_clock_of_its_own() {
    let all = slow_calls();
    let alice = all[0].bytes[SOURCE].to_vec();
    for ahead in [0, -5_000, -300, 300, 5_000] {
        let (requests, responses): (Vec<Packet>, Vec<Packet>) = all
            .iter()
            .cloned()
            .partition(|packet| packet.bytes[SOURCE] == alice);
        let responses: Vec<Packet> = responses
            .iter()
            .map(|packet| moved(packet, ahead * SECOND / 1_000))
            .collect();
        let mut files = Vec::new();
        let mut arguments = ["analyze", "--format", "json"].map(Into::into).to_vec();
        for packets in [requests, responses] {
            let mut file = NamedTempFile::new().expect("a temporary file");
            file.write_all(&capture::write_pcap(&packets))
                .expect("the temporary file is ours");
            arguments.push(file.path().as_os_str().to_owned());
            files.push(file);
        }
        let document = Document::parse(&program::run(arguments).out).expect("a document");
        assert_eq!(document.calls.len(), 20, "{ahead}");
        let mut rules = grave(&document);
        rules.dedup();
        assert_eq!(rules, ["TXN-002"], "{ahead}");
        let answered = document.calls.iter();
        let answered = answered.filter(|call| text(call, "outcome") == "answered");
        // One that settles before enough is known has no times where a response would have come
        // before its request; where none does, nothing tells that the clocks of the first differ.
        let timed: Vec<&Value> = answered.filter(|call| !call["pdd_ms"].is_null()).collect();
        assert!(timed.len() >= 9, "{ahead}");
        for call in timed.into_iter().skip(usize::from(ahead == -300)) {
            let delay = call["pdd_ms"].as_f64().expect("a delay");
            assert!((delay - 1_600.0).abs() < 20.0, "{ahead}: {call}");
            assert_eq!(call["clock_error_ms"].is_null(), ahead == 0, "{ahead}");
        }
    }
}

#[test]
fn a_response_that_is_stamped_before_every_request_proves_nothing() {
    // Both directions on one interface, merged by two clocks.
    let all = slow_calls();
    let alice = all[0].bytes[SOURCE].to_vec();
    let mut merged: Vec<Packet> = all
        .iter()
        .map(|packet| {
            let is_alice = packet.bytes[SOURCE] == alice;
            moved(packet, if is_alice { 0 } else { -5 * SECOND })
        })
        .collect();
    merged.sort_by_key(|packet| packet.time_ns);
    let document = analyze(&merged).expect("a document");
    let rules = grave(&document);
    assert!(!rules.contains(&"TXN-003"), "{rules:?}");
}
