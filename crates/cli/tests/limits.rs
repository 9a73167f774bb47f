//! Every limit that is reached is counted and shown.

use std::ffi::OsString;
use std::fs;

use serde_json::Value;
use siptriage_testkit::{Packet, Trace, Variation, capture};

const SECOND: u64 = 1_000_000_000;

const CALL: &str = "\
0.00 alice -> bob INVITE sdp
0.80 bob -> alice 180
5.00 bob -> alice 200 sdp
5.01 alice -> bob ACK
9.00 alice -> bob BYE
9.02 bob -> alice 200
end 60
";

fn packets(trace: &str, variation: &Variation) -> Vec<Packet> {
    Trace::parse(trace).expect("a trace").packets(variation)
}

fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = arguments.iter().map(OsString::from).collect();
    let code = siptriage::run(arguments, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (code, text(out), text(err))
}

/// The document of `analyze` under a limit.
fn analyze(packets: &[Packet], limit: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    fs::write(&path, capture::write_pcap(packets)).expect("a file");
    let path = path.to_str().expect("a path of ASCII");
    let (_, out, err) = run(&["analyze", "--format", "json", "--limit", limit, path]);
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{limit}: {error}: {err}"))
}

/// How often the reason is counted under a limit.
fn skipped(packets: &[Packet], limit: &str, reason: &str) -> u64 {
    let document = analyze(packets, limit);
    let reasons = document["captures"][0]["skipped"]
        .as_array()
        .expect("a list");
    let found = reasons.iter().find(|row| row["reason"] == reason);
    found.map_or(0, |row| row["count"].as_u64().expect("a number"))
}

/// The reason is counted under the tight limit and not under the wide one.
#[track_caller]
fn counted(packets: &[Packet], tight: &str, wide: &str, reason: &str) {
    assert_ne!(skipped(packets, tight, reason), 0, "{tight}");
    assert_eq!(skipped(packets, wide, reason), 0, "{wide}");
}

fn fragmented() -> Vec<Packet> {
    let variation = Variation {
        mtu_bytes: Some(296),
        ..Variation::default()
    };
    packets(CALL, &variation)
}

fn segmented() -> Vec<Packet> {
    let trace = format!("transport tcp\n{}", CALL.replace("sdp\n", "sdp split=60\n"));
    packets(&trace, &Variation::default())
}

/// Delays a packet of the first message that takes several.
fn delayed(mut packets: Vec<Packet>, number: usize, by: u64) -> Vec<Packet> {
    let mut late = packets.remove(number);
    late.time_ns += by;
    let at = packets.partition_point(|packet| packet.time_ns < late.time_ns);
    packets.insert(at, late);
    packets
}

#[test]
fn fragments() {
    let packets = fragmented();
    let wide = "fragment-datagrams=9";
    counted(&packets, "fragment-datagrams=0", wide, "fragments-evicted");
    counted(&packets, "fragment-bytes=100", wide, "fragments-evicted");
    let late = delayed(packets, 1, 4 * SECOND);
    let (tight, wide) = ("fragment-age=500ms", "fragment-age=6s");
    counted(&late, tight, wide, "fragments-incomplete");
}

#[test]
fn streams() {
    let packets = segmented();
    let wide = "streams=9";
    counted(&packets, "streams=0", wide, "stream-evicted");
    counted(&packets, "stream-total-bytes=100", wide, "stream-evicted");
    counted(
        &packets,
        "stream-bytes=100",
        wide,
        "stream-message-too-long",
    );
}

#[test]
fn segments_that_come_late() {
    let packets = segmented();
    let first = packets.iter().position(|packet| packet.bytes.len() > 100);
    let second = first.expect("a segment with data") + 1;
    let late = delayed(packets, second, SECOND / 2);
    counted(&late, "hole-age=100ms", "hole-age=2s", "stream-hole");
}

#[test]
fn segments_that_come_later_than_their_acknowledgment() {
    let trace = format!("transport tcp\n0.1 bob -> alice tcp-ack\n{CALL}");
    let trace = trace.replace("INVITE sdp\n", "INVITE sdp split=300\n");
    let packets = packets(&trace, &Variation::default());
    let first = packets.iter().position(|packet| packet.bytes.len() > 200);
    let late = delayed(packets, first.expect("a segment with data"), SECOND / 2);
    counted(&late, "hole-grace=50ms", "hole-grace=1s", "stream-hole");
}

#[test]
fn a_stream_that_rests_inside_a_message() {
    let trace = r#"
transport tcp
0 alice -> bob raw "OPTIONS sip:bob@example.com SIP/2.0\r\n"
20 alice -> bob raw "Call-ID: a@example.com\r\nContent-Length: 0\r\n\r\n"
end 30
"#;
    let packets = packets(trace, &Variation::default());
    let (tight, wide) = ("stream-idle=5s", "stream-idle=60s");
    counted(&packets, tight, wide, "stream-message-unfinished");
}

#[test]
fn streams_of_something_else() {
    let lines = r"some other protocol\r\n".repeat(20);
    let trace = format!("transport tcp\n0 alice -> carol raw \"{lines}\"\n{CALL}");
    let packets = packets(&trace, &Variation::default());
    let (tight, wide) = ("stream-probe-bytes=64", "stream-probe-bytes=4KiB");
    counted(&packets, tight, wide, "stream-not-sip");
}

#[test]
fn tunnels_inside_tunnels() {
    let mut packets = packets(CALL, &Variation::default());
    for packet in &mut packets {
        let inner = packet.bytes.split_off(14);
        let length = u16::try_from(inner.len() + 20).expect("a short packet");
        packet.bytes.extend_from_slice(&[0x45, 0]);
        packet.bytes.extend_from_slice(&length.to_be_bytes());
        packet.bytes.extend_from_slice(&[0, 1, 0, 0, 64, 4, 0, 0]);
        packet
            .bytes
            .extend_from_slice(&[203, 0, 113, 1, 203, 0, 113, 2]);
        packet.bytes.extend_from_slice(&inner);
        packet.original_length_bytes = packet.bytes.len();
    }
    counted(&packets, "nesting=0", "nesting=1", "nested-too-deep");
}

#[test]
fn records_of_a_capture() {
    let packets = packets(CALL, &Variation::default());
    let document = analyze(&packets, "block-bytes=100");
    assert_ne!(document["captures"][0]["skipped"], serde_json::json!([]));
    assert_eq!(document["calls"], serde_json::json!([]));
}

#[test]
fn calls_in_progress() {
    let trace: String = (0..40)
        .map(|call| format!("0.{call:02} alice -> bob INVITE sdp call={call}\n"))
        .collect();
    let packets = packets(&format!("{trace}end 20\n"), &Variation::default());
    let document = analyze(&packets, "legs=1");
    let early = document["left_out"]["legs"].as_u64().expect("a number");
    assert!((24..40).contains(&early), "{early}");
    assert_eq!(document["metrics"]["traffic"]["closed_early"], early);
    assert_eq!(analyze(&packets, "legs=1000")["left_out"]["legs"], 0);
}

#[test]
fn messages_of_a_call_and_pairs_of_hosts() {
    let packets = packets(CALL, &Variation::default());
    assert_eq!(
        analyze(&packets, "leg-records=2")["left_out"]["messages"],
        4
    );
    assert_eq!(analyze(&packets, "pairs=1")["left_out"]["pairs"], 3);
}

#[test]
fn no_limit_is_past_what_a_leg_can_hold() {
    let most = siptriage_correlate::Limits::MOST_LEG_RECORDS;
    let ping = packets("0.00 alice -> bob OPTIONS\n", &Variation::default());
    let pings = |count: usize| -> Vec<Packet> {
        let times = (0..count as u64).map(|number| ping[0].time_ns + number * SECOND / 10_000);
        let ping = |time_ns| Packet {
            time_ns,
            ..ping[0].clone()
        };
        times.map(ping).collect()
    };
    for (count, left_out) in [(most, 0), (most + 3, 3)] {
        let document = analyze(&pings(count), "leg-records=1000000");
        assert_eq!(document["left_out"]["messages"], left_out);
        assert_eq!(document["captures"][0]["sip_messages"], count);
    }
}

#[test]
fn refusals() {
    let trace = "\
0.0 0.5 1.5 alice -> bob INVITE sdp
0.1 0.6 1.6 bob -> alice icmp port-unreachable
end 60
";
    let packets = packets(trace, &Variation::default());
    assert_eq!(analyze(&packets, "refusals=1")["left_out"]["refusals"], 2);
    assert_eq!(analyze(&packets, "refusals=9")["left_out"]["refusals"], 0);
}

#[test]
fn scanners() {
    let trace = "\
host carol 192.0.2.7
host dave 192.0.2.8
0.0 alice -> bob OPTIONS call=1
    User-Agent: friendly-scanner
0.1 carol -> bob OPTIONS call=2
    User-Agent: friendly-scanner
0.2 dave -> bob OPTIONS call=3
    User-Agent: friendly-scanner
0.3 alice -> bob OPTIONS call=4
    User-Agent: friendly-scanner
end 60
";
    let packets = packets(trace, &Variation::default());
    assert_eq!(analyze(&packets, "scanners=1")["left_out"]["scans"], 2);
    assert_eq!(analyze(&packets, "scanners=3")["left_out"]["scans"], 0);
}

#[test]
fn trunks_and_rows() {
    let trace =
        format!("host carol 192.0.2.7\n{CALL}20 alice -> carol INVITE sdp call=2\nend 90\n");
    let packets = packets(&trace.replacen("end 60\n", "", 1), &Variation::default());
    let document = analyze(&packets, "trunks=1");
    assert_eq!(document["metrics"]["trunks_left_out"]["attempts"], 1);
    assert_eq!(analyze(&packets, "rows=1")["left_out"]["calls"], 1);
}

#[test]
fn the_list_and_its_names() {
    let (code, out, _) = run(&["limits"]);
    assert_eq!(code, 0);
    let mut lines = out.lines();
    let total = lines.find(|line| line.starts_with("stream-total-bytes "));
    assert!(total.is_some_and(|line| line.contains("32MiB")), "{out}");
    let (code, _, err) = run(&["analyze", "--limit", "arms=2", "a.pcap"]);
    assert_eq!(code, 2);
    assert!(err.contains("no limit `arms`"), "{err}");
}

#[test]
fn the_table_says_which_limit_to_raise() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    let file = capture::write_pcap(&packets(CALL, &Variation::default()));
    fs::write(&path, file).expect("a file");
    let path = path.to_str().expect("a path of ASCII");
    let (_, out, _) = run(&["analyze", "--limit", "leg-records=2", path]);
    assert!(out.contains("--limit leg-records=N"), "{out}");
}

#[test]
fn a_table_that_lacks_rows_is_complained_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    let file = capture::write_pcap(&packets(CALL, &Variation::default()));
    fs::write(&path, file).expect("a file");
    let path = path.to_str().expect("a path of ASCII");
    for (limit, complaint) in [("rows=0", "siptriage: 1 more calls"), ("rows=1", "")] {
        let (code, _, err) = run(&["calls", "--format", "table", "--limit", limit, path]);
        assert_eq!(code, 0);
        assert!(err.starts_with(complaint), "{err}");
        assert_eq!(err.is_empty(), complaint.is_empty(), "{err}");
    }
}

#[test]
fn what_is_written_at_once_is_kept_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.pcap");
    // The first call to begin is the last one to end; the 200 of the second finds no ACK.
    let trace = "\
0.0 alice -> bob INVITE sdp
0.5 bob -> alice 180
1.0 alice -> bob INVITE sdp call=2
1.1 bob -> alice 180 call=2
2.0 bob -> alice 200 sdp call=2
2.5 3.5 5.5 9.5 13.5 17.5 21.5 25.5 29.5 33.5 bob -> alice again 200 call=2
34.1 bob -> alice BYE call=2
34.2 alice -> bob 200 of BYE call=2
90.0 bob -> alice 200 sdp
90.1 alice -> bob ACK
95.0 alice -> bob BYE
95.1 bob -> alice 200 of BYE
end 200
";
    let file = capture::write_pcap(&packets(trace, &Variation::default()));
    fs::write(&path, file).expect("a file");
    let path = path.to_str().expect("a path of ASCII");
    let first_cells = |command: &str| -> Vec<String> {
        let none = ["--format", "csv", "--limit", "rows=0", path];
        let (code, out, err) = run(&[&[command], &none[..]].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{command}");
        let cells = out.lines().filter_map(|line| line.split(',').next());
        cells.map(str::to_owned).collect()
    };
    assert_eq!(first_cells("calls"), ["call", "2", "1"], "as calls end");
    assert!(first_cells("analyze").contains(&"DLG-002".to_owned()));
}

#[test]
fn series() {
    let trace = "0.0 alice -> bob REGISTER\n0.1 bob -> alice 200 of REGISTER\n\
                 1.0 carol -> bob REGISTER call=2\n1.1 bob -> carol 200 of REGISTER call=2\nend 60\n";
    let packets = packets(trace, &Variation::default());
    for (limit, early) in [("series=1", 1), ("series=2", 0)] {
        let document = analyze(&packets, limit);
        assert_eq!(document["left_out"]["series"], early, "{limit}");
        assert_eq!(document["series"].as_array().map(Vec::len), Some(2));
        let registrations = &document["metrics"]["series"]["registration"];
        assert_eq!(registrations["count"], 2, "{limit}");
    }
}
