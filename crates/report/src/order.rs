//! The order of findings.

use siptriage_rules::Finding;

use crate::row::first_frame;

/// What findings are sorted by, before rule and call. A finding without a frame comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Of one capture: by the first frame that proves them.
    Frame,
    /// Of several captures, whose frame numbers do not compare: by time, then by capture and frame.
    Time,
}

impl Order {
    /// The order for a number of captures.
    pub fn of(captures: usize) -> Order {
        if captures > 1 {
            Order::Time
        } else {
            Order::Frame
        }
    }

    /// What a finding is sorted by.
    pub(crate) fn key(self, finding: &Finding) -> impl Ord + use<> {
        let frame = first_frame(finding);
        let time = match self {
            Order::Frame => None,
            Order::Time => Some(finding.time),
        };
        (
            frame.is_none(),
            time,
            frame,
            finding.rule.code,
            finding.call,
        )
    }
}
