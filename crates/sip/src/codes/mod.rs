//! The response-code reference: what each status code means, counts as and should make one check.
//!
//! All 75 registered codes (RFC 3261 21 and its extensions) and three that are not registered but
//! seen: 409 and 411 of RFC 2543, and 418.

mod table;
mod vocabulary;

pub use vocabulary::{
    DialogEffect, Failure, FaultDomain, Meaning, NerCount, Registration, RouteAdvance,
};

use crate::StatusCode;

/// One row of the reference (RFC 3261 21).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The status code.
    pub status: StatusCode,
    /// The registered reason phrase; it is free text on the wire (RFC 3261 7.2).
    pub phrase: &'static str,
    /// The defining RFC with its section.
    pub defined_in: &'static str,
    /// Whether the code is registered.
    pub registration: Registration,
    /// What the code says about the request.
    pub meaning: Meaning,
    /// Whether a call that ends with it failed.
    pub failure: Failure,
    /// Whether a next route is normally tried.
    pub route_advance: RouteAdvance,
    /// Whether it counts as delivered in the network effectiveness ratio (ITU-T E.425).
    pub ner: NerCount,
    /// What it does to a dialog when it answers a request inside (RFC 5057 5.1).
    pub dialog_effect: DialogEffect,
    /// Whose doing it usually is.
    pub fault_domain: FaultDomain,
    /// The header that it should carry.
    pub expected_header: Option<&'static str>,
    /// Other phrases in common use, which mean nothing by themselves.
    pub tolerated_phrases: &'static [&'static str],
    /// What the client may do next.
    pub retry: &'static str,
    /// What to look at first.
    pub first_check: &'static str,
}

/// Every code in ascending order (RFC 3261 21).
pub fn all() -> &'static [Code] {
    table::CODES
}

/// The row of a code; `None` for codes that nobody has defined, which count as the x00 of their
/// class, or 183 for a provisional one (RFC 3261 8.1.3.2).
pub fn lookup(status: StatusCode) -> Option<&'static Code> {
    let found = table::CODES.binary_search_by_key(&status, |code| code.status);
    found.ok().and_then(|at| table::CODES.get(at))
}

#[cfg(test)]
mod tests;
