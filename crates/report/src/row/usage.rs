//! What used the dialogs of a call, beside its session.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_correlate::{Call, Case, EndedBy, FrameRef, Usage, UsageKind};

use crate::wire_text::WireText;

/// One use of a dialog of a call: the session, or a subscription (RFC 5057).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageRow<'a> {
    /// The event package of a subscription; none for the session.
    pub event: Option<WireText<'a>>,
    /// The frame by which it began; none where that was not captured.
    pub begun: Option<FrameRef>,
    /// The frame that ended it, and in what way; none while it lasts.
    pub ended: Option<(FrameRef, EndedBy)>,
}

/// The usages of all dialogs of a call in which there is more than a session that a BYE ends.
pub(super) fn rows(call: &Call) -> Vec<UsageRow<'_>> {
    let mut rows = Vec::new();
    for case in call.legs() {
        for dialog in case.shared_dialogs() {
            if dialog.usages.iter().any(is_telling) {
                rows.extend(dialog.usages.iter().map(|usage| row(case, usage)));
            }
        }
    }
    rows
}

/// Whether it is more than a session that ended in an ordinary way.
fn is_telling(usage: &Usage<'_>) -> bool {
    let by = usage.ended.map(|end| end.by);
    !usage.is_invite() || matches!(by, Some(EndedBy::Failure(_) | EndedBy::Silence))
}

fn row<'c>(case: &'c Case, usage: &Usage<'c>) -> UsageRow<'c> {
    let frame = |record| case.leg.record(record).frame;
    UsageRow {
        event: match usage.kind {
            UsageKind::Invite { .. } => None,
            UsageKind::Subscription { event, .. } => Some(WireText(event.package)),
        },
        begun: usage.begun.map(frame),
        ended: usage.ended.map(|end| (frame(end.record), end.by)),
    }
}

impl Serialize for UsageRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = if self.event.is_some() {
            "subscription"
        } else {
            "session"
        };
        let ended = self.ended.map(|(frame, _)| frame);
        let mut row = serializer.serialize_struct("usage", 6)?;
        row.serialize_field("kind", kind)?;
        row.serialize_field("event", &self.event)?;
        row.serialize_field("begun", &self.begun.map(FrameRow))?;
        row.serialize_field("ended", &ended.map(FrameRow))?;
        row.serialize_field("ended_by", &self.ended.map(|(_, by)| by.name()))?;
        let status = self.ended.and_then(|(_, by)| by.status());
        row.serialize_field("status", &status.map(|status| status.0))?;
        row.end()
    }
}

/// A frame, and the capture that it is in.
struct FrameRow(FrameRef);

impl Serialize for FrameRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("frame", 2)?;
        row.serialize_field("frame", &self.0.number())?;
        row.serialize_field("capture", &self.0.file())?;
        row.end()
    }
}
