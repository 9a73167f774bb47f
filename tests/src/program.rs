//! The program, run inside the test's own process.

use std::ffi::{OsStr, OsString};
use std::path::Path;

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

/// Ways to read a capture that must make no difference: several threads, pieces of an odd size.
const WAYS: [[&str; 4]; 2] = [
    ["--threads", "3", "--piece-bytes", "10007"],
    ["--threads", "8", "--piece-bytes", "262144"],
];

/// The options with which the triage of a capture is not, byte for byte, what one thread prints.
pub fn varies(capture: &Path) -> Option<String> {
    let triage = |options: &[&str]| {
        let command = [&["analyze", "--format", "json"], options].concat();
        let arguments = command.iter().map(OsStr::new);
        let run = run(arguments.chain([capture.as_os_str()]));
        (run.code, run.out, run.err)
    };
    let first = triage(&["--threads", "1"]);
    let way = WAYS.iter().find(|way| triage(&way[..]) != first)?;
    Some(way.join(" "))
}
