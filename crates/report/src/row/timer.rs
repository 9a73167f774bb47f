//! The session timer of a call.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_correlate::{SessionTimer, Side, TimerState};

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

impl Serialize for TimerRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("session_timer", 4)?;
        row.serialize_field("seconds", &self.interval)?;
        row.serialize_field("refresher", self.refresher.name())?;
        row.serialize_field("refreshes", &self.refreshes)?;
        row.serialize_field("lapsed", &(self.state == TimerState::Lapsed))?;
        row.end()
    }
}
