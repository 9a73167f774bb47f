//! The uses of the dialogs of a packed call row.

use siptriage_correlate::EndedBy;
use siptriage_sip::StatusCode;

use super::super::UsageRow;
use super::{Reader, Writer};

impl Writer<'_> {
    pub(super) fn usage(&mut self, usage: &UsageRow<'_>) {
        self.some(usage.event, Writer::text);
        self.some(usage.begun, |writer, frame| writer.frames(&[frame]));
        self.some(usage.ended, |writer, (frame, by)| {
            writer.frames(&[frame]);
            writer.ended_by(by);
        });
    }

    fn ended_by(&mut self, by: EndedBy) {
        self.0.push(match by {
            EndedBy::Bye => 0,
            EndedBy::OtherAnswer => 1,
            EndedBy::Silence => 2,
            EndedBy::Notify => 3,
            EndedBy::Unsubscribe => 4,
            EndedBy::Refusal(_) => 5,
            EndedBy::Failure(_) => 6,
        });
        self.some(by.status(), |writer, status| {
            writer.number(u64::from(status.0));
        });
    }
}

impl<'a> Reader<'a> {
    pub(super) fn usages(&mut self) -> Vec<UsageRow<'a>> {
        let usages = 0..self.number();
        usages.map(|_| self.usage()).collect()
    }

    fn usage(&mut self) -> UsageRow<'a> {
        UsageRow {
            event: self.some(Reader::text),
            begun: self.some(Reader::frame),
            ended: self.some(|reader| (reader.frame(), reader.ended_by())),
        }
    }

    fn ended_by(&mut self) -> EndedBy {
        let word = self.byte();
        let status = self.some(|reader| StatusCode(reader.number() as u16));
        let status = status.unwrap_or(StatusCode(0));
        match word {
            0 => EndedBy::Bye,
            1 => EndedBy::OtherAnswer,
            2 => EndedBy::Silence,
            3 => EndedBy::Notify,
            4 => EndedBy::Unsubscribe,
            5 => EndedBy::Refusal(status),
            _ => EndedBy::Failure(status),
        }
    }
}
