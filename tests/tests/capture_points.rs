//! Several capture points: each proves what it saw for as long as it was at work, and times need
//! clocks that agree.

use std::io::Write;

use serde_json::{Value, json};
use siptriage_testkit::{Fixture, Packet, Variation, capture};
use siptriage_tests::document::{Document, text};
use siptriage_tests::program;
use tempfile::NamedTempFile;

/// A call whose 200 nobody acknowledges; the capture goes on until the time that follows.
const UNACKNOWLEDGED: &str = "\
0.00 alice -> bob INVITE sdp
0.80 bob -> alice 180
5.00 bob -> alice 200 sdp
end ";

/// Calls of other hosts, all along.
const ELSEWHERE: &str = "\
host carol 203.0.113.7
host dave 203.0.113.8
1.0 carol -> dave INVITE sdp call=2
1.1 dave -> carol 486 call=2
1.12 carol -> dave ACK call=2
90.0 carol -> dave INVITE sdp call=3
90.1 dave -> carol 486 call=3
90.12 carol -> dave ACK call=3
end 120
";

fn packets(trace: &str) -> Vec<Packet> {
    let text = format!("## a\n```trace\n{trace}\n```\n```expect\nno findings\n```\n");
    let fixture = Fixture::parse(&text).expect("the trace is well-formed");
    fixture.cases[0].trace.packets(&Variation::default())
}

fn analyze(captures: &[Vec<Packet>]) -> Document {
    let mut arguments = ["analyze", "--format", "json"].map(Into::into).to_vec();
    let mut files = Vec::new();
    for packets in captures {
        let mut file = NamedTempFile::new().expect("a temporary file");
        file.write_all(&capture::write_pcap(packets))
            .expect("the temporary file is ours");
        arguments.push(file.path().as_os_str().to_owned());
        files.push(file);
    }
    let run = program::run(arguments);
    Document::parse(&run.out).expect("a document")
}

/// Why the missing ACK is not decided.
fn undecided(document: &Document) -> Vec<&str> {
    let missing_ack = document
        .incomplete
        .iter()
        .filter(|incomplete| text(incomplete, "rule") == "DLG-001");
    missing_ack
        .map(|incomplete| text(incomplete, "why"))
        .collect()
}

#[test]
fn a_capture_point_that_ended_proves_no_absence() {
    let short = packets(&format!("{UNACKNOWLEDGED}10"));
    let long = packets(&format!("{UNACKNOWLEDGED}100"));
    let elsewhere = packets(ELSEWHERE);
    let why = ["capture ends 5.0 s after the 200"];
    assert_eq!(undecided(&analyze(std::slice::from_ref(&short))), why);
    assert_eq!(
        undecided(&analyze(&[short.clone(), elsewhere.clone()])),
        why
    );
    assert_eq!(undecided(&analyze(&[elsewhere.clone(), short])), why);
    assert_ne!(undecided(&analyze(&[long, elsewhere])), why);
}

#[test]
fn a_capture_point_that_ended_proves_no_silence() {
    let invite = "0.0 0.5 1.5 3.5 alice -> bob INVITE sdp\nend ";
    let elsewhere = packets(ELSEWHERE);
    for (end, outcome) in [("31.9", "in-progress"), ("32.1", "unreachable")] {
        let seen = packets(&format!("{invite}{end}"));
        let document = analyze(&[seen, elsewhere.clone()]);
        let of_alice = document.calls.iter();
        let mut of_alice = of_alice.filter(|call| text(call, "from").contains("alice"));
        let call = of_alice.next().expect("the call of alice");
        assert_eq!(text(call, "outcome"), outcome, "{end}");
    }
}

#[test]
fn a_capture_point_that_ended_proves_no_missing_refresh() {
    let register = "0.0 alice -> bob REGISTER call=9\n    Expires: 60\n\
                    0.1 bob -> alice 200 of REGISTER call=9\n    Expires: 60\nend ";
    let later = "600.0 carol -> dave MESSAGE call=8\n600.1 dave -> carol 200 of MESSAGE call=8\n\
                 end 700\n";
    let elsewhere = packets(&ELSEWHERE.replace("end 120\n", later));
    for (end, word) in [("59", "open"), ("700", "expired")] {
        let seen = packets(&format!("{register}{end}"));
        let document = analyze(&[seen, elsewhere.clone()]);
        assert_eq!(text(&document.series[0], "kind"), "registration");
        assert_eq!(text(&document.series[0], "end"), word, "{end}");
    }
}

#[test]
fn a_series_goes_on_in_the_next_file() {
    let register = |time: &str| {
        format!(
            "{time}.0 alice -> bob REGISTER\n    Expires: 60\n\
             {time}.1 bob -> alice 200 of REGISTER\n    Expires: 60\n"
        )
    };
    let all = packets(&[register("0"), register("50"), register("100")].concat());
    let (first, second) = all.split_at(4);
    let document = analyze(&[first.to_vec(), second.to_vec()]);
    let [series] = document.series.as_slice() else {
        panic!("one series: {:?}", document.series);
    };
    assert_eq!(series["refreshes"], 2);
    assert_eq!(series["frames"], json!([1, 2, 3, 4]));
    let elsewhere = json!([{"capture": 1, "frames": [1, 2]}]);
    assert_eq!(series["frames_elsewhere"], elsewhere);
}

/// A call that both capture points see, and one of which one sees what alice sends and the other
/// what bob sends. Both hang up, alice first.
const DIVIDED: &str = "\
0.0 alice -> bob INVITE sdp
0.1 bob -> alice 100
1.0 bob -> alice 180
3.0 bob -> alice 486 \"Occupied\"
3.02 alice -> bob ACK
50.0 alice -> bob INVITE sdp call=2
51.0 bob -> alice 180 call=2
53.0 bob -> alice 200 sdp call=2
53.02 alice -> bob ACK call=2
60.0 alice -> bob BYE call=2
60.1 bob -> alice BYE call=2
60.2 bob -> alice 200 of BYE call=2
60.3 alice -> bob 200 of BYE call=2
end 120";

/// Which packets of the first call both capture points see.
type Shared = fn(&Packet) -> bool;

/// What one capture point sees of [`DIVIDED`] and, by a clock that is ahead by so many
/// milliseconds, the other one; of the first call it sees what is shared. From one to the other a
/// packet takes 2 ms.
fn divided(ahead: i64, is_shared: Shared) -> [Vec<Packet>; 2] {
    let packets = packets(DIVIDED);
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for (number, packet) in packets.iter().enumerate() {
        let near = packet.clone();
        let far = packet.clone().later(2_000_000);
        let is_first_call = number < 5;
        let (at_alice, at_bob) = if is_of_alice(packet) {
            (near, far)
        } else {
            (far, near)
        };
        if is_first_call || is_of_alice(packet) {
            here.push(at_alice);
        }
        if is_first_call && is_shared(packet) || !is_first_call && !is_of_alice(packet) {
            there.push(at_bob);
        }
    }
    for packet in if ahead < 0 { &mut here } else { &mut there } {
        packet.time_ns += ahead.unsigned_abs() * 1_000_000;
    }
    [here, there]
}

fn is_of_alice(packet: &Packet) -> bool {
    packet.bytes[26..30] == [192, 0, 2, 1]
}

#[test]
fn clocks_that_are_apart_are_brought_together() {
    // How far the clock is ahead, and what is left of that, in milliseconds.
    for (ahead, left) in [
        (0, 0),
        (4, 4),
        (6, 0),
        (300, 0),
        (-300, 0),
        (3_000, 0),
        (-3_000, 0),
    ] {
        let document = analyze(&divided(ahead, |_| true));
        assert_eq!(document.calls.len(), 2, "{ahead}");
        let call = |number: usize| document.calls[number].clone();
        // The messages of the first call tell the offset but for the way, 2 ms; from there clocks
        // drift by 3 ms in half a minute.
        let error = |drift: i64| {
            if ahead == left {
                Value::Null
            } else {
                json!(drift as f64)
            }
        };
        let shown = |call: Value| {
            [
                "pdd_ms",
                "setup_ms",
                "talk_ms",
                "ended_by",
                "retransmissions",
                "reason",
                "clock_error_ms",
            ]
            .map(|field| call[field].clone())
        };
        let ms = |time: i64| json!(time as f64);
        let busy = [
            ms(1_000 + left.min(2)),
            Value::Null,
            Value::Null,
            Value::Null,
            json!(0),
            json!("Occupied"),
            error(2),
        ];
        assert_eq!(shown(call(0)), busy, "{ahead}");
        let answered = [
            ms(1_000 + left),
            ms(3_000 + left),
            ms(7_000 - left),
            json!("caller"),
            json!(0),
            json!("OK"),
            error(8),
        ];
        assert_eq!(shown(call(1)), answered, "{ahead}");
    }
}

#[test]
fn times_stamped_by_clocks_that_disagree_are_left_out() {
    let cases: [(&str, Shared, i64, u64); 6] = [
        ("clocks agree", |_| true, 4, 0),
        ("messages of both ways tell", |_| true, 300, 0),
        (
            "messages of one way tell nothing",
            |packet| !is_of_alice(packet),
            7,
            0,
        ),
        (
            "messages of one way tell that",
            |packet| !is_of_alice(packet),
            8,
            1,
        ),
        ("no message tells", |_| false, 10, 0),
        ("an ACK before its 200 tells that", |_| false, 300, 1),
    ];
    for (what, is_shared, ahead, untimed) in cases {
        let document = analyze(&divided(ahead, is_shared));
        assert_eq!(document.metrics["attempts"], 2, "{what}");
        assert_eq!(document.metrics["excluded"]["untimed"], untimed, "{what}");
        assert_eq!(document.metrics["pdd"]["count"], 2 - untimed, "{what}");
    }
}

#[test]
fn the_order_of_files_says_nothing_about_the_order_of_legs() {
    let packets = packets(
        "host pbx 203.0.113.1\n\
         0.00 alice -> pbx INVITE sdp callee=bob\n Session-ID: ab30317f1a784dc48ff824d0d3715d86\n\
         0.05 pbx -> bob INVITE sdp call=2 caller=alice\n Session-ID: ab30317f1a784dc48ff824d0d3715d86\n\
         1.00 bob -> pbx 180 call=2\n\
         1.05 pbx -> alice 180\n\
         3.00 bob -> pbx 486 call=2\n\
         3.01 pbx -> bob ACK call=2\n\
         3.05 pbx -> alice 486\n\
         3.06 alice -> pbx ACK\n",
    );
    let alice = [192, 0, 2, 1];
    let (above, below): (Vec<Packet>, Vec<Packet>) = packets
        .into_iter()
        .partition(|packet| packet.bytes[26..30] == alice || packet.bytes[30..34] == alice);
    for files in [[above.clone(), below.clone()], [below, above]] {
        let document = analyze(&files);
        assert_eq!(document.calls.len(), 1);
        assert_eq!(document.calls[0]["pdd_ms"], 1_050.0);
        assert!(text(&document.calls[0], "src").starts_with("192.0.2.1:"));
    }
}

/// A call through a proxy that needs so many milliseconds to send a request on, and 10 for a
/// response: what one capture point sees before it and, by a clock that is ahead by so many
/// milliseconds, the other one behind it.
fn around_proxy(ahead: i64, delay: i64) -> [Vec<Packet>; 2] {
    let trace = "\
        host bob 198.51.100.2\n\
        0.00 alice -> proxy INVITE sdp\n\
        0.00 proxy -> bob INVITE forward record-route\n\
        0.80 bob -> proxy 180\n\
        0.81 proxy -> alice 180\n\
        6.00 bob -> proxy 200 sdp\n\
        6.01 proxy -> alice 200\n\
        6.03 alice -> proxy ACK\n\
        6.03 proxy -> bob ACK forward\n\
        36.00 alice -> proxy BYE\n\
        36.00 proxy -> bob BYE forward\n\
        36.60 bob -> proxy 200\n\
        36.61 proxy -> alice 200\n\
        end 120";
    let (mut above, mut below): (Vec<Packet>, Vec<Packet>) = packets(trace)
        .into_iter()
        .partition(|packet| is_of_alice(packet) || is_to_alice(packet));
    let begin = 1_000_000 * delay.unsigned_abs();
    for packet in &mut below {
        if !is_of_bob(packet) {
            packet.time_ns += begin;
        }
    }
    for packet in if ahead < 0 { &mut above } else { &mut below } {
        packet.time_ns += ahead.unsigned_abs() * 1_000_000;
    }
    [above, below]
}

fn is_to_alice(packet: &Packet) -> bool {
    packet.bytes[30..34] == [192, 0, 2, 1]
}

fn is_of_bob(packet: &Packet) -> bool {
    packet.bytes[26..30] == [198, 51, 100, 2]
}

#[test]
fn a_proxy_tells_of_the_clocks_around_it() {
    // How far the clock behind the proxy is ahead and how long the proxy takes, in milliseconds;
    // whether the clocks are brought together.
    let cases = [
        (0, 5, false),
        (0, 400, false),
        (15, 5, false),
        (16, 5, true),
        (-10, 5, false),
        (-11, 5, true),
        (700, 5, true),
        (-700, 5, true),
        (-700, 30, true),
        (-700, 31, false),
        (-3_000, 5, true),
    ];
    for (ahead, delay, is_corrected) in cases {
        let document = analyze(&around_proxy(ahead, delay));
        let call = &document.calls[0];
        let error = &call["clock_error_ms"];
        assert_eq!(error.is_number(), is_corrected, "{ahead} {delay}");
        if !is_corrected {
            continue;
        }
        let shown = ["pdd_ms", "setup_ms", "talk_ms", "ended_by"].map(|field| call[field].clone());
        let expected = [json!(810.0), json!(6010.0), json!(29990.0), json!("caller")];
        assert_eq!(shown, expected, "{ahead} {delay}");
        assert_eq!(*error, json!((delay + 10) as f64 / 2.0), "{ahead} {delay}");
    }
}

#[test]
fn repeats_are_counted_whichever_capture_point_shows_them_first() {
    let trace = "0.0 0.5 1.5 3.5 7.5 15.5 31.5 alice -> bob INVITE sdp\nend 70\n";
    let here = packets(&format!("{trace}{ELSEWHERE}"));
    // Two listeners of one host, whose time stamps differ by a microsecond, now this way, now that.
    let jitter = |(number, packet): (u64, &Packet)| packet.clone().later(number % 2 * 2_000);
    let [here, there] = [
        here.iter()
            .map(|packet| packet.clone().later(1_000))
            .collect(),
        (0..).zip(&here).map(jitter).collect::<Vec<Packet>>(),
    ];
    let document = analyze(&[here, there]);
    let call = &document.calls[0];
    assert_eq!(call["outcome"], "unreachable");
    assert_eq!(call["retransmissions"], 6);
    let rules: Vec<&str> = document
        .findings
        .iter()
        .map(|found| text(found, "rule"))
        .collect();
    assert!(rules.contains(&"TXN-001"), "{rules:?}");
}
