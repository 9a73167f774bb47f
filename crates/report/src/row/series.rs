//! Requests outside of calls that belong together, as the documents show them.

use std::io;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use siptriage_correlate::series::Counts;
use siptriage_correlate::{FrameRef, Series, SeriesEnd, Tally};

use super::call::Elsewhere;
use crate::line::{Object, Row};
use crate::wire_text::{WireText, WireUri};

/// One series.
pub(crate) struct SeriesRow<'a>(pub(crate) &'a Series);

impl Row for SeriesRow<'_> {
    fn push(&self, line: &mut Vec<u8>) -> io::Result<()> {
        let series = self.0;
        let mut frames: Vec<FrameRef> = series.frames.kept().collect();
        frames.sort_unstable();
        frames.dedup();
        let (here, elsewhere) = Elsewhere::split(&frames);
        let event = Some(WireText(&series.event)).filter(|event| !event.0.is_empty());
        let mut row = Object::begin(line);
        row.word("kind", Some(series.kind.name()));
        row.text("call_id", Some(WireText(&series.call_id)))?;
        row.uri("from", WireUri(&series.from))?;
        row.uri("to", WireUri(&series.to))?;
        row.text("event", event)?;
        row.endpoint("src", series.flow.src);
        row.endpoint("dst", series.flow.dst);
        row.number("call", series.call);
        row.time("first_time", series.first);
        row.time("last_time", series.last);
        row.number("requests", Some(series.requests));
        row.number("notifies", Some(series.notifies));
        row.number("refreshes", Some(series.refreshes));
        row.number("refused", Some(series.refused));
        row.number("unanswered", Some(series.unanswered));
        row.number("status", series.status.map(|status| status.0));
        row.number("expires", series.granted);
        row.word("end", Some(series.end.name()));
        row.number("messages", Some(series.frames.count));
        row.numbers("frames", here.numbers())?;
        row.number(
            "capture",
            Some(frames.first().map_or(0, |frame| frame.file())),
        );
        if !elsewhere.is_empty() {
            row.value("frames_elsewhere", &elsewhere)?;
        }
        row.end();
        Ok(())
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
