//! The rules that judge calls, and their manual.
//!
//! [`correlate`](siptriage_correlate) states facts; a [`Rule`] judges them. [`judge()`] applies all
//! of [`RULES`] to a call, [`judge_leg`] to a leg that is no call, [`judge_capture`] to the capture
//! as a whole. What the capture cannot prove is [`Incomplete`], never a [`Finding`].

pub mod finding;
pub mod rule;

pub mod context;
pub mod docket;
pub mod guards;
mod hops;
mod judge;
pub mod manual;
mod registry;
mod schedule;
mod sign;
mod suppression;
mod wording;

mod cap;
mod dlg;
mod out;
mod stat;
mod txn;

#[cfg(test)]
mod stage;

pub use context::Context;
pub use finding::{Confidence, Evidence, Finding, Incomplete, Judged, Severity};
pub use judge::{judge, judge_capture, judge_leg};
pub use registry::{RULES, rule};
pub use rule::{Check, Rule};
pub use sign::Sign;
