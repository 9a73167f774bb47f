//! REGISTER requests of a leg, and what became of them (RFC 6076 4.1, 4.2).

use siptriage_capture::{Flow, Time};
use siptriage_sip::{Method, StatusCode};

use crate::study::Case;
use crate::timers::TIMEOUT;

/// One REGISTER request, repeats of it left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// When it was sent.
    pub time: Time,
    /// From whom to whom.
    pub flow: Flow,
    /// What became of it.
    pub result: Registered,
}

/// What became of a REGISTER request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// 2xx, this many nanoseconds after the first REGISTER of the series, challenges included
    /// (RFC 6076 4.1).
    After(i64),
    /// 401, 402 or 407: neither success nor failure (RFC 6076 4.2).
    Challenged,
    /// Another final response, or Timer F.
    Failed,
}

/// REGISTER transactions considered of one leg at a time for which hop is nearest to the sender.
const NEIGHBOURS: usize = 16;

/// The REGISTER requests of a leg whose end is known, at the hop nearest to their sender.
pub fn registrations(case: &Case) -> Vec<Registration> {
    let mut found = Vec::new();
    let mut begun = None;
    let registers: Vec<_> = case.transactions(Method::Register).collect();
    for (place, (at, register)) in registers.iter().enumerate() {
        let near = &registers[place.saturating_sub(NEIGHBOURS)..];
        let mut near = near.iter().take(2 * NEIGHBOURS);
        if near.any(|(_, upper)| register.is_below(upper)) {
            continue;
        }
        let time = case.leg.record(register.first).time;
        let begin = *begun.get_or_insert(time);
        let answered = register
            .final_response
            .map(|response| case.leg.record(response).time);
        let result = match (case.final_status(*at), answered) {
            (Some(status), Some(answered)) if status.is_success() => {
                Some(Registered::After(answered.since(begin)))
            }
            (Some(StatusCode(401 | 402 | 407)), _) => Some(Registered::Challenged),
            (Some(_), _) => Some(Registered::Failed),
            (None, _) if case.leg.seen_until.since(time) >= TIMEOUT => Some(Registered::Failed),
            (None, _) => None,
        };
        if result != Some(Registered::Challenged) {
            begun = None;
        }
        found.extend(result.map(|result| Registration {
            time,
            flow: case.leg.flow(register.first),
            result,
        }));
    }
    found
}
