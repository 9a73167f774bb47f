//! One SIP message as a row of a table: the recording's and the program's own.

use std::fmt;

use anyhow::{Context, Result, ensure};

/// The columns of both tables.
const COLUMNS: [&str; 9] = [
    "frame",
    "time",
    "transport",
    "src",
    "dst",
    "method",
    "status",
    "call_id",
    "cseq",
];

/// What identifies a message in both tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The capture's frame number, from 1, of the packet that completed the message.
    pub frame: u64,
    /// A request's method or a response's status code.
    pub what: String,
    /// The Call-ID; empty where there is none.
    pub call_id: String,
    /// The number of the CSeq; empty where there is none.
    pub cseq: String,
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row {
            frame,
            what,
            call_id,
            cseq,
        } = self;
        write!(out, "frame {frame}: {what}, Call-ID {call_id}, CSeq {cseq}")
    }
}

/// The rows of a recording: tab-separated, nothing quoted.
pub(super) fn recorded(table: &str) -> Result<Vec<Row>> {
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    ensure!(
        header == COLUMNS,
        "expected the columns {COLUMNS:?}, found {header:?}"
    );
    lines
        .map(|line| row(&line.split('\t').collect::<Vec<_>>()))
        .collect()
}

/// The rows of `messages --format csv`.
pub(super) fn printed(table: &str) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers()?.clone();
    ensure!(
        header == *COLUMNS.as_slice(),
        "expected the columns {COLUMNS:?}, found {header:?}"
    );
    reader
        .records()
        .map(|record| row(&record?.iter().collect::<Vec<_>>()))
        .collect()
}

fn row(cells: &[&str]) -> Result<Row> {
    let [
        frame,
        _time,
        _transport,
        _src,
        _dst,
        method,
        status,
        call_id,
        cseq,
    ] = cells
    else {
        anyhow::bail!("expected {} cells, found {cells:?}", COLUMNS.len());
    };
    Ok(Row {
        frame: frame
            .parse()
            .with_context(|| format!("frame number {frame:?}"))?,
        what: format!("{method}{status}"),
        call_id: (*call_id).to_owned(),
        cseq: cseq
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
    })
}
