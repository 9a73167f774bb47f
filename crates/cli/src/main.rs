//! The binary: what it is started with, where it prints, its exit code.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use mimalloc::MiMalloc;
use siptriage::Surface;

/// Calls come and go on every thread; this allocator gives their memory back without a lock.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).collect();
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
    let code = siptriage::run_on(Surface::of_stdout(), arguments, &mut out, &mut io::stderr());
    ExitCode::from(code)
}
