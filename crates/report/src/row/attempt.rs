//! An attempt of a call that another one followed.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_capture::Endpoint;
use siptriage_correlate::{Attempt, Call, Case, FrameRef};
use siptriage_sip::StatusCode;

use super::call::{Printed, request_flow};

/// An INVITE of the caller that did not decide how the call ended: challenged, redirected, refused
/// by one of several servers, or answered by none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Its first frame.
    pub frame: FrameRef,
    /// Where it was sent.
    pub dst: Endpoint,
    /// The final response that it came to.
    pub status: Option<StatusCode>,
}

/// The superseded attempts of a call.
pub(super) fn rows(call: &Call) -> Vec<AttemptRow> {
    let superseded = call.superseded().into_iter();
    superseded
        .map(|(case, attempt)| row(case, attempt))
        .collect()
}

fn row(case: &Case, attempt: &Attempt) -> AttemptRow {
    let first = case.leg.transaction(attempt.root()).first;
    let last = attempt.final_response.map(|last| case.leg.record(last));
    AttemptRow {
        frame: case.leg.record(first).frame,
        dst: request_flow(case, first).dst,
        status: last.and_then(|last| last.role.status()),
    }
}

impl Serialize for AttemptRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("attempt", 4)?;
        row.serialize_field("frame", &self.frame.number())?;
        row.serialize_field("capture", &self.frame.file())?;
        row.serialize_field("dst", &Printed(self.dst))?;
        row.serialize_field("status", &self.status.map(|status| status.0))?;
        row.end()
    }
}
