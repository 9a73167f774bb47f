//! CSV by RFC 4180, with line feeds: one header line, then one row a line, written as it becomes
//! known; nothing is kept.
//!
//! Text from the wire is guarded against spreadsheets, which run what looks like a formula. Only
//! `messages` is not: its Call-IDs and CSeqs are made to be compared with other tools' rows.

use std::borrow::Cow;
use std::io::{self, Write};

use siptriage_correlate::Side;
use siptriage_rules::Finding;

use crate::moment;
use crate::row::{CallRow, MessageRow, frame_numbers};
use crate::wire_text::WireText;

const CALLS: [&str; 24] = [
    "call",
    "outcome",
    "status",
    "reason",
    "certainty",
    "start",
    "from",
    "to",
    "src",
    "dst",
    "setup_ms",
    "ring_ms",
    "pdd_ms",
    "talk_ms",
    "ended_by",
    "attempts",
    "retransmissions",
    "frames",
    "call_ids",
    "transfers",
    "caused_by",
    "ended_reason",
    "clock_error_ms",
    "superseded",
];

const FINDINGS: [&str; 10] = [
    "rule",
    "name",
    "severity",
    "confidence",
    "call",
    "time",
    "message",
    "check_first",
    "spec",
    "frames",
];

const MESSAGES: [&str; 9] = [
    "frame",
    "time",
    "transport",
    "src",
    "dst",
    "method",
    "status",
    "call_id",
    "cseq",
];

/// One row a call, written as the calls end.
pub struct Calls<'w>(Table<'w>);

impl<'w> Calls<'w> {
    /// Begins with the header line.
    pub fn begin(out: &'w mut (dyn Write + Send)) -> io::Result<Calls<'w>> {
        Table::begin(out, CALLS).map(Calls)
    }

    /// Writes one call.
    pub fn call(&mut self, row: &CallRow<'_>) -> io::Result<()> {
        let cells = call_cells(row);
        self.0.row(cells.iter().map(|cell| cell.as_bytes()))
    }

    /// Writes what is still buffered.
    pub fn end(self) -> io::Result<()> {
        self.0.end()
    }
}

/// One row a finding, written as they become known.
pub struct Findings<'w>(Table<'w>);

impl<'w> Findings<'w> {
    /// Begins with the header line.
    pub fn begin(out: &'w mut (dyn Write + Send)) -> io::Result<Findings<'w>> {
        Table::begin(out, FINDINGS).map(Findings)
    }

    /// Writes one finding.
    pub fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let cells: [&str; FINDINGS.len()] = [
            finding.rule.code,
            finding.rule.name,
            finding.severity.name(),
            finding.confidence.name(),
            &or_empty(finding.call),
            &moment::rfc3339(finding.time),
            &WireText(finding.message.as_bytes()).for_spreadsheet(),
            finding.rule.check_first,
            &finding.rule.spec.join("; "),
            &spaced(frame_numbers(finding)),
        ];
        self.0.row(cells)
    }

    /// Writes what is still buffered.
    pub fn end(self) -> io::Result<()> {
        self.0.end()
    }
}

/// One row a message, written as the messages come.
pub struct Messages<'w>(Table<'w>);

impl<'w> Messages<'w> {
    /// Begins with the header line.
    pub fn begin(out: &'w mut (dyn Write + Send)) -> io::Result<Messages<'w>> {
        Table::begin(out, MESSAGES).map(Messages)
    }

    /// Writes one message; its time with as many decimals as its capture has.
    pub fn message(&mut self, row: &MessageRow<'_>, time_digits: u8) -> io::Result<()> {
        let text = |text: Option<WireText<'_>>| -> String {
            text.map(WireText::for_terminal)
                .unwrap_or_default()
                .into_owned()
        };
        let cells: [String; MESSAGES.len()] = [
            row.frame.number().to_string(),
            moment::epoch(row.time, time_digits),
            row.flow.transport.name().to_owned(),
            row.flow.src.to_string(),
            row.flow.dst.to_string(),
            text(row.method),
            or_empty(row.status),
            text(row.call_id),
            row.cseq(),
        ];
        self.0.row(cells)
    }

    /// Writes what is still buffered.
    pub fn end(self) -> io::Result<()> {
        self.0.end()
    }
}

/// A header line and rows, written at once; nothing is kept.
struct Table<'w> {
    writer: ::csv::Writer<&'w mut (dyn Write + Send)>,
}

impl<'w> Table<'w> {
    fn begin<const COLUMNS: usize>(
        out: &'w mut (dyn Write + Send),
        names: [&str; COLUMNS],
    ) -> io::Result<Table<'w>> {
        let writer = ::csv::Writer::from_writer(out);
        let mut table = Table { writer };
        table.row(names)?;
        Ok(table)
    }

    fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        write(&mut self.writer, cells)
    }

    fn end(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Writes a row. The error of the output keeps its kind, by which a closed pipe is known.
pub(crate) fn write<W: Write, T: AsRef<[u8]>>(
    writer: &mut ::csv::Writer<W>,
    cells: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    writer
        .write_record(cells)
        .map_err(|error| match error.into_kind() {
            ::csv::ErrorKind::Io(error) => error,
            // Every row has as many cells as the header line, and none is read back.
            _ => io::Error::from(io::ErrorKind::InvalidInput),
        })
}

fn call_cells<'a>(row: &CallRow<'a>) -> [Cow<'a, str>; CALLS.len()] {
    let milliseconds = |span: Option<i64>| Cow::Owned(or_empty(span.map(moment::milliseconds)));
    let here = row
        .frames
        .iter()
        .filter(|frame| frame.file() == row.capture());
    let call_ids: Vec<Cow<'_, str>> = row
        .legs
        .iter()
        .map(|leg| leg.call_id.for_spreadsheet())
        .collect();
    let transfers: Vec<&str> = row
        .transfers
        .iter()
        .map(|transfer| transfer.result.name())
        .collect();
    let attempts = row.superseded.iter();
    let superseded: Vec<String> = attempts
        .map(|attempt| {
            attempt
                .status
                .map_or_else(|| "none".to_owned(), |status| status.to_string())
        })
        .collect();
    [
        Cow::Owned(row.number.to_string()),
        Cow::Borrowed(row.outcome.name()),
        Cow::Owned(or_empty(row.status)),
        row.reason
            .map(WireText::for_spreadsheet)
            .unwrap_or_default(),
        Cow::Borrowed(row.certainty.name()),
        Cow::Owned(moment::rfc3339(row.start)),
        row.from.for_spreadsheet(),
        row.to.for_spreadsheet(),
        Cow::Owned(row.src.to_string()),
        Cow::Owned(row.dst.to_string()),
        milliseconds(row.setup),
        milliseconds(row.ring),
        milliseconds(row.post_dial_delay),
        milliseconds(row.talk),
        Cow::Borrowed(row.ended_by.map(Side::name).unwrap_or_default()),
        Cow::Owned(row.attempts.to_string()),
        Cow::Owned(row.retransmissions.to_string()),
        Cow::Owned(spaced(here.map(|frame| frame.number()))),
        Cow::Owned(call_ids.join(" ")),
        Cow::Owned(transfers.join(" ")),
        Cow::Owned(or_empty(row.caused_by.map(|cause| cause.call))),
        row.ended_reason
            .map(WireText::for_spreadsheet)
            .unwrap_or_default(),
        milliseconds(row.clock_error),
        Cow::Owned(superseded.join(" ")),
    ]
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn spaced(numbers: impl IntoIterator<Item = u64>) -> String {
    let numbers: Vec<String> = numbers
        .into_iter()
        .map(|number| number.to_string())
        .collect();
    numbers.join(" ")
}
