//! TXN-010: the answer came although the caller had already cancelled.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_correlate::{Answer, RecordIdx, Role};
use siptriage_sip::Method;

use crate::context::Context;
use crate::docket::{Charge, Docket, Subject};
use crate::finding::{Confidence, Severity};
use crate::guards::{self, Verdict};
use crate::rule::{Check, Rule};
use crate::sign::Sign;
use crate::wording::span;

/// The rule.
pub static RULE: Rule = Rule {
    code: "TXN-010",
    name: "cancel-crosses-answer",
    severity: Severity::Info,
    spec: &["RFC 3261 9.1", "RFC 5407 3.1.2"],
    summary: "a 2xx came after the caller's CANCEL",
    finds: "A 2xx to an INVITE after its CANCEL was sent, on the hop nearest to the caller. The \
            caller must then acknowledge and release the call with a BYE; error when the ACK was \
            captured and no BYE follows within 5 s of the 2xx.",
    why: "A race that cannot be avoided. Released at once it counts as abandoned; without the BYE \
          the callee talks to nobody, and is billed for it.",
    not_when: &[
        "the losing branches of a fork are cancelled after another 2xx",
        "a re-INVITE is cancelled: the call goes on as it was",
        "the 2xx came before the CANCEL, or its ACK did",
    ],
    check_first: "nothing when the BYE follows; otherwise the caller's handling of a 2xx after \
                  its CANCEL",
    hides: &[],
    check: Check::Answer(Sign::Cancelled, check),
};

/// Time for the caller's BYE, counted from the 2xx.
const RELEASE: i64 = 5 * SECOND;

fn check(context: &Context<'_>, number: usize, docket: &mut Docket) {
    let answer = &context.case.answers[number];
    let cancel = match crossing_cancel(context, answer) {
        Crossing::Seen(cancel) => cancel,
        Crossing::Possible(why) => {
            return docket.leave_open(&RULE, Subject::Dialog(number), why.to_owned());
        }
        Crossing::None => return,
    };
    if let Verdict::Unknown(why) = guards::clock(context, answer.invite) {
        return docket.leave_open(&RULE, Subject::Dialog(number), why.sentence("the CANCEL"));
    }
    let answered = context.time(answer.first);
    let late = span(answered.since(context.time(cancel)));
    let mut evidence = vec![
        context.evidence(cancel, "CANCEL"),
        context.evidence(answer.first, format!("2xx, {late} after the CANCEL")),
    ];
    let mut severity = RULE.severity;
    let told = match release(context, answer) {
        Some(bye) => {
            evidence.push(context.evidence(bye, "BYE"));
            format!(
                "released by BYE after {}",
                span(context.time(bye).since(answered))
            )
        }
        None if answer.acks.is_empty() => "neither acknowledged nor released".to_owned(),
        None => match guards::window(context, answered, RELEASE) {
            Verdict::Unknown(why) => {
                let subject = Subject::Dialog(number);
                return docket.leave_open(&RULE, subject, why.sentence("the 2xx"));
            }
            Verdict::Holds | Verdict::Fails => {
                severity = Severity::Error;
                format!("acknowledged, but not released within {}", span(RELEASE))
            }
        },
    };
    let charge = Charge {
        severity,
        confidence: confidence(context, answer, severity),
        time: context.time(cancel),
        message: format!("the INVITE was answered {late} after its CANCEL, {told}"),
        evidence,
    };
    docket.find(&RULE, Subject::Dialog(number), charge);
}

/// The missing BYE is an absence, the crossing itself is not.
fn confidence(context: &Context<'_>, answer: &Answer, severity: Severity) -> Confidence {
    let answered = context.time(answer.first);
    let flow = context.flow(answer.first);
    let lossless = guards::lossless(context, flow, answered, answered.plus(RELEASE));
    match (severity, lossless) {
        (Severity::Info | Severity::Warning, _) => Confidence::Certain,
        (Severity::Error | Severity::Critical, Verdict::Holds) => Confidence::Probable,
        (Severity::Error | Severity::Critical, Verdict::Fails | Verdict::Unknown(_)) => {
            Confidence::Possible
        }
    }
}

/// Whether the caller's CANCEL was sent before the 2xx.
enum Crossing {
    /// It was: its record.
    Seen(RecordIdx),
    /// It may have been, and why that is not known: TCP segments that were lost and sent again bring
    /// it late.
    Possible(&'static str),
    /// There is none, or it came behind an answer.
    None,
}

/// The caller's CANCEL, when it was sent before the 2xx and nothing else had been answered before:
/// after that a CANCEL only takes back what is no longer needed.
fn crossing_cancel(context: &Context<'_>, answer: &Answer) -> Crossing {
    let invite = context.transaction(answer.invite);
    let Some(cancel) = invite.cancelled_by.map(|at| context.transaction(at)) else {
        return Crossing::None;
    };
    if guards::root(context, answer.invite) != Verdict::Holds {
        return Crossing::None;
    }
    let sent = context.time(cancel.first);
    let answers = &context.case.answers;
    let is_late = answers
        .iter()
        .any(|other| context.time(other.first) <= sent);
    if answer.acks.first().is_some_and(|ack| *ack < answer.first) {
        return Crossing::Possible("the 2xx was seen after its ACK");
    }
    match context.case.leg.record(cancel.first).role {
        Role::Request if is_late || was_acknowledged(context, sent) => Crossing::None,
        Role::Request => Crossing::Seen(cancel.first),
        Role::Response(_) if !is_late => Crossing::Seen(cancel.first),
        Role::Response(_) if answers.len() == 1 => {
            Crossing::Possible("the CANCEL itself was seen after the response to it, or not at all")
        }
        Role::Response(_) | Role::Ack => Crossing::None,
    }
}

/// Whether the caller had acknowledged a 2xx before: one that the capture missed, or shows late.
fn was_acknowledged(context: &Context<'_>, before: Time) -> bool {
    let acks = context.case.transactions(Method::Ack).map(|(_, ack)| ack);
    let mut in_dialog = acks.filter(|ack| !ack.request_to_tag.is_none());
    in_dialog.any(|ack| context.time(ack.first) < before)
}

/// The BYE that ends the dialog in time; a response to it will do where the BYE itself was missed.
fn release(context: &Context<'_>, answer: &Answer) -> Option<RecordIdx> {
    let answered: Time = context.time(answer.first);
    let in_time = |record: RecordIdx| context.time(record).since(answered) <= RELEASE;
    let known = answer
        .ending
        .map(|ending| ending.record)
        .filter(|record| in_time(*record));
    known.or_else(|| {
        let byes = context.case.transactions(Method::Bye).map(|(_, bye)| bye);
        let unseen = byes.filter(|bye| bye.request_to_tag.is_none() && in_time(bye.first));
        unseen.map(|bye| bye.first).next()
    })
}
