//! The response-code reference for reading.

use std::io::{self, Write};

use siptriage_sip::codes::{Code, Registration};

use super::grid::{Column, Grid};
use crate::page::Page;

/// Writes a list of codes, one a line.
pub fn codes(out: &mut dyn Write, page: Page, codes: &[&Code]) -> io::Result<()> {
    let columns = [
        ("code", Column::Right),
        ("reason phrase", Column::Wide),
        ("meaning", Column::Left),
        ("failure", Column::Left),
        ("fault", Column::Left),
        ("defined in", Column::Wide),
    ];
    let mut grid = Grid::new(page, 0, columns);
    for code in codes {
        grid.row([
            code.status.to_string(),
            code.phrase.to_owned(),
            code.meaning.name().to_owned(),
            code.failure.name().to_owned(),
            code.fault_domain.name().to_owned(),
            code.defined_in.to_owned(),
        ]);
    }
    grid.write(out)
}

/// Writes all there is to say about one code.
pub fn code(out: &mut dyn Write, page: Page, code: &Code) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        page.heading(&format!("{} {}", code.status, code.phrase))
    )?;
    let registration = match code.registration {
        Registration::Registered => String::new(),
        other => format!(" ({})", other.name()),
    };
    let header = code.expected_header.unwrap_or("none in particular");
    let lines = [
        ("defined in", format!("{}{registration}", code.defined_in)),
        ("meaning", code.meaning.name().to_owned()),
        ("failure", code.failure.name().to_owned()),
        ("usual fault", code.fault_domain.name().to_owned()),
        ("next route", code.route_advance.name().to_owned()),
        ("delivered", code.ner.name().to_owned()),
        (
            "in a dialog",
            format!("{} (RFC 5057)", code.dialog_effect.name()),
        ),
        ("header", header.to_owned()),
        ("retry", code.retry.to_owned()),
        ("check first", code.first_check.to_owned()),
        ("also sent as", code.tolerated_phrases.join(", ")),
    ];
    for (name, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
        let first = format!("  {name:<14}");
        let options = textwrap::Options::new(usize::from(page.columns(0)))
            .initial_indent(&first)
            .subsequent_indent("                ");
        for line in textwrap::wrap(text, options) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
