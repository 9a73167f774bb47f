//! Writes the captures that the cases of a fixture stand for.

use std::env::args;
use std::fs::{read_to_string, write};
use std::process::ExitCode;

use siptriage_testkit::capture::{write_pcap, write_pcapng};
use siptriage_testkit::{Fixture, Packet, Variation};

const USAGE: &str = "FIXTURE.md OUT.pcap|OUT.pcapng [--case NUMBER]";
/// Between the first packets of two cases.
const HOUR_NS: u64 = 3_600_000_000_000;

#[allow(
    clippy::print_stderr,
    reason = "a command tells its user what went wrong"
)]
fn main() -> ExitCode {
    match run(&args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("siptriage-testkit: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let (fixture, out, case) = match arguments {
        [fixture, out] => (fixture, out, None),
        [fixture, out, option, number] if option == "--case" => {
            let number: usize = number.parse().map_err(|_| format!("usage: {USAGE}"))?;
            (fixture, out, Some(number))
        }
        _ => return Err(format!("usage: {USAGE}")),
    };
    let text = read_to_string(fixture).map_err(|error| format!("{fixture}: {error}"))?;
    let parsed = Fixture::parse(&text).map_err(|error| format!("{fixture}: {error}"))?;
    let packets = match case {
        Some(number) => {
            let chosen = number
                .checked_sub(1)
                .and_then(|index| parsed.cases.get(index));
            let chosen = chosen.ok_or_else(|| {
                format!(
                    "{fixture} has cases 1 to {}, not {number}",
                    parsed.cases.len()
                )
            })?;
            chosen.trace.packets(&Variation::default())
        }
        None => one_after_the_other(&parsed),
    };
    let file = if out.ends_with(".pcapng") {
        write_pcapng(&packets)
    } else {
        write_pcap(&packets)
    };
    write(out, file).map_err(|error| format!("{out}: {error}"))
}

/// All cases, an hour apart, with Call-IDs that do not meet.
fn one_after_the_other(fixture: &Fixture) -> Vec<Packet> {
    let mut packets = Vec::new();
    let mut later_ns = 0_u64;
    for (index, case) in fixture.cases.iter().enumerate() {
        let call_suffix = format!("-case{}", index + 1);
        let variation = Variation {
            call_suffix,
            ..Variation::default()
        };
        packets.extend(
            case.trace
                .packets(&variation)
                .into_iter()
                .map(|p| p.later(later_ns)),
        );
        later_ns = later_ns.saturating_add(HOUR_NS);
    }
    packets.sort_by_key(|packet| packet.time_ns);
    packets
}
