//! tshark, asked for the values of a capture's messages.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::values;

/// Stands between the values of one field in one frame.
const SEPARATOR: char = '\x1f';

/// Fields before those of [`values::all`]: the number of the frame, and two that count its messages.
const LEADING: [&str; 3] = ["frame.number", "sip.Request-Line", "sip.Status-Line"];

/// What one side reads in the messages of a frame: how many they are, and for each of [`values::all`]
/// its values in wire order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) messages: usize,
    pub(super) values: Vec<Vec<String>>,
}

/// A tshark that can be run.
#[derive(Clone, Debug)]
pub struct Tshark {
    /// What it says of its version.
    pub version: String,
}

/// A run of tshark over one capture.
#[derive(Debug)]
pub struct Run {
    child: Child,
}

impl Tshark {
    /// Looks for it on the path.
    #[must_use]
    pub fn find() -> Option<Tshark> {
        let run = Command::new("tshark").arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&run.stdout);
        let version = said.lines().next()?.to_owned();
        run.status.success().then_some(Tshark { version })
    }

    /// Starts reading a capture.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn read(&self, capture: &Path) -> io::Result<Run> {
        let mut command = Command::new("tshark");
        command.arg("-r").arg(capture);
        command.args(["-Y", "sip", "-T", "fields", "-E", "occurrence=a"]);
        command.arg("-E").arg(format!("aggregator={SEPARATOR}"));
        command.args(["-o", "tcp.reassemble_out_of_order:TRUE"]);
        for field in LEADING.into_iter().chain(values::all().map(|it| it.field)) {
            command.args(["-e", field]);
        }
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Run { child })
    }
}

impl Run {
    /// Waits for the end and gives the frames with SIP in them. A capture that tshark cannot read
    /// to its end gives the frames before.
    pub(super) fn frames(self) -> Result<BTreeMap<u64, Frame>> {
        let out = self.child.wait_with_output()?.stdout;
        let table = String::from_utf8_lossy(&out);
        table.lines().map(frame).collect()
    }
}

fn frame(line: &str) -> Result<(u64, Frame)> {
    let mut cells = line.split('\t').map(values);
    let number = cells.next().unwrap_or_default().concat();
    let number = number
        .parse()
        .with_context(|| format!("frame {number:?}"))?;
    let [requests, responses] = [cells.next(), cells.next()].map(|it| it.unwrap_or_default().len());
    let values: Vec<_> = cells.collect();
    ensure!(
        values.len() == values::all().count(),
        "frame {number}: {} values",
        values.len()
    );
    let messages = requests + responses;
    Ok((number, Frame { messages, values }))
}

fn values(cell: &str) -> Vec<String> {
    if cell.is_empty() {
        return Vec::new();
    }
    cell.split(SEPARATOR).map(str::to_owned).collect()
}
