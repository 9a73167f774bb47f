//! One attempt to reach somebody, reduced to what ratios and times count.

use siptriage_capture::Time;
use siptriage_sip::codes::{self, FaultDomain};
use siptriage_sip::header::{HeaderValue, Reason};
use siptriage_sip::{Method, StatusCode};

use super::class::{Class, Refusal};
use super::times::{Spans, spans};
use crate::call::Call;
use crate::leg::NoteKind;
use crate::outcome::Outcome;
use crate::profile::{Profile, Treatment};
use crate::record::{RecordIdx, Role, TransactionIdx};
use crate::scene::Scene;
use crate::study::{Case, Judgement};
use crate::timers::TIMEOUT;

/// One attempt to reach somebody: a call as a whole, or its part between two hosts.
#[derive(Clone, Debug)]
pub struct Seizure {
    /// How it ended.
    pub outcome: Outcome,
    /// The final status that decided it.
    pub status: Option<StatusCode>,
    /// What it counts as; `None` where its end is not known.
    pub class: Option<Class>,
    /// Whose doing it is; `None` but of class [`Class::Failed`].
    pub fault: Option<FaultDomain>,
    /// Whether the refusal says that the called terminal was reached though it did not ring.
    pub reached: bool,
    /// When its first INVITE was seen.
    pub start: Time,
    /// When it was over; `None` for a call that is still up.
    pub end: Option<Time>,
    /// Whether it rang.
    pub rang: bool,
    /// Its times; `None` where the clocks that stamped it cannot be trusted.
    pub times: Option<Spans>,
}

/// When what happened in an attempt.
#[derive(Default)]
pub(super) struct Moments {
    /// First provisional response but 100, or the answer.
    pub(super) progress: Option<Time>,
    /// First 180, 181, 182 or 183.
    pub(super) ring: Option<Time>,
    /// First 180, or 183 with a session description.
    pub(super) audible: Option<Time>,
    /// First 18x.
    pub(super) ringing: Option<Time>,
    /// First 2xx.
    pub(super) answered: Option<Time>,
    /// The final response of an attempt without 2xx.
    pub(super) refused: Option<Time>,
    /// When the caller gave up.
    pub(super) gave_up: Option<Time>,
    /// 2xx to BYE in nanoseconds, of an acknowledged call.
    pub(super) talk: Option<i64>,
    /// How it was released.
    pub(super) release: Release,
}

/// How a session was released.
#[derive(Default)]
pub(super) enum Release {
    /// No BYE, or nothing is known of its end.
    #[default]
    Unseen,
    /// A BYE and its 2xx.
    Confirmed {
        /// The BYE.
        sent: Time,
        /// The 2xx.
        confirmed: Time,
    },
    /// A BYE that another final response answered.
    Refused {
        /// The BYE.
        sent: Time,
    },
    /// A BYE that nobody answered until Timer F (RFC 3261 17.1.2.2).
    Unanswered {
        /// When Timer F expired.
        expired: Time,
    },
}

/// BYE transactions looked at: more than any honest leg has.
const BYES: usize = 64;

impl Seizure {
    /// A call as a whole, judged at the caller's hop.
    pub fn of_call(call: &Call, scene: &Scene) -> Seizure {
        let case = call.main_leg();
        let judgement = call.judgement();
        let roots = judgement
            .attempt
            .and_then(|number| case.attempts.get(number))
            .map_or(&[][..], |attempt| &attempt.roots);
        Seizure::judged(case, judgement, roots, scene)
    }

    /// An attempt that ended as `judgement` says, on the hops `roots`.
    pub(super) fn judged(
        case: &Case,
        judgement: &Judgement,
        roots: &[TransactionIdx],
        scene: &Scene,
    ) -> Seizure {
        let mut moments = Moments {
            progress: judgement.progress,
            ringing: judgement.ringing,
            answered: judgement.answered,
            gave_up: judgement.gave_up,
            talk: judgement.talk_time(),
            ..Moments::default()
        };
        moments.hear(case, roots);
        if judgement.answered.is_none() {
            moments.refused = judgement.deciding.map(|at| case.leg.record(at).time);
        } else {
            moments.release = release(case);
        }
        let end = match (judgement.ended, judgement.outcome.is_answered()) {
            (Some(ended), _) => Some(ended),
            (None, true) => None,
            (None, false) => case.leg.records.last().map(|record| record.time),
        };
        let attempted = judgement
            .attempt
            .and_then(|number| case.attempts.get(number))
            .map_or(judgement.start, |attempt| attempt.start);
        let refusal = Refusal {
            status: judgement.status,
            rang: judgement.ringing.is_some(),
            after: moments.refused.map(|refused| refused.since(attempted)),
        };
        let treatment = treatment(case, judgement.deciding, judgement.status, &scene.profile);
        let class = Class::of(judgement.outcome, refusal).map(|class| treatment.class(class));
        let fault = || fault(judgement.outcome, judgement.status);
        Seizure {
            outcome: judgement.outcome,
            status: judgement.status,
            class,
            fault: (class == Some(Class::Failed)).then(|| treatment.fault.unwrap_or_else(fault)),
            reached: judgement.outcome == Outcome::Unavailable
                && judgement.deciding.is_some_and(|at| is_reached(case, at)),
            start: judgement.start,
            end,
            rang: judgement.ringing.is_some(),
            times: is_timed(case, roots).then(|| spans(judgement.start, &moments)),
        }
    }
}

/// Whether no clock was set while the leg lasted, and those that show it agree.
fn is_timed(case: &Case, roots: &[TransactionIdx]) -> bool {
    let messages = roots.iter().flat_map(|root| case.messages(*root));
    !case.clocks.disagree(&case.leg, messages) && !case.clocks.was_set
}

impl Moments {
    /// Takes note of what the caller heard on the hops `roots`.
    fn hear(&mut self, case: &Case, roots: &[TransactionIdx]) {
        let records = roots.iter().flat_map(|root| case.records(*root));
        for (_, record) in records {
            let Role::Response(status) = record.role else {
                continue;
            };
            let earliest = |known: Option<Time>| {
                Some(known.map_or(record.time, |known| known.min(record.time)))
            };
            if (180..=183).contains(&status.0) {
                self.ring = earliest(self.ring);
            }
            if status.0 == 180 || status.0 == 183 && record.facts.has(crate::Facts::SDP) {
                self.audible = earliest(self.audible);
            }
        }
    }
}

/// The BYE of a leg, at the hop nearest to its sender: an accepted one if there is one.
fn release(case: &Case) -> Release {
    let byes = || case.transactions(Method::Bye).take(BYES);
    let mut found = Release::Unseen;
    for (at, bye) in byes() {
        if bye.is_sent_on() && byes().any(|(_, upper)| bye.is_below(upper)) {
            continue;
        }
        let sent = case.leg.record(bye.first).time;
        let answered = bye.final_response.map(|at| case.leg.record(at).time);
        match (case.final_status(at), answered) {
            (Some(status), Some(confirmed)) if status.is_success() => {
                return Release::Confirmed { sent, confirmed };
            }
            (Some(status), _) if status.is_challenge() => {}
            (Some(_), _) => found = Release::Refused { sent },
            (None, _) if case.leg.seen_until.since(sent) >= TIMEOUT => {
                let expired = sent.plus(TIMEOUT);
                found = Release::Unanswered { expired };
            }
            (None, _) => {}
        }
    }
    found
}

/// What the profile says of the response that decided.
pub(super) fn treatment(
    case: &Case,
    deciding: Option<RecordIdx>,
    status: Option<StatusCode>,
    profile: &Profile,
) -> Treatment {
    match (deciding, status) {
        (Some(at), Some(status)) => profile.treatment(case.leg.flow(at).src, status),
        _ => Treatment::default(),
    }
}

/// Whose doing it is: by the reference where a code decided, the network's where silence did.
fn fault(outcome: Outcome, status: Option<StatusCode>) -> FaultDomain {
    let Some(status) = status else {
        return match outcome {
            Outcome::Timeout | Outcome::Unreachable => FaultDomain::Network,
            _ => FaultDomain::Nobody,
        };
    };
    // An unknown code counts as the x00 of its class (RFC 3261 8.1.3.2).
    let known = codes::lookup(status).or_else(|| codes::lookup(StatusCode(status.0 / 100 * 100)));
    known.map_or(FaultDomain::Protocol, |code| code.fault_domain)
}

/// Causes of Q.850 by which a 480 tells that the called terminal was reached: user busy, no user
/// responding, no answer from user, call rejected.
const REACHED: [u32; 4] = [17, 18, 19, 21];

fn is_reached(case: &Case, response: RecordIdx) -> bool {
    let reason = case
        .leg
        .note(response, NoteKind::Reason)
        .unwrap_or_default();
    let values = reason.split(|byte| *byte == b',');
    values
        .filter_map(|value| Reason::parse(value.trim_ascii()).ok())
        .filter(|reason| reason.protocol.eq_ignore_ascii_case(b"Q.850"))
        .any(|reason| reason.cause().is_some_and(|cause| REACHED.contains(&cause)))
}
