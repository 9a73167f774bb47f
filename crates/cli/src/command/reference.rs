//! The commands that read no capture: `codes`, `rules`, `explain`, `limits`, `schema`.

use std::io;

use siptriage_report::{WireText, schema, table};
use siptriage_rules::manual;

use super::Console;
use crate::arguments::{Codes, Explain, ListFormat, Rules, RulesFormat};
use crate::exit::Exit;
use crate::limits;

/// Prints response codes: all about one, or a list.
pub fn codes(console: &mut Console<'_>, arguments: &Codes) -> io::Result<Exit> {
    let found = siptriage_report::codes::search(&arguments.words);
    if let Some((status, known)) = siptriage_report::codes::stands_for(&arguments.words) {
        let text = format!("{status} is not defined; a client takes it for a {known}");
        writeln!(console.out, "{text} (RFC 3261 8.1.3.2)")?;
        return Ok(Exit::Done);
    }
    if found.is_empty() {
        let words = arguments.words.join(" ");
        let words = WireText(words.as_bytes()).for_terminal();
        writeln!(
            console.err,
            "siptriage: no response code fits `{words}`; try a single word"
        )?;
        return Ok(Exit::Usage);
    }
    match (arguments.format, found.as_slice()) {
        (ListFormat::Table, [code]) => table::code(console.out, console.page, code)?,
        (ListFormat::Table, codes) => table::codes(console.out, console.page, codes)?,
        (ListFormat::Json, codes) => siptriage_report::codes::write_json(console.out, codes)?,
        (ListFormat::Csv, codes) => siptriage_report::codes::write_csv(console.out, codes)?,
    }
    Ok(Exit::Done)
}

/// Prints a list of rules.
pub fn rules(console: &mut Console<'_>, arguments: &Rules) -> io::Result<Exit> {
    let found = siptriage_report::rules::search(&arguments.word);
    if found.is_empty() {
        return no_rule(console, &arguments.word);
    }
    match arguments.format {
        RulesFormat::Table => table::rules(console.out, console.page, &found)?,
        RulesFormat::Json => siptriage_report::rules::write_json(console.out, &found)?,
    }
    Ok(Exit::Done)
}

/// Prints the manual page of a rule.
pub fn explain(console: &mut Console<'_>, arguments: &Explain) -> io::Result<Exit> {
    let Some(rule) = siptriage_rules::rule(&arguments.rule) else {
        return no_rule(console, &arguments.rule);
    };
    console.out.write_all(manual::plain(rule).as_bytes())?;
    Ok(Exit::Done)
}

/// Prints a list of limits.
pub fn limits(console: &mut Console<'_>) -> io::Result<Exit> {
    table::limits(console.out, console.page, &limits::rows())?;
    Ok(Exit::Done)
}

/// Prints the schema.
pub fn schema(console: &mut Console<'_>) -> io::Result<Exit> {
    console.out.write_all(schema::SCHEMA.as_bytes())?;
    Ok(Exit::Done)
}

fn no_rule(console: &mut Console<'_>, wanted: &str) -> io::Result<Exit> {
    let wanted = WireText(wanted.as_bytes()).for_terminal();
    writeln!(
        console.err,
        "siptriage: no rule `{wanted}`; `siptriage rules` lists them"
    )?;
    Ok(Exit::Usage)
}
