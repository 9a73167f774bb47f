//! The schema against the words of the program and against printed documents.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use siptriage_capture::decode::Cause;
use siptriage_capture::{Endpoint, Flow, Time, Transport};
use siptriage_correlate::metrics::{Direction, TrunkName, Width};
use siptriage_correlate::series::Frames;
use siptriage_correlate::{
    Certainty, EndedBy, FrameRef, Ledger, Limits, LinkReason, Outcome, RefusalKind, Series,
    SeriesEnd, SeriesKind, Side, TimerState, Traffic, TransferResult,
};
use siptriage_rules::{Confidence, Evidence, Finding, Incomplete, RULES, Severity};
use siptriage_sip::StatusCode;

use super::SCHEMA;
use crate::{
    AttemptRow, CallRow, CaptureRow, CauseRow, Collected, EncryptedRow, LegRow, Ndjson, Numbers,
    RefusalRow, SkippedRow, TimerRow, TransferRow, UsageRow, WireText, WireUri, json, rules,
};

/// The compiled schema of everything that is printed.
struct Checker(Schemas, SchemaIndex);

impl Checker {
    fn new() -> Checker {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        compiler.add_resource("siptriage.json", schema).unwrap();
        let index = compiler.compile("siptriage.json", &mut schemas).unwrap();
        Checker(schemas, index)
    }

    #[track_caller]
    fn check(&self, document: &[u8]) {
        let value: Value = serde_json::from_slice(document).unwrap();
        if let Err(error) = self.0.validate(&value, self.1) {
            panic!("{error}\n{}", String::from_utf8_lossy(document));
        }
    }

    fn accepts(&self, document: &str) -> bool {
        let value: Value = serde_json::from_str(document).unwrap();
        self.0.validate(&value, self.1).is_ok()
    }
}

fn call() -> CallRow<'static> {
    CallRow {
        number: 1,
        outcome: Outcome::Answered,
        status: Some(StatusCode(200)),
        reason: Some(WireText(b"OK")),
        certainty: Certainty::Certain,
        start: Time(1_767_225_600_020_000_000),
        from: WireUri(b"sip:alice@example.com"),
        to: WireUri(b"sip:bob@example.com"),
        src: Endpoint::new([192, 0, 2, 1].into(), 5060),
        dst: Endpoint::new([198, 51, 100, 2].into(), 5060),
        setup: Some(6_000_000_000),
        ring: Some(5_200_000_000),
        post_dial_delay: Some(800_000_000),
        talk: None,
        ended_by: Some(Side::Caller),
        ended_reason: Some(WireText(b"Q.850;cause=16")),
        attempts: 2,
        superseded: vec![AttemptRow {
            frame: FrameRef::new(0, 1),
            dst: Endpoint::new([198, 51, 100, 2].into(), 5060),
            status: Some(StatusCode(407)),
        }],
        retransmissions: 0,
        frames: vec![
            FrameRef::new(0, 1),
            FrameRef::new(0, 2),
            FrameRef::new(1, 1),
        ],
        legs: vec![
            LegRow {
                call_id: WireText(b"x@h"),
                link: None,
            },
            LegRow {
                call_id: WireText(b"y@h"),
                link: Some(LinkReason::SessionId),
            },
        ],
        session_timer: Some(TimerRow {
            interval: 1800,
            refresher: Side::Caller,
            refreshes: 2,
            state: TimerState::Fresh,
        }),
        transfers: vec![TransferRow {
            frame: FrameRef::new(0, 2),
            by: Side::Caller,
            target: WireUri(b"sip:carol@example.com"),
            result: TransferResult::Succeeded,
            status: Some(StatusCode(200)),
            caused: Some(CauseRow {
                call: 2,
                reason: LinkReason::ReferTo,
            }),
        }],
        caused_by: Some(CauseRow {
            call: 3,
            reason: LinkReason::ReferredBy,
        }),
        clock_error: Some(3_000_000),
        usages: vec![UsageRow {
            event: Some(WireText(b"refer")),
            begun: Some(FrameRef::new(0, 2)),
            ended: Some((FrameRef::new(1, 1), EndedBy::Failure(StatusCode(481)))),
        }],
    }
}

fn capture() -> CaptureRow {
    CaptureRow {
        path: "a.pcapng".to_owned(),
        format: Some("pcapng"),
        compression: None,
        bytes: 1,
        frames: 3,
        first_time: Some(Time(0)),
        last_time: Some(Time(1)),
        complete: true,
        sip_messages: 3,
        not_sip: 0,
        duplicates: 0,
        skipped: vec![SkippedRow {
            reason: "truncated",
            count: 3,
            first_frame: Some(17),
        }],
        encrypted: vec![EncryptedRow {
            port: 5061,
            connections: 3,
            first_frame: 2,
        }],
        refusals: vec![RefusalRow {
            kind: RefusalKind::PortUnreachable,
            icmp: Cause::V4 { kind: 3, code: 3 },
            reporter: [192, 0, 2, 9].into(),
            transport: Transport::Udp,
            dst: Endpoint::new([192, 0, 2, 9].into(), 5060),
            count: 3,
            first_frame: 12,
        }],
        refusals_not_sip: 1,
        error: None,
    }
}

fn finding() -> Finding {
    let evidence = |frame| Evidence {
        frame: FrameRef::new(0, frame),
        note: "again".into(),
    };
    Finding {
        rule: RULES[0],
        severity: Severity::Error,
        confidence: Confidence::Certain,
        call: Some(1),
        time: Time(5),
        message: "no ACK".to_owned(),
        evidence: vec![evidence(15), evidence(12), evidence(15)],
    }
}

fn incomplete() -> Incomplete {
    Incomplete {
        rule: RULES[0],
        call: None,
        why: "the capture ends".to_owned(),
    }
}

fn series() -> Series {
    let Endpoint { ip, port } = call().src;
    let mut frames = Frames::default();
    frames.push(FrameRef::new(0, 3));
    frames.push(FrameRef::new(1, 4));
    Series {
        kind: SeriesKind::Subscription,
        call_id: b"x@h".to_vec(),
        from: b"sip:alice@example.com".to_vec(),
        to: b"sip:bob@example.com".to_vec(),
        event: b"presence".to_vec(),
        flow: Flow {
            src: Endpoint { ip, port },
            dst: call().dst,
            transport: Transport::Udp,
        },
        call: Some(1),
        first: Time(0),
        last: Time(5),
        requests: 2,
        notifies: 1,
        refreshes: 0,
        refused: 0,
        unanswered: 0,
        status: Some(StatusCode(200)),
        granted: Some(600),
        end: SeriesEnd::Terminated,
        frames,
    }
}

/// A trunk and a window, both with numbers.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new(&Limits::default(), Width::Automatic);
    ledger.series.add(&series());
    ledger.windows.at(Time(0)).codes.add(StatusCode(200));
    let host = [192, 0, 2, 1].into();
    for name in [
        TrunkName::Hosts(host, host),
        TrunkName::Peer("carrier".to_owned(), Direction::In),
    ] {
        let trunk = ledger.trunks.trunk(name).unwrap();
        trunk.load.add(Time(0), None);
    }
    ledger
}

fn collected() -> Collected {
    let mut collected = Collected::new(1);
    collected.add_call(&call());
    collected.add_call(&call());
    collected.add_series(&series());
    collected.add_series(&series());
    collected.add_finding(&finding());
    collected.add_incomplete(&incomplete());
    collected.sort(crate::Order::Frame);
    collected
}

fn numbers<'a>(ledger: &'a Ledger, traffic: &'a Traffic) -> Numbers<'a> {
    Numbers {
        ledger,
        traffic,
        trunks: 10,
        windows: 0,
    }
}

#[test]
fn printed_documents_fit() {
    let checker = Checker::new();
    let mut document = Vec::new();
    let (ledger, traffic) = (ledger(), Traffic::default());
    let numbers = numbers(&ledger, &traffic);
    json::analysis(&mut document, &[capture()], &collected(), numbers).unwrap();
    checker.check(&document);
    document.clear();
    json::calls(&mut document, &[capture()], &collected(), &traffic).unwrap();
    checker.check(&document);
    document.clear();
    json::Messages::begin(&mut document)
        .unwrap()
        .end(&[capture()])
        .unwrap();
    checker.check(&document);
    document.clear();
    rules::write_json(&mut document, &RULES).unwrap();
    checker.check(&document);
}

#[test]
fn printed_lines_fit() {
    let mut lines = Vec::new();
    let mut stream = Ndjson::new(&mut lines);
    stream.call(&call()).unwrap();
    stream.finding(&finding()).unwrap();
    stream.incomplete(&incomplete()).unwrap();
    stream.capture(&capture()).unwrap();
    stream
        .metrics(numbers(&ledger(), &Traffic::default()))
        .unwrap();
    let checker = Checker::new();
    let lines: Vec<&[u8]> = lines
        .trim_ascii_end()
        .split(|byte| *byte == b'\n')
        .collect();
    assert_eq!(lines.len(), 5);
    for line in lines {
        checker.check(line);
    }
}

#[test]
fn other_documents_do_not_fit() {
    let checker = Checker::new();
    for document in [
        r#"{"type": "incomplete", "rule": "DLG-001", "call": 1}"#,
        r#"{"type": "incomplete", "rule": "DLG-001", "call": 1, "why": "", "new": 1}"#,
        r#"{"type": "unheard-of"}"#,
        "[1]",
    ] {
        assert!(!checker.accepts(document), "{document}");
    }
}

#[test]
fn a_line_and_a_document_show_the_same_call() {
    let mut line = Vec::new();
    Ndjson::new(&mut line).call(&call()).unwrap();
    let mut line: Value = serde_json::from_slice(&line).unwrap();
    line.as_object_mut().unwrap().remove("type");
    let mut document = Vec::new();
    json::calls(&mut document, &[], &collected(), &Traffic::default()).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["calls"][0], line);
    assert_eq!(document["left_out"]["calls"], 1);
    assert_eq!(line["setup_ms"], 6000.0);
    assert_eq!(line["frames"], serde_json::json!([1, 2]));
    assert_eq!(
        line["frames_elsewhere"],
        serde_json::json!([{"capture": 1, "frames": [1]}])
    );
}

#[test]
fn the_schema_knows_every_word_of_series() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let words = &schema["$defs"]["series"]["properties"];
    let kinds: Vec<&str> = SeriesKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(words["kind"]["enum"], serde_json::json!(kinds));
    let ends: Vec<&str> = SeriesEnd::ALL.iter().map(|end| end.name()).collect();
    assert_eq!(words["end"]["enum"], serde_json::json!(ends));
    let mut document = Vec::new();
    let (ledger, traffic) = (ledger(), Traffic::default());
    let numbers = numbers(&ledger, &traffic);
    json::analysis(&mut document, &[], &collected(), numbers).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(document["series"][0]["end"], "terminated");
    assert_eq!(document["series"][0]["frames"], serde_json::json!([3]));
    assert_eq!(document["left_out"]["series"], 1);
    assert_eq!(document["metrics"]["series"]["subscription"]["count"], 1);
}

#[test]
fn a_finding_shows_its_frames_in_order() {
    let mut line = Vec::new();
    Ndjson::new(&mut line).finding(&finding()).unwrap();
    let line: Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(line["wireshark"], "frame.number in {12, 15}");
}

#[test]
fn the_schema_knows_every_word() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.name()).collect();
    let defined = &schema["$defs"];
    assert_eq!(
        defined["call"]["properties"]["outcome"]["enum"],
        serde_json::json!(outcomes)
    );
    let severities: Vec<&str> = Severity::ALL
        .iter()
        .map(|severity| severity.name())
        .collect();
    let words = &defined["finding"]["properties"]["severity"]["enum"];
    assert_eq!(*words, serde_json::json!(severities));
}
