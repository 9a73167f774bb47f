//! What a leg shows at a glance, by which most rules pass over most legs.

use siptriage_correlate::Case;
use siptriage_sip::Method;

/// What a leg has to show for a rule to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An INVITE, or a response to one, was sent again.
    Repeated = 1,
    /// An INVITE has no final response.
    Pending = 2,
    /// An INVITE was refused.
    Refused = 4,
    /// An INVITE was cancelled.
    Cancelled = 8,
    /// A 2xx to an INVITE has no ACK.
    Unacknowledged = 16,
}

/// The signs of a leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u8);

impl Signs {
    /// What a leg shows.
    pub(crate) fn of(case: &Case) -> Signs {
        let mut signs = Signs::default();
        for (at, invite) in case.transactions(Method::Invite) {
            if invite.retransmissions > 0 {
                signs.add(Sign::Repeated);
            }
            if invite.cancelled_by.is_some() {
                signs.add(Sign::Cancelled);
            }
            match case.final_status(at) {
                None => signs.add(Sign::Pending),
                Some(status) if status.is_failure() => signs.add(Sign::Refused),
                Some(_) => {}
            }
        }
        if case.answers.iter().any(|answer| answer.acks.is_empty()) {
            signs.add(Sign::Unacknowledged);
        }
        signs
    }

    /// Whether there are none.
    pub(crate) fn is_empty(self) -> bool {
        self == Signs::default()
    }

    /// Whether a sign is among them.
    pub(crate) fn has(self, sign: Sign) -> bool {
        self.0 & sign as u8 != 0
    }

    fn add(&mut self, sign: Sign) {
        self.0 |= sign as u8;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use siptriage_testkit::{Fixture, Variation};

    use super::*;
    use crate::context::Context;
    use crate::docket::Docket;
    use crate::registry::RULES;
    use crate::rule::Check;
    use crate::stage::Play;

    fn signs(trace: &str) -> Signs {
        Signs::of(&Play::of(trace).cases[0])
    }

    fn only(signs: &[Sign]) -> Signs {
        let mut all = Signs::default();
        signs.iter().for_each(|sign| all.add(*sign));
        all
    }

    #[test]
    fn a_call_without_trouble_has_none() {
        let trace = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.80 bob -> alice 180\n\
                     6.00 bob -> alice 200 sdp\n6.03 alice -> bob ACK\n36.0 alice -> bob BYE\n\
                     36.02 bob -> alice 200\n";
        assert_eq!(signs(trace), only(&[]));
    }

    #[test]
    fn each_trouble_has_its_own() {
        let pending = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n";
        assert_eq!(signs(pending), only(&[Sign::Pending]));
        let refused =
            "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 486\n0.03 alice -> bob ACK\n";
        assert_eq!(signs(refused), only(&[Sign::Refused]));
        let unacknowledged = "0.00 alice -> bob INVITE sdp\n0.80 bob -> alice 200 sdp\n";
        assert_eq!(signs(unacknowledged), only(&[Sign::Unacknowledged]));
        let repeated = "0.00 alice -> bob INVITE sdp\n0.50 alice -> bob again INVITE\n\
                        0.80 bob -> alice 200 sdp\n0.81 alice -> bob ACK\n";
        assert_eq!(signs(repeated), only(&[Sign::Repeated]));
        let cancelled = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 180\n\
                         1.00 alice -> bob CANCEL\n1.01 bob -> alice 200 of CANCEL\n\
                         1.02 bob -> alice 487\n1.03 alice -> bob ACK\n";
        assert_eq!(signs(cancelled), only(&[Sign::Cancelled, Sign::Refused]));
    }

    /// How many verdicts the rules have of a leg that does not show their signs.
    fn overlooked(context: &Context<'_>) -> usize {
        let signs = Signs::of(context.case);
        let mut docket = Docket::new(None);
        for rule in RULES {
            match rule.check {
                Check::Invite(sign, check) if !signs.has(sign) => {
                    for (at, _) in context.case.transactions(Method::Invite) {
                        check(context, at, &mut docket);
                    }
                }
                Check::Answer(sign, check) if !signs.has(sign) => {
                    for number in 0..context.case.answers.len() {
                        check(context, number, &mut docket);
                    }
                }
                Check::Invite(..) | Check::Answer(..) | Check::Call(_) | Check::Capture(_) => {}
            }
        }
        let judged = docket.close();
        judged.findings.len() + judged.incomplete.len()
    }

    #[test]
    fn no_rule_passes_over_a_leg_that_it_would_find_something_in() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let mut legs = 0;
        for folder in ["rules", "calls"] {
            for file in fs::read_dir(fixtures.join(folder)).unwrap() {
                let path = file.unwrap().path();
                let fixture = Fixture::parse(&fs::read_to_string(&path).unwrap()).unwrap();
                for case in fixture.cases {
                    let play = Play::packets(&case.trace.packets(&Variation::default()));
                    for leg in &play.cases {
                        let context = Context {
                            case: leg,
                            call: None,
                            scene: &play.scene,
                        };
                        let name = format!("{}:{}", path.display(), case.line);
                        assert_eq!(overlooked(&context), 0, "{name}");
                        legs += 1;
                    }
                }
            }
        }
        assert!(legs > 500, "{legs} legs");
    }
}
