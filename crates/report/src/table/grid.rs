//! The one look of all tables.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table};

use crate::page::Page;

/// Which way a column reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Text.
    Left,
    /// Numbers.
    Right,
    /// Text that may take more than one line where the page is narrow.
    Wide,
}

/// A table with a line under its header and nothing else drawn.
pub(super) struct Grid {
    table: Table,
    indent: u16,
}

impl Grid {
    /// A table of named columns, `indent` spaces from the edge of the page.
    pub(super) fn new<const N: usize>(
        page: Page,
        indent: u16,
        columns: [(&str, Column); N],
    ) -> Grid {
        let mut table = Table::new();
        table
            .load_style(NOTHING.header_separator(LineStyle::none().fill('-').junction('-')))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(page.columns(indent))
            .set_header(columns.map(|(name, _)| name));
        for (column, (_, alignment)) in table.column_iter_mut().zip(columns) {
            column.set_padding((0, 1));
            column.set_cell_alignment(match alignment {
                Column::Left | Column::Wide => CellAlignment::Left,
                Column::Right => CellAlignment::Right,
            });
            if alignment != Column::Wide {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        Grid { table, indent }
    }

    /// Adds a row, one cell a column. Cells hold safe text only.
    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.table.add_row(cells);
    }

    /// Writes the table.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in self.table.lines() {
            writeln!(
                out,
                "{:1$}{2}",
                "",
                usize::from(self.indent),
                line.trim_end()
            )?;
        }
        Ok(())
    }
}
