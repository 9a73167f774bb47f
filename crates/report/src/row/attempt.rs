//! An attempt of a call that another one followed.

use std::io;

use siptriage_capture::Endpoint;
use siptriage_correlate::{Attempt, Call, Case, FrameRef};
use siptriage_sip::StatusCode;

use super::call::request_flow;
use crate::line::{Line, Object, name};

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

pub(super) fn push(line: &mut Line, attempt: &AttemptRow) -> io::Result<()> {
    let mut row = Object::begin(line);
    row.number(name!("frame"), Some(attempt.frame.number()));
    row.number(name!("capture"), Some(attempt.frame.file()));
    row.endpoint(name!("dst"), attempt.dst);
    row.number(name!("status"), attempt.status.map(|status| status.0));
    row.end();
    Ok(())
}
