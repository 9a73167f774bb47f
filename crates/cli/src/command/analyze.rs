//! `siptriage analyze`: the triage of captures.

use std::io;

use siptriage_correlate::metrics::Width;
use siptriage_report::{CallRow, Collected, Ndjson, Numbers, Order, csv, json, table};
use siptriage_rules::{Confidence, Finding, Judged};

use super::Console;
use super::reading::{go_on, rows_of};
use crate::arguments::{Analyze, Format};
use crate::exit::Exit;
use crate::pipeline::{self, CaptureFacts, Event, Input, Options};

/// Reads captures and prints what happened to their calls.
pub fn analyze(console: &mut Console<'_>, arguments: &Analyze) -> io::Result<Exit> {
    let (inputs, exit) = console.inputs(&arguments.reading)?;
    let Some(profile) = console.profile(&arguments.site)? else {
        return Ok(Exit::Usage);
    };
    let options = Options {
        assume_complete: arguments.assume_complete,
        profile,
        window: arguments.window.map_or(Width::Automatic, Width::Seconds),
        ..console.options(&arguments.reading)
    };
    let progress = console.progress(&arguments.reading);
    let least = if arguments.possible {
        Confidence::Possible
    } else {
        Confidence::Probable
    };
    let order = Order::of(inputs.len());
    let kept = match arguments.format {
        Format::Table => Kept::Groups(table::Triage::new(order)),
        Format::Json => Kept::Rows(Collected::new(options.correlate.rows)),
        Format::Ndjson => Kept::Nothing(Ndjson::new(&mut *console.out)),
        Format::Csv => {
            let captures = progress.during(|| findings(console, &inputs, &options, least))?;
            return console.conclude(&captures, exit);
        }
    };
    let mut receiver = Receiver { kept, least };
    let mut written = Ok(());
    let totals = progress.during(|| {
        pipeline::analyze(&inputs, &options, &mut |event| {
            written = receiver.take(&event);
            go_on(&written)
        })
    });
    written?;
    receiver.judged(&totals.judged)?;
    let captures = rows_of(&totals);
    let numbers = Numbers {
        ledger: &totals.ledger,
        traffic: &totals.traffic,
        trunks: arguments.trunks,
        windows: arguments.window.map_or(0, |_| WINDOWS_SHOWN),
    };
    match receiver.kept {
        Kept::Groups(triage) => {
            table::analysis(console.out, console.page, &captures, numbers, &triage)?;
        }
        Kept::Rows(mut collected) => {
            collected.sort(order);
            let out = &mut *console.out;
            pipeline::within(options.threads, || {
                json::analysis(out, &captures, &collected, numbers)
            })?;
            console.count_left_out(collected.left_out(&totals.traffic))?;
        }
        Kept::Nothing(mut lines) => {
            for capture in &captures {
                lines.capture(capture)?;
            }
            lines.metrics(numbers)?;
        }
    }
    console.conclude(&totals.captures, exit)
}

/// Prints a row for each finding as it becomes known.
fn findings(
    console: &mut Console<'_>,
    inputs: &[Input],
    options: &Options,
    least: Confidence,
) -> io::Result<Vec<CaptureFacts>> {
    let mut rows = csv::Findings::begin(&mut *console.out)?;
    let mut take = |judged: &Judged| {
        let mut found = wanted(judged, least);
        found.try_for_each(|finding| rows.finding(finding))
    };
    let mut written = Ok(());
    let totals = pipeline::analyze(inputs, options, &mut |event| {
        if let Event::Call { judged, .. } | Event::Leg { judged } = event {
            written = take(judged);
        }
        go_on(&written)
    });
    written?;
    take(&totals.judged)?;
    rows.end()?;
    Ok(totals.captures)
}

/// Findings that are not less sure than wanted.
fn wanted(judged: &Judged, least: Confidence) -> impl Iterator<Item = &Finding> {
    let findings = judged.findings.iter();
    findings.filter(move |finding| finding.confidence >= least)
}

/// Windows of time listed for reading; documents have all.
const WINDOWS_SHOWN: usize = 48;

/// Takes what becomes known.
struct Receiver<'w> {
    kept: Kept<'w>,
    /// Findings less sure than this are not wanted.
    least: Confidence,
}

/// What is kept of calls and verdicts until everything was read.
enum Kept<'w> {
    /// Verdicts by rule, for the first screen.
    Groups(table::Triage),
    /// All rows, for a sorted document.
    Rows(Collected),
    /// Nothing: lines are written at once.
    Nothing(Ndjson<'w>),
}

impl Receiver<'_> {
    fn take(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Call { call, judged } => {
                match &mut self.kept {
                    Kept::Groups(_) => {}
                    Kept::Rows(collected) => collected.add_call(&CallRow::of(call)),
                    Kept::Nothing(lines) => lines.call(&CallRow::of(call))?,
                }
                self.judged(judged)
            }
            Event::Leg { judged } => self.judged(judged),
            Event::Series { series } => {
                if let Kept::Rows(collected) = &mut self.kept {
                    collected.add_series(series);
                }
                Ok(())
            }
        }
    }

    fn judged(&mut self, judged: &Judged) -> io::Result<()> {
        for finding in wanted(judged, self.least) {
            match &mut self.kept {
                Kept::Groups(triage) => triage.add_finding(finding),
                Kept::Rows(collected) => collected.add_finding(finding),
                Kept::Nothing(lines) => lines.finding(finding)?,
            }
        }
        for incomplete in &judged.incomplete {
            match &mut self.kept {
                Kept::Groups(triage) => triage.add_incomplete(incomplete),
                Kept::Rows(collected) => collected.add_incomplete(incomplete),
                Kept::Nothing(lines) => lines.incomplete(incomplete)?,
            }
        }
        Ok(())
    }
}
