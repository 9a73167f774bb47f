//! Every fixture through the whole line: trace, capture file, `analyze`, expect block.
//!
//! Each case is a test of its own, once as it is written and once written differently on the
//! wire, which must make no difference.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use siptriage_testkit::{Case, Fixture, Kind, Packet, Variation, capture};
use siptriage_tests::document::Document;
use siptriage_tests::expectation::mismatches;
use siptriage_tests::fixtures::analyze_file;
use siptriage_tests::{TextFile, text_files};

/// Where fixtures lie that are traces; other folders hold messages and captures.
const FOLDERS: [&str; 4] = [
    "fixtures/rules/",
    "fixtures/calls/",
    "fixtures/metrics/",
    "fixtures/series/",
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut files = text_files("fixtures").expect("the fixtures are readable");
    files.retain(|file| FOLDERS.iter().any(|folder| file.path.starts_with(folder)));
    let trials = files.iter().flat_map(trials_of).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A way to write a trace into a capture.
#[derive(Clone, Copy)]
struct Writing {
    name: &'static str,
    compact: bool,
    file: fn(&[Packet]) -> Vec<u8>,
}

const WRITINGS: [Writing; 2] = [
    Writing {
        name: "",
        compact: false,
        file: capture::write_pcap,
    },
    Writing {
        name: ", compact names in pcapng",
        compact: true,
        file: capture::write_pcapng,
    },
];

/// The cases of one fixture, each in every writing; one failing test for a fixture that cannot be
/// read.
fn trials_of(file: &TextFile) -> Vec<Trial> {
    let path = &file.path;
    let fixture = match Fixture::parse(&file.text) {
        Ok(fixture) => fixture,
        Err(error) => {
            let failure = Failed::from(format!("{path}: {error}"));
            return vec![Trial::test(path.clone(), || Err(failure))];
        }
    };
    let mut trials = Vec::new();
    for case in fixture.cases {
        for writing in WRITINGS {
            let Case { line, title, .. } = &case;
            let name = format!("{path}:{line} {}{title}{}", kind(case.kind), writing.name);
            let case = case.clone();
            trials.push(Trial::test(name, move || check(&case, writing)));
        }
    }
    trials
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Fires => "fires: ",
        Kind::Silent => "silent: ",
        Kind::Boundary => "boundary: ",
        Kind::Other => "",
    }
}

fn check(case: &Case, writing: Writing) -> Result<(), Failed> {
    let variation = Variation {
        compact: writing.compact,
        ..Variation::default()
    };
    let packets = case.trace.packets(&variation);
    let run = analyze_file(&(writing.file)(&packets))?;
    let document = Document::parse(&run.out)
        .map_err(|error| format!("exit code {}: {error:#}\n{}", run.code, run.err))?;
    let lines = mismatches(&case.expect, &document);
    if lines.is_empty() {
        Ok(())
    } else {
        Err(lines.join("\n").into())
    }
}
