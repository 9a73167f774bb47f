//! The binary: what it is started with, where it prints, its exit code.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use siptriage::Surface;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).collect();
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
    let code = siptriage::run_on(Surface::of_stdout(), arguments, &mut out, &mut io::stderr());
    ExitCode::from(code)
}
