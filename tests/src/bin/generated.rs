//! Has captures made whose truth is known, and holds against it what the program prints.
//!
//! `generated [GENERATOR [CALLS]]`: the generator is a Python script that writes a capture, its
//! totals and one row for each Call-ID. Exits with 1 when something printed is not so.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use siptriage_tests::document::{Document, text};
use siptriage_tests::generated::{Transport, Truth, compare_messages, judge};
use siptriage_tests::program;

/// How many calls each capture holds unless said.
const CALLS: &str = "5000";

/// The kinds of capture the generator makes.
const PROFILES: [(&str, Transport); 5] = [
    ("signalling", Transport::Udp),
    ("tcp", Transport::Tcp),
    ("ipv6", Transport::Udp),
    ("mixed", Transport::Udp),
    ("scanner", Transport::Udp),
];

/// How many lines about one capture are worth printing.
const SHOWN: usize = 40;

fn main() -> Result<ExitCode> {
    let usual = || siptriage_tests::root().join("../shared/bench/gen_capture.py");
    let generator = env::args_os().nth(1).map_or_else(usual, PathBuf::from);
    let calls = env::args().nth(2).unwrap_or_else(|| CALLS.to_owned());
    let folder = tempfile::tempdir().context("a temporary folder")?;
    let rules = known_rules()?;

    let mut out = io::stdout().lock();
    let mut wrong = 0;
    for (profile, transport) in PROFILES {
        let (capture, truth) = generate(&generator, folder.path(), profile, &calls)?;
        let messages = printed(&["messages", "--format", "csv"], &capture)?;
        let different = compare_messages(&truth, &messages)?;
        let document = Document::parse(&printed(&["analyze", "--format", "json"], &capture)?)?;
        let judgement = judge(&truth, transport, &document, &rules);

        writeln!(out, "{profile}: {} Call-IDs", truth.scenarios.len())?;
        writeln!(out, "  right outcomes   {:?}", judgement.right)?;
        writeln!(out, "  faults found     {:?}", judgement.found)?;
        writeln!(out, "  faults left open {:?}", judgement.incomplete)?;
        let varies = program::varies(&capture)
            .map(|options| format!("prints something else with {options}"));
        for line in varies
            .iter()
            .chain(&different)
            .chain(&judgement.wrong)
            .take(SHOWN)
        {
            writeln!(out, "  wrong: {line}")?;
        }
        let number = usize::from(varies.is_some()) + different.len() + judgement.wrong.len();
        writeln!(out, "  {number} wrong")?;
        wrong += number;
    }
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Makes the capture of one profile; returns where it lies and the truth about it.
fn generate(
    generator: &Path,
    folder: &Path,
    profile: &str,
    calls: &str,
) -> Result<(PathBuf, Truth)> {
    let [capture, totals, table] =
        ["pcap", "json", "tsv"].map(|kind| folder.join(format!("{profile}.{kind}")));
    let status = Command::new("python3")
        .arg(generator)
        .args([
            "--calls",
            calls,
            "--rtp-seconds",
            "1",
            "--profile",
            profile,
            "--seed",
            "1",
        ])
        .arg("-o")
        .arg(&capture)
        .arg("--truth")
        .arg(&totals)
        .arg("--per-call")
        .arg(&table)
        .status()
        .context("python3")?;
    ensure!(status.success(), "{}: {status}", generator.display());
    let read = |path: &Path| fs::read_to_string(path).with_context(|| path.display().to_string());
    Ok((capture, Truth::parse(&read(&totals)?, &read(&table)?)?))
}

/// The codes of the rules that the program has.
fn known_rules() -> Result<BTreeSet<String>> {
    let run = program::run(["rules", "--format", "json"]);
    let rules: Vec<serde_json::Value> =
        serde_json::from_str(&run.out).with_context(|| format!("rules: {}", run.err))?;
    Ok(rules
        .iter()
        .map(|rule| text(rule, "rule").to_owned())
        .collect())
}

fn printed(command: &[&str], capture: &Path) -> Result<String> {
    let arguments = command.iter().map(OsStr::new).chain([capture.as_os_str()]);
    let run = program::run(arguments);
    ensure!(
        run.code == 0,
        "{command:?}: exit code {}: {}",
        run.code,
        run.err
    );
    Ok(run.out)
}
