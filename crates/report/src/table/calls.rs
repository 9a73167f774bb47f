//! The calls, one a line.

use std::io::{self, Write};

use siptriage_correlate::Side;

use super::grid::{Column, Grid};
use super::population::{count, counted};
use crate::moment;
use crate::page::Page;
use crate::row::PackedCall;
use crate::wire_text::WireText;

/// Rows of one table; a table is laid out as a whole.
const SHOWN: usize = 10_000;

/// Writes the calls as a table.
pub fn calls(out: &mut dyn Write, page: Page, calls: &[PackedCall]) -> io::Result<()> {
    if calls.is_empty() {
        return writeln!(out, "no calls");
    }
    let columns = [
        ("call", Column::Right),
        ("start (UTC)", Column::Left),
        ("from", Column::Left),
        ("to", Column::Left),
        ("outcome", Column::Left),
        ("status", Column::Left),
        ("pdd", Column::Right),
        ("talk", Column::Right),
        ("ended by", Column::Left),
        ("frame", Column::Right),
    ];
    let mut grid = Grid::new(page, 0, columns);
    for call in calls.iter().take(SHOWN) {
        grid.row(cells(call));
    }
    grid.write(out)?;
    let all = calls.len() as u64;
    match all.saturating_sub(SHOWN as u64) {
        0 => writeln!(out, "\n{}", counted(all, "call", "calls")),
        more => writeln!(
            out,
            "\n{}, of which the last {} are not shown; `--format csv` has them",
            counted(all, "call", "calls"),
            count(more),
        ),
    }
}

fn cells(call: &PackedCall) -> [String; 10] {
    let row = call.unpack();
    let span = |span: Option<i64>| span.map(moment::span).unwrap_or_default();
    let reason = row.reason.map(WireText::for_terminal).unwrap_or_default();
    [
        row.number.to_string(),
        moment::readable(row.start),
        row.from.for_terminal().into_owned(),
        row.to.for_terminal().into_owned(),
        row.outcome.name().to_owned(),
        row.status.map(|status| format!("{status} {reason}")).unwrap_or_default(),
        span(row.post_dial_delay),
        span(row.talk),
        row.ended_by.map(Side::name).unwrap_or_default().to_owned(),
        row.frames.first().map(|frame| frame.number().to_string()).unwrap_or_default(),
    ]
}
