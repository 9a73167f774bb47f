//! The program as a function: what each command prints, where, and its exit code.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;
use siptriage_testkit::{Trace, Variation, capture};

/// One run of the program.
struct Ran {
    code: u8,
    out: String,
    err: String,
}

fn run(arguments: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = arguments.iter().map(OsString::from).collect();
    let code = siptriage::run(arguments, &mut out, &mut err);
    Ran {
        code,
        out: String::from_utf8(out).expect("output is UTF-8"),
        err: String::from_utf8(err).expect("complaints are UTF-8"),
    }
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments).out).expect("a JSON document")
}

/// Writes the capture of a trace and returns its path.
fn write_capture(folder: &Path, name: &str, trace: &str) -> String {
    let packets = Trace::parse(trace)
        .expect("a trace")
        .packets(&Variation::default());
    write_file(folder, name, &capture::write_pcap(&packets))
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a temporary file can be written");
    path.to_str().expect("a path of ASCII").to_owned()
}

const ANSWERED: &str = "\
0.00  alice -> bob INVITE sdp
0.02  bob -> alice 100
0.80  bob -> alice 180
6.00  bob -> alice 200 sdp
6.03  alice -> bob ACK
36.00 alice -> bob BYE
36.02 bob -> alice 200
end 100
";

const BUSY: &str = "\
t0 2026-01-02T00:00:00Z
0.00 alice -> bob INVITE sdp
0.90 bob -> alice 486
0.93 alice -> bob ACK
end 60
";

const DROPPED: &str = "\
0.00 alice -> bob INVITE sdp
0.80 bob -> alice 180
5.00 5.50 6.50 8.50 12.50 16.50 20.50 24.50 28.50 32.50 36.50 bob -> alice 200 sdp
37.00 bob -> alice BYE
37.02 alice -> bob 200
end 90
";

#[test]
fn analyze_prints_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", ANSWERED);
    let document = json(&["analyze", "--format", "json", &path]);
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["captures"][0]["sip_messages"], 7);
    assert_eq!(document["captures"][0]["complete"], true);
    let call = &document["calls"][0];
    assert_eq!(call["outcome"], "answered");
    assert_eq!(call["status"], 200);
    assert_eq!(call["reason"], "OK");
    assert_eq!(call["start"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(call["setup_ms"], 6000.0);
    assert_eq!(call["ring_ms"], 5200.0);
    assert_eq!(call["pdd_ms"], 800.0);
    assert_eq!(call["talk_ms"], 30000.0);
    assert_eq!(call["ended_by"], "caller");
    assert_eq!(call["frames"], serde_json::json!([1, 2, 3, 4, 5, 6, 7]));
    assert_eq!(call["legs"][0]["link"], Value::Null);
    assert_eq!(document["metrics"]["asr"]["numerator"], 1);
    assert_eq!(document["metrics"]["asr"]["denominator"], 1);
    assert_eq!(document["metrics"]["pdd"]["p50"], 800.0);
}

#[test]
fn every_format_of_analyze_shows_the_finding() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", DROPPED);
    for format in ["table", "json", "ndjson", "csv"] {
        let ran = run(&["analyze", "--format", format, &path]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{format}");
        assert!(ran.out.contains("DLG-002"), "{format}: {}", ran.out);
        assert!(
            ran.out.contains("unacked-2xx-torn-down"),
            "{format}: {}",
            ran.out
        );
    }
}

#[test]
fn lines_and_document_hold_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", DROPPED);
    let document = json(&["analyze", "--format", "json", &path]);
    let lines = run(&["analyze", "--format", "ndjson", &path]).out;
    let mut kinds = Vec::new();
    for line in lines.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let kind = line.as_object_mut().unwrap().remove("type").unwrap();
        let expected = match kind.as_str().unwrap() {
            "capture" => &document["captures"][0],
            "call" => &document["calls"][0],
            "finding" => &document["findings"][0],
            "metrics" => &document["metrics"],
            other => panic!("{other}"),
        };
        assert_eq!(&line, expected);
        kinds.push(kind);
    }
    assert_eq!(kinds, ["call", "finding", "capture", "metrics"]);
}

#[test]
fn messages_are_rows_in_frame_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", BUSY);
    let ran = run(&["messages", "--format", "csv", &path]);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        rows[0],
        "frame,time,transport,src,dst,method,status,call_id,cseq"
    );
    assert_eq!(rows.len(), 4);
    let cells: Vec<&str> = rows[2].split(',').collect();
    assert_eq!(cells[..3], ["2", "1767312000.900000000", "udp"]);
    assert_eq!(cells[5..7], ["", "486"]);
    assert_eq!(cells[8], "1 INVITE");
}

#[test]
fn a_folder_is_read_in_the_order_of_time() {
    let folder = tempfile::tempdir().unwrap();
    write_capture(folder.path(), "a.pcap", BUSY);
    write_capture(folder.path(), "b.pcap", ANSWERED);
    write_file(folder.path(), "README", b"captures of two days");
    let ran = run(&["calls", "--format", "json", folder.path().to_str().unwrap()]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(
        document["captures"][0]["path"]
            .as_str()
            .unwrap()
            .ends_with("b.pcap")
    );
    assert_eq!(document["calls"][0]["outcome"], "answered");
    assert_eq!(document["calls"][1]["outcome"], "busy");
    assert_eq!(document["calls"][1]["capture"], 1);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("README: passed over"), "{}", ran.err);
}

#[test]
fn what_cannot_be_read_is_named_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let text = write_file(folder.path(), "notes.txt", b"these are notes, not packets");
    for command in ["analyze", "calls", "messages"] {
        let ran = run(&[command, "no-such.pcap"]);
        assert_eq!(ran.code, 3, "{command}");
        assert!(
            ran.err.contains("no-such.pcap: no such file"),
            "{}",
            ran.err
        );
        let ran = run(&[command, &text]);
        assert_eq!(ran.code, 3, "{command}");
        assert!(
            ran.err.contains("notes.txt: text, not a capture"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_capture_cut_short_is_printed_and_complained_about() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", ANSWERED);
    let bytes = fs::read(&path).unwrap();
    let cut = write_file(folder.path(), "cut.pcap", &bytes[..bytes.len() - 5]);
    let ran = run(&["calls", "--format", "json", &cut]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("cut.pcap"), "{}", ran.err);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["calls"][0]["outcome"], "answered");
    assert_eq!(document["captures"][0]["complete"], false);
}

#[test]
fn no_sip_has_its_own_code() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", "end 5\n");
    for command in ["analyze", "calls", "messages"] {
        assert_eq!(run(&[command, &path]).code, 4, "{command}");
    }
}

#[test]
fn wrong_usage_has_its_own_code() {
    for arguments in [
        &[][..],
        &["unheard-of"],
        &["analyze"],
        &["explain", "NIL-999"],
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn references_print() {
    for (arguments, word) in [
        (&["codes", "486"][..], "Busy Here"),
        (&["codes", "419"], "takes it for a 400"),
        (&["codes", "ring", "--format", "csv"], "180,Ringing"),
        (&["rules"], "DLG-001"),
        (
            &["rules", "missing", "--format", "json"],
            "\"missing-ack-2xx\"",
        ),
        (&["explain", "dlg-001"], "missing-ack-2xx"),
        (&["explain", "missing-ack-2xx"], "DLG-001"),
        (&["schema"], "\"$schema\""),
        (&["--help"], "analyze"),
        (&["--version"], "siptriage"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        assert!(ran.out.contains(word), "{arguments:?}: {}", ran.out);
    }
}

#[test]
fn colours_are_printed_on_demand_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", DROPPED);
    assert!(!run(&["analyze", &path]).out.contains('\u{1b}'));
    assert!(
        run(&["--color", "always", "analyze", &path])
            .out
            .contains("\u{1b}[")
    );
}

#[test]
fn text_from_the_wire_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let trace = "\
0.00 alice -> bob INVITE sdp
    From: <sip:\u{1b}[2J=x@example.com>;tag=1
0.90 bob -> alice 486
end 60
";
    let path = write_capture(folder.path(), "a.pcap", trace);
    for command in ["analyze", "calls", "messages"] {
        for format in ["table", "json", "ndjson", "csv"] {
            let ran = run(&[command, "--format", format, &path]);
            assert!(
                !ran.out.contains('\u{1b}'),
                "{command} {format}: {}",
                ran.out
            );
        }
    }
    let calls = run(&["calls", "--format", "csv", &path]).out;
    assert!(calls.contains(r"sip:\x1b[2J=x@example.com"), "{calls}");
}

/// An output whose reader has gone away.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_capture(folder.path(), "a.pcap", DROPPED);
    for command in ["analyze", "calls", "messages"] {
        for format in ["table", "json", "ndjson", "csv"] {
            let mut err = Vec::new();
            let arguments = [command, "--format", format, &path]
                .map(OsString::from)
                .to_vec();
            let code = siptriage::run(arguments, &mut Closed, &mut err);
            assert_eq!((code, err.as_slice()), (0, &b""[..]), "{command} {format}");
        }
    }
}
