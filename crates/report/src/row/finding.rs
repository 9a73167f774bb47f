//! Findings and undecided verdicts as the documents show them.

use std::io;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_correlate::FrameRef;
use siptriage_rules::{Evidence, Finding, Incomplete};

use crate::line::{Line, Object, Row, name};
use crate::wire_text::WireText;

/// A finding in a document.
pub(crate) struct FindingRow<'a>(pub &'a Finding);

/// An undecided verdict in a document.
pub(crate) struct IncompleteRow<'a>(pub &'a Incomplete);

/// The display filter that shows the frames of a finding in Wireshark. Frame numbers hold for one
/// file only: frames of captures other than the first one's are left out.
pub(crate) fn wireshark(finding: &Finding) -> String {
    let frames = frame_numbers(finding);
    if frames.is_empty() {
        return String::new();
    }
    let mut filter = "frame.number in {".to_owned();
    let mut separator = "";
    for number in frames {
        filter.push_str(separator);
        filter.push_str(itoa::Buffer::new().format(number));
        separator = ", ";
    }
    filter.push('}');
    filter
}

/// The frames of a finding that are in the capture of its first one, ascending.
pub(crate) fn frame_numbers(finding: &Finding) -> Vec<u64> {
    let Some(first) = first_frame(finding) else {
        return Vec::new();
    };
    let here = finding
        .evidence
        .iter()
        .filter(|evidence| evidence.frame.file() == first.file());
    let mut numbers: Vec<u64> = here.map(|evidence| evidence.frame.number()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The earliest frame that proves a finding.
pub(crate) fn first_frame(finding: &Finding) -> Option<FrameRef> {
    finding.evidence.iter().map(|evidence| evidence.frame).min()
}

impl Row for FindingRow<'_> {
    fn append_to(&self, line: &mut Line) -> io::Result<()> {
        let finding = self.0;
        let mut row = Object::begin(line);
        row.word(name!("rule"), Some(finding.rule.code));
        row.word(name!("name"), Some(finding.rule.name));
        row.word(name!("severity"), Some(finding.severity.name()));
        row.word(name!("confidence"), Some(finding.confidence.name()));
        row.number(name!("call"), finding.call);
        row.time(name!("time"), finding.time);
        row.text(name!("message"), Some(WireText(finding.message.as_bytes())))?;
        row.text(
            name!("check_first"),
            Some(WireText(finding.rule.check_first.as_bytes())),
        )?;
        row.words(name!("spec"), finding.rule.spec);
        row.list(name!("evidence"), &finding.evidence, push_evidence)?;
        row.text(
            name!("wireshark"),
            Some(WireText(wireshark(finding).as_bytes())),
        )?;
        row.end();
        Ok(())
    }
}

fn push_evidence(line: &mut Line, evidence: &Evidence) -> io::Result<()> {
    let mut row = Object::begin(line);
    row.number(name!("frame"), Some(evidence.frame.number()));
    row.text(name!("note"), Some(WireText(evidence.note.as_bytes())))?;
    row.number(name!("capture"), Some(evidence.frame.file()));
    row.end();
    Ok(())
}

impl Serialize for IncompleteRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("incomplete", 3)?;
        row.serialize_field("rule", self.0.rule.code)?;
        row.serialize_field("call", &self.0.call)?;
        row.serialize_field("why", &self.0.why)?;
        row.end()
    }
}
