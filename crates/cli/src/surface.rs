//! What the program runs on: a terminal with a width and colours or a pipe, and who may stop it.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use anstream::ColorChoice;
use siptriage_report::{Colour, Page};

use crate::pipeline::Watch;
use crate::progress::Shown;

/// What the program runs on.
#[derive(Clone, Debug)]
pub struct Surface {
    /// What is printed on when nothing else was asked for.
    pub page: Page,
    /// Whether long work shows a bar on standard error.
    pub progress: Shown,
    /// How far the run has come, and whether it should go on.
    pub watch: Arc<Watch>,
}

impl Surface {
    /// A pipe or a file, without anybody to watch.
    pub fn pipe() -> Surface {
        Surface {
            page: Page::PIPE,
            progress: Shown::No,
            watch: Arc::default(),
        }
    }

    /// Standard output and error. Colours follow the terminal, `NO_COLOR`, `CLICOLOR` and
    /// `CLICOLOR_FORCE`.
    pub fn of_process() -> Surface {
        let colour = match anstream::AutoStream::choice(&io::stdout()) {
            ColorChoice::Always | ColorChoice::AlwaysAnsi => Colour::Ansi,
            ColorChoice::Auto | ColorChoice::Never => Colour::Plain,
        };
        let width = terminal_size::terminal_size_of(io::stdout())
            .map_or(Page::PIPE_WIDTH, |(width, _)| width.0);
        Surface {
            page: Page { width, colour },
            progress: if io::stderr().is_terminal() {
                Shown::Yes
            } else {
                Shown::No
            },
            watch: Arc::default(),
        }
    }
}
