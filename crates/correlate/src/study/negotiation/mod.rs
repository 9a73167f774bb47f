//! What the two sides of a dialog negotiate: descriptions offered and answered (RFC 3264,
//! RFC 6337), hold, requests that cross, and where each side wants to be reached.

mod exchange;
mod glare;
mod route;
mod target;

use siptriage_sip::Method;

use super::Case;
use crate::leg::NoteKind;
use crate::outcome::Side;
use crate::record::{Facts, RecordIdx, Repeat, Role, TransactionIdx};
use crate::text::TextId;
use crate::transaction::{Opened, Transaction};

pub use glare::Glare;
pub use route::RouteSet;

/// What the two sides of a dialog negotiate, as the hop nearest to each sender shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiation {
    /// Tag of the caller, whose INVITE began the dialog, or whose request was seen first in it.
    pub from_tag: TextId,
    /// Tag of the callee.
    pub to_tag: TextId,
    /// Offers in the order in which they were made, and what became of each.
    pub exchanges: Vec<Exchange>,
    /// Requests of both sides that crossed.
    pub glares: Vec<Glare>,
    /// Where a side said that it is to be reached elsewhere from now on, and the other side
    /// accepted that (RFC 3261 12.2).
    pub refreshes: Vec<Refresh>,
}

/// A session description offered, and what became of it (RFC 3264 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The message that carries the offer.
    pub offer: RecordIdx,
    /// Who made it.
    pub by: Side,
    /// What became of it.
    pub result: ExchangeResult,
}

/// What became of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeResult {
    /// This message carries the answer. An unreliable provisional response only where the 2xx has
    /// none (RFC 6337 3.1.1).
    Answered(RecordIdx),
    /// This final response refuses the request that carried it: the session goes on as before
    /// (RFC 3261 14.1).
    Refused(RecordIdx),
    /// This message should have carried the answer and does not.
    Unanswered(RecordIdx),
    /// The capture does not show what became of it.
    Open,
}

/// A new target of a side of a dialog (RFC 3261 12.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// The message with the new Contact; its note of [`NoteKind::Contact`] says which.
    pub record: RecordIdx,
    /// The side that is reached there.
    pub side: Side,
}

/// A stretch of a dialog in which a side holds the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who holds.
    pub by: Side,
    /// The offer that began it.
    pub begun: RecordIdx,
    /// The offer that resumed the session; none where it was held until the end.
    pub resumed: Option<RecordIdx>,
}

impl Negotiation {
    /// When which side held the other, by the offers that were answered.
    pub fn holds(&self, case: &Case) -> Vec<Hold> {
        let mut holds: Vec<Hold> = Vec::new();
        for exchange in self.answered() {
            let open = holds
                .iter()
                .position(|hold| hold.by == exchange.by && hold.resumed.is_none());
            let is_hold = case.leg.record(exchange.offer).facts.has(Facts::HOLD);
            match open {
                None if is_hold => holds.push(Hold {
                    by: exchange.by,
                    begun: exchange.offer,
                    resumed: None,
                }),
                Some(open) if !is_hold => holds[open].resumed = Some(exchange.offer),
                Some(_) | None => {}
            }
        }
        holds
    }

    /// The media of the newest answer inside the dialog, see [`NoteKind::Media`], and who gave it;
    /// none where nothing but the first offer was answered.
    pub fn media<'c>(&self, case: &'c Case) -> Option<(Side, &'c [u8])> {
        self.answered().rev().find_map(|exchange| {
            let ExchangeResult::Answered(answer) = exchange.result else {
                return None;
            };
            let media = case.leg.note(answer, NoteKind::Media)?;
            Some((exchange.by.other(), media))
        })
    }

    fn answered(&self) -> impl DoubleEndedIterator<Item = &Exchange> {
        let exchanges = self.exchanges.iter();
        exchanges.filter(|exchange| matches!(exchange.result, ExchangeResult::Answered(_)))
    }

    fn side(&self, case: &Case, from_tag: TextId) -> Side {
        if case.leg.same_tag(self.from_tag, from_tag) {
            Side::Caller
        } else {
            Side::Callee
        }
    }
}

/// Requests looked at in one leg: more than any honest one has.
const REQUESTS: usize = 256;
/// Dialogs told apart in one leg.
const DIALOGS: usize = 64;

/// The negotiations of a leg, one for each dialog, in the order in which these were first seen.
pub(super) fn negotiations(case: &Case) -> Vec<Negotiation> {
    let mut known: Vec<Negotiation> = Vec::new();
    let requests = requests(case);
    for at in &requests {
        let request = case.leg.transaction(*at);
        if request.request_to_tag.is_none() {
            for to_tag in early_tags(case, *at) {
                dialog(case, &mut known, request.from_tag, to_tag);
            }
        } else {
            dialog(case, &mut known, request.from_tag, request.request_to_tag);
        }
    }
    for negotiation in &mut known {
        let own = own_requests(case, negotiation, &requests);
        negotiation.exchanges = exchange::exchanges(case, negotiation, &own);
        negotiation.glares = glare::glares(case, &own);
        negotiation.refreshes = target::refreshes(case, negotiation, &own);
    }
    known
}

/// The requests that negotiate, each on the hop nearest to its sender.
fn requests(case: &Case) -> Vec<TransactionIdx> {
    let all = || {
        let transactions = case.leg.transaction_indices();
        let negotiating = transactions.filter(|at| {
            let request = case.leg.transaction(*at);
            request.opened == Opened::Request
                && matches!(
                    request.method,
                    Method::Invite | Method::Update | Method::Prack
                )
        });
        negotiating.take(REQUESTS)
    };
    let is_passed_on =
        |at: &TransactionIdx| all().any(|upper| is_below(case, *at, case.leg.transaction(upper)));
    all().filter(|at| !is_passed_on(at)).collect()
}

fn is_below(case: &Case, at: TransactionIdx, upper: &Transaction) -> bool {
    case.leg.transaction(at).is_below(upper)
}

/// The To tags of the dialogs that an INVITE began.
fn early_tags(case: &Case, at: TransactionIdx) -> Vec<TextId> {
    let mut tags: Vec<TextId> = Vec::new();
    if case.leg.transaction(at).method != Method::Invite {
        return tags;
    }
    for (record, status) in case.responses(at) {
        let tag = case.leg.record(record).to_tag;
        let begins = status.0 > 100 && !status.is_failure() && !tag.is_none();
        if begins
            && tags.len() < DIALOGS
            && !tags.iter().any(|known| case.leg.same_tag(*known, tag))
        {
            tags.push(tag);
        }
    }
    tags
}

/// Makes a dialog known, whichever of its tags is whose.
fn dialog(case: &Case, known: &mut Vec<Negotiation>, from_tag: TextId, to_tag: TextId) {
    let is_known = known
        .iter()
        .any(|dialog| are_tags(case, dialog, from_tag, to_tag));
    if !is_known && known.len() < DIALOGS {
        known.push(Negotiation {
            from_tag,
            to_tag,
            exchanges: Vec::new(),
            glares: Vec::new(),
            refreshes: Vec::new(),
        });
    }
}

fn are_tags(case: &Case, dialog: &Negotiation, one: TextId, other: TextId) -> bool {
    let same = |one, other| case.leg.same_tag(one, other);
    same(dialog.from_tag, one) && same(dialog.to_tag, other)
        || same(dialog.from_tag, other) && same(dialog.to_tag, one)
}

/// The requests of a dialog, the INVITE that began it among them.
fn own_requests(
    case: &Case,
    dialog: &Negotiation,
    requests: &[TransactionIdx],
) -> Vec<TransactionIdx> {
    let is_own = |at: &TransactionIdx| {
        let request = case.leg.transaction(*at);
        if request.request_to_tag.is_none() {
            let is_caller = case.leg.same_tag(dialog.from_tag, request.from_tag);
            let mut tags = early_tags(case, *at).into_iter();
            is_caller && tags.any(|tag| case.leg.same_tag(dialog.to_tag, tag))
        } else {
            are_tags(case, dialog, request.from_tag, request.request_to_tag)
        }
    };
    requests.iter().copied().filter(is_own).collect()
}

/// The request itself as it was first sent.
fn sent(case: &Case, at: TransactionIdx) -> Option<RecordIdx> {
    case.messages(at).find(|record| {
        let record = case.leg.record(*record);
        record.role == Role::Request && record.repeat == Repeat::First
    })
}
