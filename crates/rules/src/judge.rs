//! Applies the rules to a call, to a leg that is no call, and to the capture as a whole.

use siptriage_correlate::{Call, Case, Metrics, Scene, Traffic};
use siptriage_sip::Method;

use crate::context::Context;
use crate::docket::Docket;
use crate::finding::Judged;
use crate::registry::RULES;
use crate::rule::{Check, Totals};
use crate::sign::Signs;

/// Judges a call and all its legs. A call without fault costs no allocation.
pub fn judge(call: &Call, scene: &Scene) -> Judged {
    let mut docket = Docket::new(Some(call.number));
    for (number, case) in call.legs().enumerate() {
        docket.turn_to(number);
        judge_transactions(
            &Context {
                case,
                call: Some(call),
                scene,
            },
            &mut docket,
        );
    }
    docket.turn_to(0);
    let context = Context {
        case: call.main_leg(),
        call: Some(call),
        scene,
    };
    for rule in RULES {
        if let Check::Call(check) = rule.check {
            check(&context, &mut docket);
        }
    }
    docket.close()
}

/// Judges a leg that is no call, as a registration.
pub fn judge_leg(case: &Case, scene: &Scene) -> Judged {
    let mut docket = Docket::new(None);
    judge_transactions(
        &Context {
            case,
            call: None,
            scene,
        },
        &mut docket,
    );
    docket.close()
}

/// Judges the capture as a whole, once everything else was judged.
pub fn judge_capture(metrics: &Metrics, traffic: &Traffic, scene: &Scene) -> Judged {
    let mut docket = Docket::new(None);
    let totals = Totals {
        metrics,
        traffic,
        scene,
    };
    for rule in RULES {
        if let Check::Capture(check) = rule.check {
            check(&totals, &mut docket);
        }
    }
    docket.close()
}

fn judge_transactions(context: &Context<'_>, docket: &mut Docket) {
    let signs = Signs::of(context.case);
    if signs.is_empty() {
        return;
    }
    for rule in RULES {
        match rule.check {
            Check::Invite(sign, check) if signs.has(sign) => {
                for (at, _) in context.case.transactions(Method::Invite) {
                    check(context, at, docket);
                }
            }
            Check::Answer(sign, check) if signs.has(sign) => {
                for number in 0..context.case.answers.len() {
                    check(context, number, docket);
                }
            }
            Check::Invite(..) | Check::Answer(..) | Check::Call(_) | Check::Capture(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::stage::{Play, verdicts};

    #[test]
    fn a_clean_call_has_no_findings() {
        let trace = "0.00 alice -> bob INVITE sdp\n0.02 bob -> alice 100\n0.80 bob -> alice 180\n\
                     6.00 bob -> alice 200 sdp\n6.03 alice -> bob ACK\n36.0 alice -> bob BYE\n\
                     36.02 bob -> alice 200\n";
        assert_eq!(verdicts(trace), Vec::<String>::new());
        assert!(Play::of(trace).judged().incomplete.is_empty());
    }

    #[test]
    fn a_leg_that_is_no_call_is_judged_without_a_number() {
        let judged = Play::of("0.00 alice -> bob OPTIONS\n0.02 bob -> alice 200\n").judged();
        assert!(judged.findings.is_empty() && judged.incomplete.is_empty());
    }
}
