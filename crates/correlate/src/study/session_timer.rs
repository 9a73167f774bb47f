//! The session timer of a call: who has to refresh the session, how often that was done, and
//! whether the call ended because it was not (RFC 4028).

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;
use siptriage_sip::HeaderValue;
use siptriage_sip::Method;
use siptriage_sip::header::{Refresher, SessionExpires};

use super::Case;
use crate::leg::NoteKind;
use crate::outcome::Side;
use crate::record::RecordIdx;
use crate::transaction::Transaction;

/// The session timer that the newest 2xx of a call agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimer {
    /// Seconds for which a refresh keeps the session.
    pub interval: u32,
    /// Who has to refresh it.
    pub refresher: Side,
    /// How often a re-INVITE or UPDATE did.
    pub refreshes: u32,
    /// The 2xx that agreed on it last.
    pub agreed: RecordIdx,
    /// What became of it.
    pub state: TimerState,
}

/// What became of a session timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerState {
    /// The call ended while the session was fresh, or is up.
    Fresh,
    /// The call ended when the session was about to expire: the refresh was overdue.
    Lapsed,
}

impl SessionTimer {
    /// When the session expires unless it is refreshed again.
    pub fn expires(&self, case: &Case) -> Time {
        let agreed = case.leg.record(self.agreed).time;
        agreed.plus(i64::from(self.interval) * SECOND)
    }
}

/// Who waits for a refresh in vain hangs up this long before the session expires, or a third of the
/// interval if that is less (RFC 4028 10).
const EARLIEST_BYE: i64 = 32 * SECOND;
/// Room for the way of messages and the clocks of the two sides.
const TOLERANCE: i64 = SECOND;

/// The session timer of the call; none where its newest 2xx has none.
pub(super) fn session_timer(case: &Case) -> Option<SessionTimer> {
    let judgement = case.judgement.as_ref()?;
    // Most calls have none, and then no note of one.
    let mut notes = case.leg.notes.iter();
    if !notes.any(|note| note.kind == NoteKind::SessionExpires) {
        return None;
    }
    let opening = case.leg.transaction(judgement.opening);
    let mut timer: Option<SessionTimer> = None;
    let mut last: Option<(u32, Side)> = None;
    for (request, answer) in agreements(case) {
        let by = side(case, opening, request);
        let known = last.replace((request.cseq, by)) == Some((request.cseq, by));
        if known {
            continue;
        }
        let refreshes = timer.map_or(0, |timer| timer.refreshes + 1);
        let value = case.leg.note(answer, NoteKind::SessionExpires);
        timer = value
            .and_then(|value| agreed(value, by))
            .map(|(interval, refresher)| SessionTimer {
                interval,
                refresher,
                refreshes,
                agreed: answer,
                state: TimerState::Fresh,
            });
    }
    let mut timer = timer?;
    let interval = i64::from(timer.interval) * SECOND;
    let due = timer
        .expires(case)
        .plus(-EARLIEST_BYE.min(interval / 3) - TOLERANCE);
    if judgement.ended.is_some_and(|ended| ended >= due) {
        timer.state = TimerState::Lapsed;
    }
    Some(timer)
}

/// The requests that can set the timer and their 2xx, in the order of these; every hop that shows
/// one.
fn agreements(case: &Case) -> Vec<(&Transaction, RecordIdx)> {
    let requests = case.leg.transactions.iter();
    let setting =
        requests.filter(|request| matches!(request.method, Method::Invite | Method::Update));
    let answered = setting.filter_map(|request| {
        let answer = request.final_response?;
        let status = case.leg.record(answer).role.status()?;
        status.is_success().then_some((request, answer))
    });
    let mut agreements: Vec<(&Transaction, RecordIdx)> = answered.collect();
    agreements.sort_by_key(|(_, answer)| *answer);
    agreements
}

fn side(case: &Case, opening: &Transaction, request: &Transaction) -> Side {
    if case.leg.is_of_sender(opening, request) {
        Side::Caller
    } else {
        Side::Callee
    }
}

/// Interval and refresher that a 2xx names; `by` sent the request (RFC 4028 4: uac is that side).
fn agreed(value: &[u8], by: Side) -> Option<(u32, Side)> {
    let header = SessionExpires::parse(value).ok()?;
    let refresher = match header.refresher() {
        Some(Refresher::Uas) => by.other(),
        Some(Refresher::Uac) | None => by,
    };
    Some((header.seconds, refresher))
}
