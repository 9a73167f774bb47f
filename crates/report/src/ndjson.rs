//! NDJSON: one object a line, written as it becomes known; nothing is kept.

use std::io::{self, Write};

use siptriage_rules::{Finding, Incomplete};

use crate::line::{Line, Row};
use crate::row::{CallRow, CaptureRow, FindingRow, IncompleteRow, MessageRow, Numbers};

/// A stream of objects, each with its `type` first.
pub struct Ndjson<'w> {
    out: &'w mut (dyn Write + Send),
    line: Line,
}

impl<'w> Ndjson<'w> {
    /// A stream into `out`.
    pub fn new(out: &'w mut (dyn Write + Send)) -> Ndjson<'w> {
        Ndjson {
            out,
            line: Line::default(),
        }
    }

    /// Writes a call.
    pub fn call(&mut self, row: &CallRow<'_>) -> io::Result<()> {
        self.object("call", row)
    }

    /// Writes a message.
    pub fn message(&mut self, row: &MessageRow<'_>) -> io::Result<()> {
        self.object("message", row)
    }

    /// Writes a finding.
    pub fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.object("finding", &FindingRow(finding))
    }

    /// Writes an undecided verdict.
    pub fn incomplete(&mut self, incomplete: &Incomplete) -> io::Result<()> {
        self.object("incomplete", &IncompleteRow(incomplete))
    }

    /// Writes what was read of a capture.
    pub fn capture(&mut self, row: &CaptureRow) -> io::Result<()> {
        self.object("capture", row)
    }

    /// Writes the numbers of all captures.
    pub fn metrics(&mut self, numbers: Numbers<'_>) -> io::Result<()> {
        self.object("metrics", &numbers)
    }

    /// Every row is a JSON object with at least one field: its type goes before the first.
    fn object<T: Row>(&mut self, kind: &str, row: &T) -> io::Result<()> {
        self.line.text.clear();
        row.append_to(&mut self.line)?;
        let fields = self.line.text.strip_prefix(b"{");
        let fields = fields.unwrap_or(&self.line.text);
        for part in ["{\"type\":\"", kind, "\","] {
            self.out.write_all(part.as_bytes())?;
        }
        self.out.write_all(fields)?;
        self.out.write_all(b"\n")
    }
}
