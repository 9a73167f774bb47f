//! STAT-001: the answer ratio of raw transactions misleads.

use siptriage_capture::Time;
use siptriage_correlate::{Metrics, Ratio};

use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::rule::{Check, Rule, Totals};

/// The rule.
pub static RULE: Rule = Rule {
    code: "STAT-001",
    name: "naive-asr-misleading",
    severity: Severity::Info,
    spec: &["ITU-T E.411", "RFC 6076 4"],
    summary: "the answer ratio of raw INVITE transactions differs from that of calls",
    finds: "The share of INVITE transactions that end with a 2xx differs from the answer seizure \
            ratio of calls by at least one percentage point. The message is the bridge from the \
            one to the other: what each correction leaves.",
    why: "Challenges, redirections, failover, the branches of forks and the hops of proxies all \
          count as failed transactions, though no caller ever noticed them.",
    not_when: &[
        "both ratios are within one percentage point",
        "one of them has no population",
    ],
    check_first: "which of the two your reports show",
    hides: &[],
    check: Check::Capture(check),
};

/// Least difference that misleads.
const DIFFERENCE: f64 = 0.01;

fn check(totals: &Totals<'_>, docket: &mut Docket) {
    let naive = totals.metrics.bridge.transactions;
    let corrected = answer_ratio(totals.metrics);
    let (Some(from), Some(to)) = (naive.value(), corrected.value()) else {
        return;
    };
    // Half a millionth keeps 1 % itself inside, whatever its binary fraction.
    if (from - to).abs() + 5e-7 < DIFFERENCE {
        return;
    }
    let charge = Charge {
        severity: RULE.severity,
        confidence: Confidence::Certain,
        time: totals.scene.end.unwrap_or(Time(0)),
        message: bridge(totals.metrics, corrected),
        evidence: Vec::new(),
    };
    docket.find(&RULE, Subject::Capture, charge);
}

fn answer_ratio(metrics: &Metrics) -> Ratio {
    Ratio::new(
        metrics.class(siptriage_correlate::Class::Answered),
        metrics.attempts(),
    )
}

/// The steps from the naive to the corrected ratio; steps that change nothing are left out.
fn bridge(metrics: &Metrics, corrected: Ratio) -> String {
    let bridge = &metrics.bridge;
    let mut at = bridge.transactions;
    let mut told = format!("of INVITE transactions {} were answered", shown(at));
    let mut step = |answered: u64, all: u64, what: String| {
        if all > 0 {
            at = Ratio::new(
                at.numerator.saturating_sub(answered),
                at.denominator.saturating_sub(all),
            );
            told.push_str(&format!("; without {what}: {}", shown(at)));
        }
    };
    step(
        0,
        bridge.challenges,
        counted(bridge.challenges, "challenge", "challenges"),
    );
    let (answered, all) = (bridge.collapsed.numerator, bridge.collapsed.denominator);
    step(
        answered,
        all,
        counted(all, "branch or hop", "branches and hops"),
    );
    let all = bridge.superseded;
    step(
        0,
        all,
        counted(all, "superseded attempt", "superseded attempts"),
    );
    if at == corrected {
        told.push_str(" = ASR of calls");
    } else {
        let added = "with calls that got no final response, without answers to callers who had \
                     given up";
        told.push_str(&format!("; {added}: {} = ASR of calls", shown(corrected)));
    }
    told
}

/// `12/20 = 60.00 %`.
fn shown(ratio: Ratio) -> String {
    let value = ratio
        .value()
        .map_or_else(|| "-".to_owned(), |value| format!("{:.2} %", value * 100.0));
    format!("{}/{} = {value}", ratio.numerator, ratio.denominator)
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use siptriage_correlate::{Class, Scene, Traffic};

    /// The test vector of the metrics manual: 20 attempts, all challenged once, two forked to
    /// three branches, one redirected, one failed over.
    fn vector() -> Metrics {
        let mut metrics = Metrics::default();
        metrics.bridge.transactions = Ratio::new(14, 48);
        metrics.bridge.challenges = 20;
        metrics.bridge.collapsed = Ratio::new(2, 6);
        metrics.bridge.superseded = 2;
        metrics.classes[Class::Answered as usize] = 12;
        metrics.classes[Class::Abandoned as usize] = 4;
        metrics.classes[Class::Busy as usize] = 2;
        metrics.classes[Class::NoAnswer as usize] = 1;
        metrics.classes[Class::Failed as usize] = 1;
        metrics
    }

    fn judged(metrics: &Metrics) -> Vec<String> {
        let judged = crate::judge_capture(metrics, &Traffic::default(), &Scene::default());
        judged
            .findings
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn the_bridge_names_every_step() {
        let [message] = &judged(&vector())[..] else {
            panic!("one finding")
        };
        assert_eq!(
            message,
            "of INVITE transactions 14/48 = 29.17 % were answered; without 20 challenges: \
             14/28 = 50.00 %; without 6 branches and hops: 12/22 = 54.55 %; without 2 superseded \
             attempts: 12/20 = 60.00 % = ASR of calls"
        );
    }

    #[test]
    fn one_percentage_point_is_the_boundary() {
        let mut metrics = Metrics::default();
        metrics.classes[Class::Answered as usize] = 60;
        metrics.classes[Class::Failed as usize] = 40;
        metrics.bridge.transactions = Ratio::new(599, 1000);
        assert!(judged(&metrics).is_empty());
        metrics.bridge.transactions = Ratio::new(590, 1000);
        assert_eq!(judged(&metrics).len(), 1);
    }

    #[test]
    fn nothing_has_no_ratio() {
        assert!(judged(&Metrics::default()).is_empty());
    }
}
