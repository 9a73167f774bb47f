//! Transfers: what the REFERs of a call asked for, and what is said to have come of them.

use siptriage_sip::header::{Event, ReferTo};
use siptriage_sip::{HeaderValue, Method, StatusCode};

use super::Case;
use crate::leg::NoteKind;
use crate::outcome::Side;
use crate::record::{RecordIdx, TransactionIdx};

/// A REFER inside a dialog: one side asks the other to call somebody (RFC 3515).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The REFER on every hop, nearest to its first frame first.
    pub hops: Vec<TransactionIdx>,
    /// Who asked.
    pub by: Side,
    /// What came of it.
    pub result: TransferResult,
    /// The status that says so: of the REFER where that was refused, else the newest one that a
    /// NOTIFY reported.
    pub status: Option<StatusCode>,
}

/// What came of a REFER, as its recipient said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferResult {
    /// A NOTIFY reported a 2xx.
    Succeeded,
    /// A NOTIFY reported a final response other than 2xx.
    Failed,
    /// The REFER itself was refused.
    Refused,
    /// Nothing final was reported.
    Unknown,
}

impl TransferResult {
    /// The word used in every output.
    pub fn name(self) -> &'static str {
        match self {
            TransferResult::Succeeded => "succeeded",
            TransferResult::Failed => "failed",
            TransferResult::Refused => "refused",
            TransferResult::Unknown => "unknown",
        }
    }
}

impl Transfer {
    /// The first message of the REFER.
    pub fn first(&self, case: &Case) -> RecordIdx {
        case.leg.transaction(self.hops[0]).first
    }

    /// The URI that the REFER names, as it was sent; empty where it cannot be read.
    pub fn target<'c>(&self, case: &'c Case) -> &'c [u8] {
        let value = case.leg.note(self.first(case), NoteKind::ReferTo);
        value.and_then(uri).unwrap_or_default()
    }
}

/// Transfers of one leg that are told apart: more than any honest leg has.
const TRANSFERS: usize = 16;

/// The transfers of a leg in the order of their first messages. A REFER that was challenged and
/// sent again counts once (RFC 3261 22.2).
pub(super) fn transfers(case: &Case) -> Vec<Transfer> {
    let caller = case.judgement.as_ref().map(|judgement| {
        let opening = case.leg.transaction(judgement.opening);
        opening.from_tag
    });
    let mut transfers: Vec<Transfer> = Vec::new();
    for (at, refer) in case.transactions(Method::Refer) {
        if refer.request_to_tag.is_none() {
            continue;
        }
        let known = transfers.iter().position(|known| {
            let other = case.leg.transaction(known.hops[0]);
            other.cseq == refer.cseq && case.leg.same_tag(other.from_tag, refer.from_tag)
        });
        match known {
            Some(known) => transfers[known].hops.push(at),
            None if transfers.len() >= TRANSFERS => {}
            None => {
                let is_callers = caller.is_some_and(|tag| case.leg.same_tag(tag, refer.from_tag));
                transfers.push(Transfer {
                    hops: vec![at],
                    by: if is_callers {
                        Side::Caller
                    } else {
                        Side::Callee
                    },
                    result: TransferResult::Unknown,
                    status: None,
                });
            }
        }
    }
    judge(case, &mut transfers);
    let is_challenged = |transfer: &Transfer| {
        transfer.result == TransferResult::Refused
            && transfer
                .status
                .is_some_and(|status| matches!(status.0, 401 | 407))
    };
    let sent_again: Vec<bool> = (0..transfers.len())
        .map(|at| {
            let mut later = transfers[at + 1..].iter();
            is_challenged(&transfers[at]) && later.any(|later| later.by == transfers[at].by)
        })
        .collect();
    let mut sent_again = sent_again.into_iter();
    transfers.retain(|_| !sent_again.next().unwrap_or(false));
    transfers
}

/// Finds out what came of each transfer.
fn judge(case: &Case, transfers: &mut [Transfer]) {
    for transfer in transfers.iter_mut() {
        let finals = transfer.hops.iter().filter_map(|at| case.final_status(*at));
        if let Some(refusal) = finals.into_iter().find(|status| !status.is_success()) {
            transfer.result = TransferResult::Refused;
            transfer.status = Some(refusal);
        }
    }
    for (at, notify) in case.transactions(Method::Notify) {
        let record = case.leg.transaction(at).first;
        let Some(status) = case.leg.note(record, NoteKind::Progress).and_then(status) else {
            continue;
        };
        let id = case.leg.note(record, NoteKind::Event).and_then(cseq);
        let reported = transfers.iter_mut().rev().find(|transfer| {
            let refer = case.leg.transaction(transfer.hops[0]);
            refer.first < record
                && id.is_none_or(|id| id == refer.cseq)
                && case.leg.same_tag(notify.request_to_tag, refer.from_tag)
                && matches!(transfer.result, TransferResult::Unknown)
        });
        if let Some(transfer) = reported {
            transfer.status = Some(status);
            transfer.result = match status.0 {
                100..=199 => TransferResult::Unknown,
                200..=299 => TransferResult::Succeeded,
                _ => TransferResult::Failed,
            };
        }
    }
}

/// The status of a status line.
fn status(line: &[u8]) -> Option<StatusCode> {
    let code = line.split(|byte| *byte == b' ').nth(1)?;
    let code: u16 = std::str::from_utf8(code).ok()?.parse().ok()?;
    (100..700).contains(&code).then_some(StatusCode(code))
}

/// The CSeq number of the REFER that a NOTIFY reports on, where it says so (RFC 3515 2.4.6).
fn cseq(event: &[u8]) -> Option<u32> {
    let id = Event::parse(event).ok()?.params.value("id")?;
    std::str::from_utf8(id).ok()?.parse().ok()
}

/// The URI of a Refer-To without the headers that it asks for.
fn uri(value: &[u8]) -> Option<&[u8]> {
    ReferTo::parse(value).ok()?;
    let inside = match value.iter().position(|byte| *byte == b'<') {
        Some(open) => value[open + 1..].split(|byte| *byte == b'>').next()?,
        None => value.split(|byte| *byte == b';').next()?,
    };
    Some(inside.split(|byte| *byte == b'?').next()?.trim_ascii())
}

#[cfg(test)]
mod tests {
    use siptriage_sip::StatusCode;

    use super::{cseq, status, uri};

    #[test]
    fn a_status_line_has_a_status() {
        assert_eq!(status(b"SIP/2.0 200 OK"), Some(StatusCode(200)));
        assert_eq!(status(b"SIP/2.0 180"), Some(StatusCode(180)));
        assert_eq!(status(b"SIP/2.0 99 Odd"), None);
        assert_eq!(status(b"SIP/2.0 "), None);
    }

    #[test]
    fn an_event_names_its_refer() {
        assert_eq!(cseq(b"refer;id=93809823"), Some(93_809_823));
        assert_eq!(cseq(b"refer"), None);
    }

    #[test]
    fn a_target_stands_without_what_it_asks_for() {
        let carol: Option<&[u8]> = Some(b"sip:carol@example.com");
        assert_eq!(uri(b"<sip:carol@example.com>;x=1"), carol);
        assert_eq!(uri(b"sip:carol@example.com;x=1"), carol);
        assert_eq!(uri(b"Carol <sip:carol@example.com?Replaces=1%40x>"), carol);
        assert_eq!(uri(b"<"), None);
    }
}
