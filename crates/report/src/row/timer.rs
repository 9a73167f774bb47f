//! The session timer of a call.

use siptriage_correlate::{SessionTimer, Side, TimerState};

use crate::line::{Object, name};

/// The session timer that both sides agreed on (RFC 4028).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerRow {
    /// Seconds for which a refresh keeps the session.
    pub interval: u32,
    /// Who has to refresh it.
    pub refresher: Side,
    /// How often it was refreshed.
    pub refreshes: u32,
    /// Whether the call ended because it was not refreshed in time.
    pub state: TimerState,
}

impl TimerRow {
    pub(super) fn of(timer: SessionTimer) -> TimerRow {
        TimerRow {
            interval: timer.interval,
            refresher: timer.refresher,
            refreshes: timer.refreshes,
            state: timer.state,
        }
    }
}

pub(super) fn fill(row: &mut Object<'_>, timer: &TimerRow) {
    row.number(name!("seconds"), Some(timer.interval));
    row.word(name!("refresher"), Some(timer.refresher.name()));
    row.number(name!("refreshes"), Some(timer.refreshes));
    row.flag(name!("lapsed"), timer.state == TimerState::Lapsed);
}
