//! The superseded attempts of a packed call row.

use siptriage_sip::StatusCode;

use super::super::AttemptRow;
use super::{Reader, Writer};

impl Writer<'_> {
    /// How many there are, then each of them.
    pub(super) fn attempts(&mut self, attempts: &[AttemptRow]) {
        self.number(attempts.len() as u64);
        for attempt in attempts {
            self.frames(&[attempt.frame]);
            self.endpoint(attempt.dst);
            self.some(attempt.status, |writer, status| {
                writer.number(u64::from(status.0))
            });
        }
    }
}

impl Reader<'_> {
    /// What [`Writer::attempts`] wrote.
    pub(super) fn attempts(&mut self) -> Vec<AttemptRow> {
        let attempts = 0..self.number();
        attempts
            .map(|_| AttemptRow {
                frame: self.frame(),
                dst: self.endpoint(),
                status: self.some(|reader| StatusCode(reader.number() as u16)),
            })
            .collect()
    }
}
