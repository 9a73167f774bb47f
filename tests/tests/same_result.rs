//! What makes no difference to the calls makes none to what is printed about them.

use siptriage_testkit::{Variation, capture};
use siptriage_tests::document::{Document, text};
use siptriage_tests::fixtures::{Placed, analyze, analyze_file, cases};

#[test]
fn every_packet_twice() {
    compare(|plain| Variation {
        duplicate_after: Some(300_000),
        ..plain
    });
}

#[test]
fn ipv6() {
    compare(|plain| Variation {
        ipv6: true,
        ..plain
    });
}

#[test]
fn a_vlan() {
    compare(|plain| Variation {
        vlan: Some(7),
        ..plain
    });
}

#[test]
fn fragments() {
    compare(|plain| Variation {
        mtu_bytes: Some(296),
        ..plain
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for Placed { name, case } in calls() {
        let file = capture::write_pcapng(&case.trace.packets(&Variation::default()));
        let [first, second] = [&file, &file].map(|file| analyze_file(file).expect("a file"));
        assert_eq!(
            without_path(&first.out),
            without_path(&second.out),
            "{name}"
        );
    }
}

/// Analyses every case as it stands and varied, and compares what matters.
fn compare(vary: fn(Variation) -> Variation) {
    let mut differences = Vec::new();
    for Placed { name, case } in calls() {
        let [plain, varied] = [Variation::default(), vary(Variation::default())].map(|variation| {
            analyze(&case.trace.packets(&variation)).map(|document| gist(&document))
        });
        match (plain, varied) {
            (Ok(plain), Ok(varied)) if plain == varied => {}
            (plain, varied) => differences.push(format!("{name}\n  {plain:?}\n  {varied:?}")),
        }
    }
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

fn calls() -> Vec<Placed> {
    let folders = ["fixtures/calls", "fixtures/series"];
    let found = folders.map(|folder| cases(folder).expect("the fixtures are readable"));
    assert!(found.iter().all(|cases| !cases.is_empty()));
    found.concat()
}

/// The outcomes in order, the findings at or above warning, and the series.
fn gist(document: &Document) -> Vec<String> {
    let outcomes = document.calls.iter().map(|call| {
        format!(
            "{} {} {}",
            call["call"],
            text(call, "outcome"),
            call["retransmissions"]
        )
    });
    let grave = document
        .findings
        .iter()
        .filter(|finding| text(finding, "severity") != "info");
    let grave = grave.map(|finding| format!("{} {}", text(finding, "rule"), finding["call"]));
    let series = document.series.iter().map(|series| {
        let counted = [&series["requests"], &series["refreshes"], &series["status"]];
        format!(
            "{} {} {counted:?}",
            text(series, "kind"),
            text(series, "end")
        )
    });
    outcomes.chain(grave).chain(series).collect()
}

/// A document without the name of the file, which is new each time.
fn without_path(document: &str) -> String {
    let mut document: serde_json::Value = serde_json::from_str(document).expect("JSON");
    for capture in document["captures"].as_array_mut().into_iter().flatten() {
        capture["path"].take();
    }
    document.to_string()
}
