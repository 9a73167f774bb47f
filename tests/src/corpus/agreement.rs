//! Whether the values read here equal those that tshark reads in the same frames.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::Result;
use siptriage::pipeline::{self, Input, Options};
use siptriage_sip::Completeness;

use super::tshark::{Frame, Run};
use super::values::{self, Reading};

/// The values of one capture, compared frame by frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// How many fields of a frame have values, and the same on both sides.
    pub equal: usize,
    /// The others, sorted by frame.
    pub different: Vec<Disagreement>,
}

/// One field of one frame whose values differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The number of the frame, from 1.
    pub frame: u64,
    /// tshark's name of the field.
    pub field: &'static str,
    /// What tshark reads.
    pub theirs: Vec<String>,
    /// What is read here.
    pub ours: Vec<String>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Disagreement {
            frame,
            field,
            theirs,
            ours,
        } = self;
        write!(
            out,
            "frame {frame}: {field}: tshark {theirs:?}, here {ours:?}"
        )
    }
}

/// Waits for tshark and compares. Frames in which the sides see different numbers of messages are
/// left to the comparison of messages.
///
/// # Errors
/// When tshark's output is no table of the fields asked for.
pub fn agreement(tshark: Run, capture: &Path) -> Result<Agreement> {
    let ours = read(capture);
    let mut agreement = Agreement::default();
    for (number, theirs) in tshark.frames()? {
        if let Some(ours) = ours.get(&number) {
            compare(number, theirs, ours, &mut agreement);
        }
    }
    Ok(agreement)
}

fn compare(number: u64, theirs: Frame, ours: &Frame, agreement: &mut Agreement) {
    if theirs.messages != ours.messages {
        return;
    }
    let sides = theirs.values.into_iter().zip(&ours.values);
    for (value, (theirs, ours)) in values::all().zip(sides) {
        let (their, our) = (theirs.iter(), ours.iter());
        if !their.map(|it| plain(it)).eq(our.map(|it| plain(it))) {
            agreement.different.push(Disagreement {
                frame: number,
                field: value.field,
                theirs,
                ours: ours.clone(),
            });
        } else if !ours.is_empty() {
            agreement.equal += 1;
        }
    }
}

impl Frame {
    /// Counts a message and keeps its values.
    fn add(&mut self, reading: &Reading<'_>) {
        self.messages += 1;
        self.values.resize(values::all().count(), Vec::new());
        for (value, found) in values::all().zip(&mut self.values) {
            found.extend((value.read)(reading));
        }
    }
}

/// A value without the quotes or brackets around it.
fn plain(value: &str) -> &str {
    let between = |open, close| value.strip_prefix(open)?.strip_suffix(close);
    between('"', '"')
        .or_else(|| between('[', ']'))
        .unwrap_or(value)
}

/// The values of every message that the program finds in a capture, by frame.
fn read(capture: &Path) -> BTreeMap<u64, Frame> {
    let mut frames: BTreeMap<u64, Frame> = BTreeMap::new();
    let inputs = [Input::File(capture.to_owned())];
    pipeline::messages(&inputs, &Options::default(), &mut |seen| {
        let completeness = if seen.observation.truncated {
            Completeness::CutByCapture
        } else {
            Completeness::Whole
        };
        if let Some(reading) = Reading::of(seen.observation.message, completeness) {
            let frame = frames.entry(seen.observation.frame.number()).or_default();
            frame.add(&reading);
        }
        ControlFlow::Continue(())
    });
    frames
}

#[cfg(test)]
mod tests {
    use siptriage_sip::{Scanned, scan};

    use super::*;

    const BYE: &str = "BYE sip:bob@[2001:db8::2] SIP/2.0\r\n\
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1, SIP/2.0/UDP 192.0.2.2\r\n\
        f: <sip:alice@example.com>;tag=1\r\nCSeq: 8 BYE\r\n\r\n";

    fn frame() -> Frame {
        let outline = scan(BYE.as_bytes()).unwrap();
        let scanned = Scanned::new(BYE.as_bytes(), &outline);
        let mut frame = Frame::default();
        frame.add(&Reading::of(scanned, Completeness::Whole).unwrap());
        frame
    }

    fn compared(theirs: Frame) -> Agreement {
        let mut agreement = Agreement::default();
        compare(1, theirs, &frame(), &mut agreement);
        agreement
    }

    #[test]
    fn quotes_and_brackets_make_no_difference() {
        let mut theirs = frame();
        for value in theirs.values.iter_mut().flatten() {
            *value = format!("\"{value}\"");
        }
        let agreement = compared(theirs);
        assert_eq!((agreement.equal, agreement.different), (13, Vec::new()));
    }

    #[test]
    fn a_value_too_many_or_another_one_is_seen() {
        let mut theirs = frame();
        let of = |field: &str| values::all().position(|it| it.field == field).unwrap();
        theirs.values[of("sip.from.tag")] = vec!["2".to_owned()];
        theirs.values[of("sip.Via.branch")].push("z9hG4bK2".to_owned());
        let agreement = compared(theirs);
        let lines: Vec<_> = agreement
            .different
            .iter()
            .map(Disagreement::to_string)
            .collect();
        let expected = [
            "frame 1: sip.Via.branch: tshark [\"z9hG4bK1\", \"z9hG4bK2\"], here [\"z9hG4bK1\"]",
            "frame 1: sip.from.tag: tshark [\"2\"], here [\"1\"]",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn another_number_of_messages_is_not_compared() {
        let theirs = Frame {
            messages: 2,
            ..frame()
        };
        assert_eq!(compared(theirs), Agreement::default());
    }
}
