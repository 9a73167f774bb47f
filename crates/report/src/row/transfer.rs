//! A transfer inside a call, and the call that it caused.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_correlate::{Call, Case, FrameRef, LinkReason, Side, Transfer, TransferResult};
use siptriage_sip::StatusCode;

use crate::wire_text::WireUri;

/// A REFER inside a call: one side asked the other to call somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransferRow<'a> {
    /// The frame of the REFER.
    pub frame: FrameRef,
    /// Who asked.
    pub by: Side,
    /// Whom the other is to call.
    pub target: WireUri<'a>,
    /// What is said to have come of it.
    pub result: TransferResult,
    /// The status that says so.
    pub status: Option<StatusCode>,
    /// The call that it caused.
    pub caused: Option<CauseRow>,
}

/// One call is the cause of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseRow {
    /// The other call's number.
    pub call: u32,
    /// What tells that.
    pub reason: LinkReason,
}

/// The transfers of all legs of a call.
pub(super) fn rows(call: &Call) -> Vec<TransferRow<'_>> {
    let mut rows = Vec::new();
    for case in call.legs() {
        for transfer in case.transfers() {
            rows.push(row(call, case, &transfer));
        }
    }
    rows.sort_by_key(|row| row.frame);
    rows
}

fn row<'c>(call: &Call, case: &'c Case, transfer: &Transfer) -> TransferRow<'c> {
    let is_refer = |frame: FrameRef| {
        let hops = transfer.hops.iter();
        let mut records = hops.flat_map(|hop| case.messages(*hop));
        records.any(|record| case.leg.record(record).frame == frame)
    };
    let caused = call.caused().iter().find(|caused| is_refer(caused.frame));
    TransferRow {
        frame: case.leg.record(transfer.first(case)).frame,
        by: transfer.by,
        target: WireUri(transfer.target(case)),
        result: transfer.result,
        status: transfer.status,
        caused: caused.map(|caused| CauseRow {
            call: caused.call.number,
            reason: caused.reason,
        }),
    }
}

impl Serialize for TransferRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("transfer", 7)?;
        row.serialize_field("frame", &self.frame.number())?;
        row.serialize_field("capture", &self.frame.file())?;
        row.serialize_field("by", self.by.name())?;
        row.serialize_field("target", &self.target)?;
        row.serialize_field("result", self.result.name())?;
        row.serialize_field("status", &self.status.map(|status| status.0))?;
        row.serialize_field("caused", &self.caused)?;
        row.end()
    }
}

impl Serialize for CauseRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("cause", 3)?;
        row.serialize_field("call", &self.call)?;
        row.serialize_field("reason", self.reason.name())?;
        row.serialize_field("certainty", self.reason.certainty().name())?;
        row.end()
    }
}
