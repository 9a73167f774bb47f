//! What was read of each capture, for the first screen.

use std::io::{self, Write};

use siptriage_correlate::Traffic;

use super::population::{count, counted};
use crate::moment;
use crate::page::Page;
use crate::row::CaptureRow;
use crate::wire_text::WireText;

/// Ports with TLS shown one by one; further ones are summed up.
const PORTS_SHOWN: usize = 8;
/// Refused destinations shown one by one; further ones are summed up.
const REFUSALS_SHOWN: usize = 5;

/// Writes what one capture holds and what was not read of it.
pub(super) fn write_capture(
    out: &mut dyn Write,
    page: Page,
    capture: &CaptureRow,
    number: &str,
) -> io::Result<()> {
    let compression = capture
        .compression
        .map(|name| format!(", {name}"))
        .unwrap_or_default();
    let path = WireText(capture.path.as_bytes()).for_terminal();
    let Some(format) = capture.format else {
        let why = capture.error.as_deref().unwrap_or("not recognised");
        return page.write_wrapped(out, &format!("{number}{path}: not read: {why}"), 2);
    };
    let head = format!(
        "{number}{path}: {format}{compression}, {}{}",
        counted(capture.frames, "frame", "frames"),
        span(capture),
    );
    page.write_wrapped(out, &head, 2)?;
    let held = format!(
        "{} ({} captured twice), {} not SIP",
        counted(capture.sip_messages, "SIP message", "SIP messages"),
        count(capture.duplicates),
        counted(capture.not_sip, "payload that is", "payloads that are"),
    );
    page.write_wrapped(out, &held, 4)?;
    if let Some(error) = &capture.error {
        page.write_wrapped(out, &format!("not read to its end: {error}"), 4)?;
    }
    write_skipped(out, page, capture)?;
    write_encrypted(out, page, capture)?;
    write_refusals(out, page, capture)
}

fn write_skipped(out: &mut dyn Write, page: Page, capture: &CaptureRow) -> io::Result<()> {
    if capture.skipped.is_empty() {
        return Ok(());
    }
    let reasons = capture
        .skipped
        .iter()
        .map(|skipped| match skipped.first_frame {
            Some(frame) => format!(
                "{} {} (frame {frame})",
                count(skipped.count),
                skipped.reason
            ),
            None => format!("{} {}", count(skipped.count), skipped.reason),
        });
    let reasons: Vec<String> = reasons.collect();
    page.write_wrapped(out, &format!("not understood: {}", reasons.join(", ")), 4)
}

fn write_encrypted(out: &mut dyn Write, page: Page, capture: &CaptureRow) -> io::Result<()> {
    for port in capture.encrypted.iter().take(PORTS_SHOWN) {
        let connections = counted(port.connections, "connection", "connections");
        let text = format!(
            "TLS on port {}: {connections}, not read (frame {})",
            port.port, port.first_frame
        );
        page.write_wrapped(out, &text, 4)?;
    }
    let rest = capture.encrypted.iter().skip(PORTS_SHOWN);
    let (ports, connections) = rest.fold((0, 0), |(ports, connections), port| {
        (ports + 1, connections + port.connections)
    });
    if ports == 0 {
        return Ok(());
    }
    let text = format!(
        "TLS on {}: {}, not read",
        counted(ports, "more port", "more ports"),
        counted(connections, "connection", "connections"),
    );
    page.write_wrapped(out, &text, 4)
}

fn write_refusals(out: &mut dyn Write, page: Page, capture: &CaptureRow) -> io::Result<()> {
    for refusal in capture.refusals.iter().take(REFUSALS_SHOWN) {
        let times = match refusal.count {
            1 => String::new(),
            count => format!(" x{count}, first"),
        };
        let text = format!(
            "ICMP {} from {} for SIP to {}{times} in frame {}",
            refusal.kind.words(),
            refusal.reporter,
            refusal.dst,
            refusal.first_frame,
        );
        page.write_wrapped(out, &text, 4)?;
    }
    let rest = capture.refusals.iter().skip(REFUSALS_SHOWN);
    let rest: u64 = rest.map(|refusal| refusal.count).sum();
    if rest > 0 {
        let text = format!("{} of SIP to other destinations", refusals(rest));
        page.write_wrapped(out, &text, 4)?;
    }
    if capture.refusals_not_sip > 0 {
        let text = format!("{} of other packets", refusals(capture.refusals_not_sip));
        page.write_wrapped(out, &text, 4)?;
    }
    Ok(())
}

fn refusals(number: u64) -> String {
    counted(number, "ICMP refusal", "ICMP refusals")
}

/// Writes what was counted of the messages, and what of them went past a limit.
pub(super) fn write_traffic(out: &mut dyn Write, page: Page, traffic: &Traffic) -> io::Result<()> {
    if traffic.retransmissions > 0 {
        let sent = counted(
            traffic.retransmissions,
            "message was sent again by its sender",
            "messages were sent again by their senders",
        );
        page.write_wrapped(out, &sent, 2)?;
    }
    let past = [
        (
            traffic.closed_early,
            ["Call-ID was closed early", "Call-IDs were closed early"],
            "legs",
        ),
        (
            traffic.overflow,
            [
                "message of a very long call was counted, but not looked at",
                "messages of very long calls were counted, but not looked at",
            ],
            "leg-records",
        ),
        (
            traffic.unpaired,
            [
                "message between hosts whose activity is not remembered",
                "messages between hosts whose activity is not remembered",
            ],
            "pairs",
        ),
        (
            traffic.refusals_overflow,
            [
                "ICMP refusal is not kept as evidence",
                "ICMP refusals are not kept as evidence",
            ],
            "refusals",
        ),
        (
            traffic.scans_overflow,
            [
                "scan came from a host that is not remembered as a scanner's",
                "scans came from hosts that are not remembered as scanners'",
            ],
            "scanners",
        ),
    ];
    for (number, [one, many], limit) in past {
        if number > 0 {
            let text = format!(
                "{}; `--limit {limit}=N` allows more",
                counted(number, one, many)
            );
            page.write_wrapped(out, &text, 2)?;
        }
    }
    Ok(())
}

/// From when to when, and how long.
fn span(capture: &CaptureRow) -> String {
    let (Some(first), Some(last)) = (capture.first_time, capture.last_time) else {
        return String::new();
    };
    let length = moment::span(last.since(first));
    format!(
        ", {} to {} UTC ({length})",
        moment::readable(first),
        moment::readable(last)
    )
}
