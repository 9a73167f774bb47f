//! Rules on how calls ended.

pub mod abandoned_not_failed;
pub mod terminated_without_cancel;
