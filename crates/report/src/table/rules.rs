//! The rules for reading.

use std::io::{self, Write};

use siptriage_rules::Rule;

use super::grid::{Column, Grid};
use crate::page::Page;

/// Writes a list of rules, one a line.
pub fn rules(out: &mut dyn Write, page: Page, rules: &[&Rule]) -> io::Result<()> {
    let columns = [
        ("rule", Column::Left),
        ("name", Column::Left),
        ("severity", Column::Left),
        ("finds", Column::Wide),
    ];
    let mut grid = Grid::new(page, 0, columns);
    for rule in rules {
        grid.row([rule.code, rule.name, rule.severity.name(), rule.summary].map(str::to_owned));
    }
    grid.write(out)
}
