//! The binary: what it is started with, where it prints, who may stop it, its exit code.

use std::io::{self, BufWriter};
use std::process::ExitCode;
use std::sync::Arc;

use mimalloc::MiMalloc;
use siptriage::Surface;

/// Calls come and go on every thread; this allocator gives their memory back without a lock. It
/// leaves transparent huge pages alone, which would round every arena up to megabytes.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What a shell reports of a program that an interrupt ended.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).collect();
    let surface = Surface::of_process();
    let watch = Arc::clone(&surface.watch);
    // Without a handler the first interrupt ends the program, as it would any other.
    let _ = ctrlc::set_handler(move || {
        if watch.is_stopped() {
            std::process::exit(INTERRUPTED);
        }
        watch.stop();
    });
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
    let code = siptriage::run_on(surface, arguments, &mut out, &mut io::stderr());
    ExitCode::from(code)
}
