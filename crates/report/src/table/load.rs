//! How many calls there were at once, on which trunks, and when.

use std::io::{self, Write};

use siptriage_correlate::metrics::{Trunk, TrunkName};
use siptriage_correlate::{Metrics, Ratio};

use super::grid::{Column, Grid};
use super::population::{count, counted, percent};
use crate::moment;
use crate::page::Page;
use crate::row::Numbers;
use crate::wire_text::WireText;

/// Writes how many calls were up at once.
pub(super) fn write_peak(out: &mut dyn Write, page: Page, numbers: Numbers<'_>) -> io::Result<()> {
    let peak = numbers.ledger.load.peak();
    if peak.concurrent == 0 {
        return Ok(());
    }
    let text = format!(
        "at most {} up at once, and {} begun in one second",
        counted(peak.concurrent, "call", "calls"),
        count(peak.per_second),
    );
    page.write_wrapped(out, &text, 2)
}

/// Writes the busiest trunks, and how many there are besides.
pub(super) fn write_trunks(
    out: &mut dyn Write,
    page: Page,
    numbers: Numbers<'_>,
) -> io::Result<()> {
    let (trunks, left_out) = numbers.ledger.trunks.busiest(numbers.trunks);
    if trunks.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n{}: each leg of a call where it passed",
        page.heading("Trunks")
    )?;
    let columns = [
        ("trunk", Column::Left),
        ("calls", Column::Right),
        ("asr", Column::Right),
        ("ner", Column::Right),
        ("fail_net", Column::Right),
        ("pdd", Column::Right),
        ("talk", Column::Right),
        ("at once", Column::Right),
    ];
    let mut grid = Grid::new(page, 2, columns);
    for (name, trunk) in trunks {
        let Trunk { metrics, load } = trunk;
        grid.row([
            title(name),
            count(metrics.calls()),
            ratio(metrics, "asr"),
            ratio(metrics, "ner"),
            ratio(metrics, "fail_net"),
            median(metrics, "pdd"),
            median(metrics, "acd"),
            count(load.peak().concurrent),
        ]);
    }
    grid.write(out)?;
    if left_out.attempts == 0 {
        return Ok(());
    }
    let rest = format!(
        "{} on others; `--trunks N` lists more",
        counted(left_out.attempts, "call", "calls"),
    );
    page.write_wrapped(out, &rest, 2)
}

/// Writes the windows of time that were asked for.
pub(super) fn write_windows(
    out: &mut dyn Write,
    page: Page,
    numbers: Numbers<'_>,
) -> io::Result<()> {
    let windows = &numbers.ledger.windows;
    let all = windows.iter().count();
    if numbers.windows == 0 || all == 0 {
        return Ok(());
    }
    let width = moment::span(windows.width());
    writeln!(out, "\n{}: {width} each", page.heading("Windows"))?;
    let columns = [
        ("from", Column::Left),
        ("calls", Column::Right),
        ("asr", Column::Right),
        ("ner", Column::Right),
        ("fail_net", Column::Right),
        ("pdd", Column::Right),
        ("per second", Column::Right),
        ("at once", Column::Right),
    ];
    let mut grid = Grid::new(page, 2, columns);
    let peaks = numbers.ledger.load.peaks(windows.width());
    for (number, metrics) in windows.iter().take(numbers.windows) {
        let peak = peaks.get(&number).copied().unwrap_or_default();
        grid.row([
            moment::readable(windows.start(number)),
            count(metrics.calls()),
            ratio(metrics, "asr"),
            ratio(metrics, "ner"),
            ratio(metrics, "fail_net"),
            median(metrics, "pdd"),
            count(peak.per_second),
            count(peak.concurrent),
        ]);
    }
    grid.write(out)?;
    let more = all.saturating_sub(numbers.windows);
    if more > 0 {
        let rest = counted(more as u64, "more window", "more windows");
        page.write_wrapped(out, &format!("{rest}; `--format json` has all"), 2)?;
    }
    Ok(())
}

fn title(name: &TrunkName) -> String {
    match name {
        TrunkName::Peer(name, direction) => {
            let name = WireText(name.as_bytes());
            format!("{} {}", name.for_terminal(), direction.name())
        }
        TrunkName::Hosts(src, dst) => format!("{src} -> {dst}"),
    }
}

/// A ratio by its name; a dash without a population.
fn ratio(metrics: &Metrics, name: &str) -> String {
    let ratios = metrics.ratios();
    let found = ratios.iter().find(|(known, _)| *known == name);
    percent(found.map_or(Ratio::default(), |(_, ratio)| *ratio))
}

/// The median of a time by its name; a dash where it was never measured.
fn median(metrics: &Metrics, name: &str) -> String {
    let times = metrics.distributions();
    let found = times.iter().find(|(known, _)| *known == name);
    let figures = found.and_then(|(_, times)| times.figures());
    figures.map_or("-".to_owned(), |figures| {
        moment::span((figures.p50 * 1e6) as i64)
    })
}
