//! The totals of a generated capture against those of the document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::truth::Truth;
use crate::document::Document;

/// REGISTER requests of one attempt at a password.
const REGISTERS_OF_SCAN: u64 = 2;

/// One line for each total that differs.
pub(super) fn compare_totals(truth: &Truth, document: &Document) -> Vec<String> {
    let of_captures = |name: &str| -> u64 {
        let numbers = document.captures.iter().map(|capture| &capture[name]);
        numbers.filter_map(Value::as_u64).sum()
    };
    let of_calls = |name: &str| -> u64 {
        let numbers = document.calls.iter().map(|call| &call[name]);
        numbers.filter_map(Value::as_u64).sum()
    };
    let skipped = |capture: &Value| capture["skipped"].as_array().map_or(0, Vec::len) as u64;
    let excluded = &document.metrics["excluded"];
    let totals = [
        ("calls", truth.calls, document.calls.len() as u64),
        ("frames", truth.frames, of_captures("frames")),
        ("messages", truth.messages, of_captures("sip_messages")),
        ("media packets", truth.media_packets, of_captures("not_sip")),
        ("duplicates", 0, of_captures("duplicates")),
        (
            "kinds of packets passed over",
            0,
            document.captures.iter().map(skipped).sum(),
        ),
        (
            "retransmissions",
            truth.retransmissions.values().sum(),
            of_calls("retransmissions"),
        ),
        (
            "calls of scanners",
            scans(truth, "scan_invite"),
            number(&excluded["scanners"]),
        ),
        ("calls in progress", 0, number(&excluded["in_progress"])),
        ("calls begun before", 0, number(&excluded["partial"])),
        (
            "REGISTER transactions",
            transactions(&truth.requests, &truth.retransmissions, "REGISTER")
                .saturating_sub(REGISTERS_OF_SCAN * scans(truth, "scan_register")),
            number(&document.metrics["ira"]["denominator"]),
        ),
    ];
    let codes = &document.metrics["bridge"]["codes"];
    // The truth does not tell the 2xx to a re-INVITE from that to an INVITE, nor what scanners got.
    let codes_apart = scans(truth, "scan_invite") == 0;
    let finals = (300..700).filter(|_| codes_apart).map(|code| {
        let kind = format!("{code} INVITE");
        let made = transactions(&truth.responses, &truth.retransmissions, &kind);
        (kind, made, number(&codes[code.to_string()]))
    });
    let totals = totals.map(|(what, made, printed)| (what.to_owned(), made, printed));
    let differ = totals
        .into_iter()
        .chain(finals)
        .filter(|(_, made, printed)| made != printed);
    differ
        .map(|(what, made, printed)| format!("{made} {what} made, {printed} printed"))
        .collect()
}

/// Call-IDs of scanners of one kind.
fn scans(truth: &Truth, kind: &str) -> u64 {
    let scenarios = truth.scenarios.iter();
    scenarios
        .filter(|scenario| scenario.outcome == kind)
        .count() as u64
}

/// Messages of a kind, copies left out.
fn transactions(all: &BTreeMap<String, u64>, copies: &BTreeMap<String, u64>, kind: &str) -> u64 {
    let of = |counts: &BTreeMap<String, u64>| counts.get(kind).copied().unwrap_or(0);
    of(all).saturating_sub(of(copies))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}
