//! What went on outside of calls: registrations, subscriptions and the like.

use std::io::{self, Write};

use siptriage_correlate::SeriesEnd;

use super::grid::{Column, Grid};
use super::population::{count, counted};
use crate::page::Page;
use crate::row::Numbers;

/// Writes how many series of each kind there were and how they ended; nothing where there were
/// none.
pub(super) fn write_series(
    out: &mut dyn Write,
    page: Page,
    numbers: Numbers<'_>,
) -> io::Result<()> {
    let tally = &numbers.ledger.series;
    let all: u64 = tally.kinds().map(|(_, counts)| counts.all()).sum();
    if all == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "\n{}: {}; `--format json` lists each",
        page.heading("Outside of calls"),
        counted(all, "series of requests", "series of requests")
    )?;
    let columns = [
        ("series", Column::Left),
        ("count", Column::Right),
        ("requests", Column::Right),
        ("refused", Column::Right),
        ("unanswered", Column::Right),
        ("ended", Column::Wide),
    ];
    let mut grid = Grid::new(page, 2, columns);
    for (kind, counts) in tally.kinds() {
        let ends = SeriesEnd::ALL.iter().zip(counts.ends);
        let ends = ends.filter(|(_, number)| *number > 0);
        let ends: Vec<String> = ends
            .map(|(end, number)| format!("{} {}", count(number), end.name()))
            .collect();
        grid.row([
            kind.name().to_owned(),
            count(counts.all()),
            count(counts.requests),
            count(counts.refused),
            count(counts.unanswered),
            ends.join(", "),
        ]);
    }
    grid.write(out)
}
