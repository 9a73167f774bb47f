//! What a settled leg amounts to: its attempts, its answers, and how its call ended.

mod accepted;
mod answer;
mod attempt;
mod dialogs;
mod end_reason;
mod giving_up;
mod index;
mod inside;
mod judgement;
mod misses;
mod negotiation;
mod refused;
mod session_timer;
mod talk;
mod transfer;
mod unanswered;

use siptriage_capture::Time;
use siptriage_sip::{Method, StatusCode};
use smallvec::SmallVec;

pub use answer::{Answer, Ending};
pub use attempt::{Attempt, Decided};
pub use dialogs::{Dialog, EndedBy, EventName, Origin, Usage, UsageEnd, UsageKind};
pub use index::Sending;
pub use judgement::Judgement;
pub use negotiation::{Exchange, ExchangeResult, Glare, Hold, Negotiation, Refresh, RouteSet};
pub use session_timer::{SessionTimer, TimerState};
pub use transfer::{Transfer, TransferResult};

use crate::clocks::{self, Clocks};
use crate::disturbances::Disturbances;
use crate::leg::Leg;
use crate::order;
use crate::outcome::{Certainty, Outcome};
use crate::record::{Record, RecordIdx, Repeat, Role, TransactionIdx};
use crate::scene::{Pairs, Scene};
use crate::skews::Skews;
use crate::transaction::Transaction;
use index::Index;

/// A settled leg and what it amounts to. The subject of rules.
///
/// What an ordinary call has lies in one piece of memory, as with its [`Leg`].
#[derive(Debug)]
pub struct Case {
    /// What was seen.
    pub leg: Box<Leg>,
    /// INVITE attempts in the order of their start; empty when no initial INVITE was seen.
    pub attempts: SmallVec<[Attempt; 2]>,
    /// Every 2xx to an INVITE, one for each dialog and CSeq.
    pub answers: SmallVec<[Answer; 1]>,
    /// How the call ended; absent when the leg is no call (REGISTER, OPTIONS, ...).
    pub judgement: Option<Judgement>,
    /// The clocks that stamped it.
    pub clocks: Clocks,
    index: Index,
}

impl Case {
    /// Studies a settled leg.
    pub fn new(mut leg: Box<Leg>) -> Box<Case> {
        order::by_frames(&mut leg);
        let mut case = Box::new(Case {
            leg,
            attempts: SmallVec::new(),
            answers: SmallVec::new(),
            judgement: None,
            clocks: Clocks::default(),
            index: Index::default(),
        });
        case.study();
        case
    }

    /// Finds out what the leg amounts to. Its records are in order.
    fn study(&mut self) {
        self.index = Index::new(&self.leg);
        self.attempts = attempt::attempts(self);
        self.answers = answer::answers(self);
        self.judgement = judgement::judge(self);
    }

    /// Brings the case to one clock, where capture points whose clocks are apart show it and it is
    /// known by how much.
    pub fn align(&mut self, skews: &Skews) {
        self.clocks = clocks::align(&mut self.leg, skews);
        if self.clocks.error.is_some() {
            self.study();
        }
    }

    /// Takes back what the capture does not show, where the capture point that shows the call was at
    /// work for too short a time: that it ended in silence, or that its caller did not try again.
    pub fn reconsider(&mut self, scene: &Scene) {
        self.clocks.was_set = scene.disturbances.set_clock(&self.leg);
        let is_watched = unanswered::is_watched(self, scene);
        let may_go_on = !refused::is_watched(self, scene);
        let Some(judgement) = &mut self.judgement else {
            return;
        };
        if !is_watched {
            judgement.outcome = Outcome::InProgress;
            judgement.certainty = Certainty::Inferred;
        } else if may_go_on {
            judgement.certainty = Certainty::Unknown;
        }
    }

    /// Whether times of the leg mean something: no clock was set while it lasted, and those that
    /// stamped it agree, corrected or not.
    pub fn is_timed(&self) -> bool {
        let records = (0..self.leg.records.len() as u16).map(RecordIdx);
        !self.clocks.was_set && !self.clocks.disagree(&self.leg, records)
    }

    /// The messages of a transaction in capture order, copies by the capture left out.
    pub fn messages(&self, at: TransactionIdx) -> impl Iterator<Item = RecordIdx> + '_ {
        self.records(at).map(|(at, _)| at)
    }

    /// The same with what is kept of each.
    pub(crate) fn records(&self, at: TransactionIdx) -> impl Iterator<Item = (RecordIdx, &Record)> {
        let records = self.leg.records.as_slice();
        let own = self.index.records(at).iter();
        let own = own.map(|at| (*at, &records[at.0 as usize]));
        own.filter(|(_, record)| record.repeat != Repeat::Duplicate)
    }

    /// Sendings of the request of a transaction, one list for each vantage.
    pub fn request_sendings(&self, at: TransactionIdx) -> Vec<Sending> {
        self.index.request_sendings(&self.leg, at)
    }

    /// Sendings of the responses of a transaction, one list for each vantage, status, To tag and
    /// RSeq.
    pub fn response_sendings(&self, at: TransactionIdx) -> Vec<Sending> {
        self.index.response_sendings(&self.leg, at)
    }

    /// ACKs of a transaction.
    pub fn acks(&self, at: TransactionIdx) -> impl Iterator<Item = RecordIdx> + '_ {
        let own = self.records(at);
        let acks = own.filter(|(_, record)| record.role == Role::Ack);
        acks.map(|(at, _)| at)
    }

    /// Responses of a transaction with their status.
    pub fn responses(
        &self,
        at: TransactionIdx,
    ) -> impl Iterator<Item = (RecordIdx, StatusCode)> + '_ {
        self.records(at)
            .filter_map(|(at, record)| Some((at, record.role.status()?)))
    }

    /// Transactions of a method, with their positions.
    pub fn transactions(
        &self,
        method: Method,
    ) -> impl Iterator<Item = (TransactionIdx, &Transaction)> + '_ {
        let transactions = self.leg.transactions.as_slice().iter();
        let numbered = (0..).map(TransactionIdx).zip(transactions);
        numbered.filter(move |(_, transaction)| transaction.method == method)
    }

    /// The status of a transaction's first final response.
    pub fn final_status(&self, at: TransactionIdx) -> Option<StatusCode> {
        self.leg
            .record(self.leg.transaction(at).final_response?)
            .role
            .status()
    }

    /// The attempt that a transaction is a hop or branch of.
    pub fn attempt_of(&self, at: TransactionIdx) -> Option<&Attempt> {
        self.attempts
            .iter()
            .find(|attempt| attempt.transactions.contains(&at))
    }

    /// What the REFERs inside the call asked for, and what came of it.
    pub fn transfers(&self) -> Vec<Transfer> {
        transfer::transfers(self)
    }

    /// The dialogs of the leg, and what uses each of them (RFC 5057).
    pub fn dialogs(&self) -> Vec<Dialog<'_>> {
        dialogs::dialogs(self)
    }

    /// The same where it tells more than that a session began and ended; empty elsewhere, at the
    /// cost of a look at the transactions.
    pub fn shared_dialogs(&self) -> Vec<Dialog<'_>> {
        if dialogs::are_shared(self) {
            self.dialogs()
        } else {
            Vec::new()
        }
    }

    /// The Reason header by which who ended the call said why, as it was sent.
    pub fn end_reason(&self) -> Option<&[u8]> {
        end_reason::end_reason(self)
    }

    /// What the two sides of each dialog negotiated: descriptions offered and answered, hold,
    /// requests that crossed, new targets.
    pub fn negotiations(&self) -> Vec<Negotiation> {
        negotiation::negotiations(self)
    }

    /// The session timer that the newest 2xx of the call agreed on.
    pub fn session_timer(&self) -> Option<SessionTimer> {
        session_timer::session_timer(self)
    }

    /// Whether an INVITE got its final response when the time that its Expires gave was over
    /// (RFC 3261 13.3.1).
    pub fn has_expired(&self, invite: TransactionIdx) -> bool {
        refused::has_expired(self, invite)
    }

    /// Whether the call had another session than those that its 2xx responses show: the ACK and the
    /// BYE of a branch whose 2xx was not captured.
    pub fn has_unseen_session(&self) -> bool {
        let answers: Vec<&Answer> = self.answers.iter().collect();
        talk::beside(self, &answers).is_some_and(|talk| talk.ended.is_some())
    }

    /// Copies by the capture, with the number of their file.
    pub fn duplicates(&self) -> impl Iterator<Item = u16> + '_ {
        let copies = self.leg.records.iter();
        copies
            .filter(|record| record.repeat == Repeat::Duplicate)
            .map(|record| record.frame.file())
    }

    /// Messages that were not captured although others between the hosts were in both directions, by
    /// this leg or the `pairs`, and that the leg proves: the request of a response, the final response
    /// of an ACK, the ACK of a 2xx that is not repeated, the answer to such a BYE.
    pub fn missed_messages(&self, pairs: &Pairs) -> u64 {
        misses::misses(self, pairs).count() as u64
    }

    /// Whether one of them was missed between two times.
    pub fn misses_within(&self, pairs: &Pairs, from: Time, until: Time) -> bool {
        let margin = Disturbances::MARGIN;
        let (from, until) = (from.plus(-margin), until.plus(margin));
        let mut proofs = misses::misses(self, pairs).map(|proof| self.leg.record(proof).time);
        proofs.any(|time| (from..=until).contains(&time))
    }

    /// Messages sent again: for each message the greatest number on one vantage, summed. A 2xx
    /// to an INVITE is one message on all its hops: proxies pass each repeat on
    /// (RFC 3261 16.7).
    pub fn retransmissions(&self) -> u32 {
        let repeated = |at: &TransactionIdx| self.leg.transaction(*at).retransmissions > 0;
        let within = self.leg.transaction_indices().filter(repeated);
        let hop_by_hop: u32 = within
            .map(|at| self.index.retransmissions(&self.leg, at))
            .sum();
        let end_to_end: u32 = self
            .answers
            .iter()
            .map(|answer| {
                let hops = answer.hops.iter().copied().filter(|at| repeated(at));
                let counts = hops.map(|at| self.index.answer_repeats(&self.leg, at, answer.to_tag));
                counts.max().unwrap_or(0)
            })
            .sum();
        hop_by_hop + end_to_end
    }
}
