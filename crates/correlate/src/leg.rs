//! Everything seen with one Call-ID in one stretch of time: records, transactions, strings.

use siptriage_capture::{Flow, Time};
use smallvec::SmallVec;

use crate::record::{FrameRef, Record, RecordIdx, Role, TransactionIdx, VantageIdx};
use crate::text::{TextId, Texts};
use crate::transaction::Transaction;

/// One path on which messages of a leg were seen: 5-tuple, interface and tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vantage {
    /// Addresses and transport.
    pub flow: Flow,
    /// Interface of the capture.
    pub interface: u32,
    /// Hash of the tunnel path; 0 when not tunnelled.
    pub tunnel: u32,
}

/// Why a leg was closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closed {
    /// Nothing in capture time could still change it.
    Settled,
    /// The same Call-ID began another call, or went on after it had been used for long without one.
    Reused,
    /// The input ended.
    #[default]
    EndOfCapture,
    /// A limit on legs in progress made room.
    Limit,
}

/// What a note says about its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Reason phrase of a final response (RFC 3261 7.2).
    Phrase,
    /// A Reason header's value (RFC 3326).
    Reason,
    /// The Contact of a redirection, a REGISTER, and inside a dialog of an INVITE, an UPDATE and
    /// their 2xx (RFC 3261 20.10).
    Contact,
    /// RAck of a PRACK (RFC 3262 7.2).
    RAck,
    /// Session-Expires of the 2xx to an INVITE or UPDATE (RFC 4028 4).
    SessionExpires,
    /// User-Agent of a scanner (see [`crate::scanners`]).
    Scanner,
    /// Refer-To of a REFER (RFC 3515 2.1).
    ReferTo,
    /// Event of a SUBSCRIBE, NOTIFY or PUBLISH (RFC 6665 8.2.1).
    Event,
    /// Subscription-State of a NOTIFY (RFC 6665 8.2.3).
    SubscriptionState,
    /// Seconds that a REGISTER, SUBSCRIBE or PUBLISH asks for or its 2xx grants, and for which an
    /// initial INVITE may be answered (RFC 3261 20.19).
    Expires,
    /// SIP-If-Match of a PUBLISH, SIP-ETag of its 2xx (RFC 3903 11.3).
    EntityTag,
    /// What keeps a REFER from beginning a subscription: Refer-Sub of its 2xx (RFC 4488 4), or an
    /// option that the REFER requires (RFC 7614 4).
    ReferSub,
    /// The media that a message inside a dialog describes, as `audio/PCMU/sendrecv video/rejected`:
    /// kind, first codec, direction (RFC 8866 5.14).
    Media,
    /// An entry of Record-Route of a response that forms a dialog (RFC 3261 20.30), one by one.
    RecordRoute,
    /// An entry of Route of a request inside a dialog (RFC 3261 20.34), one by one.
    Route,
    /// The status line by which a NOTIFY reports on a REFER (RFC 3515 2.4.5).
    Progress,
}

/// A header value kept because somebody judges by it.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    /// The message that carried it.
    pub record: RecordIdx,
    /// Which header.
    pub kind: NoteKind,
    /// Its value as sent.
    pub text: TextId,
}

/// What tells a leg that belongs to a call from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId {
    /// The frame of the message by which it turned out to belong to a call.
    pub frame: FrameRef,
    /// Hash of the Call-ID, for several such messages in one frame.
    pub call_id_hash: u64,
}

/// Everything seen with one Call-ID in one stretch of time.
///
/// What an ordinary call holds lies in one piece of memory: many legs are in progress at once, and
/// each message would otherwise fetch several far places.
#[derive(Clone, Debug, Default)]
pub struct Leg {
    /// The Call-ID.
    pub call_id: TextId,
    /// Hash of the Call-ID.
    pub call_id_hash: u64,
    /// Every message, duplicates included, in capture order.
    pub records: SmallVec<[Record; 7]>,
    /// Transactions by their first message.
    pub transactions: SmallVec<[Transaction; 3]>,
    /// Where messages were seen.
    pub vantages: SmallVec<[Vantage; 2]>,
    /// Header values that judgement needs, in the order of their records.
    pub notes: SmallVec<[Note; 4]>,
    /// The strings that the others name.
    pub texts: Texts,
    /// Messages that came after [`crate::Limits::leg_records`] was reached: counted, not kept.
    pub overflow: u64,
    /// The frame of the message by which it turned out to belong to a call; absent for registrations,
    /// pings and the like.
    pub opening: Option<FrameRef>,
    /// Why the leg was closed.
    pub closed: Closed,
    /// The clock at which it was settled: up to then nothing more of it was seen.
    pub seen_until: Time,
}

impl Leg {
    /// A record by position.
    pub fn record(&self, index: RecordIdx) -> &Record {
        &self.records[index.0 as usize]
    }

    /// A transaction by position.
    pub fn transaction(&self, index: TransactionIdx) -> &Transaction {
        &self.transactions[index.0 as usize]
    }

    /// A vantage by position.
    pub fn vantage(&self, index: VantageIdx) -> &Vantage {
        &self.vantages[usize::from(index.0)]
    }

    /// The addresses of a record.
    pub fn flow(&self, index: RecordIdx) -> Flow {
        self.vantage(self.record(index).vantage).flow
    }

    /// The interface that captured a record.
    pub(crate) fn interface(&self, record: &Record) -> u32 {
        self.vantage(record.vantage).interface
    }

    /// Whether several interfaces show it.
    pub(crate) fn is_of_several_interfaces(&self) -> bool {
        let first = self.vantages.first().map(|vantage| vantage.interface);
        let mut interfaces = self.vantages.iter().map(|vantage| vantage.interface);
        interfaces.any(|interface| Some(interface) != first)
    }

    /// Reads a little of everything in the order in which it lies, for the sake of having read it:
    /// legs lie scattered in memory, and the processor fetches side by side what one after the other
    /// would wait for.
    pub fn touch(&self) -> u64 {
        let records = self.records.iter().take(8);
        let record = records.fold(0, |seen, record| seen ^ record.fingerprint);
        let transactions = self.transactions.iter().take(3);
        let transaction = transactions.fold(0, |seen, known| seen ^ known.key);
        let vantage = self.vantages.last().map_or(0, |known| known.interface);
        let note = self.notes.last().map_or(0, |note| u32::from(note.record.0));
        transaction ^ u64::from(record ^ vantage ^ note) ^ self.texts.touch()
    }

    /// A string of the leg; empty for [`TextId::NONE`].
    pub fn text(&self, id: TextId) -> &[u8] {
        self.texts.text(id)
    }

    /// Whether two tags name the same end of a dialog. Tags are tokens: without regard to case
    /// (RFC 3261 7.3.1).
    #[inline]
    pub fn same_tag(&self, one: TextId, other: TextId) -> bool {
        one == other || self.is_spelled_alike(one, other)
    }

    fn is_spelled_alike(&self, one: TextId, other: TextId) -> bool {
        self.text(one).eq_ignore_ascii_case(self.text(other))
    }

    /// Whether a request was sent by the side that sent `invite`: it has its From tag. Where both sides
    /// have one tag, the addresses tell.
    pub(crate) fn is_of_sender(&self, invite: &Transaction, request: &Transaction) -> bool {
        if !self.same_tag(request.from_tag, invite.from_tag) {
            return false;
        }
        let to_tag = self.record(request.first).to_tag;
        !self.same_tag(to_tag, request.from_tag)
            || self.way(request).src.ip == self.way(invite).src.ip
    }

    /// The way of the request of a transaction, be it that only its response was captured.
    pub(crate) fn way(&self, transaction: &Transaction) -> Flow {
        let flow = self.flow(transaction.first);
        match self.record(transaction.first).role {
            Role::Request | Role::Ack => flow,
            Role::Response(_) => flow.reversed(),
        }
    }

    /// Its memory for another leg.
    #[must_use]
    pub fn emptied(mut self: Box<Leg>) -> Box<Leg> {
        let Leg {
            call_id,
            call_id_hash,
            records,
            transactions,
            vantages,
            notes,
            texts,
            overflow,
            opening,
            closed,
            seen_until,
        } = &mut *self;
        *call_id = TextId::default();
        *call_id_hash = 0;
        *records = SmallVec::new();
        *transactions = SmallVec::new();
        *vantages = SmallVec::new();
        *notes = SmallVec::new();
        texts.clear();
        *overflow = 0;
        *opening = None;
        *closed = Closed::default();
        *seen_until = Time::default();
        self
    }

    /// Keeps what its newest record says, if it says anything.
    pub(crate) fn annotate(&mut self, record: RecordIdx, kind: NoteKind, value: Option<&[u8]>) {
        if let Some(value) = value {
            let text = self.texts.intern(value);
            self.notes.push(Note { record, kind, text });
        }
    }

    /// The first note of a kind on a record.
    pub fn note(&self, record: RecordIdx, kind: NoteKind) -> Option<&[u8]> {
        self.notes(record, kind).next()
    }

    /// All notes of a kind on a record, in the order of the message.
    pub fn notes(&self, record: RecordIdx, kind: NoteKind) -> impl Iterator<Item = &[u8]> {
        let begin = self.notes.partition_point(|note| note.record < record);
        let own = self.notes[begin..].iter();
        own.take_while(move |note| note.record == record)
            .filter(move |note| note.kind == kind)
            .map(|note| self.text(note.text))
    }

    /// Its name among the legs of calls; `None` for registrations, pings and the like.
    pub fn id(&self) -> Option<LegId> {
        self.opening.map(|frame| LegId {
            frame,
            call_id_hash: self.call_id_hash,
        })
    }

    /// The frame that opened the leg.
    pub fn first_frame(&self) -> FrameRef {
        self.records
            .first()
            .map_or(FrameRef::default(), |record| record.frame)
    }

    /// Positions of all transactions.
    pub fn transaction_indices(&self) -> impl Iterator<Item = TransactionIdx> + use<> {
        (0..self.transactions.len() as u16).map(TransactionIdx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_stays_in_a_kilobyte() {
        assert_eq!(size_of::<Leg>(), 1024);
    }

    #[test]
    fn an_emptied_leg_is_as_good_as_new() {
        let mut leg = Box::new(Leg {
            call_id_hash: 1,
            opening: Some(FrameRef::new(0, 7)),
            overflow: 3,
            closed: Closed::Limit,
            seen_until: Time(9),
            ..Leg::default()
        });
        leg.call_id = leg.texts.intern(b"x@h");
        leg.annotate(RecordIdx(0), NoteKind::Phrase, Some(b"OK"));
        let new = format!("{:?}", Leg::default());
        assert_ne!(format!("{leg:?}"), new);
        assert_eq!(format!("{:?}", leg.emptied()), new);
    }

    #[test]
    fn an_emptied_leg_holds_no_more_memory_than_a_new_one() {
        let mut leg = Box::<Leg>::default();
        leg.texts.intern(&[b'x'; Texts::MAX_TEXT_BYTES]);
        for _ in 0..10 {
            leg.annotate(RecordIdx(0), NoteKind::Phrase, Some(b"OK"));
        }
        assert!(leg.notes.spilled() && leg.texts.is_spilled());
        let emptied = leg.emptied();
        assert!(!emptied.notes.spilled() && !emptied.texts.is_spilled());
    }
}
