//! The status code of a response.

use std::fmt;

/// A status code as the wire gives it (RFC 3261 7.2), registered or not, in range or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(pub u16);

/// The first digit of a status code in range (RFC 3261 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusClass {
    /// 1xx: received, going on.
    Provisional,
    /// 2xx: accepted.
    Success,
    /// 3xx: try elsewhere.
    Redirection,
    /// 4xx: this request cannot be served here.
    ClientError,
    /// 5xx: the server failed.
    ServerError,
    /// 6xx: no server will serve it.
    GlobalFailure,
}

impl StatusCode {
    /// The class, or `None` for a code outside 100 to 699 (RFC 3261 7.2).
    pub fn class(self) -> Option<StatusClass> {
        match self.0 {
            100..=199 => Some(StatusClass::Provisional),
            200..=299 => Some(StatusClass::Success),
            300..=399 => Some(StatusClass::Redirection),
            400..=499 => Some(StatusClass::ClientError),
            500..=599 => Some(StatusClass::ServerError),
            600..=699 => Some(StatusClass::GlobalFailure),
            _ => None,
        }
    }

    /// 100 to 199 (RFC 3261 7.2).
    pub fn is_provisional(self) -> bool {
        (100..200).contains(&self.0)
    }

    /// 200 to 699: ends the transaction's wait (RFC 3261 7.2).
    pub fn is_final(self) -> bool {
        (200..700).contains(&self.0)
    }

    /// 200 to 299 (RFC 3261 7.2).
    pub fn is_success(self) -> bool {
        (200..300).contains(&self.0)
    }

    /// 300 to 699: final and not a success (RFC 3261 7.2).
    pub fn is_failure(self) -> bool {
        (300..700).contains(&self.0)
    }

    /// 401, 407 (RFC 3261 22) or 494 (RFC 3329 2.3.1): asks the client to try again with proof.
    pub fn is_challenge(self) -> bool {
        matches!(self.0, 401 | 407 | 494)
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_end_at_their_hundreds() {
        assert_eq!(StatusCode(199).class(), Some(StatusClass::Provisional));
        assert_eq!(StatusCode(200).class(), Some(StatusClass::Success));
        assert_eq!(StatusCode(699).class(), Some(StatusClass::GlobalFailure));
        assert_eq!(StatusCode(99).class(), None);
        assert_eq!(StatusCode(700).class(), None);
    }

    #[test]
    fn a_code_out_of_range_is_neither_provisional_nor_final() {
        for code in [0, 99, 700, u16::MAX] {
            assert!(!StatusCode(code).is_provisional());
            assert!(!StatusCode(code).is_final());
        }
    }
}
