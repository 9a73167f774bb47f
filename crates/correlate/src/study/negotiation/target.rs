//! Where each side of a dialog is reached: its Contact, and changes of it (RFC 3261 12.1, 12.2).

use siptriage_sip::Method;

use super::{Negotiation, Refresh, sent};
use crate::outcome::Side;
use crate::record::{RecordIdx, TransactionIdx};
use crate::study::Case;

/// The messages of a dialog that gave a side a new target. The first target is none.
pub(super) fn refreshes(
    case: &Case,
    dialog: &Negotiation,
    requests: &[TransactionIdx],
) -> Vec<Refresh> {
    let mut refreshes: Vec<Refresh> = Vec::new();
    let mut targets = Targets::default();
    for at in requests {
        let request = case.leg.transaction(*at);
        if !matches!(request.method, Method::Invite | Method::Update) {
            continue;
        }
        let mut accepted = case.responses(*at).filter(|(record, status)| {
            let tag = case.leg.record(*record).to_tag;
            let is_own =
                case.leg.same_tag(tag, dialog.to_tag) || case.leg.same_tag(tag, dialog.from_tag);
            status.is_success() && is_own
        });
        let Some((accepted, _)) = accepted.next() else {
            continue;
        };
        let side = dialog.side(case, request.from_tag);
        let asked = sent(case, *at).map(|record| (record, side));
        for (record, side) in asked.into_iter().chain([(accepted, side.other())]) {
            if targets.set(side, contact(case, record)) {
                refreshes.push(Refresh { record, side });
            }
        }
    }
    refreshes
}

/// Hashes of the targets; 0 where one is not known.
#[derive(Default)]
struct Targets {
    caller: u16,
    callee: u16,
}

impl Targets {
    /// Sets a target. Returns whether that is another one than before.
    fn set(&mut self, side: Side, contact: u16) -> bool {
        let target = match side {
            Side::Caller => &mut self.caller,
            Side::Callee => &mut self.callee,
        };
        if contact == 0 {
            return false;
        }
        let before = std::mem::replace(target, contact);
        before != 0 && before != contact
    }
}

fn contact(case: &Case, record: RecordIdx) -> u16 {
    case.leg.record(record).contact
}
