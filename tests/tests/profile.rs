//! A profile through the whole line: names of trunks, how responses count, links between legs.

use std::io::Write;

use serde_json::Value;
use siptriage_testkit::{Fixture, Variation, capture};
use siptriage_tests::program::{self, Run};
use tempfile::NamedTempFile;

/// A call that two carriers refuse, then one through a back-to-back user agent.
const TRACE: &str = "\
host pbx 192.0.2.1
host carrier 198.51.100.2
host other 203.0.113.3
0.0 pbx -> carrier INVITE sdp
0.1 carrier -> pbx 503
0.12 pbx -> carrier ACK
0.2 pbx -> other INVITE sdp same-cseq
0.3 other -> pbx 480
0.32 pbx -> other ACK
100.0 other -> pbx INVITE sdp call=2 caller=one callee=two
    X-Leg-Id: 4711
100.1 pbx -> carrier INVITE sdp call=3 caller=three callee=four
    X-Leg-Id: 4711
100.2 carrier -> pbx 486 call=3
100.22 pbx -> carrier ACK call=3
100.3 pbx -> other 486 call=2
100.32 other -> pbx ACK call=2
end 200
";

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("the temporary file is ours");
    file
}

fn run(profile: &str) -> Run {
    let text = format!("## a\n```trace\n{TRACE}```\n```expect\nno findings\n```\n");
    let fixture = Fixture::parse(&text).expect("the trace is well-formed");
    let packets = fixture.cases[0].trace.packets(&Variation::default());
    let capture = file(&capture::write_pcap(&packets));
    let profile = file(profile.as_bytes());
    program::run([
        "analyze".as_ref(),
        "--format".as_ref(),
        "json".as_ref(),
        "--profile".as_ref(),
        profile.path().as_os_str(),
        capture.path().as_os_str(),
    ])
}

fn metrics(profile: &str) -> Value {
    let run = run(profile);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut document: Value = serde_json::from_str(&run.out).expect("a document");
    document["metrics"].take()
}

/// The trunk's name or hosts, its direction, attempts, and those that failed or were busy.
fn trunks(metrics: &Value) -> Vec<String> {
    let trunks = metrics["trunks"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    trunks
        .map(|trunk| {
            let [name, src, dst] = ["name", "src", "dst"].map(|key| text(&trunk[key]));
            format!(
                "{name} {} {src} {dst}: {} failed {} busy {}",
                text(&trunk["direction"]),
                trunk["attempts"],
                trunk["failed"],
                trunk["busy"],
            )
        })
        .collect()
}

#[test]
fn without_a_profile_trunks_are_pairs_of_hosts() {
    let metrics = metrics("");
    assert_eq!(
        trunks(&metrics),
        [
            "- - 192.0.2.1 198.51.100.2: 2 failed 1 busy 1",
            "- - 192.0.2.1 203.0.113.3: 1 failed 0 busy 0",
            "- - 203.0.113.3 192.0.2.1: 1 failed 0 busy 1",
        ]
    );
    assert_eq!(metrics["attempts"], 3);
    assert_eq!(metrics["failed"], 0);
}

#[test]
fn a_profile_names_trunks_and_says_how_their_responses_count() {
    let metrics = metrics(
        "[[peer]]\nname = \"other\"\naddresses = [\"203.0.113.0/24\"]\n\
         codes.480 = { counts = \"failed\", fault = \"network\" }\n",
    );
    assert_eq!(
        trunks(&metrics),
        [
            "- - 192.0.2.1 198.51.100.2: 2 failed 1 busy 1",
            "other in - -: 1 failed 0 busy 1",
            "other out - -: 1 failed 1 busy 0",
        ]
    );
    assert_eq!(metrics["fail_net"]["numerator"], 1);
    assert_eq!(metrics["outcomes"]["unavailable"], 1);
}

#[test]
fn a_header_of_the_site_links_legs() {
    let metrics = metrics("[link]\nheaders = [\"x-leg-id\"]\n");
    assert_eq!(metrics["attempts"], 2);
    assert_eq!(trunks(&metrics).len(), 3);
}

#[test]
fn an_ignored_source_makes_no_calls() {
    let metrics =
        metrics("[[peer]]\nname = \"probe\"\naddresses = [\"203.0.113.3\"]\nrole = \"ignored\"\n");
    assert_eq!(metrics["attempts"], 2);
    assert_eq!(metrics["excluded"]["ignored"], 1);
}

#[test]
fn a_profile_that_cannot_be_used_is_wrong_usage() {
    let run = run("[[peer]]\nname = \"a\"\naddresses = [\"x\"]\n");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`x` is no address"), "{}", run.err);
}
