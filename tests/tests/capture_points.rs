//! Several capture points: each proves what it saw for as long as it was at work, and times need
//! clocks that agree.

use std::io::Write;

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

/// A call that both capture points see, and one of which one sees the requests and the other the
/// responses.
const DIVIDED: &str = "\
0.0 alice -> bob INVITE sdp
1.0 bob -> alice 180
3.0 bob -> alice 486
3.02 alice -> bob ACK
50.0 alice -> bob INVITE sdp call=2
51.0 bob -> alice 180 call=2
53.0 bob -> alice 486 call=2
53.02 alice -> bob ACK call=2
end 120";

#[test]
fn times_stamped_by_clocks_that_disagree_are_left_out() {
    let packets = packets(DIVIDED);
    let (both, divided) = packets.split_at(4);
    let is_request = |packet: &&Packet| packet.bytes[26..30] == [192, 0, 2, 1];
    let (requests, responses): (Vec<&Packet>, Vec<&Packet>) = divided.iter().partition(is_request);
    for (behind, untimed) in [(4, 0), (300, 1)] {
        let here = both.iter().chain(requests.iter().copied()).cloned();
        let there = both.iter().chain(responses.iter().copied()).cloned();
        let there = there.map(|packet| packet.later(behind * 1_000_000));
        let document = analyze(&[here.collect(), there.collect()]);
        assert_eq!(document.metrics["attempts"], 2);
        assert_eq!(document.metrics["excluded"]["untimed"], untimed, "{behind}");
        assert_eq!(document.metrics["pdd"]["count"], 2 - untimed, "{behind}");
    }
}
