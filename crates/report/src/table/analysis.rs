//! The first screen: what was read, how the calls ended, the numbers, what went wrong.

use std::io::{self, Write};

use siptriage_correlate::metrics::Figures;
use siptriage_correlate::{Ledger, Metrics, Outcome, Ratio};

use super::grid::{Column, Grid};
use super::population::{count, counted, percent};
use super::{Numbering, Triage, captures, load, series, verdicts};
use crate::moment;
use crate::page::Page;
use crate::row::{CaptureRow, Numbers};

/// Captures described one by one; further ones are summed up.
const CAPTURES_SHOWN: usize = 8;

/// Writes the first screen.
pub fn analysis(
    out: &mut dyn Write,
    page: Page,
    captures: &[CaptureRow],
    numbers: Numbers<'_>,
    triage: &Triage,
) -> io::Result<()> {
    let metrics = &numbers.ledger.total();
    writeln!(out, "{}", page.heading("Read"))?;
    let numbering = Numbering::of(captures.len());
    for (number, capture) in captures.iter().enumerate().take(CAPTURES_SHOWN) {
        captures::write_capture(out, page, capture, &numbering.capture(number as u16))?;
    }
    if let Some(rest) = captures
        .get(CAPTURES_SHOWN..)
        .filter(|rest| !rest.is_empty())
    {
        let messages = rest.iter().map(|capture| capture.sip_messages).sum();
        let rest = counted(rest.len() as u64, "more capture", "more captures");
        writeln!(
            out,
            "  {rest} with {}",
            counted(messages, "SIP message", "SIP messages")
        )?;
    }
    if captures.iter().all(|capture| capture.format.is_none()) {
        return Ok(());
    }
    captures::write_traffic(out, page, numbers.traffic)?;
    write_outcomes(out, page, numbers.ledger)?;
    load::write_peak(out, page, numbers)?;
    write_ratios(out, page, metrics)?;
    write_times(out, page, metrics)?;
    load::write_trunks(out, page, numbers)?;
    load::write_windows(out, page, numbers)?;
    series::write_series(out, page, numbers)?;
    verdicts::write_findings(out, page, triage, numbering)?;
    verdicts::write_incomplete(out, page, triage)?;
    write_hint(out, page, captures, metrics, triage)
}

fn write_outcomes(out: &mut dyn Write, page: Page, ledger: &Ledger) -> io::Result<()> {
    let metrics = &ledger.total();
    let calls: u64 = metrics.outcomes.iter().sum();
    let others = [
        ("of scanners", ledger.scanners),
        ("ignored", ledger.ignored),
    ]
    .into_iter()
    .filter(|(_, number)| *number > 0)
    .map(|(whose, number)| format!(", {} more {whose}", count(number)));
    let others: String = others.collect();
    writeln!(out, "\n{}: {}{others}", page.heading("Calls"), count(calls))?;
    if calls == 0 {
        return Ok(());
    }
    let columns = [
        ("outcome", Column::Left),
        ("calls", Column::Right),
        ("share", Column::Right),
    ];
    let mut grid = Grid::new(page, 2, columns);
    for outcome in Outcome::ALL {
        let number = metrics.outcome(outcome);
        if number > 0 {
            let share = percent(Ratio::new(number, calls));
            grid.row([outcome.name().to_owned(), count(number), share]);
        }
    }
    grid.write(out)
}

fn write_ratios(out: &mut dyn Write, page: Page, metrics: &Metrics) -> io::Result<()> {
    if metrics
        .ratios()
        .iter()
        .all(|(_, ratio)| ratio.denominator == 0)
    {
        return Ok(());
    }
    let attempts = metrics.attempts();
    let open = metrics.outcome(Outcome::InProgress) + metrics.outcome(Outcome::Partial);
    let population = format!(
        "{} whose end is known; {} with begin or end outside the capture not counted",
        counted(attempts, "call", "calls"),
        count(open),
    );
    writeln!(out, "\n{}: {population}", page.heading("Metrics"))?;
    let columns = [
        ("metric", Column::Left),
        ("value", Column::Right),
        ("counted", Column::Right),
        ("meaning", Column::Wide),
    ];
    let mut grid = Grid::new(page, 2, columns);
    let ratios = metrics.ratios();
    for (name, meaning) in RATIOS {
        let found = ratios.iter().find(|(known, _)| *known == name);
        let Some((_, ratio)) = found.filter(|(_, ratio)| ratio.denominator > 0) else {
            continue;
        };
        let counted = format!("{} of {}", count(ratio.numerator), count(ratio.denominator));
        let value = percent(*ratio);
        grid.row([name.to_owned(), value, counted, meaning.to_owned()]);
    }
    grid.write(out)
}

/// The ratios of the first screen, and what each says, for those who do not know its name.
const RATIOS: [(&str, &str); 13] = [
    ("asr", "answered, of all calls"),
    ("asr_adjusted", "answered, of calls the caller waited for"),
    ("asr_naive", "2xx, of INVITE transactions: misleading"),
    ("ner", "delivered to the called party"),
    (
        "ner_strict",
        "the same without calls given up while ringing",
    ),
    ("abandon_rate", "given up by the caller"),
    ("failure_rate", "neither answered nor given up"),
    ("fail_net", "failed in the network or by protocol"),
    ("ser", "session establishment, RFC 6076 4.6"),
    ("seer", "session establishment effectiveness, RFC 6076 4.7"),
    ("isa", "ineffective session attempts, RFC 6076 4.8"),
    ("scr", "session completion, RFC 6076 4.9"),
    ("ira", "ineffective registration attempts, RFC 6076 4.2"),
];

fn write_times(out: &mut dyn Write, page: Page, metrics: &Metrics) -> io::Result<()> {
    let distributions = metrics.distributions();
    let figures = |name| -> Option<Figures> {
        let (_, times) = distributions.iter().find(|(known, _)| *known == name)?;
        times.figures()
    };
    let known: Vec<(&str, &str, Figures)> = TIMES
        .iter()
        .filter_map(|(name, meaning)| Some((*name, *meaning, figures(*name)?)))
        .collect();
    if known.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", page.heading("Times"))?;
    let columns = [
        ("time", Column::Left),
        ("count", Column::Right),
        ("min", Column::Right),
        ("median", Column::Right),
        ("95 %", Column::Right),
        ("max", Column::Right),
        ("mean", Column::Right),
        ("meaning", Column::Wide),
    ];
    let mut grid = Grid::new(page, 2, columns);
    let span = |milliseconds: f64| moment::span((milliseconds * 1e6) as i64);
    for (name, meaning, figures) in known {
        grid.row([
            name.to_owned(),
            count(figures.count),
            span(figures.min),
            span(figures.p50),
            span(figures.p95),
            span(figures.max),
            span(figures.mean),
            meaning.to_owned(),
        ]);
    }
    grid.write(out)
}

/// The times of the first screen, and from where to where each is measured.
const TIMES: [(&str, &str); 8] = [
    ("pdd", "INVITE to first sign of progress"),
    ("pdd_audible", "INVITE to 180, or 183 with SDP"),
    ("srd_failed", "INVITE to refusal"),
    ("sdd", "BYE to its 200"),
    ("sdt_failed", "answer to Timer F of an unanswered BYE"),
    ("rrd", "REGISTER to its 200"),
    ("acd", "talk time"),
    ("patience", "ringing to giving up"),
];

fn write_hint(
    out: &mut dyn Write,
    page: Page,
    captures: &[CaptureRow],
    metrics: &Metrics,
    triage: &Triage,
) -> io::Result<()> {
    let messages: u64 = captures.iter().map(|capture| capture.sip_messages).sum();
    let hint = if messages == 0 {
        "No SIP was found. Was it encrypted (TLS), or captured on another interface?".to_owned()
    } else if let Some(worst) = triage.findings().first() {
        format!(
            "`siptriage explain {}` tells more about the first finding; `--format json` lists every \
             call and finding",
            worst.rule.code
        )
    } else if metrics.outcomes.iter().sum::<u64>() == 0 {
        "No calls; `siptriage messages` lists the SIP messages".to_owned()
    } else {
        "`siptriage calls` lists the calls; `--format json` has everything".to_owned()
    };
    writeln!(out)?;
    for line in textwrap::wrap(&hint, usize::from(page.columns(0))) {
        writeln!(out, "{}", page.aside(&line))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_first_screen_exists() {
        let metrics = Metrics::default();
        let ratios = metrics.ratios().map(|(name, _)| name);
        assert!(RATIOS.iter().all(|(name, _)| ratios.contains(name)));
        let times = metrics.distributions().map(|(name, _)| name);
        assert!(TIMES.iter().all(|(name, _)| times.contains(name)));
    }
}
