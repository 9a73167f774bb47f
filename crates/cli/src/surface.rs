//! What standard output is: a terminal with a width and colours, or a pipe.

use std::io;

use anstream::ColorChoice;
use siptriage_report::{Colour, Page};

/// What is printed on when nothing else was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surface(pub Page);

impl Surface {
    /// A pipe or a file.
    pub const PIPE: Surface = Surface(Page::PIPE);

    /// Standard output. Colours follow the terminal, `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE`.
    pub fn of_stdout() -> Surface {
        let colour = match anstream::AutoStream::choice(&io::stdout()) {
            ColorChoice::Always | ColorChoice::AlwaysAnsi => Colour::Ansi,
            ColorChoice::Auto | ColorChoice::Never => Colour::Plain,
        };
        let width = terminal_size::terminal_size_of(io::stdout())
            .map_or(Page::PIPE_WIDTH, |(width, _)| width.0);
        Surface(Page { width, colour })
    }
}
