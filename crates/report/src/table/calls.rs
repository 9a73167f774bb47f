//! The calls, one a line.

use std::io::{self, Write};

use siptriage_capture::Time;

use super::Numbering;
use super::grid::{Column, Grid};
use super::population::{count, counted};
use crate::moment;
use crate::page::Page;
use crate::row::{CallRow, CaptureRow, PackedCalls};
use crate::wire_text::{WireText, WireUri};

/// Stands before a time between messages that clocks apart from one another stamped.
const CORRECTED: &str = "~";

/// Superseded attempts that are shown of one call.
const SUPERSEDED: usize = 3;

/// Rows of one table; a table is laid out as a whole.
const SHOWN: usize = 10_000;

/// Writes the calls as a table.
pub fn calls(
    out: &mut dyn Write,
    page: Page,
    calls: &PackedCalls,
    captures: &[CaptureRow],
) -> io::Result<()> {
    let Some(first) = calls.iter().next() else {
        return writeln!(out, "no calls");
    };
    let day = moment::date(first.start);
    let numbering = Numbering::of(captures.len());
    let shown = || calls.iter().take(SHOWN);
    let one_day = shown().all(|row| moment::date(row.start) == day);
    let start: fn(Time) -> String = if one_day {
        moment::time_of_day
    } else {
        moment::readable
    };
    let columns = [
        ("call", Column::Right),
        ("start (UTC)", Column::Left),
        ("from", Column::Wide),
        ("to", Column::Wide),
        ("outcome", Column::Left),
        ("status", Column::Left),
        ("talk", Column::Right),
        ("frame", Column::Right),
    ];
    let mut grid = Grid::new(page, 0, columns);
    for row in shown() {
        grid.row(cells(&row, start, numbering));
    }
    grid.write(out)?;
    let all = counted(calls.len() as u64, "call", "calls");
    let on = if one_day {
        format!(" on {day}")
    } else {
        String::new()
    };
    match calls.len().saturating_sub(SHOWN) {
        0 => writeln!(out, "\n{all}{on}")?,
        more => {
            let more = count(more as u64);
            writeln!(
                out,
                "\n{all}{on}; the last {more} are not shown, `--format csv` has them"
            )?;
        }
    }
    if shown().any(|row| row.clock_error.is_some() && row.talk.is_some()) {
        writeln!(
            out,
            "{CORRECTED} clocks of several capture points, brought together"
        )?;
    }
    if numbering == Numbering::Several {
        for (number, capture) in captures.iter().enumerate() {
            let path = WireText(capture.path.as_bytes()).for_terminal();
            writeln!(out, "{}{path}", numbering.capture(number as u16))?;
        }
    }
    Ok(())
}

fn cells(row: &CallRow<'_>, start: fn(Time) -> String, numbering: Numbering) -> [String; 8] {
    [
        row.number.to_string(),
        start(row.start),
        address(row.from),
        address(row.to),
        row.outcome.name().to_owned(),
        status(row),
        talk(row),
        row.frames
            .first()
            .map(|frame| numbering.frame(*frame))
            .unwrap_or_default(),
    ]
}

/// The status that decided, and what the attempts before came to.
fn status(row: &CallRow<'_>) -> String {
    let decided = row.status.map(|status| status.to_string());
    let superseded = row.superseded.iter().take(SUPERSEDED).map(|attempt| {
        let status = attempt.status.map(|status| status.to_string());
        status.unwrap_or_else(|| "silence".to_owned())
    });
    let mut before: Vec<String> = superseded.collect();
    let more = row.superseded.len() - before.len();
    if more > 0 {
        before.push(format!("{more} more"));
    }
    let after = (!before.is_empty()).then(|| format!("after {}", before.join(", ")));
    let parts: Vec<String> = decided.into_iter().chain(after).collect();
    parts.join(" ")
}

/// How long they talked, marked where that was corrected.
fn talk(row: &CallRow<'_>) -> String {
    let span = row.talk.map(moment::span).unwrap_or_default();
    match row.clock_error {
        Some(_) if !span.is_empty() => format!("{CORRECTED}{span}"),
        Some(_) | None => span,
    }
}

/// An address without the scheme that nearly all have.
fn address(address: WireUri<'_>) -> String {
    let text = address.for_terminal();
    text.strip_prefix("sip:").unwrap_or(&text).to_owned()
}
