//! Requests outside of calls that belong together, as the documents show them.

use std::io;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use siptriage_correlate::series::Counts;
use siptriage_correlate::{FrameRef, Series, SeriesEnd, Tally};

use super::call::Elsewhere;
use crate::line::{Line, Object, Row, name};
use crate::wire_text::{WireText, WireUri};

/// One series.
pub(crate) struct SeriesRow<'a>(pub(crate) &'a Series);

impl Row for SeriesRow<'_> {
    fn append_to(&self, line: &mut Line) -> io::Result<()> {
        let series = self.0;
        let mut frames: Vec<FrameRef> = series.frames.kept().collect();
        frames.sort_unstable();
        frames.dedup();
        let (here, elsewhere) = Elsewhere::split(&frames);
        let event = Some(WireText(&series.event)).filter(|event| !event.0.is_empty());
        let mut row = Object::begin(line);
        row.word(name!("kind"), Some(series.kind.name()));
        row.text(name!("call_id"), Some(WireText(&series.call_id)))?;
        row.uri(name!("from"), WireUri(&series.from))?;
        row.uri(name!("to"), WireUri(&series.to))?;
        row.text(name!("event"), event)?;
        row.endpoint(name!("src"), series.flow.src);
        row.endpoint(name!("dst"), series.flow.dst);
        row.number(name!("call"), series.call);
        row.time(name!("first_time"), series.first);
        row.time(name!("last_time"), series.last);
        row.number(name!("requests"), Some(series.requests));
        row.number(name!("notifies"), Some(series.notifies));
        row.number(name!("refreshes"), Some(series.refreshes));
        row.number(name!("refused"), Some(series.refused));
        row.number(name!("unanswered"), Some(series.unanswered));
        row.number(name!("status"), series.status.map(|status| status.0));
        row.number(name!("expires"), series.granted);
        row.word(name!("end"), Some(series.end.name()));
        row.number(name!("messages"), Some(series.frames.count));
        row.numbers(name!("frames"), here.numbers());
        row.number(
            name!("capture"),
            Some(frames.first().map_or(0, |frame| frame.file())),
        );
        if !elsewhere.is_empty() {
            row.value(name!("frames_elsewhere"), &elsewhere)?;
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
