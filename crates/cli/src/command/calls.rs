//! `siptriage calls`: one row a call.

use std::io;

use siptriage_report::{CallRow, Collected, Ndjson, Order, csv, json, table};

use super::Console;
use super::reading::{go_on, rows_of};
use crate::arguments::{Calls, Format};
use crate::exit::Exit;
use crate::pipeline::{self, CaptureFacts, Event, Input, Options};

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
        Format::Table | Format::Json | Format::Csv => {
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
    let mut written = Ok(());
    let totals = pipeline::analyze(inputs, options, &mut |event| {
        if let Event::Call { call, .. } = event {
            written = lines.call(&CallRow::of(call));
        }
        go_on(&written)
    });
    written?;
    for capture in rows_of(&totals) {
        lines.capture(&capture)?;
    }
    Ok(totals.captures)
}

fn document(
    console: &mut Console<'_>,
    inputs: &[Input],
    options: &Options,
    format: Format,
) -> io::Result<Vec<CaptureFacts>> {
    let mut collected = Collected::new(options.correlate.rows);
    let totals = pipeline::analyze(inputs, options, &mut |event| {
        if let Event::Call { call, .. } = event {
            collected.add_call(&CallRow::of(call));
        }
        go_on(&Ok(()))
    });
    collected.sort(Order::of(inputs.len()));
    match format {
        Format::Json => {
            let (out, captures) = (&mut *console.out, rows_of(&totals));
            pipeline::within(options.threads, || {
                json::calls(out, &captures, &collected, &totals.traffic)
            })?;
        }
        Format::Csv => csv::calls(console.out, collected.calls())?,
        Format::Table | Format::Ndjson => {
            table::calls(
                console.out,
                console.page,
                collected.calls(),
                &rows_of(&totals),
            )?;
        }
    }
    console.count_left_out(collected.left_out(&totals.traffic))?;
    Ok(totals.captures)
}
