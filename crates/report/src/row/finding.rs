//! Findings and undecided verdicts as the documents show them.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use siptriage_correlate::FrameRef;
use siptriage_rules::{Evidence, Finding, Incomplete};

use crate::moment;

/// A finding in a document.
pub(crate) struct FindingRow<'a>(pub &'a Finding);

/// An undecided verdict in a document.
pub(crate) struct IncompleteRow<'a>(pub &'a Incomplete);

/// One frame that proves a finding.
struct EvidenceRow<'a>(&'a Evidence);

/// The display filter that shows the frames of a finding in Wireshark. Frame numbers hold for one
/// file only: frames of captures other than the first one's are left out.
pub(crate) fn wireshark(finding: &Finding) -> String {
    let frames = frame_numbers(finding);
    if frames.is_empty() {
        return String::new();
    }
    let numbers: Vec<String> = frames.iter().map(u64::to_string).collect();
    format!("frame.number in {{{}}}", numbers.join(", "))
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

impl Serialize for FindingRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let finding = self.0;
        let evidence: Vec<EvidenceRow<'_>> = finding.evidence.iter().map(EvidenceRow).collect();
        let mut row = serializer.serialize_struct("finding", 11)?;
        row.serialize_field("rule", finding.rule.code)?;
        row.serialize_field("name", finding.rule.name)?;
        row.serialize_field("severity", finding.severity.name())?;
        row.serialize_field("confidence", finding.confidence.name())?;
        row.serialize_field("call", &finding.call)?;
        row.serialize_field("time", &moment::rfc3339(finding.time))?;
        row.serialize_field("message", &finding.message)?;
        row.serialize_field("check_first", finding.rule.check_first)?;
        row.serialize_field("spec", finding.rule.spec)?;
        row.serialize_field("evidence", &evidence)?;
        row.serialize_field("wireshark", &wireshark(finding))?;
        row.end()
    }
}

impl Serialize for EvidenceRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("evidence", 3)?;
        row.serialize_field("frame", &self.0.frame.number())?;
        row.serialize_field("note", &self.0.note)?;
        row.serialize_field("capture", &self.0.frame.file())?;
        row.end()
    }
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
