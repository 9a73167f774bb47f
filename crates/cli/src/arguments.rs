//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::limits::{self, Setting};
use crate::pipeline::Options;

/// Reads SIP out of packet captures and says what happened to every call.
#[derive(Debug, Parser)]
#[command(name = "siptriage", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 2 wrong usage, 3 an input could not be opened, \
    recognised or read to its end, 4 no SIP in the input."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: When,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Triage captures: calls by outcome, metrics, and what went wrong.
    Analyze(Analyze),
    /// List the calls, one a row.
    Calls(Calls),
    /// List the SIP messages, one a row, in the order of the capture.
    Messages(Messages),
    /// Look up response codes.
    Codes(Codes),
    /// List the rules.
    Rules(Rules),
    /// Print the manual page of a rule.
    Explain(Explain),
    /// List the limits on memory and patience that `--limit` sets, with their defaults.
    Limits,
    /// Print the JSON Schema of all JSON output.
    Schema,
}

/// Arguments of `analyze`.
#[derive(Debug, Args)]
pub struct Analyze {
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// How to print; `csv` prints the findings.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Print findings that are only possible, too.
    #[arg(long)]
    pub possible: bool,
    /// Take the end of the capture for the end of the world: what is missing was never sent. For
    /// captures of a lab that were stopped after the last packet.
    #[arg(long)]
    pub assume_complete: bool,
    /// What the site says about its peers.
    #[command(flatten)]
    pub site: Site,
    /// Give the metrics for windows of so many seconds; without, JSON has a few wide ones.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub window: Option<u32>,
    /// Trunks to list, the busiest first.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub trunks: usize,
}

/// Arguments of `calls`.
#[derive(Debug, Args)]
pub struct Calls {
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// What the site says about its peers.
    #[command(flatten)]
    pub site: Site,
}

/// What the site says about its peers.
#[derive(Debug, Args)]
pub struct Site {
    /// A TOML file with names of trunks and with how their responses count; docs/metrics.md
    /// describes it.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
}

/// Arguments of `messages`.
#[derive(Debug, Args)]
pub struct Messages {
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `codes`.
#[derive(Debug, Args)]
pub struct Codes {
    /// A code (486), a class (4xx), or words to look for; all codes without.
    #[arg(value_name = "CODE or WORDS")]
    pub words: Vec<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// A part of the code or name; all rules without.
    #[arg(value_name = "WORD", default_value = "")]
    pub word: String,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: RulesFormat,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The rule's code (DLG-001) or name (missing-ack-2xx).
    #[arg(value_name = "RULE")]
    pub rule: String,
}

/// What to read, and with how many threads.
#[derive(Debug, Args)]
pub struct Reading {
    /// Captures: files, folders (their captures in the order of time), or - for standard input.
    /// pcap and pcapng, also compressed with gzip, zstd, lz4, bzip2 or xz.
    #[arg(value_name = "CAPTURE", required = true)]
    pub captures: Vec<PathBuf>,
    /// Threads to use; 0 for as many as there are processors that it may use. The output is the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Bytes of the pieces that captures are read in, at least 4096. The output is the same.
    #[arg(long, value_name = "BYTES", hide = true, default_value_t = Options::default().piece_bytes)]
    pub piece_bytes: usize,
    /// Set a limit on memory or patience, as in legs=100000 or hole-age=5s; can be repeated.
    /// `siptriage limits` lists them. A limit that is reached is counted and shown.
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = limits::parse)]
    pub limits: Vec<Setting>,
    /// Show no progress bar. There is none anyway unless standard error is a terminal.
    #[arg(long)]
    pub no_progress: bool,
}

/// How captures are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One document.
    Json,
    /// One object a line, as it becomes known.
    Ndjson,
    /// One row a line, as it becomes known.
    Csv,
}

/// How the response codes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    #[default]
    Table,
    /// One array.
    Json,
    /// One row a line.
    Csv,
}

/// How the rules are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// For people.
    #[default]
    Table,
    /// One array.
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
