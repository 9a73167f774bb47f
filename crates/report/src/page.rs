//! The page that text goes to: how wide it is and whether it has colours.

use std::io::{self, Write};

use owo_colors::{OwoColorize, Style};
use siptriage_rules::Severity;

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Columns of a line.
    pub width: u16,
    /// Whether it has colours.
    pub colour: Colour,
}

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// As for a pipe or a file.
    Plain,
    /// By ANSI escape sequences.
    Ansi,
}

impl Page {
    /// Columns where there is no terminal to ask.
    pub const PIPE_WIDTH: u16 = 100;
    /// Narrower pages are written as if they were this wide.
    const LEAST_WIDTH: u16 = 40;

    /// A pipe or a file.
    pub const PIPE: Page = Page {
        width: Page::PIPE_WIDTH,
        colour: Colour::Plain,
    };

    /// Columns to fill after an indent.
    pub(crate) fn columns(self, indent: u16) -> u16 {
        self.width.max(Page::LEAST_WIDTH).saturating_sub(indent)
    }

    /// A heading.
    pub(crate) fn heading(self, text: &str) -> String {
        self.paint(text, Style::new().bold())
    }

    /// Something beside the point.
    pub(crate) fn aside(self, text: &str) -> String {
        self.paint(text, Style::new().dimmed())
    }

    /// Text in the colour of a severity.
    pub(crate) fn severity(self, text: &str, severity: Severity) -> String {
        let style = match severity {
            Severity::Critical => Style::new().red().bold().reversed(),
            Severity::Error => Style::new().red().bold(),
            Severity::Warning => Style::new().yellow().bold(),
            Severity::Info => Style::new().cyan(),
        };
        self.paint(text, style)
    }

    /// Writes text in lines no longer than the page, each after `indent` spaces; nothing for no text.
    pub(crate) fn write_wrapped(
        self,
        out: &mut dyn Write,
        text: &str,
        indent: u16,
    ) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        for line in textwrap::wrap(text, usize::from(self.columns(indent))) {
            writeln!(out, "{:1$}{line}", "", usize::from(indent))?;
        }
        Ok(())
    }

    fn paint(self, text: &str, style: Style) -> String {
        match self.colour {
            Colour::Plain => text.to_owned(),
            Colour::Ansi => text.style(style).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_left_out_of_a_pipe() {
        let colours = Page {
            colour: Colour::Ansi,
            ..Page::PIPE
        };
        assert_eq!(Page::PIPE.severity("error", Severity::Error), "error");
        assert!(
            colours
                .severity("error", Severity::Error)
                .contains("\u{1b}[")
        );
    }

    #[test]
    fn no_text_is_no_line() {
        let mut text = Vec::new();
        Page::PIPE.write_wrapped(&mut text, "", 4).unwrap();
        assert_eq!(text, b"");
    }

    #[test]
    fn long_text_is_wrapped_and_indented() {
        let mut text = Vec::new();
        let page = Page {
            width: 40,
            ..Page::PIPE
        };
        page.write_wrapped(&mut text, &"word ".repeat(20), 4)
            .unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.lines().count() > 2);
        assert!(
            text.lines()
                .all(|line| line.len() <= 40 && line.starts_with("    word"))
        );
    }
}
