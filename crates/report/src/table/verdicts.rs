//! Findings and undecided verdicts on the first screen.

use std::io::{self, Write};

use siptriage_rules::{Finding, Severity};

use super::population::{count, counted, listed};
use super::triage::{Findings, FirstCalls};
use super::{Numbering, Triage};
use crate::page::Page;
use crate::row::wireshark;

/// Evidence shown of the example of a group.
const EVIDENCE_SHOWN: usize = 3;
/// Columns of the severity before a finding.
const INDENT: u16 = 11;

/// Writes the findings, one paragraph a rule.
pub(super) fn write_findings(
    out: &mut dyn Write,
    page: Page,
    triage: &Triage,
    numbering: Numbering,
) -> io::Result<()> {
    let groups = triage.findings();
    writeln!(out, "\n{}: {}", page.heading("Findings"), totals(&groups))?;
    for group in groups {
        write_group(out, page, group, numbering)?;
    }
    Ok(())
}

/// Writes how many verdicts are open, by rule, and why.
pub(super) fn write_incomplete(out: &mut dyn Write, page: Page, triage: &Triage) -> io::Result<()> {
    let all: u64 = triage.incomplete().map(|(_, group)| group.count).sum();
    if all == 0 {
        return Ok(());
    }
    let verdicts = counted(all, "verdict", "verdicts");
    writeln!(
        out,
        "\n{}: {verdicts} that the capture cannot prove",
        page.heading("Not decided")
    )?;
    for (code, group) in triage.incomplete() {
        let calls = calls(&group.calls)
            .map(|calls| format!(", {calls}"))
            .unwrap_or_default();
        let first = if group.count > 1 { "first" } else { "because" };
        let why = &group.why;
        page.write_wrapped(
            out,
            &format!("{code}{}{calls}; {first}: {why}", times(group.count)),
            2,
        )?;
    }
    Ok(())
}

fn totals(groups: &[&Findings]) -> String {
    if groups.is_empty() {
        return "none".to_owned();
    }
    let mut parts = Vec::new();
    for severity in Severity::ALL {
        let of_severity = groups.iter().filter(|group| group.severity == severity);
        let number: u64 = of_severity.map(|group| group.count).sum();
        if number > 0 {
            parts.push(match severity {
                Severity::Critical | Severity::Info => {
                    format!("{} {}", count(number), severity.name())
                }
                Severity::Error => counted(number, "error", "errors"),
                Severity::Warning => counted(number, "warning", "warnings"),
            });
        }
    }
    parts.join(", ")
}

fn write_group(
    out: &mut dyn Write,
    page: Page,
    group: &Findings,
    numbering: Numbering,
) -> io::Result<()> {
    let severity = page.severity(&format!("{:<9}", group.severity.name()), group.severity);
    let name = page.heading(&format!("{} {}", group.rule.code, group.rule.name));
    let times = times(group.count);
    let calls = calls(&group.calls)
        .map(|calls| format!(", {calls}"))
        .unwrap_or_default();
    writeln!(out, "  {severity}{name}{times}{calls}")?;
    let example = &group.example;
    page.write_wrapped(out, &format!("{}{}", example.message, doubt(group)), INDENT)?;
    write_evidence(out, page, example, numbering)?;
    page.write_wrapped(
        out,
        &format!("check first: {}", group.rule.check_first),
        INDENT,
    )?;
    page.write_wrapped(out, &group.rule.spec.join(", "), INDENT)
}

/// How sure the findings of a group are, where they are not certain.
fn doubt(group: &Findings) -> String {
    let confidence = group.example.confidence.name();
    match group.possible {
        0 if confidence == "certain" => String::new(),
        0 => format!(" ({confidence})"),
        all if all == group.count => " (possible)".to_owned(),
        some => format!(
            " ({confidence}; {} of {} only possible)",
            count(some),
            count(group.count)
        ),
    }
}

fn write_evidence(
    out: &mut dyn Write,
    page: Page,
    finding: &Finding,
    numbering: Numbering,
) -> io::Result<()> {
    for evidence in finding.evidence.iter().take(EVIDENCE_SHOWN) {
        let line = format!(
            "frame {}: {}",
            numbering.frame(evidence.frame),
            evidence.note
        );
        page.write_wrapped(out, &line, INDENT + 2)?;
    }
    let more = finding.evidence.len().saturating_sub(EVIDENCE_SHOWN) as u64;
    if more > 0 {
        let line = format!(
            "and {} more; in Wireshark: {}",
            count(more),
            wireshark(finding)
        );
        page.write_wrapped(out, &line, INDENT + 2)?;
    }
    Ok(())
}

/// How often, where it is more than once.
fn times(number: u64) -> String {
    if number > 1 {
        format!(" x{}", count(number))
    } else {
        String::new()
    }
}

/// The calls of a group; `None` where it is about no call.
fn calls(calls: &FirstCalls) -> Option<String> {
    let numbers = calls.first.iter().map(|call| u64::from(*call));
    match (calls.first.len(), calls.more) {
        (0, _) => None,
        (1, 0) => Some(format!("call {}", listed(numbers, 0))),
        (_, more) => Some(format!("calls {}", listed(numbers, more))),
    }
}
