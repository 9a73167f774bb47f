//! The uses of the dialogs of a packed call row.

use siptriage_correlate::EndedBy;

use super::super::UsageRow;
use super::{Reader, Writer};

impl Writer<'_> {
    pub(super) fn usage(&mut self, usage: &UsageRow<'_>) {
        self.record(|writer| {
            writer.some(usage.event, Writer::text);
            writer.some(usage.begun, |writer, frame| writer.frames(&[frame]));
            writer.some(usage.ended, |writer, (frame, by)| {
                writer.frames(&[frame]);
                writer.ended_by(by);
            });
        });
    }

    fn ended_by(&mut self, by: EndedBy) {
        self.bytes.push(match by {
            EndedBy::Bye => 0,
            EndedBy::OtherAnswer => 1,
            EndedBy::Silence => 2,
            EndedBy::Notify => 3,
            EndedBy::Unsubscribe => 4,
            EndedBy::Refusal(_) => 5,
            EndedBy::Failure(_) => 6,
        });
        if let Some(status) = by.status() {
            self.status(status);
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn usage(&mut self) -> UsageRow<'a> {
        self.record(|reader| UsageRow {
            event: reader.some(Reader::text),
            begun: reader.some(Reader::frame),
            ended: reader.some(|reader| (reader.frame(), reader.ended_by())),
        })
    }

    fn ended_by(&mut self) -> EndedBy {
        match self.byte() {
            0 => EndedBy::Bye,
            1 => EndedBy::OtherAnswer,
            2 => EndedBy::Silence,
            3 => EndedBy::Notify,
            4 => EndedBy::Unsubscribe,
            5 => EndedBy::Refusal(self.status()),
            _ => EndedBy::Failure(self.status()),
        }
    }
}
