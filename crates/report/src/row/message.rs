//! One SIP message as `messages` shows it.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_capture::{Flow, Time};
use siptriage_correlate::{FrameRef, Observation};
use siptriage_sip::{Facts, Scanned, StatusCode};

use crate::moment;
use crate::wire_text::WireText;

/// One SIP message seen once.
#[derive(Clone, Copy, Debug)]
pub struct MessageRow<'a> {
    /// The frame that completed it.
    pub frame: FrameRef,
    /// When that frame was captured.
    pub time: Time,
    /// Innermost addresses and transport.
    pub flow: Flow,
    /// The method; `None` for a response.
    pub method: Option<WireText<'a>>,
    /// The status; `None` for a request.
    pub status: Option<StatusCode>,
    /// The Call-ID.
    pub call_id: Option<WireText<'a>>,
    /// The number of CSeq, where it can be read.
    pub cseq_number: Option<u32>,
    /// The method of CSeq, or the whole value where its number cannot be read.
    pub cseq_method: Option<WireText<'a>>,
}

impl<'a> MessageRow<'a> {
    /// The row of a message.
    pub fn of(observation: &Observation<'a>) -> MessageRow<'a> {
        let message = observation.message;
        let is_request = message.outline.is_request();
        let readable = !message.outline.facts.contains(Facts::NO_CSEQ);
        MessageRow {
            frame: observation.frame,
            time: observation.time,
            flow: observation.flow,
            method: is_request.then(|| WireText(message.method_name())),
            status: message.outline.status(),
            call_id: message.call_id().map(WireText),
            cseq_number: readable.then_some(message.outline.cseq),
            cseq_method: cseq_method(message, readable),
        }
    }

    /// CSeq as `NUMBER METHOD`; empty without one (RFC 3261 20.16).
    pub fn cseq(&self) -> String {
        let method = self
            .cseq_method
            .map(WireText::for_terminal)
            .unwrap_or_default();
        match self.cseq_number {
            Some(number) => format!("{number} {method}"),
            None => method.into_owned(),
        }
    }
}

fn cseq_method(message: Scanned<'_>, readable: bool) -> Option<WireText<'_>> {
    let text = if readable {
        message.cseq_method_token()
    } else {
        message.cseq_value()
    };
    text.map(WireText)
}

impl Serialize for MessageRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cseq = self.cseq();
        let mut row = serializer.serialize_struct("message", 10)?;
        row.serialize_field("frame", &self.frame.number())?;
        row.serialize_field("time", &moment::rfc3339(self.time))?;
        row.serialize_field("transport", self.flow.transport.name())?;
        row.serialize_field("src", &self.flow.src.to_string())?;
        row.serialize_field("dst", &self.flow.dst.to_string())?;
        row.serialize_field("method", &self.method)?;
        row.serialize_field("status", &self.status.map(|status| status.0))?;
        row.serialize_field("call_id", &self.call_id)?;
        row.serialize_field("cseq", &(!cseq.is_empty()).then_some(cseq))?;
        row.serialize_field("capture", &self.frame.file())?;
        row.end()
    }
}
