//! `siptriage calls`: one row a call.

use std::io;

use siptriage_report::{CallRow, Collected, Ndjson, Order, csv, json, table};

use super::Console;
use super::reading::{go_on, rows_of};
use crate::arguments::{Calls, Format};
use crate::exit::Exit;
use crate::pipeline::{self, CaptureFacts, Event, Input, Options, Totals};

/// Reads captures and prints their calls.
pub fn calls(console: &mut Console<'_>, arguments: &Calls) -> io::Result<Exit> {
    let (inputs, exit) = console.inputs(&arguments.reading)?;
    let Some(profile) = console.profile(&arguments.site)? else {
        return Ok(Exit::Usage);
    };
    let options = Options {
        profile,
        ..console.options(&arguments.reading)
    };
    let progress = console.progress(&arguments.reading);
    let captures = match arguments.format {
        Format::Ndjson => progress.during(|| lines(console, &inputs, &options))?,
        Format::Csv => progress.during(|| rows(console, &inputs, &options))?,
        Format::Table | Format::Json => {
            progress.during(|| document(console, &inputs, &options, arguments.format))?
        }
    };
    console.conclude(&captures, exit)
}

fn lines(
    console: &mut Console<'_>,
    inputs: &[Input],
    options: &Options,
) -> io::Result<Vec<CaptureFacts>> {
    let mut lines = Ndjson::new(&mut *console.out);
    let totals = each(inputs, options, &mut |row| lines.call(row))?;
    for capture in rows_of(&totals) {
        lines.capture(&capture)?;
    }
    Ok(totals.captures)
}

fn rows(
    console: &mut Console<'_>,
    inputs: &[Input],
    options: &Options,
) -> io::Result<Vec<CaptureFacts>> {
    let mut rows = csv::Calls::begin(&mut *console.out)?;
    let totals = each(inputs, options, &mut |row| rows.call(row))?;
    rows.end()?;
    Ok(totals.captures)
}

fn document(
    console: &mut Console<'_>,
    inputs: &[Input],
    options: &Options,
    format: Format,
) -> io::Result<Vec<CaptureFacts>> {
    let mut collected = Collected::new(options.correlate.rows);
    let totals = each(inputs, options, &mut |row| {
        collected.add_call(row);
        Ok(())
    })?;
    collected.sort(Order::of(inputs.len()));
    let captures = rows_of(&totals);
    if format == Format::Json {
        let out = &mut *console.out;
        pipeline::within(options.threads, || {
            json::calls(out, &captures, &collected, &totals.traffic)
        })?;
    } else {
        table::calls(console.out, console.page, collected.calls(), &captures)?;
    }
    console.count_left_out(collected.left_out(&totals.traffic))?;
    Ok(totals.captures)
}

/// Hands over each call as it ends.
fn each(
    inputs: &[Input],
    options: &Options,
    take: &mut (dyn FnMut(&CallRow<'_>) -> io::Result<()> + Send),
) -> io::Result<Totals> {
    let mut written = Ok(());
    let totals = pipeline::analyze(inputs, options, &mut |event| {
        if let Event::Call { call, .. } = event {
            written = take(&CallRow::of(call));
        }
        go_on(&written)
    });
    written.map(|()| totals)
}
