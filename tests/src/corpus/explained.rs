//! The differences from the recordings that are known and right, each with its reason.

use std::cell::Cell;

use anyhow::{Context, Result, bail};

use super::Kind;

/// The columns of the table, which is tab-separated; lines that begin with `#` are prose.
const COLUMNS: &str = "file\tframes\tkind\treason";

/// All that is explained.
#[derive(Debug)]
pub struct Explained {
    explanations: Vec<Explanation>,
}

/// Why some frames of one capture differ.
#[derive(Debug)]
pub struct Explanation {
    /// The capture, below the corpus' folder of captures.
    pub file: String,
    /// The first frame it holds for.
    pub first_frame: u64,
    /// The last frame it holds for.
    pub last_frame: u64,
    /// How they differ.
    pub kind: Kind,
    /// Why that is right.
    pub reason: String,
    used: Cell<bool>,
}

impl Explained {
    /// Reads the table: file, frame or `first-last`, kinds of differences, reason. The kinds,
    /// divided by spaces, are `missing` or `extra` for a message, or the fields whose values
    /// differ.
    ///
    /// # Errors
    /// When a line is not of that form; the message carries its number.
    pub fn parse(table: &str) -> Result<Explained> {
        let mut lines = table
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let header = lines.next().map(|(_, line)| line);
        if header != Some(COLUMNS) {
            bail!("expected the columns {COLUMNS:?}, found {header:?}");
        }
        let mut explanations = Vec::new();
        for (index, line) in lines {
            let read = read(line).with_context(|| format!("line {}", index + 1))?;
            explanations.extend(read);
        }
        Ok(Explained { explanations })
    }

    /// Leaves out what is about values, which are not compared without tshark.
    #[must_use]
    pub fn of_messages(mut self) -> Explained {
        self.explanations
            .retain(|line| matches!(line.kind, Kind::Missing | Kind::Extra));
        self
    }

    /// Whether a difference in this frame of this file is explained.
    #[must_use]
    pub fn covers(&self, file: &str, frame: u64, kind: Kind) -> bool {
        let mut covered = false;
        for line in &self.explanations {
            let frames = line.first_frame..=line.last_frame;
            if line.file == file && line.kind == kind && frames.contains(&frame) {
                line.used.set(true);
                covered = true;
            }
        }
        covered
    }

    /// The explanations that no difference has asked for: they are out of date.
    #[must_use]
    pub fn unused(&self) -> Vec<&Explanation> {
        self.explanations
            .iter()
            .filter(|explanation| !explanation.used.get())
            .collect()
    }
}

/// The explanations of one line: one for each kind that it names.
fn read(line: &str) -> Result<Vec<Explanation>> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [file, frames, kinds, reason] = cells[..] else {
        bail!("expected 4 cells, found {}", cells.len());
    };
    let (first, last) = frames.split_once('-').unwrap_or((frames, frames));
    let frame = |text: &str| {
        text.parse()
            .with_context(|| format!("frame number {text:?}"))
    };
    let (first_frame, last_frame) = (frame(first)?, frame(last)?);
    if reason.trim().is_empty() {
        bail!("no reason given");
    }
    let explanation = |kind: &str| {
        let Some(kind) = Kind::of_word(kind) else {
            bail!("expected `missing`, `extra` or a field of tshark's, found {kind:?}");
        };
        Ok(Explanation {
            file: file.to_owned(),
            first_frame,
            last_frame,
            kind,
            reason: reason.to_owned(),
            used: Cell::new(false),
        })
    };
    kinds.split(' ').map(explanation).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::Explained;

    #[test]
    fn an_explanation_holds_for_its_own_frames_and_is_stale_without_them() {
        let table = "# prose\nfile\tframes\tkind\treason\n\
            a.pcap\t3\tmissing\tcut off\na.pcap\t5-7\textra sip.to.tag\tseen twice\n";
        let explained = Explained::parse(table).unwrap();
        assert!(explained.covers("a.pcap", 7, Kind::Extra));
        assert!(!explained.covers("a.pcap", 8, Kind::Extra));
        assert!(!explained.covers("a.pcap", 3, Kind::Extra));
        assert!(!explained.covers("b.pcap", 3, Kind::Missing));
        let unused: Vec<_> = explained
            .unused()
            .iter()
            .map(|line| line.first_frame)
            .collect();
        assert_eq!(unused, [3, 5]);
        assert_eq!(explained.of_messages().unused().len(), 1);
    }

    #[test]
    fn a_line_without_a_reason_is_refused() {
        let table = "file\tframes\tkind\treason\na.pcap\t3\tmissing\t \n";
        let error = Explained::parse(table).unwrap_err();
        assert_eq!(format!("{error:#}"), "line 2: no reason given");
    }
}
