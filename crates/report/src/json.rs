//! JSON documents: one object, with one row of each list a line.

use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;
use siptriage_correlate::Traffic;

use crate::SCHEMA_VERSION;
use crate::collected::Collected;
use crate::line::{Line, Row};
use crate::row::{
    CaptureRow, FindingRow, IncompleteRow, MessageRow, Numbers, PackedCalls, SeriesRow,
};

/// Writes the document of `analyze`.
pub fn analysis(
    out: &mut dyn Write,
    captures: &[CaptureRow],
    collected: &Collected,
    numbers: Numbers<'_>,
) -> io::Result<()> {
    begin(out)?;
    list(out, "captures", captures)?;
    call_list(out, collected.calls())?;
    list(out, "findings", collected.findings().iter().map(FindingRow))?;
    list(
        out,
        "incomplete",
        collected.incomplete().iter().map(IncompleteRow),
    )?;
    list(out, "series", collected.series().iter().map(SeriesRow))?;
    value(out, "left_out", &collected.left_out(numbers.traffic))?;
    value(out, "metrics", &numbers)?;
    end(out)
}

/// Writes the document of `calls`.
pub fn calls(
    out: &mut dyn Write,
    captures: &[CaptureRow],
    collected: &Collected,
    traffic: &Traffic,
) -> io::Result<()> {
    begin(out)?;
    list(out, "captures", captures)?;
    call_list(out, collected.calls())?;
    value(out, "left_out", &collected.left_out(traffic))?;
    end(out)
}

/// The document of `messages`, written as the messages come.
pub struct Messages<'w> {
    out: &'w mut (dyn Write + Send),
    line: Line,
    separator: &'static [u8],
}

impl<'w> Messages<'w> {
    /// Begins the document.
    pub fn begin(out: &'w mut (dyn Write + Send)) -> io::Result<Messages<'w>> {
        begin(out)?;
        out.write_all(b",\n\"messages\": [")?;
        Ok(Messages {
            out,
            line: Line::default(),
            separator: b"\n",
        })
    }

    /// Writes one message.
    pub fn message(&mut self, row: &MessageRow<'_>) -> io::Result<()> {
        self.out.write_all(self.separator)?;
        self.separator = b",\n";
        write_row(self.out, &mut self.line, row)
    }

    /// Ends the document with what was read.
    pub fn end(self, captures: &[CaptureRow]) -> io::Result<()> {
        self.out.write_all(b"\n]")?;
        list(self.out, "captures", captures)?;
        end(self.out)
    }
}

/// Writes a value on a line of its own; for documents that are one list.
pub(crate) fn rows<T: Row>(
    out: &mut dyn Write,
    rows: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    let mut separator: &[u8] = b"[\n";
    let mut is_empty = true;
    let mut line = Line::default();
    for row in rows {
        out.write_all(separator)?;
        write_row(out, &mut line, &row)?;
        separator = b",\n";
        is_empty = false;
    }
    out.write_all(if is_empty { b"[]\n" } else { b"\n]\n" })
}

fn begin(out: &mut dyn Write) -> io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    write!(
        out,
        "{{\n\"schema_version\": {SCHEMA_VERSION},\n\"siptriage\": \"{version}\""
    )
}

fn list<T: Row>(
    out: &mut dyn Write,
    name: &str,
    rows: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\": [")?;
    let mut separator: &[u8] = b"\n";
    let mut line = Line::default();
    for row in rows {
        out.write_all(separator)?;
        write_row(out, &mut line, &row)?;
        separator = b",\n";
    }
    out.write_all(b"\n]")
}

/// Rows that one thread renders before they are written: few enough to stay near, and more bytes than
/// a buffer takes, so that they are not copied once more.
const RENDERED: usize = 128;

/// Writes the list of calls, which is most of a document: rendered side by side on the threads of
/// the caller's pool, written in order.
fn call_list(out: &mut dyn Write, calls: &PackedCalls) -> io::Result<()> {
    out.write_all(b",\n\"calls\": [")?;
    let threads = 0..rayon::current_num_threads();
    let mut pieces: Vec<Line> = threads.map(|_| Line::default()).collect();
    for begin in (0..calls.len()).step_by(RENDERED * pieces.len()) {
        let numbered = pieces.par_iter_mut().enumerate();
        numbered.try_for_each(|(number, piece)| {
            let begin = begin + number * RENDERED;
            render(piece, calls, begin..calls.len().min(begin + RENDERED))
        })?;
        for piece in &pieces {
            out.write_all(&piece.text)?;
        }
    }
    out.write_all(b"\n]")
}

fn render(piece: &mut Line, calls: &PackedCalls, range: Range<usize>) -> io::Result<()> {
    piece.text.clear();
    for (place, row) in range.clone().zip(calls.range(range)) {
        let separator: &[u8] = if place == 0 { b"\n" } else { b",\n" };
        piece.text.extend_from_slice(separator);
        row.append_to(piece)?;
    }
    Ok(())
}

fn value<T: Row>(out: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    write!(out, ",\n\"{name}\": ")?;
    write_row(out, &mut Line::default(), value)
}

/// Writes a value by way of `line`, which is emptied first.
fn write_row<T: Row>(out: &mut dyn Write, line: &mut Line, value: &T) -> io::Result<()> {
    line.text.clear();
    value.append_to(line)?;
    out.write_all(&line.text)
}

fn end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"\n}\n")
}
