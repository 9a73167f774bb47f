//! `siptriage messages`: one row a SIP message, in the order of the capture.

use std::io;

use siptriage_report::{CaptureRow, MessageRow, Ndjson, csv, json, table};

use super::Console;
use super::reading::{go_on, rows};
use crate::arguments::{Format, Messages};
use crate::exit::Exit;
use crate::pipeline;

/// Reads captures and prints their messages.
pub fn messages(console: &mut Console<'_>, arguments: &Messages) -> io::Result<Exit> {
    let (inputs, exit) = console.inputs(&arguments.reading)?;
    let options = console.options(&arguments.reading);
    let progress = console.progress(&arguments.reading);
    let out = &mut *console.out;
    let mut list = match arguments.format {
        Format::Table => List::Table(table::Messages::begin(
            out,
            table::Numbering::of(inputs.len()),
        )?),
        Format::Json => List::Json(json::Messages::begin(out)?),
        Format::Ndjson => List::Lines(Ndjson::new(out)),
        Format::Csv => List::Csv(Box::new(csv::Messages::begin(out)?)),
    };
    let mut written = Ok(());
    let listed = progress.during(|| {
        pipeline::messages(&inputs, &options, &mut |seen| {
            written = list.message(&MessageRow::of(&seen.observation), seen.time_digits);
            go_on(&written)
        })
    });
    written?;
    list.end(&rows(&listed.captures, &listed.refusals))?;
    console.conclude(&listed.captures, exit)
}

/// A list that is written as the messages come.
enum List<'w> {
    Table(table::Messages<'w>),
    Json(json::Messages<'w>),
    Lines(Ndjson<'w>),
    Csv(Box<csv::Messages<'w>>),
}

impl List<'_> {
    fn message(&mut self, row: &MessageRow<'_>, time_digits: u8) -> io::Result<()> {
        match self {
            List::Table(table) => table.message(row),
            List::Json(document) => document.message(row),
            List::Lines(lines) => lines.message(row),
            List::Csv(table) => table.message(row, time_digits),
        }
    }

    fn end(self, captures: &[CaptureRow]) -> io::Result<()> {
        match self {
            List::Table(_) => Ok(()),
            List::Json(document) => document.end(captures),
            List::Csv(table) => table.end(),
            List::Lines(mut lines) => captures.iter().try_for_each(|row| lines.capture(row)),
        }
    }
}
