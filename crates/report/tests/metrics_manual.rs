//! The metrics manual against the program: every name, and the table of codes.

use std::fmt::Write;

use siptriage_correlate::Metrics;
use siptriage_correlate::outcome::{Before, of_status};
use siptriage_sip::codes;

fn manual() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/metrics.md");
    std::fs::read_to_string(path).expect("docs/metrics.md is there")
}

#[test]
fn every_number_is_defined() {
    let manual = manual();
    let metrics = Metrics::default();
    let ratios = metrics.ratios().map(|(name, _)| name);
    let times = metrics.distributions().map(|(name, _)| name);
    for name in ratios.iter().chain(&times) {
        assert!(
            manual.contains(&format!("\n| `{name}` | ")),
            "no row for `{name}`"
        );
    }
}

#[test]
fn the_table_of_codes_is_the_programs() {
    let manual = manual();
    let (_, rest) = manual.split_once("<!-- codes -->\n").unwrap();
    let (table, _) = rest.split_once("<!-- end of codes -->").unwrap();
    assert!(
        table == rendered(),
        "the table of codes should be:\n{}",
        rendered()
    );
}

/// One row a code that can end an INVITE.
fn rendered() -> String {
    let mut table = "| code | phrase | outcome | rang | failure | usual fault | delivered |\n\
                     |---|---|---|---|---|---|---|\n"
        .to_owned();
    for code in codes::all().iter().filter(|code| code.status.is_final()) {
        let outcome = |rang| {
            of_status(
                code.status,
                Before {
                    rang,
                    network_blocked: false,
                },
            )
        };
        let rang = if outcome(true) == outcome(false) {
            ""
        } else {
            outcome(true).name()
        };
        writeln!(
            table,
            "| {} | {} | {} | {rang} | {} | {} | {} |",
            code.status,
            code.phrase,
            outcome(false).name(),
            code.failure.name(),
            code.fault_domain.name(),
            code.ner.name(),
        )
        .expect("a String takes everything");
    }
    table
}
