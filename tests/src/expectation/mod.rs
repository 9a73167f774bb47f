//! Holds what `analyze` printed about a fixture's trace against the fixture's expect block.

mod field;

use serde_json::Value;
use siptriage_testkit::Expect;
use siptriage_testkit::expect::{
    ExpectedCall, ExpectedFinding, ExpectedMetric, ExpectedSeries, MetricValue, Severity,
};

use crate::document::{Document, text};
use field::{differences, shown};

/// One line for each statement that does not hold, and for each finding that none of them lists.
#[must_use]
pub fn mismatches(expect: &Expect, document: &Document) -> Vec<String> {
    let mut lines = calls(expect, &document.calls);
    lines.extend(series(expect, &document.series));
    lines.extend(findings(expect, &document.findings));
    let incomplete: Vec<&Value> = document.incomplete.iter().collect();
    let (unmet, _) = pair(&expect.incomplete, incomplete);
    lines.extend(unmet.iter().map(|line| format!("incomplete {line}")));
    lines.extend(
        expect
            .metrics
            .iter()
            .filter_map(|metric| metric_mismatch(metric, document)),
    );
    lines
}

fn calls(expect: &Expect, calls: &[Value]) -> Vec<String> {
    if expect.no_calls && !calls.is_empty() {
        return vec![format!("no calls expected, got {}", outcomes(calls))];
    }
    if expect.calls.is_empty() {
        return Vec::new();
    }
    if expect.calls.len() != calls.len() {
        let wanted: Vec<&str> = expect
            .calls
            .iter()
            .map(|call| call.outcome.as_str())
            .collect();
        let wanted = format!("{} calls ({})", wanted.len(), wanted.join(", "));
        return vec![format!("expected {wanted}, got {}", outcomes(calls))];
    }
    let pairs = expect.calls.iter().zip(calls).enumerate();
    pairs
        .filter_map(|(index, (wanted, call))| call_mismatch(index + 1, wanted, call))
        .collect()
}

fn series(expect: &Expect, series: &[Value]) -> Vec<String> {
    let found: Vec<&str> = series.iter().map(|series| text(series, "kind")).collect();
    let wanted: Vec<&str> = expect
        .series
        .iter()
        .map(|series| series.kind.as_str())
        .collect();
    if (expect.no_series || !wanted.is_empty()) && found != wanted {
        return vec![format!("series {wanted:?} expected, got {found:?}")];
    }
    let pairs = expect.series.iter().zip(series);
    let lines = pairs.map(|(wanted, series)| (wanted, differences(&wanted.fields, series)));
    let unmet = lines.filter(|(_, lines)| !lines.is_empty());
    unmet
        .map(|(wanted, lines)| {
            let ExpectedSeries { kind, line, .. } = wanted;
            format!(
                "series {kind} (line {line} of the block): {}",
                lines.join("; ")
            )
        })
        .collect()
}

fn outcomes(calls: &[Value]) -> String {
    let outcomes: Vec<&str> = calls.iter().map(|call| text(call, "outcome")).collect();
    format!("{} calls ({})", outcomes.len(), outcomes.join(", "))
}

fn call_mismatch(number: usize, wanted: &ExpectedCall, call: &Value) -> Option<String> {
    let mut lines = Vec::new();
    if text(call, "outcome") != wanted.outcome {
        lines.push(format!(
            "{} expected, got {}",
            wanted.outcome,
            text(call, "outcome")
        ));
    }
    if wanted.status.is_some_and(|status| call["status"] != status) {
        lines.push(format!(
            "status {:?} expected, got {}",
            wanted.status, call["status"]
        ));
    }
    lines.extend(differences(&wanted.fields, call));
    (!lines.is_empty()).then(|| format!("call {number}: {}", lines.join("; ")))
}

fn findings(expect: &Expect, findings: &[Value]) -> Vec<String> {
    let in_scope = |finding: &&Value| {
        let rule = text(finding, "rule");
        (expect.only.is_empty() || expect.only.iter().any(|only| only == rule))
            && severity(text(finding, "severity")) >= expect.at
    };
    let (unmet, unlisted) = pair(&expect.findings, findings.iter().filter(in_scope).collect());
    let mut lines: Vec<String> = unmet.iter().map(|line| format!("finding {line}")).collect();
    for finding in unlisted {
        lines.push(format!("finding not expected: {}", shown(finding)));
    }
    lines
}

/// The order of severities; a word that is none counts as the gravest, so that it is looked at.
fn severity(word: &str) -> Severity {
    match word {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        "error" => Severity::Error,
        _ => Severity::Critical,
    }
}

/// Gives each expectation an object of its rule whose fields agree: a line for each one that gets
/// none, and the objects left over.
fn pair<'a>(
    wanted: &[ExpectedFinding],
    mut objects: Vec<&'a Value>,
) -> (Vec<String>, Vec<&'a Value>) {
    let mut unmet = Vec::new();
    for finding in wanted {
        let of_rule = |object: &&Value| text(object, "rule") == finding.rule;
        let agrees =
            |object: &&Value| of_rule(object) && differences(&finding.fields, object).is_empty();
        if let Some(place) = objects.iter().position(agrees) {
            objects.remove(place);
            continue;
        }
        let near = objects.iter().copied().find(of_rule);
        let why = near.map_or_else(
            || "expected, not printed".to_owned(),
            |object| differences(&finding.fields, object).join("; "),
        );
        unmet.push(format!(
            "{} (line {} of the block): {why}",
            finding.rule, finding.line
        ));
    }
    (unmet, objects)
}

fn metric_mismatch(wanted: &ExpectedMetric, document: &Document) -> Option<String> {
    let metric = &document.metrics[wanted.name.as_str()];
    let holds = match &wanted.value {
        MetricValue::Ratio {
            numerator,
            denominator,
        } => metric["numerator"] == *numerator && metric["denominator"] == *denominator,
        MetricValue::Count(count) => metric == count || metric["count"] == *count,
        MetricValue::Distribution(fields) => differences(fields, metric).is_empty(),
    };
    (!holds).then(|| {
        format!(
            "metric {} {:?} expected, got {metric}",
            wanted.name, wanted.value
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use siptriage_testkit::Expect;

    use super::mismatches;
    use crate::document::Document;

    #[test]
    fn what_is_so_has_no_mismatch() {
        let expect = "call answered 200 talk=30000 legs=1 ended_by=caller setup=null\n\
            finding DLG-001 severity=error frames=4,5 call=1\nincomplete TXN-001 call=1\n\
            series options end=answered\n\
            metric asr 1/2\nmetric attempts 2\nmetric pdd p50=800 count=1\n";
        assert_eq!(check(expect), Vec::<String>::new());
    }

    #[test]
    fn each_statement_can_fail() {
        for (expect, mismatch) in [
            (
                "no calls\nfindings only X-1",
                "no calls expected, got 1 calls (answered)",
            ),
            (
                "call busy\nfindings only X-1",
                "call 1: busy expected, got answered",
            ),
            (
                "call answered legs=2\nfindings only X-1",
                "call 1: legs=2 expected, got 1",
            ),
            (
                "call answered\ncall busy\nfindings only X-1",
                "expected 2 calls (answered, busy), got 1 calls (answered)",
            ),
            (
                "finding DLG-001 frames=4",
                "finding DLG-001 (line 1 of the block): frames=4 expected, got 4,5",
            ),
            (
                "no findings\nfindings at error",
                "finding not expected: error DLG-001 call 1 frames 4,5: m",
            ),
            (
                "findings only X-1\nincomplete DLG-001",
                "incomplete DLG-001 (line 2 of the block): expected, not printed",
            ),
            (
                "findings only X-1\nno series",
                "series [] expected, got [\"options\"]",
            ),
            (
                "findings only X-1\nseries options end=open",
                "series options (line 2 of the block): end=open expected, got answered",
            ),
            (
                "findings at critical\nmetric attempts 3",
                "metric attempts Count(3) expected, got 2",
            ),
        ] {
            let found = check(expect);
            assert!(
                found.iter().any(|line| line == mismatch),
                "{expect}: {found:#?}"
            );
        }
    }

    #[test]
    fn what_is_out_of_scope_is_not_looked_at() {
        assert_eq!(
            check("no findings\nfindings at critical"),
            Vec::<String>::new()
        );
        assert_eq!(
            check("no findings\nfindings only TXN-001"),
            Vec::<String>::new()
        );
    }

    fn check(expect: &str) -> Vec<String> {
        let document = json!({
            "schema_version": 1,
            "captures": [],
            "calls": [{"call": 1, "outcome": "answered", "status": 200, "talk_ms": 30000.0,
                "setup_ms": null, "ended_by": "caller", "legs": [{"call_id": "a", "link": null}]}],
            "findings": [{"rule": "DLG-001", "severity": "error", "call": 1, "message": "m",
                "evidence": [{"frame": 4, "note": ""}, {"frame": 5, "note": ""}]}],
            "incomplete": [{"rule": "TXN-001", "call": 1, "why": ""}],
            "series": [{"kind": "options", "end": "answered"}],
            "metrics": {"attempts": 2, "asr": {"value": 0.5, "numerator": 1, "denominator": 2},
                "pdd": {"count": 1, "p50": 800.0}},
        });
        let document = Document::parse(&document.to_string()).unwrap();
        mismatches(&Expect::parse(expect).unwrap(), &document)
    }
}
