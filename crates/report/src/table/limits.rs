//! The limits for reading.

use std::io::{self, Write};

use super::grid::{Column, Grid};
use crate::page::Page;

/// A limit that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitRow {
    /// Its name.
    pub name: &'static str,
    /// The value that it has if it is not set, as it can be written.
    pub default: String,
    /// What it bounds, and what happens when it is reached.
    pub meaning: &'static str,
}

/// Writes a list of limits, one a line.
pub fn limits(out: &mut dyn Write, page: Page, limits: &[LimitRow]) -> io::Result<()> {
    let columns = [
        ("limit", Column::Left),
        ("default", Column::Right),
        ("bounds", Column::Wide),
    ];
    let mut grid = Grid::new(page, 0, columns);
    for limit in limits {
        grid.row([
            limit.name.to_owned(),
            limit.default.clone(),
            limit.meaning.to_owned(),
        ]);
    }
    grid.write(out)
}
