//! What all commands that read captures have in common: inputs, options, complaints.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::sync::Arc;

use siptriage_capture::Skipped;
use siptriage_capture::format::reason;
use siptriage_correlate::{Profile, Refusals};
use siptriage_report::{CaptureRow, EncryptedRow, LeftOut, Page, RefusalRow, SkippedRow, WireText};

use crate::arguments::{Reading, Site};
use crate::exit::Exit;
use crate::inputs::Inputs;
use crate::limits;
use crate::pipeline::{CaptureFacts, Flow, Input, Options, ReadError, Totals, Watch};
use crate::progress::{Progress, Shown};

/// Where a command prints.
pub struct Console<'w> {
    /// Data.
    pub out: &'w mut (dyn Write + Send),
    /// Everything else.
    pub err: &'w mut dyn Write,
    /// Width and colours of `out`.
    pub page: Page,
    /// Whether long work shows a bar on standard error.
    pub shown: Shown,
    /// How far the run has come, and whether it should go on.
    pub watch: Arc<Watch>,
}

impl Console<'_> {
    /// Finds the captures to read, and how the run ends at best.
    pub fn inputs(&mut self, reading: &Reading) -> io::Result<(Vec<Input>, Exit)> {
        let inputs = Inputs::find(&reading.captures);
        for path in &inputs.passed_over {
            let path = path.display().to_string();
            self.complain(&path, "passed over, because it is no capture")?;
        }
        for (path, why) in &inputs.unread {
            self.complain(&path.display().to_string(), why)?;
        }
        let exit = if inputs.unread.is_empty() {
            Exit::Done
        } else {
            Exit::Unread
        };
        Ok((inputs.captures, exit))
    }

    /// What the site says about its peers; `None` where that cannot be used.
    pub fn profile(&mut self, site: &Site) -> io::Result<Option<Profile>> {
        let Some(path) = &site.profile else {
            return Ok(Some(Profile::default()));
        };
        let name = path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                self.complain(&name, &format!("the profile cannot be read: {error}"))?;
                return Ok(None);
            }
        };
        match Profile::parse(&text) {
            Ok(profile) => Ok(Some(profile)),
            Err(error) => {
                let why = error.to_string();
                writeln!(self.err, "siptriage: {}: {}", shown(&name), why.trim_end())?;
                Ok(None)
            }
        }
    }

    /// How the pipeline is to read.
    pub fn options(&self, reading: &Reading) -> Options {
        let mut options = Options {
            threads: reading.threads,
            piece_bytes: reading.piece_bytes,
            watch: Arc::clone(&self.watch),
            ..Options::default()
        };
        limits::apply(&reading.limits, &mut options);
        options
    }

    /// What shows how far the work has come.
    pub fn progress(&self, reading: &Reading) -> Progress {
        let shown = if reading.no_progress {
            Shown::No
        } else {
            self.shown
        };
        Progress::new(Arc::clone(&self.watch), shown)
    }

    /// Says how many rows a document lacks, which not every format can tell.
    pub fn count_left_out(&mut self, left_out: LeftOut) -> io::Result<()> {
        let rows = left_out.calls + left_out.findings + left_out.incomplete;
        if rows == 0 {
            return Ok(());
        }
        let text = "more calls, findings and undecided verdicts than are kept";
        writeln!(
            self.err,
            "siptriage: {rows} {text}; `--limit rows=N` keeps more"
        )
    }

    /// Says what could not be read and why, and how the run ended.
    pub fn conclude(&mut self, captures: &[CaptureFacts], exit: Exit) -> io::Result<Exit> {
        for capture in captures {
            if let Some(trouble) = trouble(capture) {
                self.complain(&capture.path, &trouble)?;
            }
        }
        let ended = match exit {
            Exit::Done => Exit::of(captures),
            Exit::Usage | Exit::Unread | Exit::NoSip => exit,
        };
        if ended == Exit::NoSip {
            let hint = "no SIP found; is it encrypted, or was another interface captured?";
            writeln!(self.err, "siptriage: {hint}")?;
        }
        Ok(ended)
    }

    fn complain(&mut self, path: &str, why: &str) -> io::Result<()> {
        writeln!(self.err, "siptriage: {}: {why}", shown(path))
    }
}

/// A path as a terminal may show it.
fn shown(path: &str) -> Cow<'_, str> {
    WireText(path.as_bytes()).for_terminal()
}

/// Reading goes on as long as what comes of it can be written.
pub fn go_on(written: &io::Result<()>) -> Flow {
    match written {
        Ok(()) => Flow::Continue(()),
        Err(_) => Flow::Break(()),
    }
}

/// What was read, as the documents show it.
pub fn rows(captures: &[CaptureFacts], refusals: &Refusals) -> Vec<CaptureRow> {
    let captures = (0..).zip(captures);
    captures
        .map(|(file, capture)| row(capture, refusals, file))
        .collect()
}

/// The same, of captures that were analyzed.
pub fn rows_of(totals: &Totals) -> Vec<CaptureRow> {
    rows(&totals.captures, &totals.refusals)
}

fn row(capture: &CaptureFacts, refusals: &Refusals, file: u16) -> CaptureRow {
    let summary = capture.summary.as_ref();
    CaptureRow {
        path: capture.path.clone(),
        format: summary.map(|summary| summary.format.name()),
        compression: capture.compression,
        bytes: summary.map_or(0, |summary| summary.bytes),
        frames: summary.map_or(0, |summary| summary.frames),
        first_time: summary.and_then(|summary| summary.first_time),
        last_time: summary.and_then(|summary| summary.last_time),
        complete: capture.is_complete(),
        sip_messages: capture.sip_messages,
        not_sip: capture.not_sip,
        duplicates: capture.duplicates,
        skipped: SkippedRow::all(&capture.skipped),
        encrypted: EncryptedRow::all(&capture.encrypted),
        refusals: RefusalRow::all(refusals, file),
        refusals_not_sip: refusals.of_others(file),
        error: trouble(capture),
    }
}

/// Why a capture was not read to its end, and what to do about it.
fn trouble(capture: &CaptureFacts) -> Option<String> {
    if let Some(error) = &capture.error {
        return Some(remedy(error));
    }
    if capture.is_interrupted {
        let text = "interrupted before its end; everything up to there was read";
        return Some(text.to_owned());
    }
    (!capture.is_complete()).then(|| ending(&capture.skipped).to_owned())
}

/// Where and why a capture stops that is not whole, by the names in [`reason`].
const ENDINGS: [(&str, &str); 4] = [
    (
        reason::EXPANSION_LIMIT,
        "the limit `expansion` stopped reading; everything before was read, and \
         `--limit expansion=N` reads on",
    ),
    (
        reason::COMPRESSED_DAMAGED,
        "ends in the middle of its compression, or is damaged there; everything before was read",
    ),
    (
        reason::COMPRESSION_MEMORY,
        "needs more memory to uncompress than is granted; uncompress it first",
    ),
    (
        reason::GARBAGE_AT_END,
        "ends with bytes that are no record; everything before them was read",
    ),
];

/// Where a capture stops that is not whole.
fn ending(skipped: &Skipped) -> &'static str {
    const OTHERS: &str = "ends in the middle of a record; everything before it was read";
    let found = ENDINGS.iter().find(|(reason, _)| skipped.get(reason) > 0);
    found.map_or(OTHERS, |(_, text)| text)
}

/// What is wrong with an input, and what to do about it.
fn remedy(error: &ReadError) -> String {
    match error {
        ReadError::Format(error) => error.to_string(),
        ReadError::Stopped(stopped) => {
            let found = ENDINGS.iter().find(|(reason, _)| reason == stopped);
            found.map_or(*stopped, |(_, text)| text).to_owned()
        }
        ReadError::TooManyOpen(open) => format!(
            "not read: {open} captures that overlap in time were open; \
             `--limit open-files=N` opens more, and so does uncompressing them"
        ),
        ReadError::Io(error) => match error.kind() {
            io::ErrorKind::NotFound => "no such file; is the path right?".to_owned(),
            io::ErrorKind::PermissionDenied => "may not be read; see its permissions".to_owned(),
            _ => error.to_string(),
        },
    }
}
