//! Compares the messages that the program prints with recordings of what another dissector saw,
//! and the values it reads in them with what tshark reads now, where there is a tshark.
//!
//! `corpus [FOLDER]`: the folder holds `captures/` and, for each capture, `expected/PATH.tsv`.
//! Exits with 1 when a difference is not explained in `tests/corpus-explained.tsv`, when an
//! explanation there explains nothing any more, or when the number of threads or the size of the
//! pieces changes what is printed.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use siptriage_tests::corpus::{Agreement, Comparison, Explained, Kind, Tshark, agreement, compare};
use siptriage_tests::program;

/// The differences that are known and right, below the workspace's top folder.
const EXPLAINED: &str = "tests/corpus-explained.tsv";

/// What the name of a capture gets to name its recording.
const RECORDING: &str = "tsv";

fn main() -> Result<ExitCode> {
    let root = siptriage_tests::root();
    let folder = env::args_os()
        .nth(1)
        .map_or_else(|| root.join("../shared/corpus"), PathBuf::from);
    let mut explained = Explained::parse(&read(&root.join(EXPLAINED))?).context(EXPLAINED)?;
    let names = recorded_captures(&folder.join("expected"))?;
    ensure!(
        !names.is_empty(),
        "{}: no recording in it",
        folder.display()
    );

    let mut out = io::stdout().lock();
    let tshark = Tshark::find();
    match &tshark {
        Some(tshark) => writeln!(out, "values are compared with {}", tshark.version)?,
        None => {
            writeln!(out, "no tshark on the path: values are NOT compared")?;
            explained = explained.of_messages();
        }
    }
    let mut total = Tally::default();
    writeln!(out, "{HEADING}  capture")?;
    for name in &names {
        let comparison = compare_capture(&folder, name, tshark.as_ref())?;
        let unexplained = comparison.unexplained(name, &explained);
        let tally = Tally::of(&comparison, unexplained.len());
        writeln!(out, "{}  {name}", tally.line())?;
        for line in unexplained {
            writeln!(out, "    {line}")?;
        }
        total += tally;
    }
    writeln!(out, "{}  in all {} captures", total.line(), names.len())?;
    let stale = explained.unused();
    for line in &stale {
        let frames = format!("{}-{}", line.first_frame, line.last_frame);
        writeln!(
            out,
            "explains nothing: {} {frames} {}",
            line.file,
            line.kind.word()
        )?;
    }
    let good = total.unexplained == 0 && stale.is_empty();
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One capture, compared in every way.
struct Both {
    messages: Comparison,
    values: Agreement,
    /// Options that change what is printed, which none may.
    varies: Option<String>,
}

impl Both {
    /// The differences that no explanation covers, as lines.
    fn unexplained(&self, name: &str, explained: &Explained) -> Vec<String> {
        let varies = self.varies.iter();
        let mut lines: Vec<String> = varies
            .map(|options| format!("prints something else with {options}"))
            .collect();
        for (row, kind) in &self.messages.differences {
            if !explained.covers(name, row.frame, *kind) {
                lines.push(format!("{}: {row}", kind.word()));
            }
        }
        for value in &self.values.different {
            if !explained.covers(name, value.frame, Kind::Value(value.field)) {
                lines.push(value.to_string());
            }
        }
        lines
    }
}

fn compare_capture(folder: &Path, name: &str, tshark: Option<&Tshark>) -> Result<Both> {
    let capture = folder.join("captures").join(name);
    let tshark = tshark.map(|tshark| tshark.read(&capture)).transpose()?;
    let recording = read(&folder.join("expected").join(format!("{name}.{RECORDING}")))?;
    let arguments = ["messages", "--format", "csv"].map(OsStr::new);
    let run = program::run(arguments.into_iter().chain([capture.as_os_str()]));
    let messages = compare(&recording, &run.out).with_context(|| format!("{name}: {}", run.err))?;
    let values = match tshark {
        Some(tshark) => agreement(tshark, &capture).with_context(|| name.to_owned())?,
        None => Agreement::default(),
    };
    Ok(Both {
        messages,
        values,
        varies: program::varies(&capture),
    })
}

/// The columns of [`Tally::line`].
const HEADING: &str = "matched missing   extra  values  differ unexplained";

/// How many messages and values agree and how many do not.
#[derive(Default)]
struct Tally {
    matched: usize,
    missing: usize,
    extra: usize,
    values: usize,
    differ: usize,
    unexplained: usize,
}

impl Tally {
    fn of(comparison: &Both, unexplained: usize) -> Tally {
        let Both {
            messages, values, ..
        } = comparison;
        let is_missing = |(_, kind): &&(_, Kind)| *kind == Kind::Missing;
        let missing = messages.differences.iter().filter(is_missing).count();
        Tally {
            matched: messages.matched,
            missing,
            extra: messages.differences.len() - missing,
            values: values.equal,
            differ: values.different.len(),
            unexplained,
        }
    }

    fn line(&self) -> String {
        let Tally {
            matched,
            missing,
            extra,
            values,
            differ,
            unexplained,
        } = self;
        format!("{matched:7} {missing:7} {extra:7} {values:7} {differ:7} {unexplained:11}")
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.matched += other.matched;
        self.missing += other.missing;
        self.extra += other.extra;
        self.values += other.values;
        self.differ += other.differ;
        self.unexplained += other.unexplained;
    }
}

/// The captures, as paths with `/` below their folder, that have a recording; sorted.
fn recorded_captures(expected: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for source in sorted_entries(expected)? {
        for recording in sorted_entries(&expected.join(&source))? {
            let name = recording
                .strip_suffix(RECORDING)
                .and_then(|name| name.strip_suffix('.'));
            names.extend(name.map(|name| format!("{source}/{name}")));
        }
    }
    Ok(names)
}

fn sorted_entries(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
