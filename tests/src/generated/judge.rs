//! Call by call: the printed outcome and findings against the truth.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::expected::{Expected, Transport, expected};
use super::totals::compare_totals;
use super::truth::Truth;
use crate::document::{Document, call_ids, text};

/// How the calls of one capture came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Calls with the right outcome, by outcome.
    pub right: BTreeMap<String, usize>,
    /// Faults that were found, by rule.
    pub found: BTreeMap<String, usize>,
    /// Faults that the end of the capture leaves open, by rule.
    pub incomplete: BTreeMap<String, usize>,
    /// One line for each thing that is wrong.
    pub wrong: Vec<String>,
}

/// Judges the calls of a document; `rules` are the codes that the program knows.
#[must_use]
pub fn judge(
    truth: &Truth,
    transport: Transport,
    document: &Document,
    rules: &BTreeSet<String>,
) -> Judgement {
    let mut judgement = Judgement::default();
    let calls = by_call_id(document);
    let findings = by_call(&document.findings);
    let incomplete = by_call(&document.incomplete);
    for scenario in &truth.scenarios {
        let Some(expected) = expected(scenario, transport) else {
            judgement
                .wrong
                .push(format!("unknown scenario {scenario:?}"));
            continue;
        };
        let call = calls.get(scenario.call_id.as_str()).copied();
        let id = &scenario.call_id;
        let outcome = call.map(|call| text(call, "outcome"));
        let is_right = match outcome {
            Some(outcome) => expected.outcomes.contains(&outcome),
            None => expected.outcomes.is_empty(),
        };
        if is_right {
            *judgement
                .right
                .entry(outcome.unwrap_or("no call").to_owned())
                .or_default() += 1;
        } else {
            let wanted = expected.outcomes.first().unwrap_or(&"no call");
            let got = outcome.unwrap_or("no call");
            let about = scenario.anomalies.join(",");
            judgement
                .wrong
                .push(format!("{id}: {wanted} expected, {got} printed ({about})"));
        }
        let number = call.and_then(|call| call["call"].as_u64());
        let of_call = |index: &HashMap<u64, Vec<Value>>| {
            number
                .and_then(|number| index.get(&number).cloned())
                .unwrap_or_default()
        };
        let (findings, open) = (of_call(&findings), of_call(&incomplete));
        judgement.weigh(id, &expected, &findings, &open, rules);
    }
    for finding in &document.findings {
        if finding["call"].is_null() && text(finding, "severity") != "info" {
            judgement
                .wrong
                .push(format!("finding of no call: {finding}"));
        }
    }
    judgement.wrong.extend(compare_totals(truth, document));
    judgement
}

impl Judgement {
    /// Holds the findings of one call against what it owes.
    fn weigh(
        &mut self,
        call_id: &str,
        expected: &Expected,
        findings: &[Value],
        open: &[Value],
        rules: &BTreeSet<String>,
    ) {
        for owed in &expected.owed {
            let among = |objects: &[Value]| {
                let mut codes = objects.iter().map(|object| text(object, "rule"));
                codes.find(|code| owed.contains(code)).map(str::to_owned)
            };
            if let Some(code) = among(findings) {
                *self.found.entry(code).or_default() += 1;
            } else if let Some(code) = among(open) {
                *self.incomplete.entry(code).or_default() += 1;
            } else if owed.iter().any(|code| rules.contains(*code)) {
                self.wrong
                    .push(format!("{call_id}: {} not found", owed.join(" or ")));
            }
        }
        for finding in findings {
            let code = text(finding, "rule");
            let severity = text(finding, "severity");
            if severity != "info" && !expected.allows(code) {
                let message = text(finding, "message");
                self.wrong
                    .push(format!("{call_id}: {severity} {code} is false: {message}"));
            }
        }
    }
}

/// The calls by the Call-ID of each of their legs.
fn by_call_id(document: &Document) -> HashMap<&str, &Value> {
    let mut calls = HashMap::new();
    for call in &document.calls {
        calls.extend(call_ids(call).map(|id| (id, call)));
    }
    calls
}

/// Findings or incomplete verdicts by the number of their call.
fn by_call(objects: &[Value]) -> HashMap<u64, Vec<Value>> {
    let mut calls: HashMap<u64, Vec<Value>> = HashMap::new();
    for object in objects {
        if let Some(call) = object["call"].as_u64() {
            calls.entry(call).or_default().push(object.clone());
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::judge;
    use crate::document::Document;
    use crate::generated::{Transport, Truth};

    const TOTALS: &str = r#"{"requests": {"INVITE": 8}, "responses_by_method": {"200 INVITE": 1},
        "retransmissions": {"INVITE": 6}, "invite_call_ids": 2, "call_ids": 3, "packets": 12,
        "rtp_packets": 0, "sip_messages": 12}"#;
    const TABLE: &str = "call_id\tscenario\toutcome\tanomalies\n\
        a\tinvite_timeout\ttimeout_no_response\tinvite_no_response\n\
        b\tanswered\tanswered\t-\nc\toptions\toptions_ok\t-\n";

    #[test]
    fn a_right_document_is_right() {
        let document = document(
            "answered",
            r#"{"rule": "TXN-001", "severity": "critical", "call": 1}"#,
        );
        let judgement = judge(&truth(), Transport::Udp, &document, &rules());
        assert_eq!(judgement.wrong, Vec::<String>::new());
        assert_eq!(judgement.found["TXN-001"], 1);
        assert_eq!(judgement.right.values().sum::<usize>(), 3);
    }

    #[test]
    fn a_wrong_outcome_a_false_finding_and_a_missed_one_are_seen() {
        let finding = r#"{"rule": "DLG-001", "severity": "error", "call": 2, "message": "m"}"#;
        let judgement = judge(
            &truth(),
            Transport::Udp,
            &document("busy", finding),
            &rules(),
        );
        let wrong = [
            "a: TXN-001 not found",
            "b: answered expected, busy printed ()",
            "b: error DLG-001 is false: m",
        ];
        assert_eq!(judgement.wrong, wrong);
    }

    #[test]
    fn a_wrong_total_is_seen() {
        let mut truth = truth();
        truth.messages += 1;
        truth.responses.insert("486 INVITE".to_owned(), 1);
        let finding = r#"{"rule": "TXN-001", "severity": "critical", "call": 1}"#;
        let judgement = judge(
            &truth,
            Transport::Udp,
            &document("answered", finding),
            &rules(),
        );
        let wrong = [
            "13 messages made, 12 printed",
            "1 486 INVITE made, 0 printed",
        ];
        assert_eq!(judgement.wrong, wrong);
    }

    fn truth() -> Truth {
        Truth::parse(TOTALS, TABLE).unwrap()
    }

    fn rules() -> BTreeSet<String> {
        BTreeSet::from(["TXN-001".to_owned()])
    }

    fn document(outcome: &str, finding: &str) -> Document {
        let text = format!(
            r#"{{"schema_version": 1, "series": [], "incomplete": [], "findings": [{finding}],
            "captures": [{{"frames": 12, "sip_messages": 12, "not_sip": 0, "duplicates": 0,
            "skipped": []}}],
            "metrics": {{"bridge": {{"codes": {{"200": 1}}}}, "ira": {{"denominator": 0}},
            "excluded": {{"in_progress": 0, "partial": 0, "scanners": 0}}}},
            "calls": [{{"call": 1, "outcome": "unreachable", "retransmissions": 6,
            "legs": [{{"call_id": "a"}}]}}, {{"call": 2, "outcome": "{outcome}",
            "retransmissions": 0, "legs": [{{"call_id": "b"}}]}}]}}"#
        );
        Document::parse(&text).unwrap()
    }
}
