//! The cases of the fixtures, and the captures they become.

use std::ffi::OsStr;
use std::io::Write;

use anyhow::{Context, Result};
use siptriage_testkit::capture::write_pcap;
use siptriage_testkit::{Case, Fixture, Packet};
use tempfile::NamedTempFile;

use crate::document::Document;
use crate::program::{self, Run};
use crate::tree::text_files;

/// A case and where it stands.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The file and line of its heading, then its title.
    pub name: String,
    /// The case.
    pub case: Case,
}

/// The cases of every fixture below a folder, in the order of the files.
///
/// # Errors
/// When a file cannot be read or is no fixture.
pub fn cases(folder: &str) -> Result<Vec<Placed>> {
    let mut cases = Vec::new();
    for file in text_files(folder)? {
        let fixture = Fixture::parse(&file.text).with_context(|| file.path.clone())?;
        for case in fixture.cases {
            let name = format!("{}:{} {}", file.path, case.line, case.title);
            cases.push(Placed { name, case });
        }
    }
    Ok(cases)
}

/// Runs `analyze --format json` over a capture file of these bytes.
///
/// # Errors
/// When the file cannot be written.
pub fn analyze_file(bytes: &[u8]) -> Result<Run> {
    let mut file = NamedTempFile::new()?;
    file.write_all(bytes)?;
    let arguments = ["analyze", "--format", "json"].map(OsStr::new);
    Ok(program::run(
        arguments.into_iter().chain([file.path().as_os_str()]),
    ))
}

/// What `analyze` prints about a capture of these packets.
///
/// # Errors
/// When the capture cannot be written or what is printed is not the document.
pub fn analyze(packets: &[Packet]) -> Result<Document> {
    let run = analyze_file(&write_pcap(packets))?;
    Document::parse(&run.out).with_context(|| format!("exit code {}: {}", run.code, run.err))
}
