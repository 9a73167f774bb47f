//! The messages, one a line, as they come.

use std::io::{self, Write};

use super::Numbering;
use crate::moment;
use crate::row::MessageRow;
use crate::wire_text::WireText;

/// A list in fixed columns: it does not wait for the widest cell, so it can be of any length.
pub struct Messages<'w> {
    out: &'w mut (dyn Write + Send),
    numbering: Numbering,
}

impl<'w> Messages<'w> {
    /// Begins with the names of the columns.
    pub fn begin(
        out: &'w mut (dyn Write + Send),
        numbering: Numbering,
    ) -> io::Result<Messages<'w>> {
        writeln!(
            out,
            "{:>8}  {:<23}  {:<4}  {:<21}  {:<21}  {:<9}  {:<14}  Call-ID",
            "frame", "time (UTC)", "over", "from", "to", "message", "CSeq"
        )?;
        Ok(Messages { out, numbering })
    }

    /// Writes one message.
    pub fn message(&mut self, row: &MessageRow<'_>) -> io::Result<()> {
        let text = |text: Option<WireText<'_>>| -> String {
            text.map(WireText::for_terminal)
                .unwrap_or_default()
                .into_owned()
        };
        let what = row
            .status
            .map_or_else(|| text(row.method), |status| status.to_string());
        writeln!(
            self.out,
            "{:>8}  {:<23}  {:<4}  {:<21}  {:<21}  {:<9}  {:<14}  {}",
            self.numbering.frame(row.frame),
            moment::readable(row.time),
            row.flow.transport.name(),
            row.flow.src.to_string(),
            row.flow.dst.to_string(),
            what,
            row.cseq(),
            text(row.call_id),
        )
    }
}
