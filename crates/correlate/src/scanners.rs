//! Hosts that try out addresses, numbers and passwords with tools made for that.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::FixedState;
use siptriage_capture::Time;

use crate::leg::{Leg, NoteKind};
use crate::metrics::request_flow;
use crate::observation::Observation;
use crate::record::{FrameRef, RecordIdx, TransactionIdx};
use crate::study::Case;

/// How User-Agents of scanners begin, in lower case. None of them is a phone's.
const TOOLS: [&str; 8] = [
    "friendly-scanner",
    "friendly-request",
    "sipvicious",
    "sipcli",
    "sipsak",
    "vaxsipuseragent",
    "pplsip",
    "sundayddr",
];

/// Whether a User-Agent is that of a scanner.
pub(crate) fn is_tool(software: &[u8]) -> bool {
    TOOLS.iter().any(|tool| {
        let begin = software.get(..tool.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(tool.as_bytes()))
    })
}

/// The first message of a leg that a scanner sent.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    /// The frame that shows it.
    pub frame: FrameRef,
    /// The clock at that frame.
    pub clock: Time,
    /// Who sent it.
    pub host: IpAddr,
}

/// The hosts that were caught scanning.
#[derive(Clone, Debug, Default)]
pub struct Scanners {
    known: HashMap<IpAddr, Standing, FixedState>,
    limit: usize,
    /// Scans of hosts past [`crate::Limits::scanners`].
    pub overflow: u64,
}

/// What speaks for a host that was caught scanning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing.
    Bad,
    /// A call of another program there was answered: people call from there, too.
    Mixed,
}

impl Scanners {
    /// Remembers at most `limit` hosts, those that are caught first.
    pub fn new(limit: usize) -> Scanners {
        Scanners {
            limit,
            ..Scanners::default()
        }
    }

    /// Takes note of who scans, as soon as it is seen: other legs of the host may settle sooner.
    pub fn meet(&mut self, scan: Scan) {
        if self.known.len() < self.limit || self.known.contains_key(&scan.host) {
            self.known.entry(scan.host).or_insert(Standing::Bad);
        } else {
            self.overflow += 1;
        }
    }

    /// Takes note of a call that speaks for its host.
    pub fn learn(&mut self, case: &Case) {
        if self.known.is_empty() {
            return;
        }
        let Some(at) = case.leg.transaction_indices().next() else {
            return;
        };
        let host = request_flow(case, at).src.ip;
        if !is_scan(case, at)
            && let Some(standing) = self.known.get_mut(&host)
            && let Some(judgement) = &case.judgement
            && judgement.outcome.is_answered()
        {
            *standing = Standing::Mixed;
        }
    }

    /// Whether a leg is a scanner's: by its own program, or because nothing else comes from its
    /// host.
    pub fn sent(&self, case: &Case) -> bool {
        let Some(at) = case.leg.transaction_indices().next() else {
            return false;
        };
        is_scan(case, at)
            || !self.known.is_empty()
                && self.known.get(&request_flow(case, at).src.ip) == Some(&Standing::Bad)
    }
}

/// What the message tells that `leg` took in last, if it opened the leg and is a scanner's. A host
/// counts only where it is the first one on the path of a request, not where it passes on what it
/// received.
pub(crate) fn scan(leg: &Leg, observation: &Observation<'_>) -> Option<Scan> {
    let opens = leg.records.len() == 1 && observation.message.outline.via_count <= 1;
    let is_scan = opens && leg.note(RecordIdx(0), NoteKind::Scanner).is_some();
    is_scan.then_some(Scan {
        frame: observation.frame,
        clock: observation.clock,
        host: observation.flow.src.ip,
    })
}

fn is_scan(case: &Case, at: TransactionIdx) -> bool {
    let first = case.leg.transaction(at).first;
    case.leg.note(first, NoteKind::Scanner).is_some()
}

#[cfg(test)]
mod tests {
    use super::is_tool;

    #[test]
    fn tools_are_known_by_their_names() {
        assert!(is_tool(b"friendly-scanner"));
        assert!(is_tool(b"VaxSIPUserAgent/3.1"));
        assert!(is_tool(b"sipcli/v1.8"));
        assert!(!is_tool(b"Vax"));
        assert!(!is_tool(b"eyeBeam release 3006o stamp 17551"));
        assert!(!is_tool(b"not a friendly-scanner"));
    }
}
