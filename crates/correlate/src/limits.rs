//! The named limits and waiting times of correlation.

use siptriage_capture::time::SECOND;

/// Every bound of the correlation stage. Reaching one is counted and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Legs in progress at once.
    pub legs: usize,
    /// Messages kept of one leg.
    pub leg_records: usize,
    /// Host pairs whose activity is remembered.
    pub pairs: usize,
    /// ICMP refusals kept as evidence, and refused destinations kept.
    pub refusals: usize,
    /// Hosts of scanners that are remembered.
    pub scanners: usize,
    /// Series of requests outside of calls in progress at once.
    pub series: usize,
    /// Trunks whose metrics are kept.
    pub trunks: usize,
    /// Calls, series, findings and undecided verdicts kept for one sorted document.
    pub rows: usize,
}

impl Limits {
    /// The most that [`Limits::leg_records`] can be: positions in a leg have 16 bits.
    pub const MOST_LEG_RECORDS: usize = u16::MAX as usize - 1;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            legs: 300_000,
            leg_records: 10_000,
            pairs: 65_536,
            refusals: 65_536,
            scanners: 4_096,
            series: 300_000,
            trunks: 1_024,
            rows: 50_000_000,
        }
    }
}

/// How long, in capture time, a leg is kept after its last message, by what may still come.
pub mod wait {
    use super::SECOND;

    /// Nothing but non-INVITE transactions: Timer F and J (64*T1), and a margin.
    pub const OUTSIDE_CALL: i64 = 35 * SECOND;
    /// INVITE without a response: Timer B, then failover to the next server (RFC 3263 4.3).
    pub const CALLING: i64 = 70 * SECOND;
    /// INVITE that only has provisional responses: Timer C can be renewed again and again.
    pub const PROCEEDING: i64 = 900 * SECOND;
    /// Refused or cancelled: Timer H, and the window for a follow-up attempt.
    pub const REFUSED: i64 = 40 * SECOND;
    /// Answered and not ended: lines are kept open for days, and nothing need be sent meanwhile.
    pub const CONFIRMED: i64 = 259_200 * SECOND;
    /// After a BYE: Timer F and J.
    pub const ENDED: i64 = 35 * SECOND;
    /// A leg without a call that is older than this ends before the next request that follows
    /// [`LULL`] of silence: what is kept alive for days settles now and then.
    pub const OUTSIDE_CALL_AGE: i64 = 300 * SECOND;
    /// The silence in which such a leg may end.
    pub const LULL: i64 = SECOND;
    /// By how much the message of a leg without a call can be older than its settling.
    pub const SETTLING: i64 = OUTSIDE_CALL_AGE + 2 * OUTSIDE_CALL;
    /// OPTIONS, until the next one to the same address.
    pub const PING: i64 = 900 * SECOND;
    /// A refused or unanswered request of a series, until it is tried again.
    pub const RETRY: i64 = 1_800 * SECOND;
    /// A series that was granted a time that nobody named.
    pub const UNTOLD: i64 = 3_600 * SECOND;
}
