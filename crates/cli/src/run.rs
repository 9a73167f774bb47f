//! One run of the program: arguments in, text and an exit code out.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser;
use siptriage_report::{Colour, Page};

use crate::arguments::{Arguments, Command, When};
use crate::command::{self, Console};
use crate::exit::Exit;
use crate::surface::Surface;

/// Runs the program as if `out` were a pipe. `arguments` come without the program's name; the
/// result is the exit code.
pub fn run(arguments: Vec<OsString>, out: &mut (dyn Write + Send), err: &mut dyn Write) -> u8 {
    run_on(Surface::pipe(), arguments, out, err)
}

/// Runs the program on what is known of `out`.
pub fn run_on(
    surface: Surface,
    arguments: Vec<OsString>,
    out: &mut (dyn Write + Send),
    err: &mut dyn Write,
) -> u8 {
    let name = OsString::from("siptriage");
    let ended = match Arguments::try_parse_from(std::iter::once(name).chain(arguments)) {
        Ok(arguments) => {
            let page = page(&surface, arguments.color);
            let (shown, watch) = (surface.progress, surface.watch);
            let mut console = Console {
                out,
                err,
                page,
                shown,
                watch,
            };
            dispatch(&mut console, &arguments.command)
        }
        Err(error) => refuse(&error, out, err),
    };
    match ended.and_then(|exit| out.flush().map(|()| exit)) {
        Ok(exit) => exit.code(),
        // Whoever read the output has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done.code(),
        Err(error) => {
            // There is nowhere left to complain to if this fails, too.
            let _ = writeln!(err, "siptriage: the output could not be written: {error}");
            Exit::Unread.code()
        }
    }
}

fn dispatch(console: &mut Console<'_>, command: &Command) -> io::Result<Exit> {
    match command {
        Command::Analyze(arguments) => command::analyze(console, arguments),
        Command::Calls(arguments) => command::calls(console, arguments),
        Command::Messages(arguments) => command::messages(console, arguments),
        Command::Codes(arguments) => command::codes(console, arguments),
        Command::Rules(arguments) => command::rules(console, arguments),
        Command::Explain(arguments) => command::explain(console, arguments),
        Command::Limits => command::limits(console),
        Command::Schema => command::schema(console),
    }
}

/// Help and version are data; anything else is a mistake.
fn refuse(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<Exit> {
    if error.use_stderr() {
        write!(err, "{error}")?;
        return Ok(Exit::Usage);
    }
    write!(out, "{error}")?;
    Ok(Exit::Done)
}

fn page(surface: &Surface, when: When) -> Page {
    let colour = match when {
        When::Auto => surface.page.colour,
        When::Always => Colour::Ansi,
        When::Never => Colour::Plain,
    };
    Page {
        colour,
        ..surface.page
    }
}
