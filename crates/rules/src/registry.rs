//! The list of all rules, in the order of the manual.

use crate::rule::Rule;
use crate::{cap, dlg, out, stat, txn};

/// Every rule.
pub static RULES: [&Rule; 15] = [
    &txn::invite_no_response::RULE,
    &txn::invite_retransmitted_before_first_response::RULE,
    &txn::invite_retransmitted_after_response::RULE,
    &txn::provisional_then_silence::RULE,
    &txn::non2xx_final_not_acked::RULE,
    &txn::cancel_without_487::RULE,
    &txn::cancel_crosses_answer::RULE,
    &dlg::missing_ack_2xx::RULE,
    &dlg::unacked_2xx_torn_down::RULE,
    &dlg::ack_sent_but_2xx_repeated::RULE,
    &dlg::late_ack_2xx::RULE,
    &out::abandoned_not_failed::RULE,
    &out::terminated_without_cancel::RULE,
    &stat::naive_asr_misleading::RULE,
    &cap::duplicate_packets::RULE,
];

/// The rule with a code or name, in any letter case.
pub fn rule(word: &str) -> Option<&'static Rule> {
    RULES
        .into_iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(word) || rule.name.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_lead_back() {
        let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
        let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!((codes.len(), names.len()), (RULES.len(), RULES.len()));
        for known in RULES {
            assert_eq!(rule(known.name).map(|found| found.code), Some(known.code));
            let lower = known.code.to_ascii_lowercase();
            assert_eq!(rule(&lower).map(|found| found.name), Some(known.name));
        }
        assert!(rule("TXN-999").is_none());
    }

    #[test]
    fn codes_are_group_and_number_in_order() {
        for (earlier, later) in RULES.iter().zip(&RULES[1..]) {
            let (group, number) = parts(earlier.code);
            let (next_group, next_number) = parts(later.code);
            assert!(
                group != next_group || number < next_number,
                "{} is out of order",
                later.code
            );
        }
    }

    #[test]
    fn what_is_hidden_exists() {
        for known in RULES {
            for code in known.hides {
                assert!(
                    rule(code).is_some(),
                    "{} hides the unknown {code}",
                    known.code
                );
                assert_ne!(*code, known.code);
            }
        }
    }

    #[test]
    fn every_page_is_complete() {
        for known in RULES {
            let parts = [known.summary, known.finds, known.why, known.check_first];
            assert!(parts.iter().all(|part| !part.is_empty()), "{}", known.code);
            assert!(!known.not_when.is_empty(), "{}", known.code);
            let of_capture = known.code.starts_with("CAP-");
            assert!(
                of_capture || !known.spec.is_empty(),
                "{} names no section",
                known.code
            );
            assert!(!known.summary.ends_with('.') && !known.check_first.ends_with('.'));
        }
    }

    fn parts(code: &str) -> (&str, u32) {
        let (group, number) = code.split_once('-').expect("group and number");
        assert_eq!(number.len(), 3, "{code}");
        (group, number.parse().expect("a number"))
    }
}
