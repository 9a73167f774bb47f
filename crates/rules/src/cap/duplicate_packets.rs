//! CAP-004: the capture holds the same packets several times.

use siptriage_correlate::traffic::Copies;

use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Evidence, Severity};
use crate::rule::{Check, Rule, Totals};

/// The rule.
pub static RULE: Rule = Rule {
    code: "CAP-004",
    name: "duplicate-packets",
    severity: Severity::Info,
    spec: &[],
    summary: "packets were captured more than once",
    finds: "SIP messages with the same addresses and the same bytes within 1 ms, or within 50 ms \
            when their IP identification is equal or their hop limit, link addresses, VLAN or \
            interface differ. They are left out of every count. Equal bytes sooner than any sane \
            retransmission, without such proof, are a possible finding.",
    why: "The copies come from the capture, a mirror port that sees ingress and egress or a tap on \
          both sides of a router, not from the senders. Tools that count them report \
          retransmissions that never were.",
    not_when: &[
        "a retransmission by the sender's timer",
        "the same message on another 5-tuple, past an address translation: a second vantage",
    ],
    check_first: "the mirror port: both directions of one interface, or several VLANs that carry \
                  the same packet",
    hides: &[],
    check: Check::Capture(check),
};

fn check(totals: &Totals<'_>, docket: &mut Docket) {
    let traffic = totals.traffic;
    let messages = traffic.messages;
    if traffic.duplicates.count > 0 {
        let count = traffic.duplicates.count;
        let share = count as f64 * 100.0 / messages.max(1) as f64;
        let message = format!("{count} of {messages} SIP messages are copies ({share:.1} %)");
        let copies = &traffic.duplicates;
        docket.find(
            &RULE,
            Subject::Capture,
            charge(copies, message, Confidence::Certain),
        );
    }
    if traffic.fast_repeats.count > 0 {
        let count = traffic.fast_repeats.count;
        let message = format!(
            "{count} of {messages} SIP messages repeat another faster than any timer, perhaps \
             copies"
        );
        let copies = &traffic.fast_repeats;
        docket.find(
            &RULE,
            Subject::Capture,
            charge(copies, message, Confidence::Possible),
        );
    }
}

fn charge(copies: &Copies, message: String, confidence: Confidence) -> Charge {
    let mut evidence = Vec::with_capacity(copies.examples.len());
    for (frame, _) in &copies.examples {
        evidence.push(Evidence {
            frame: *frame,
            note: "copy".into(),
        });
    }
    Charge {
        severity: RULE.severity,
        confidence,
        time: copies
            .examples
            .first()
            .map(|(_, time)| *time)
            .unwrap_or_default(),
        message,
        evidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use siptriage_capture::Time;
    use siptriage_correlate::{FrameRef, Metrics, Scene, Traffic};

    fn copies(count: u64) -> Copies {
        Copies {
            count,
            examples: vec![(FrameRef::new(0, 7), Time(1))],
        }
    }

    fn judged(traffic: &Traffic) -> Vec<(Confidence, String)> {
        let judged = crate::judge_capture(&Metrics::default(), traffic, &Scene::default());
        judged
            .findings
            .into_iter()
            .map(|found| (found.confidence, found.message))
            .collect()
    }

    #[test]
    fn one_copy_is_told() {
        let mut traffic = Traffic {
            messages: 50,
            ..Traffic::default()
        };
        assert!(judged(&traffic).is_empty());
        traffic.duplicates = copies(1);
        let told = "1 of 50 SIP messages are copies (2.0 %)".to_owned();
        assert_eq!(judged(&traffic), [(Confidence::Certain, told)]);
    }

    #[test]
    fn a_fast_repeat_is_only_possibly_one() {
        let traffic = Traffic {
            messages: 9,
            fast_repeats: copies(2),
            ..Traffic::default()
        };
        let [(confidence, _)] = judged(&traffic)[..] else {
            panic!("one finding")
        };
        assert_eq!(confidence, Confidence::Possible);
    }
}
