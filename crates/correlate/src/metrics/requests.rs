//! INVITE requests as RFC 6076 counts them.

use siptriage_sip::StatusCode;

/// INVITE requests as RFC 6076 counts them, at the hop nearest to the caller: repeats of one
/// request count once, the INVITE that follows a challenge or a redirection is another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// All.
    pub all: u64,
    /// Answered 3xx.
    pub redirected: u64,
    /// Answered 2xx.
    pub successful: u64,
    /// Answered 480, 486, 600 or 603 (RFC 6076 4.7).
    pub effective_failures: u64,
    /// Answered 408, 500, 503 or 504 (RFC 6076 4.8).
    pub ineffective: u64,
    /// Sessions with 2xx, ACK, BYE and a 2xx to it (RFC 6076 4.9).
    pub completed: u64,
}

impl Requests {
    /// Adds a request with its final response, if it got one.
    pub fn add(&mut self, status: Option<StatusCode>) {
        self.all += 1;
        let Some(status) = status else { return };
        match status.0 {
            200..=299 => self.successful += 1,
            300..=399 => self.redirected += 1,
            _ if is_effective_failure(status) => self.effective_failures += 1,
            _ if is_ineffective(status) => self.ineffective += 1,
            _ => {}
        }
    }

    /// Requests that SER and SEER are ratios of.
    pub fn eligible(&self) -> u64 {
        self.all - self.redirected
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Requests) {
        self.all += other.all;
        self.redirected += other.redirected;
        self.successful += other.successful;
        self.effective_failures += other.effective_failures;
        self.ineffective += other.ineffective;
        self.completed += other.completed;
    }
}

/// Whether SEER takes it for the called user's doing (RFC 6076 4.7).
pub fn is_effective_failure(status: StatusCode) -> bool {
    matches!(status.0, 480 | 486 | 600 | 603)
}

/// Whether it makes a session attempt ineffective (RFC 6076 4.8).
pub fn is_ineffective(status: StatusCode) -> bool {
    matches!(status.0, 408 | 500 | 503 | 504)
}
