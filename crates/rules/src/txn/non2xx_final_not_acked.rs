//! TXN-007: the refusal of an INVITE was not acknowledged.

use siptriage_capture::time::MILLISECOND;
use siptriage_correlate::timers::{Grid, TIMEOUT};
use siptriage_correlate::{NoteKind, RecordIdx, TransactionIdx};

use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Evidence, Severity};
use crate::guards::{self, Verdict};
use crate::hops;
use crate::rule::{Check, Rule};
use crate::schedule::Schedule;
use crate::sign::Sign;
use crate::wording::{span, status, times};

/// The rule.
pub static RULE: Rule = Rule {
    code: "TXN-007",
    name: "non2xx-final-not-acked",
    severity: Severity::Warning,
    spec: &["RFC 3261 17.1.1.3", "RFC 3261 17.2.1"],
    summary: "a 3xx to 6xx response to an INVITE was repeated for want of an ACK",
    finds: "At least two retransmissions of a 3xx to 6xx response to an INVITE on the grid of \
            Timer G (0.5, 1, 2, 4, 4 s ...) before its ACK, when the capture shows 200 ms after the \
            second. Info when an ACK came after all and \
            ended them; where they go on after an ACK (two later than 200 ms after it), the ACK \
            does not reach the server. Without \
            retransmissions the absence of the ACK in 32 s (Timer H) is only a possible finding, \
            and info over a reliable transport, which has no Timer G.",
    why: "The server keeps the transaction for 32 s instead of a few milliseconds. In numbers this \
          fills its tables, and the same fault will hit the ACK of answered calls.",
    not_when: &[
        "the ACK crossed a retransmission",
        "the response is repeated because the INVITE was",
        "the same is seen on a hop nearer to the caller: it is reported there",
    ],
    check_first: "the ACK is hop by hop: is it sent to the same address as the INVITE, with the \
                  same branch and the same Route headers",
    hides: &[],
    check: Check::Invite(Sign::Refused, check),
};

/// Retransmissions that prove that no ACK arrived.
const PROVING_REPEATS: usize = 2;
/// A repeat this soon after the ACK crossed it.
const CROSSING: i64 = 200 * MILLISECOND;

fn check(context: &Context<'_>, at: TransactionIdx, docket: &mut Docket) {
    let invite = context.transaction(at);
    let Some(refusal) = invite.final_response else {
        return;
    };
    let refused = context
        .case
        .final_status(at)
        .is_some_and(|status| status.is_failure());
    if !refused {
        return;
    }
    let acknowledged = context.case.acks(at).next();
    if acknowledged.is_some() && invite.retransmissions == 0 {
        return;
    }
    let Some(repeated) = Repeated::of(context, at) else {
        if acknowledged.is_none() {
            judge_absence(context, at, refusal, docket);
        }
        return;
    };
    if hops::above(context, at).any(|upper| Repeated::of(context, upper).is_some()) {
        return;
    }
    let subject = Subject::Transaction(at);
    let proven = repeated.schedule.times[PROVING_REPEATS];
    match guards::window(context, proven, CROSSING) {
        Verdict::Unknown(why) => {
            docket.leave_open(&RULE, subject, why.sentence(&event(context, refusal)));
        }
        Verdict::Fails => {}
        Verdict::Holds => docket.find(&RULE, subject, charge(context, refusal, repeated)),
    }
}

/// Repeats of a refusal that prove something about its ACK.
struct Repeated {
    schedule: Schedule,
    proof: Proof,
}

enum Proof {
    /// No ACK at all.
    Never,
    /// An ACK that came late and ended the repeats.
    Late(RecordIdx),
    /// An ACK that changed nothing: repeats after it.
    Unheard(RecordIdx, usize),
}

impl Repeated {
    fn of(context: &Context<'_>, at: TransactionIdx) -> Option<Repeated> {
        if usize::from(context.transaction(at).retransmissions) < PROVING_REPEATS {
            return None;
        }
        let mut sendings = context.case.response_sendings(at);
        sendings.retain(|sending| {
            sending
                .role
                .status()
                .is_some_and(|status| status.is_failure())
        });
        let schedule = Schedule::longest(context, sendings, Grid::Capped)?;
        let proof = match context.case.acks(at).next() {
            None => Proof::Never,
            Some(ack) => {
                let after = schedule.repeats_after(context.time(ack).plus(CROSSING));
                if after >= PROVING_REPEATS {
                    Proof::Unheard(ack, after)
                } else {
                    Proof::Late(ack)
                }
            }
        };
        let repeats = match proof {
            Proof::Never => schedule.repeats(),
            Proof::Late(ack) => schedule.repeats_before(context.time(ack)),
            Proof::Unheard(_, after) => after,
        };
        (repeats >= PROVING_REPEATS).then_some(Repeated { schedule, proof })
    }
}

fn charge(context: &Context<'_>, refusal: RecordIdx, repeated: Repeated) -> Charge {
    let schedule = &repeated.schedule;
    let name = name(context, refusal);
    let mut evidence = evidence(context, schedule);
    let (severity, told) = match repeated.proof {
        Proof::Never => (RULE.severity, "no ACK".to_owned()),
        Proof::Late(ack) => {
            evidence.push(context.evidence(ack, "ACK"));
            let late = context.time(ack).since(schedule.first());
            (Severity::Info, format!("ACK only after {}", span(late)))
        }
        Proof::Unheard(ack, after) => {
            evidence.push(context.evidence(ack, "ACK"));
            (
                RULE.severity,
                format!(
                    "{} after its ACK, which does not reach the server",
                    times(after)
                ),
            )
        }
    };
    Charge {
        severity,
        confidence: Confidence::Certain,
        time: schedule.first(),
        message: format!(
            "{name} from {} sent {} in {}, {told}",
            schedule.flow.src,
            times(schedule.records.len()),
            span(schedule.length()),
        ),
        evidence,
    }
}

/// Nothing but the ACK is missing: it may have escaped the capture alone.
fn judge_absence(
    context: &Context<'_>,
    at: TransactionIdx,
    refusal: RecordIdx,
    docket: &mut Docket,
) {
    let subject = Subject::Transaction(at);
    let flow = context.flow(refusal);
    let window = guards::window(context, context.time(refusal), TIMEOUT);
    let proof = window
        .and(|| guards::both_ways(context, flow, context.time(refusal)))
        .and(|| guards::start(context, at));
    if let Verdict::Unknown(why) = proof {
        return docket.leave_open(&RULE, subject, why.sentence(&event(context, refusal)));
    }
    let charge = Charge {
        severity: if flow.transport.is_reliable() {
            Severity::Info
        } else {
            RULE.severity
        },
        confidence: Confidence::Possible,
        time: context.time(refusal),
        message: format!(
            "{} from {} without an ACK in {}",
            name(context, refusal),
            flow.src,
            span(TIMEOUT)
        ),
        evidence: vec![context.evidence(refusal, "the response")],
    };
    docket.find(&RULE, subject, charge);
}

fn name(context: &Context<'_>, refusal: RecordIdx) -> String {
    let phrase = context.case.leg.note(refusal, NoteKind::Phrase);
    let code = context.case.leg.record(refusal).role.status();
    code.map_or_else(|| "refusal".to_owned(), |code| status(code, phrase))
}

fn event(context: &Context<'_>, refusal: RecordIdx) -> String {
    let code = context.case.leg.record(refusal).role.status();
    code.map_or_else(
        || "the refusal".to_owned(),
        |code| format!("the {}", code.0),
    )
}

fn evidence(context: &Context<'_>, schedule: &Schedule) -> Vec<Evidence> {
    let mut evidence = Vec::with_capacity(schedule.records.len() + 1);
    for (record, time) in schedule.records.iter().zip(&schedule.times) {
        let code = context.case.leg.record(*record).role.status();
        let code = code.map_or_else(String::new, |code| code.0.to_string());
        let note = match time.since(schedule.first()) {
            0 => format!("{code} sent"),
            later => format!("{code} sent again, {} after the first", span(later)),
        };
        evidence.push(context.evidence(*record, note));
    }
    evidence
}
