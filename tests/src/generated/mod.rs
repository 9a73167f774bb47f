//! Generated captures, whose truth is known call by call, held against what the program prints.

mod expected;
mod judge;
mod messages;
mod totals;
mod truth;

pub use expected::{Expected, Transport, expected};
pub use judge::{Judgement, judge};
pub use messages::compare_messages;
pub use truth::{Scenario, Truth};
