//! ICMP refusals and TLS are told: in the table, in the documents, and as evidence.

use std::ffi::OsString;
use std::fs;

use serde_json::{Value, json};
use siptriage_testkit::{Trace, Variation, capture};

fn run(trace: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    let packets = Trace::parse(trace)
        .expect("a trace")
        .packets(&Variation::default());
    fs::write(&path, capture::write_pcap(&packets)).expect("a file");
    let path = path.to_str().expect("a path of ASCII");
    let arguments = arguments.iter().copied().chain([path]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    siptriage::run(arguments.map(OsString::from).collect(), &mut out, &mut err);
    let out = String::from_utf8(out).expect("text");
    out.replace(path, "a.pcap")
}

fn document(trace: &str) -> Value {
    serde_json::from_str(&run(trace, &["analyze", "--format", "json"])).expect("a document")
}

/// An INVITE repeated to the end of Timer B, refused each time.
const REFUSED: &str = "\
host bob 192.0.2.9
0 0.5 1.5 3.5 7.5 15.5 31.5 alice -> bob INVITE sdp
0.01 0.51 1.51 bob -> alice icmp port-unreachable
end 90
";

#[test]
fn a_refusal_is_evidence() {
    let document = document(REFUSED);
    let finding = &document["findings"][0];
    assert_eq!(finding["rule"], "TXN-001");
    let message = finding["message"].as_str().expect("text");
    assert!(
        message.ends_with("refused by ICMP port unreachable from 192.0.2.9"),
        "{message}"
    );
    let evidence = &finding["evidence"][1];
    assert_eq!(evidence["frame"], 2);
    let note = evidence["note"].as_str().expect("text");
    assert!(note.contains("nothing listens on the port"), "{note}");
}

#[test]
fn refusals_are_listed() {
    let document = document(REFUSED);
    let expected = json!([{
        "kind": "port-unreachable",
        "icmp": {"version": 4, "type": 3, "code": 3},
        "reporter": "192.0.2.9",
        "transport": "udp",
        "dst": "192.0.2.9:5060",
        "count": 3,
        "first_frame": 2,
    }]);
    assert_eq!(document["captures"][0]["refusals"], expected);
    assert_eq!(document["captures"][0]["refusals_not_sip"], 0);
    let listed = run(REFUSED, &["messages", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).expect("a document");
    assert_eq!(listed["captures"][0]["refusals"], expected);
    let table = run(REFUSED, &["analyze"]);
    let line =
        "ICMP port unreachable from 192.0.2.9 for SIP to 192.0.2.9:5060 x3, first in frame 2";
    assert!(table.contains(line), "{table}");
}

#[test]
fn a_refusal_of_another_call_is_no_evidence() {
    let trace = "\
host bob 192.0.2.9
0 0.5 1.5 3.5 7.5 15.5 31.5 alice -> bob INVITE sdp call=1
1.6 alice -> bob OPTIONS call=2
1.7 bob -> alice icmp port-unreachable
end 90
";
    let document = document(trace);
    let finding = &document["findings"][0];
    assert_eq!(finding["rule"], "TXN-001");
    let message = finding["message"].as_str().expect("text");
    assert!(message.ends_with("no response at all"), "{message}");
    assert_eq!(document["captures"][0]["refusals"][0]["count"], 1);
}

#[test]
fn refused_media_is_only_counted() {
    let trace = "\
0.0 alice -> bob INVITE sdp
1.0 bob -> alice 200 sdp
1.1 alice -> bob ACK
1.2 bob -> alice rtp until=1.3
1.4 alice -> bob icmp port-unreachable
2.0 alice -> bob BYE
2.1 bob -> alice 200
end 60
";
    let document = document(trace);
    assert_eq!(document["captures"][0]["refusals"], json!([]));
    assert_eq!(document["captures"][0]["refusals_not_sip"], 1);
    assert!(run(trace, &["analyze"]).contains("1 ICMP refusal of other packets"));
}

#[test]
fn the_size_of_the_pieces_makes_no_difference() {
    let trace: String = (0..30)
        .map(|call| {
            let start = call * 3;
            let repeats = [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5];
            let sent = repeats.map(|step| (f64::from(start) + step).to_string());
            let sent = sent.join(" ");
            format!(
                "{sent} alice -> bob INVITE sdp call={call}\n\
                 {start}.4 bob -> alice icmp host-unreachable\n"
            )
        })
        .collect();
    let trace = format!("{trace}end 200\n");
    let of = |bytes| {
        let arguments = [
            "analyze",
            "--format",
            "json",
            "--threads",
            "3",
            "--piece-bytes",
            bytes,
        ];
        run(&trace, &arguments)
    };
    assert!(of("4096").contains("ICMP host unreachable"));
    assert_eq!(of("4096"), of("1000000"));
}

#[test]
fn tls_is_told_by_port() {
    let mut trace = "transport tcp\n".to_owned();
    for client in 1..4 {
        let hello = r"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00";
        trace += &format!("host a{client} 192.0.2.{client}\nhost b 192.0.2.9:5061\n");
        trace += &format!("{client} a{client} -> b raw \"{hello}\"\n");
        let answer = r"\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00";
        trace += &format!("{client}.5 b -> a{client} raw \"{answer}\"\n");
    }
    let document = document(&trace);
    let encrypted = &document["captures"][0]["encrypted"];
    assert_eq!(encrypted[0]["port"], 5061);
    assert_eq!(encrypted[0]["connections"], 3);
    assert_eq!(encrypted[1], Value::Null);
    let table = run(&trace, &["analyze"]);
    assert!(
        table.contains("TLS on port 5061: 3 connections, not read"),
        "{table}"
    );
}
