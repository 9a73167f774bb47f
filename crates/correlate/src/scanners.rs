//! Hosts that try out addresses, numbers and passwords with tools made for that.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::FixedState;

use crate::leg::NoteKind;
use crate::metrics::request_flow;
use crate::record::TransactionIdx;
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

/// The hosts that were caught scanning.
#[derive(Clone, Debug, Default)]
pub struct Scanners {
    known: HashMap<IpAddr, Standing, FixedState>,
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
    /// Hosts remembered; a sweep comes from few.
    const HOSTS: usize = 4096;

    /// Takes note of who sent the requests of a leg. A host counts only where it is the first one
    /// on the path of a request, not where it passes on what it received.
    pub fn learn(&mut self, case: &Case) {
        let Some(at) = case.leg.transaction_indices().next() else {
            return;
        };
        let host = request_flow(case, at).src.ip;
        if is_scan(case, at) {
            let is_first = case.leg.transaction(at).via_count <= 1;
            if is_first && self.known.len() < Self::HOSTS {
                self.known.entry(host).or_insert(Standing::Bad);
            }
        } else if let Some(standing) = self.known.get_mut(&host)
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
        let standing = self.known.get(&request_flow(case, at).src.ip);
        is_scan(case, at) || standing == Some(&Standing::Bad)
    }
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
