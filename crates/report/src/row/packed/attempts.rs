//! The superseded attempts of a packed call row.

use super::super::AttemptRow;
use super::{Reader, Writer};

impl Writer<'_> {
    pub(super) fn attempt(&mut self, attempt: &AttemptRow) {
        self.record(|writer| {
            writer.frames(&[attempt.frame]);
            writer.endpoint(attempt.dst);
            writer.some(attempt.status, Writer::status);
        });
    }
}

impl Reader<'_> {
    pub(super) fn attempt(&mut self) -> AttemptRow {
        self.record(|reader| AttemptRow {
            frame: reader.frame(),
            dst: reader.endpoint(),
            status: reader.some(Reader::status),
        })
    }
}
