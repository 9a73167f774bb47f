//! `KEY=VALUE` words of an expect block against the fields of a printed object.

use serde_json::Value;
use siptriage_testkit::expect::Field;

use crate::document::text;

/// Times are printed in milliseconds with the digits of a capture; this is below the last one.
const SAME_MILLISECONDS: f64 = 1e-6;

/// One line for each word that does not hold for the object.
pub(super) fn differences(wanted: &[Field], object: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for Field { key, value } in wanted {
        match field(key, object) {
            Some(found) if holds(value, &found) => {}
            Some(found) => lines.push(format!("{key}={value} expected, got {}", plain(&found))),
            None => lines.push(format!("{key}={value} expected, there is no such field")),
        }
    }
    lines
}

/// A finding in one line.
pub(super) fn shown(finding: &Value) -> String {
    let of_call = finding["call"].as_u64().map(|call| format!(" call {call}"));
    format!(
        "{} {}{} frames {}: {}",
        text(finding, "severity"),
        text(finding, "rule"),
        of_call.unwrap_or_default(),
        plain(&evidence_frames(finding)),
        text(finding, "message"),
    )
}

/// The field that a key names: its own, the one in milliseconds, the frames of the evidence, how
/// many legs there are, or what a REFER caused.
fn field(key: &str, object: &Value) -> Option<Value> {
    let found = object.get(key).or_else(|| object.get(format!("{key}_ms")));
    match (key, found) {
        ("frames", None) => Some(evidence_frames(object)),
        ("legs", Some(Value::Array(legs))) => Some(legs.len().into()),
        ("session_timer", found) => Some(found.map_or_else(|| "none".into(), timer)),
        ("transfers", found) => Some(found.map_or_else(Vec::new, transfers).into()),
        ("superseded", found) => Some(found.map_or_else(Vec::new, superseded).into()),
        ("usages", found) => Some(found.map_or_else(Vec::new, usages).into()),
        ("caused_by", found) => Some(found.map_or("nothing".into(), |cause| named(cause).into())),
        (_, found) => found.cloned(),
    }
}

/// A session timer as `SECONDS:REFRESHER:REFRESHES`, and `:lapsed` where it did.
fn timer(timer: &Value) -> Value {
    let lapsed = if timer["lapsed"] == true {
        ":lapsed"
    } else {
        ""
    };
    let refresher = text(timer, "refresher");
    let words = format!(
        "{}:{refresher}:{}{lapsed}",
        timer["seconds"], timer["refreshes"]
    );
    words.into()
}

/// Each transfer as `RESULT` or, with the call that it caused, `RESULT:CALL:REASON`.
fn transfers(transfers: &Value) -> Vec<String> {
    let transfers = transfers.as_array().into_iter().flatten();
    transfers
        .map(|transfer| match &transfer["caused"] {
            Value::Null => text(transfer, "result").to_owned(),
            cause => format!("{}:{}", text(transfer, "result"), named(cause)),
        })
        .collect()
}

/// What each superseded attempt came to: a status, or `none`.
fn superseded(attempts: &Value) -> Vec<String> {
    let attempts = attempts.as_array().into_iter().flatten();
    let statuses = attempts.map(|attempt| attempt["status"].as_u64());
    statuses
        .map(|status| status.map_or_else(|| "none".to_owned(), |status| status.to_string()))
        .collect()
}

/// Each usage of a dialog as `session` or its event package, and by what it ended: `refer:notify`,
/// `session:failure-481`, `session:lasts`; with `+` before it where its begin was not captured.
fn usages(usages: &Value) -> Vec<String> {
    let usages = usages.as_array().into_iter().flatten();
    usages
        .map(|usage| {
            let before = if usage["begun"].is_null() { "+" } else { "" };
            let what = usage["event"].as_str().unwrap_or("session");
            let end = usage["ended_by"].as_str().unwrap_or("lasts");
            let status = usage["status"].as_u64();
            let status = status.map_or(String::new(), |status| format!("-{status}"));
            format!("{before}{what}:{end}{status}")
        })
        .collect()
}

/// A call that is a cause or caused, as `CALL:REASON`.
fn named(cause: &Value) -> String {
    format!("{}:{}", cause["call"], text(cause, "reason"))
}

fn evidence_frames(finding: &Value) -> Value {
    let evidence = finding["evidence"].as_array();
    evidence
        .into_iter()
        .flatten()
        .map(|proof| proof["frame"].clone())
        .collect()
}

fn holds(wanted: &str, found: &Value) -> bool {
    match (found, wanted.parse::<f64>()) {
        (Value::Number(found), Ok(wanted)) => found
            .as_f64()
            .is_some_and(|found| (found - wanted).abs() <= SAME_MILLISECONDS),
        _ => plain(found) == wanted,
    }
}

/// A value as an expect block writes it: text without quotes, a list with commas.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
