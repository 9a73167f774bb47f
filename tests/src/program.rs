//! The program, run inside the test's own process.

use std::ffi::OsString;

/// What one run left behind.
#[derive(Clone, Debug)]
pub struct Run {
    /// The exit code.
    pub code: u8,
    /// What went to standard output.
    pub out: String,
    /// What went to standard error.
    pub err: String,
}

/// Runs `siptriage` with these arguments (its own name not among them).
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Run {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let arguments = arguments.into_iter().map(Into::into).collect();
    let code = siptriage::run(arguments, &mut out, &mut err);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Run {
        code,
        out: text(out),
        err: text(err),
    }
}
