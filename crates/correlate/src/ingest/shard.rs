//! The legs of a share of all Call-IDs.

use hashbrown::HashTable;
use siptriage_capture::Time;
use siptriage_sip::{self as sip, HeaderName, HeaderSet, Method};

use super::belonging::{self, Belonging, belonging};
use super::calendar::{Calendar, Entry};
use super::live::Live;
use super::repeat::{self, Seen};
use super::{matching, notes, session_notes};
use crate::leg::{Closed, Leg};
use crate::limits::Limits;
use crate::link::{Hint, Opening, clue, hint};
use crate::observation::Observation;
use crate::record::{Facts, Record, RecordIdx, Repeat, Role};
use crate::scanners::{Scan, scan};
use crate::text::{TextId, Texts};

/// A leg in progress by its Call-ID.
#[derive(Clone, Copy, Debug)]
struct Named {
    /// Hash of the Call-ID.
    hash: u64,
    slot: u32,
    /// Whether another leg has, or had, the same Call-ID at the same time.
    has_namesake: bool,
}

/// The legs of a share of all Call-IDs. Push observations in clock order, drain settled legs.
#[derive(Debug)]
pub struct Shard {
    legs: Vec<Option<Live>>,
    free: Vec<u32>,
    index: HashTable<Named>,
    calendar: Calendar,
    due: Vec<Entry>,
    settled: Vec<Box<Leg>>,
    openings: Vec<Box<Opening>>,
    hints: Vec<Hint>,
    scans: Vec<Scan>,
    /// Emptied legs, to be used again.
    spare: Vec<Box<Leg>>,
    serial: u32,
    limit: usize,
    leg_records: usize,
    /// Further headers that link legs.
    link_headers: Vec<String>,
}

impl Shard {
    /// A shard that takes one of `shards` equal parts of the limits.
    pub fn new(limits: &Limits, shards: usize) -> Shard {
        Shard {
            legs: Vec::new(),
            free: Vec::new(),
            index: HashTable::new(),
            calendar: Calendar::new(),
            due: Vec::new(),
            settled: Vec::new(),
            openings: Vec::new(),
            hints: Vec::new(),
            scans: Vec::new(),
            spare: Vec::new(),
            serial: 0,
            limit: (limits.legs / shards.max(1)).max(1),
            leg_records: limits.leg_records.clamp(1, Limits::MOST_LEG_RECORDS),
            link_headers: Vec::new(),
        }
    }

    /// The same shard, linking legs by these headers, too.
    #[must_use]
    pub fn linking_by(self, headers: &[String]) -> Shard {
        Shard {
            link_headers: headers.to_vec(),
            ..self
        }
    }

    /// Looks the legs of coming messages up, which changes nothing but the time that they take
    /// (see [`Leg::touch`]).
    pub fn anticipate(&self, call_id_hashes: impl Iterator<Item = u64>) {
        let known = call_id_hashes.filter_map(|hash| self.index.find(hash, |leg| leg.hash == hash));
        let slots: Vec<u32> = known.map(|leg| leg.slot).collect();
        let legs = slots
            .iter()
            .filter_map(|slot| self.legs[*slot as usize].as_ref());
        std::hint::black_box(legs.fold(0, |seen, live| seen ^ live.leg.touch()));
    }

    /// Exchanges the emptied legs in whose memory others begin (see [`Leg::emptied`]).
    pub fn swap_spare(&mut self, spare: &mut Vec<Box<Leg>>) {
        std::mem::swap(&mut self.spare, spare);
    }

    /// Takes one message; one of which nobody can tell what it belongs to is left aside. Clocks
    /// never go back.
    pub fn observe(&mut self, observation: &Observation<'_>) {
        self.advance(observation.clock);
        if !observation.message.is_named(observation.truncated) {
            return;
        }
        let key = matching::Key::of(observation);
        let slot = self.slot(observation, key);
        let Some(live) = &mut self.legs[slot as usize] else {
            return;
        };
        let before = live.phase;
        if live.leg.records.len() >= self.leg_records {
            live.leg.overflow += 1;
            live.came(observation, before);
            return;
        }
        record(live, observation, key);
        if live.leg.opening.is_none() && live.newest_belongs_to_call() {
            let opening = clue::opening(observation, &self.link_headers);
            live.leg.opening = Some(opening.id.frame);
            self.openings.push(opening);
        }
        hint::hints(observation, &mut self.hints);
        if let Some(scan) = scan(&live.leg, observation) {
            self.scans.push(scan);
        }
        live.came(observation, before);
        let due = live.deadline();
        if due < live.appointment {
            let serial = live.serial;
            live.appointment = self.calendar.add(due, Entry { slot, serial });
        }
    }

    /// Settles every leg whose time has come at `clock`.
    pub fn advance(&mut self, clock: Time) {
        if !self.calendar.is_at(clock) {
            self.attend_all(clock);
        }
    }

    /// The input ended at `clock`: settles everything that is left.
    pub fn finish(&mut self, clock: Time) {
        self.advance(clock);
        for slot in 0..self.legs.len() as u32 {
            self.close(slot, clock, Closed::EndOfCapture);
        }
    }

    /// Takes the legs settled so far.
    pub fn drain(&mut self) -> impl Iterator<Item = Box<Leg>> + '_ {
        self.settled.drain(..)
    }

    /// Takes the openings of calls since the last time.
    pub fn drain_openings(&mut self) -> impl Iterator<Item = Box<Opening>> + '_ {
        self.openings.drain(..)
    }

    /// Takes the clues that turned up after openings.
    pub fn drain_hints(&mut self) -> impl Iterator<Item = Hint> + '_ {
        self.hints.drain(..)
    }

    /// Takes what scanners sent since the last time.
    pub fn drain_scans(&mut self) -> impl Iterator<Item = Scan> + '_ {
        self.scans.drain(..)
    }

    /// Attends to every leg that is due in the second of `clock`, or before it.
    #[inline(never)]
    fn attend_all(&mut self, clock: Time) {
        let mut due = std::mem::take(&mut self.due);
        self.calendar.advance(clock, &mut due);
        let legs = due.iter().map(|entry| &self.legs[entry.slot as usize]);
        std::hint::black_box(legs.flatten().fold(0, |seen, live| seen ^ live.serial));
        for entry in due.drain(..) {
            self.attend(entry, clock);
        }
        self.due = due;
    }

    fn attend(&mut self, entry: Entry, clock: Time) {
        let Some(live) = &mut self.legs[entry.slot as usize] else {
            return;
        };
        if live.serial != entry.serial || live.appointment > clock {
            return;
        }
        if matching::is_over(live, clock) {
            self.close(entry.slot, clock, Closed::Settled);
        } else {
            live.appointment = self.calendar.add(live.deadline(), entry);
        }
    }

    /// The slot of a message's leg, which may have to be opened.
    fn slot(&mut self, observation: &Observation<'_>, key: matching::Key) -> u32 {
        let hash = observation.call_id_hash;
        let call_id = call_id(observation);
        let Some(known) = self.known(hash, call_id) else {
            return self.open(call_id, hash, observation.clock);
        };
        let slot = if known.has_namesake {
            self.own(observation, known.slot)
        } else {
            known.slot
        };
        let Some(live) = &self.legs[slot as usize] else {
            return slot;
        };
        match belonging(live, observation, key) {
            Belonging::Here => slot,
            Belonging::Behind(closed) => {
                self.close(slot, observation.clock, closed);
                self.open(call_id, hash, observation.clock)
            }
            Belonging::Beside if self.namesakes(hash, call_id) >= belonging::NAMESAKES => slot,
            Belonging::Beside => {
                let other = self.open(call_id, hash, observation.clock);
                for slot in [slot, other] {
                    if let Some(known) = self.index.find_mut(hash, |leg| leg.slot == slot) {
                        known.has_namesake = true;
                    }
                }
                other
            }
        }
    }

    /// A leg in progress with a Call-ID.
    #[inline]
    fn known(&self, hash: u64, call_id: &[u8]) -> Option<&Named> {
        let likely = self.index.find(hash, |leg| leg.hash == hash)?;
        if self.is_of(likely, hash, call_id) {
            return Some(likely);
        }
        self.known_beside(hash, call_id)
    }

    /// The same where another Call-ID has the same hash.
    #[cold]
    fn known_beside(&self, hash: u64, call_id: &[u8]) -> Option<&Named> {
        self.index.find(hash, |leg| self.is_of(leg, hash, call_id))
    }

    /// Whether a leg in progress has this Call-ID.
    #[inline]
    fn is_of(&self, leg: &Named, hash: u64, call_id: &[u8]) -> bool {
        let live = self.legs[leg.slot as usize].as_ref();
        leg.hash == hash && live.is_some_and(|live| live.leg.text(live.leg.call_id) == call_id)
    }

    /// Legs in progress with a Call-ID.
    fn namesakes(&self, hash: u64, call_id: &[u8]) -> usize {
        let legs = self.index.iter_hash(hash);
        legs.filter(|leg| self.is_of(leg, hash, call_id)).count()
    }

    /// Of several legs with the Call-ID of a message the one that knows its tags, else `any`.
    fn own(&self, observation: &Observation<'_>, any: u32) -> u32 {
        let hash = observation.call_id_hash;
        let call_id = call_id(observation);
        let found = self.index.find(hash, |leg| {
            let owns = |live: &Live| belonging::owns(live, observation.message);
            let live = self.legs[leg.slot as usize].as_ref();
            self.is_of(leg, hash, call_id) && live.is_some_and(owns)
        });
        found.map_or(any, |leg| leg.slot)
    }

    fn open(&mut self, call_id: &[u8], hash: u64, clock: Time) -> u32 {
        if self.index.len() >= self.limit {
            self.evict(clock);
        }
        let slot = self.free.pop().unwrap_or(self.legs.len() as u32);
        self.serial = self.serial.wrapping_add(1);
        // Made where it stays: it is large, and most of it is empty.
        let leg = self.spare.pop().unwrap_or_default();
        let live = Live::new(leg, call_id, hash, self.serial, clock);
        if slot as usize == self.legs.len() {
            self.legs.push(Some(live));
        } else {
            self.legs[slot as usize] = Some(live);
        }
        let named = Named {
            hash,
            slot,
            has_namesake: false,
        };
        self.index.insert_unique(hash, named, |leg| leg.hash);
        slot
    }

    /// Makes room by closing the leg that has rested longest among a few.
    fn evict(&mut self, clock: Time) {
        const LOOKED_AT: usize = 16;
        let start = self.serial as usize % self.legs.len().max(1);
        let candidates = (0..self.legs.len()).map(|step| (start + step) % self.legs.len());
        let oldest = candidates
            .filter_map(|slot| self.legs[slot].as_ref().map(|live| (live.clock, slot)))
            .take(LOOKED_AT)
            .min();
        if let Some((_, slot)) = oldest {
            self.close(slot as u32, clock, Closed::Limit);
        }
    }

    fn close(&mut self, slot: u32, clock: Time, closed: Closed) {
        let Some(live) = self.legs[slot as usize].take() else {
            return;
        };
        let seen_until = match closed {
            Closed::Settled => live.deadline(),
            Closed::Reused | Closed::EndOfCapture | Closed::Limit => clock.min(live.deadline()),
        };
        let known = self
            .index
            .find_entry(live.leg.call_id_hash, |leg| leg.slot == slot);
        if let Ok(known) = known {
            known.remove();
        }
        self.free.push(slot);
        let mut leg = live.leg;
        leg.closed = closed;
        leg.seen_until = seen_until;
        self.settled.push(leg);
    }
}

/// The Call-ID of a message, as far as a leg keeps it.
fn call_id<'a>(observation: &Observation<'a>) -> &'a [u8] {
    Texts::kept(observation.message.call_id().unwrap_or_default())
}

/// Adds a message to its leg.
fn record(live: &mut Live, observation: &Observation<'_>, key: matching::Key) {
    let place = matching::place(live, observation, key);
    let message = observation.message;
    let passage = &observation.passage;
    let vantage = live.vantage(observation);
    let Leg {
        records,
        transactions,
        vantages,
        texts,
        ..
    } = &mut *live.leg;
    let newest = records.last();
    let likely = newest.map_or(TextId::NONE, |newest| newest.to_tag);
    let to_tag = message
        .to_tag()
        .map_or(TextId::NONE, |tag| texts.intern_like(tag, likely));
    let at = RecordIdx(records.len() as u16);
    let transaction = &mut transactions[place.transaction.0 as usize];
    let previous = (transaction.first != at).then_some(transaction.last);
    let facts = place.facts.with(facts(observation));
    let reliable = facts.has(Facts::RELIABLE);
    // Put together where it stays: a copy would wait for what was only just stored.
    records.push(Record {
        time: observation.time,
        frame: observation.frame,
        transaction: place.transaction,
        previous,
        vantage,
        role: place.role,
        repeat: Repeat::First,
        facts,
        to_tag,
        rseq: if reliable {
            message.outline.rseq.unwrap_or(0)
        } else {
            0
        },
        fingerprint: observation.fingerprint as u32,
        link: passage.link as u16,
        ip_id: passage.ip_id,
        contact: session_notes::contact(key.method, message),
        ttl: passage.ttl,
    });
    let mut repeat = Repeat::First;
    if previous.is_some() {
        let records = records.as_mut_slice();
        let seen = Seen { records, vantages };
        repeat = repeat::judge(seen, &records[at.0 as usize]);
        records[at.0 as usize].repeat = repeat;
    }
    transaction.take(at, place.role, repeat);
    transaction.last_clock = observation.clock;
    if repeat == Repeat::Duplicate {
        return;
    }
    match place.role {
        Role::Response(status) if transaction.method == Method::Invite => {
            live.response(place.transaction, status, to_tag, at);
        }
        Role::Request if key.method == Method::Bye => {
            let from_tag = transaction.from_tag;
            live.bye(from_tag, to_tag);
        }
        Role::Request | Role::Response(_) | Role::Ack => {}
    }
    if repeat == Repeat::First {
        notes::keep(&mut live.leg, at, &place, (key.method, message));
    }
}

/// Headers by which a client proves who it is.
const CREDENTIALS: HeaderSet = HeaderSet::EMPTY
    .with(HeaderName::Authorization)
    .with(HeaderName::ProxyAuthorization);

fn facts(observation: &Observation<'_>) -> Facts {
    let outline = observation.message.outline;
    let mut facts = Facts::default();
    if outline.facts.contains(sip::Facts::BODY_IS_SDP) {
        facts = facts.with(Facts::SDP);
    }
    if outline.facts.contains(sip::Facts::REQUIRES_100REL) && outline.rseq.is_some() {
        facts = facts.with(Facts::RELIABLE);
    }
    if observation.truncated {
        facts = facts.with(Facts::TRUNCATED);
    }
    if outline.has.intersects(CREDENTIALS) {
        facts = facts.with(Facts::CREDENTIALS);
    }
    facts
}
