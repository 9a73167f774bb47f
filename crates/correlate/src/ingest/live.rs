//! A leg in progress: what it holds so far, and how long it may still change.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use siptriage_capture::Time;
use siptriage_sip::{Method, StatusCode};
use smallvec::SmallVec;

use crate::leg::{Leg, Vantage};
use crate::limits::wait;
use crate::observation::Observation;
use crate::record::{RecordIdx, TransactionIdx, VantageIdx};
use crate::text::TextId;
use crate::transaction::Transaction;

/// How far the call of a leg has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// No INVITE so far.
    OutsideCall,
    /// An INVITE without any response.
    Calling,
    /// An INVITE with provisional responses only.
    Proceeding,
    /// Every INVITE got a final response, none a 2xx.
    Refused,
    /// A dialog is confirmed and not ended.
    Confirmed,
    /// Every confirmed dialog saw a BYE.
    Ended,
}

impl Phase {
    /// How long a leg rests before nothing is expected of it any more, in nanoseconds.
    fn wait(self) -> i64 {
        match self {
            Phase::OutsideCall => wait::OUTSIDE_CALL,
            Phase::Calling => wait::CALLING,
            Phase::Proceeding => wait::PROCEEDING,
            Phase::Refused => wait::REFUSED,
            Phase::Confirmed => wait::CONFIRMED,
            Phase::Ended => wait::ENDED,
        }
    }
}

/// A leg in progress. Looking at one fetches one line of the processor's cache, not two.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Live {
    pub(super) leg: Box<Leg>,
    pub(super) serial: u32,
    /// The clock at the newest message.
    pub(super) clock: Time,
    pub(super) phase: Phase,
    /// The phase whose rest is waited for after the newest message.
    rests_as: Phase,
    /// When the appointment that counts is; others are leftovers. Every leg that is ever over has one
    /// once its first message was taken in.
    pub(super) appointment: Time,
    pending_invites: u16,
    /// To tags (as the INVITE's sender sees them) of confirmed dialogs without BYE.
    confirmed: SmallVec<[TextId; 4]>,
    /// Transactions by key, once there are too many to look through.
    index: Option<Box<Index>>,
}

type Index = HashMap<u64, TransactionIdx, FixedState>;

impl Live {
    /// Transactions looked through one by one before an index is made.
    const SCANNED: usize = 32;
    /// Vantages looked through for an equal one.
    const LOOK_BACK: usize = 32;
    /// Confirmed dialogs told apart; a leg with more never counts as ended.
    const DIALOGS: usize = 64;

    /// A leg that begins, in the memory of an empty one.
    pub(super) fn new(
        mut leg: Box<Leg>,
        call_id: &[u8],
        hash: u64,
        serial: u32,
        clock: Time,
    ) -> Live {
        leg.call_id = leg.texts.intern(call_id);
        leg.call_id_hash = hash;
        leg.seen_until = clock;
        Live {
            leg,
            serial,
            clock,
            phase: Phase::OutsideCall,
            rests_as: Phase::OutsideCall,
            appointment: Time::MAX,
            pending_invites: 0,
            confirmed: SmallVec::new(),
            index: None,
        }
    }

    /// Takes note of when the newest message came, which found the leg in phase `before`. A message
    /// from beyond the clock may be the first one after a long silence, and the clock about to
    /// follow: it shortens no wait.
    pub(super) fn came(&mut self, observation: &Observation<'_>, before: Phase) {
        self.clock = observation.clock;
        self.rests_as = self.phase;
        if observation.time > observation.clock && before.wait() > self.phase.wait() {
            self.rests_as = before;
        }
    }

    /// The clock after which nothing can change the leg any more.
    pub(super) fn deadline(&self) -> Time {
        self.clock.plus(self.rests_as.wait())
    }

    /// Where a message was seen.
    pub(super) fn vantage(&mut self, observation: &Observation<'_>) -> VantageIdx {
        let passage = &observation.passage;
        let is_here = |known: &Vantage| {
            known.flow == observation.flow
                && known.interface == passage.interface
                && known.tunnel == passage.tunnel
        };
        let vantages = &mut self.leg.vantages;
        let known = vantages.len();
        let mut newest = (known.saturating_sub(Self::LOOK_BACK)..known).rev();
        if let Some(at) = newest.find(|at| is_here(&vantages[*at])) {
            return VantageIdx(at as u16);
        }
        if known > usize::from(u16::MAX) {
            return VantageIdx(u16::MAX);
        }
        vantages.push(Vantage {
            flow: observation.flow,
            interface: passage.interface,
            tunnel: passage.tunnel,
        });
        VantageIdx(known as u16)
    }

    /// The newest transaction with a key.
    pub(super) fn transaction(&self, key: u64) -> Option<TransactionIdx> {
        if let Some(index) = &self.index {
            return index.get(&key).copied();
        }
        let known = self
            .leg
            .transactions
            .iter()
            .rposition(|known| known.key == key)?;
        Some(TransactionIdx(known as u16))
    }

    pub(super) fn add(&mut self, transaction: Transaction) -> TransactionIdx {
        let at = TransactionIdx(self.leg.transactions.len() as u16);
        if self.leg.transactions.len() == Self::SCANNED {
            let numbered = (0..).map(TransactionIdx);
            let known = self
                .leg
                .transactions
                .iter()
                .map(|known| known.key)
                .zip(numbered);
            self.index = Some(Box::new(known.collect()));
        }
        if let Some(index) = &mut self.index {
            index.insert(transaction.key, at);
        }
        if transaction.is_initial_invite() {
            self.pending_invites += 1;
            if self.phase != Phase::Confirmed {
                self.phase = Phase::Calling;
            }
        }
        self.leg.transactions.push(transaction);
        if transaction.method == Method::Ack && !transaction.request_to_tag.is_none() {
            // It confirms a dialog whose 2xx was not captured.
            self.hold(transaction.request_to_tag);
        }
        at
    }

    /// Whether the transaction opened last is one that only a call can have.
    pub(super) fn newest_belongs_to_call(&self) -> bool {
        self.leg
            .transactions
            .last()
            .is_some_and(Transaction::belongs_to_call)
    }

    /// Takes note of a response to an INVITE, which is `record` of a transaction.
    pub(super) fn response(
        &mut self,
        at: TransactionIdx,
        status: StatusCode,
        to_tag: TextId,
        record: RecordIdx,
    ) {
        let transaction = self.leg.transaction(at);
        let initial = transaction.is_initial_invite();
        let is_first_final = transaction.final_response == Some(record);
        if is_first_final && initial {
            self.pending_invites = self.pending_invites.saturating_sub(1);
        }
        if status.is_success() {
            self.confirm(at, to_tag);
        } else if initial && matches!(self.phase, Phase::Calling | Phase::Proceeding) {
            if status.is_provisional() || self.pending_invites > 0 {
                self.phase = Phase::Proceeding;
            } else {
                self.phase = Phase::Refused;
            }
        }
    }

    /// Takes note of a BYE, which ends the dialog of its tags when it is sent (RFC 3261 15.1.1).
    pub(super) fn bye(&mut self, from_tag: TextId, to_tag: TextId) {
        let leg = &self.leg;
        self.confirmed
            .retain(|tag| !leg.same_tag(*tag, from_tag) && !leg.same_tag(*tag, to_tag));
        if self.confirmed.is_empty() {
            self.phase = match (self.pending_invites, self.phase) {
                (0, _) => Phase::Ended,
                (_, Phase::Confirmed) => Phase::Proceeding,
                (_, before) => before,
            };
        }
    }

    fn confirm(&mut self, at: TransactionIdx, to_tag: TextId) {
        let transaction = self.leg.transaction(at);
        let repeated = self.phase == Phase::Ended && !transaction.is_initial_invite();
        if !repeated {
            self.hold(to_tag);
        }
    }

    /// Counts the dialog of a tag as confirmed, unless it is over.
    fn hold(&mut self, to_tag: TextId) {
        if self.is_ended(to_tag) {
            return;
        }
        if !self.confirmed.contains(&to_tag) && self.confirmed.len() < Self::DIALOGS {
            self.confirmed.push(to_tag);
        }
        self.phase = Phase::Confirmed;
    }

    /// Whether a BYE with this tag on either side was seen: a 2xx repeated after it does not
    /// bring the dialog back.
    fn is_ended(&self, tag: TextId) -> bool {
        let byes = self.leg.transactions.iter().rev().take(Self::SCANNED);
        byes.filter(|known| known.method == Method::Bye).any(|bye| {
            self.leg.same_tag(bye.from_tag, tag) || self.leg.same_tag(bye.request_to_tag, tag)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_in_progress_stays_small() {
        assert_eq!(size_of::<Option<Live>>(), 64);
    }
}
