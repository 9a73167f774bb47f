//! Requests outside of calls that belong together, as the documents show them.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use siptriage_correlate::series::Counts;
use siptriage_correlate::{FrameRef, Series, SeriesEnd, Tally};

use super::call::{Elsewhere, Printed};
use crate::moment;
use crate::wire_text::{WireText, WireUri};

/// One series.
pub(crate) struct SeriesRow<'a>(pub(crate) &'a Series);

impl Serialize for SeriesRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let series = self.0;
        let mut frames: Vec<FrameRef> = series.frames.kept().collect();
        frames.sort_unstable();
        frames.dedup();
        let (here, elsewhere) = Elsewhere::split(&frames);
        let event = Some(WireText(&series.event)).filter(|event| !event.0.is_empty());
        let mut row = serializer.serialize_struct("series", 22)?;
        row.serialize_field("kind", series.kind.name())?;
        row.serialize_field("call_id", &WireText(&series.call_id))?;
        row.serialize_field("from", &WireUri(&series.from))?;
        row.serialize_field("to", &WireUri(&series.to))?;
        row.serialize_field("event", &event)?;
        row.serialize_field("src", &Printed(series.flow.src))?;
        row.serialize_field("dst", &Printed(series.flow.dst))?;
        row.serialize_field("call", &series.call)?;
        row.serialize_field("first_time", &moment::rfc3339(series.first))?;
        row.serialize_field("last_time", &moment::rfc3339(series.last))?;
        row.serialize_field("requests", &series.requests)?;
        row.serialize_field("notifies", &series.notifies)?;
        row.serialize_field("refreshes", &series.refreshes)?;
        row.serialize_field("refused", &series.refused)?;
        row.serialize_field("unanswered", &series.unanswered)?;
        row.serialize_field("status", &series.status.map(|status| status.0))?;
        row.serialize_field("expires", &series.granted)?;
        row.serialize_field("end", series.end.name())?;
        row.serialize_field("messages", &series.frames.count)?;
        row.serialize_field("frames", &here)?;
        row.serialize_field("capture", &frames.first().map_or(0, |frame| frame.file()))?;
        if elsewhere.is_empty() {
            row.skip_field("frames_elsewhere")?;
        } else {
            row.serialize_field("frames_elsewhere", &elsewhere)?;
        }
        row.end()
    }
}

/// How many series there are of each kind that occurs.
pub(super) struct TallyRow<'a>(pub(super) &'a Tally);

impl Serialize for TallyRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kinds = self.0.kinds();
        serializer.collect_map(kinds.map(|(kind, counts)| (kind.name(), CountsRow(counts))))
    }
}

struct CountsRow<'a>(&'a Counts);

impl Serialize for CountsRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        row.serialize_entry("count", &self.0.all())?;
        row.serialize_entry("requests", &self.0.requests)?;
        row.serialize_entry("requests_refused", &self.0.refused)?;
        row.serialize_entry("requests_unanswered", &self.0.unanswered)?;
        for (end, count) in SeriesEnd::ALL.iter().zip(self.0.ends) {
            row.serialize_entry(end.name(), &count)?;
        }
        row.end()
    }
}
