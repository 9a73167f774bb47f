//! Finds the call of each leg, by everything that can link one to those in progress.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

use super::calls::{CallKey, Calls, Member};
use super::clue::Clues;
use super::directory::{Directory, Place};
use super::promises::{Promise, Promises};
use super::recent::Recent;
use super::{Clue, Hint, Kind, LinkCertainty, LinkReason, Opening};
use crate::leg::LegId;
use crate::record::FrameRef;
use crate::timers::TIMEOUT;

/// Where a leg belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Its call.
    pub call: CallKey,
    /// What links it to the legs before it; absent for the one that opens the call.
    pub link: Option<LinkReason>,
    /// The REFER that asked for it, if one did.
    pub cause: Option<Cause>,
}

/// A REFER that a leg goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The call in which it was sent.
    pub call: CallKey,
    /// What tells that.
    pub reason: LinkReason,
}

/// What came of a REFER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caused {
    /// The frame of the REFER.
    pub frame: FrameRef,
    /// The call that it caused, or a leg of which it did.
    pub call: CallKey,
    /// What tells that.
    pub reason: LinkReason,
}

/// A leg that ended.
#[derive(Debug)]
pub struct Ended {
    /// Where it belongs.
    pub allocation: Allocation,
    /// What the REFERs of its call caused, if it was the last leg of that.
    pub caused: Option<Vec<Caused>>,
}

/// The calls in progress, by everything that can link a leg to them.
#[derive(Debug)]
pub struct Linker {
    calls: Calls,
    legs: Directory,
    /// By values that only one call can carry.
    by_value: HashMap<Clue, CallKey, FixedState>,
    /// By session descriptions.
    described: Recent,
    /// By numbers, which are remembered for longer.
    numbers: Recent,
    promises: Promises,
}

impl Default for Linker {
    fn default() -> Linker {
        Linker {
            calls: Calls::default(),
            legs: Directory::default(),
            by_value: HashMap::default(),
            described: Recent::within(Self::NEXT_LEG),
            numbers: Recent::within(Self::DIVERTED_LEG),
            promises: Promises::default(),
        }
    }
}

impl Linker {
    /// Legs of one call; more are calls of their own.
    const LEGS: usize = 64;
    /// A redirection is followed within this time.
    const REDIRECTION: i64 = 5 * SECOND;
    /// The next leg of a back-to-back user agent opens within this time.
    const NEXT_LEG: i64 = 5 * SECOND;
    /// The same where only numbers agree.
    const NEXT_LEG_GUESSED: i64 = 2 * SECOND;
    /// A phone rings for this long before its calls are diverted.
    const DIVERTED_LEG: i64 = 60 * SECOND;

    /// Takes the opening of a leg and finds out where it belongs. Openings and hints come in the order
    /// of their frames.
    pub fn open(&mut self, opening: Box<Opening>) {
        let (redirection, causes) = self.announced(&opening);
        let referring = self.referring(&causes, opening.clock);
        let naming = Clue {
            reason: LinkReason::CallIdReference,
            value: opening.id.call_id_hash,
        };
        let (names, likenesses) = opening.clues.split_at(opening.names as usize);
        let clues = names.iter().chain(&redirection).chain(likenesses);
        let found = clues.chain([&naming]).copied().find_map(|clue| {
            let call = self.candidate(&opening, clue)?;
            let is_kept_through = clue.reason.is_kept_through_transfers();
            let is_transferred = is_kept_through && Some(call) == referring;
            (!is_transferred).then_some((call, clue.reason))
        });
        let (call, link) = match found {
            Some((call, reason)) => (call, Some(reason)),
            None => (self.calls.open(), None),
        };
        let cause = self.cause(call, link, (&causes, opening.clock));
        self.remember(call, *opening, link, cause);
    }

    /// Takes a clue that turned up later.
    pub fn hint(&mut self, hint: Hint) {
        let Some(call) = self.legs.call(hint.call_id_hash) else {
            return;
        };
        if let Some(open) = self.calls.known_mut(call) {
            open.hints.push(hint.clue);
            self.promises.add(hint.clue, call, hint.frame, hint.clock);
        }
    }

    /// Takes the end of a leg of a call.
    pub fn end(&mut self, id: LegId) -> Option<Ended> {
        let (Place { call, .. }, member) = self.legs.find(id, &self.calls)?;
        let allocation = Allocation {
            call,
            link: member.link,
            cause: member.cause,
        };
        let open = self.calls.known_mut(call)?;
        open.ended += 1;
        let is_last = open.ended as usize == open.legs.len();
        let caused = is_last.then(|| self.forget(call));
        Some(Ended { allocation, caused })
    }

    /// What tells whether an INVITE was announced: by a redirection, and by a REFER.
    fn announced(&self, opening: &Opening) -> (Option<Clue>, Clues) {
        if self.promises.is_empty() {
            return (None, Clues::new());
        }
        let (invitation, caller) = (&opening.invitation, opening.flow.src.ip);
        (invitation.redirection(caller), invitation.causes(caller))
    }

    /// The call whose REFER certainly asked for a leg: what the leg then has in common with that call
    /// it has from there.
    fn referring(&self, causes: &[Clue], clock: Time) -> Option<CallKey> {
        causes.iter().find_map(|clue| {
            let is_guess = clue.reason.certainty() == LinkCertainty::Guessed;
            let promise = self.promises.open(*clue, clock, TIMEOUT);
            promise.filter(|_| !is_guess).map(|promise| promise.call)
        })
    }

    /// The call of a leg, looked up for [`Linker::touch`].
    pub fn call(&self, id: LegId) -> Option<CallKey> {
        let (place, _) = self.legs.find(id, &self.calls)?;
        Some(place.call)
    }

    /// Reads a little of a call, for the sake of having read it.
    pub fn touch(&self, call: CallKey) -> u64 {
        let legs = self
            .calls
            .known(call)
            .into_iter()
            .flat_map(|open| &open.legs);
        legs.fold(0, |seen, leg| {
            let last = leg.opening.clues.last().map_or(0, |clue| clue.value);
            seen ^ leg.opening.id.call_id_hash ^ last
        })
    }

    /// The REFER that asked for a leg of `call`. Where a leg is known to belong elsewhere, a guess
    /// does not count.
    fn cause(
        &mut self,
        call: CallKey,
        link: Option<LinkReason>,
        (causes, clock): (&[Clue], Time),
    ) -> Option<Cause> {
        let (clue, promise) = causes.iter().find_map(|clue| {
            let guessed = clue.reason.certainty() == LinkCertainty::Guessed;
            if guessed && link.is_some() {
                return None;
            }
            let promise = self.promises.keep(*clue, clock, TIMEOUT)?;
            Some((*clue, promise))
        })?;
        for other in causes {
            self.promises.mark(*other, promise.frame);
        }
        let Promise {
            call: referring,
            frame,
            ..
        } = promise;
        if referring == call {
            return None;
        }
        let reason = clue.reason;
        if let Some(open) = self.calls.known_mut(referring) {
            open.caused.push(Caused {
                frame,
                call,
                reason,
            });
        }
        Some(Cause {
            call: referring,
            reason,
        })
    }

    /// Takes note of a leg of a call.
    fn remember(
        &mut self,
        call: CallKey,
        opening: Opening,
        link: Option<LinkReason>,
        cause: Option<Cause>,
    ) {
        for clue in &opening.clues {
            match clue.reason.kind() {
                Kind::Unique => {
                    self.by_value.insert(*clue, call);
                }
                Kind::Description => self.described.meet(*clue, call, opening.clock),
                Kind::Numbers => self.numbers.meet(*clue, call, opening.clock),
                Kind::Reference => {}
            }
        }
        let Some(open) = self.calls.known_mut(call) else {
            return;
        };
        let leg = open.legs.len() as u32;
        let hash = opening.id.call_id_hash;
        open.legs.push(Member {
            opening,
            link,
            cause,
        });
        self.legs.insert(hash, Place { call, leg });
    }

    fn forget(&mut self, call: CallKey) -> Vec<Caused> {
        let Some(open) = self.calls.known_mut(call) else {
            return Vec::new();
        };
        for (Member { opening, .. }, leg) in open.legs.iter().zip(0..) {
            self.legs
                .remove(opening.id.call_id_hash, Place { call, leg });
            let values = opening.clues.iter();
            for value in values.filter(|clue| clue.reason.kind() == Kind::Unique) {
                if self.by_value.get(value) == Some(&call) {
                    self.by_value.remove(value);
                }
            }
        }
        for hint in &open.hints {
            self.promises.forget(*hint, call);
        }
        let caused = std::mem::take(&mut open.caused);
        self.calls.close(call);
        caused
    }

    fn candidate(&mut self, next: &Opening, clue: Clue) -> Option<CallKey> {
        match clue.reason {
            LinkReason::Redirection => {
                let (clock, window) = (next.clock, Self::REDIRECTION);
                let kept = self.promises.keep(clue, clock, window);
                let promise = kept.or_else(|| self.promises.newest(clue, clock, window));
                promise.map(|promise| promise.call)
            }
            LinkReason::Diversion => {
                let reason = LinkReason::Numbers;
                let met = self.numbers.calls(Clue { reason, ..clue }, next.clock);
                let window = Self::DIVERTED_LEG;
                self.only(next, met, |leg| leg.leads_to(next, window))
            }
            LinkReason::Replaces => self.other(self.legs.call(clue.value)?, next),
            LinkReason::CallIdReference => {
                let named = self.legs.call(clue.value);
                let call = named.or_else(|| self.by_value.get(&clue).copied())?;
                self.other(call, next)
            }
            LinkReason::SessionId | LinkReason::ChargingVector | LinkReason::VendorId => {
                self.other(*self.by_value.get(&clue)?, next)
            }
            LinkReason::SdpOrigin | LinkReason::MediaAddress => {
                let met = self.described.calls(clue, next.clock);
                self.only(next, met, |leg| leg.leads_to(next, Self::NEXT_LEG))
            }
            LinkReason::Numbers => {
                let met = self.numbers.calls(clue, next.clock);
                let window = Self::NEXT_LEG_GUESSED;
                self.only(next, met, |leg| {
                    leg.leads_to(next, window) || leg.leads_through(next, window)
                })
            }
            LinkReason::ReferredBy | LinkReason::ReferTo | LinkReason::ReferNumber => None,
        }
    }

    /// A call that a leg may join: one that has room, and a leg with another Call-ID.
    fn other(&self, call: CallKey, next: &Opening) -> Option<CallKey> {
        let legs = &self.calls.known(call)?.legs;
        let mut ids = legs.iter().map(|leg| leg.opening.id.call_id_hash);
        let has_room = legs.len() < Self::LEGS;
        (has_room && ids.any(|id| id != next.id.call_id_hash)).then_some(call)
    }

    /// The only one of the calls that showed a value lately with a leg that leads to the one that
    /// opens.
    fn only(
        &self,
        next: &Opening,
        met: impl Iterator<Item = CallKey>,
        leads: impl Fn(&Opening) -> bool,
    ) -> Option<CallKey> {
        let mut fitting = met.filter(|call| {
            let call = self.other(*call, next);
            let open = call.and_then(|call| self.calls.known(call));
            open.is_some_and(|open| open.legs.iter().any(|leg| leads(&leg.opening)))
        });
        let first = fitting.next()?;
        fitting.all(|call| call == first).then_some(first)
    }
}

impl Opening {
    /// Whether the host that received this leg opens the other one within `window`, and not back
    /// to where this one came from.
    fn leads_to(&self, next: &Opening, window: i64) -> bool {
        let (here, there) = (self.flow, next.flow);
        here.is_same_host(here.dst, there.src)
            && !here.is_same_host(here.src, there.dst)
            && !here.is_same_host(here.src, here.dst)
            && (0..=window).contains(&next.clock.since(self.clock))
    }

    /// The same where that host has another address on the other side, so that none of the four is
    /// there twice. Only whole numbers say then that it is one call.
    fn leads_through(&self, next: &Opening, window: i64) -> bool {
        let [here, there] = [self.flow, next.flow].map(|flow| [flow.src.ip, flow.dst.ip]);
        next.is_told_by_numbers
            && here[0] != here[1]
            && there[0] != there[1]
            && !here.iter().any(|host| there.contains(host))
            && (0..=window).contains(&next.clock.since(self.clock))
    }
}

#[cfg(test)]
mod tests {
    use siptriage_capture::{Endpoint, Flow, Passage, Transport};
    use siptriage_sip::{Scanned, scan};

    use super::*;
    use crate::link::clue;
    use crate::observation::Observation;

    /// The opening of a leg by an INVITE from one host to another at a second; `text` is what follows
    /// the method.
    fn opening(frame: u64, second: i64, hosts: [u8; 2], call_id: u64, text: &str) -> Box<Opening> {
        let text = format!("INVITE {text}\r\n\r\n");
        let outline = scan(text.as_bytes()).expect("is SIP");
        let [src, dst] = hosts.map(|host| Endpoint::new([192, 0, 2, host].into(), 5060));
        let clock = Time(second * SECOND);
        clue::opening(
            &Observation {
                frame: FrameRef::new(0, frame),
                time: clock,
                clock,
                flow: Flow {
                    src,
                    dst,
                    transport: Transport::Udp,
                },
                passage: Passage::default(),
                truncated: false,
                fingerprint: 0,
                call_id_hash: call_id,
                message: Scanned::new(text.as_bytes(), &outline),
            },
            &[],
        )
    }

    #[test]
    fn of_two_legs_with_one_call_id_each_ends_its_own_call() {
        let mut linker = Linker::default();
        let text = "sip:x SIP/2.0";
        let legs = [
            opening(1, 0, [1, 2], 7, text),
            opening(2, 0, [3, 4], 7, text),
        ];
        let ids = [legs[0].id, legs[1].id];
        for leg in legs {
            linker.open(leg);
        }
        for (id, number) in ids.into_iter().zip(1..) {
            let ended = linker.end(id).expect("is in progress");
            assert_eq!(ended.allocation.call.number, number);
            assert_eq!(ended.caused.as_deref(), Some(&[][..]));
            assert!(linker.end(id).is_none());
        }
    }

    #[test]
    fn numbers_that_a_call_showed_first_long_ago_link_what_its_newest_leg_leads_to() {
        let text = "sip:+12125550100@x SIP/2.0\r\nFrom: <sip:+493055501@x>;tag=1";
        let known = format!("{text}\r\nSession-ID: ab30317f1a784dc48ff824d0d3715d86");
        let legs = [
            opening(1, 0, [1, 2], 1, &known),
            opening(2, 10, [2, 3], 2, &known),
            opening(3, 11, [3, 4], 3, text),
        ];
        let mut linker = Linker::default();
        for (leg, link) in
            legs.into_iter()
                .zip([None, Some(LinkReason::SessionId), Some(LinkReason::Numbers)])
        {
            let id = leg.id;
            linker.open(leg);
            let (place, member) = linker.legs.find(id, &linker.calls).expect("is known");
            assert_eq!((place.call.number, member.link), (1, link));
        }
    }
}
