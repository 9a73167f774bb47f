//! The calls in progress, by everything that can link a leg to them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use foldhash::fast::FixedState;
use siptriage_capture::time::SECOND;
use siptriage_capture::{Flow, Time};

use super::promises::{Promise, Promises};
use super::{Clue, Hint, LinkCertainty, LinkReason, Opening};
use crate::leg::LegId;
use crate::record::FrameRef;
use crate::timers::TIMEOUT;

/// A call in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey(pub u32);

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

/// The calls in progress, by everything that can link a leg to them.
#[derive(Debug, Default)]
pub struct Linker {
    calls: u32,
    /// Boxed, since they are large and a table has room to spare.
    open: HashMap<CallKey, Box<Open>, FixedState>,
    /// By hash of Call-ID.
    by_leg: HashMap<u64, CallKey, FixedState>,
    /// By values that only one call can carry.
    by_value: HashMap<Clue, CallKey, FixedState>,
    /// By values that devices repeat, for as long as they can link anything.
    recent: HashMap<Clue, Candidates, FixedState>,
    /// When to forget which recent value.
    fading: VecDeque<Fading>,
    /// The same for numbers, which are remembered for longer.
    fading_numbers: VecDeque<Fading>,
    promises: Promises,
}

/// A recent value, to be forgotten some time after it was met.
#[derive(Clone, Copy, Debug)]
struct Fading {
    since: Time,
    clue: Clue,
    call: CallKey,
}

#[derive(Debug)]
struct Open {
    first: Met,
    others: Vec<Met>,
    values: Vec<Clue>,
    hints: Vec<Clue>,
    caused: Vec<Caused>,
    settled: usize,
}

/// Where and when a leg opened.
#[derive(Clone, Copy, Debug)]
struct Met {
    id: LegId,
    clock: Time,
    flow: Flow,
    is_told_by_numbers: bool,
}

/// Calls that share a value.
#[derive(Debug)]
struct Candidates {
    first: CallKey,
    others: Vec<CallKey>,
}

impl Linker {
    /// Calls that one value is remembered for, the newest ones: a value that is ambiguous among
    /// them is ambiguous among all.
    const CANDIDATES: usize = 8;
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

    /// Takes the opening of a leg and says where it belongs. Openings and hints come in the order
    /// of their frames.
    pub fn open(&mut self, opening: Opening) -> Allocation {
        self.fade(opening.clock);
        let met = Met::of(&opening);
        let referring = self.referring(&opening);
        let naming = Clue {
            reason: LinkReason::CallIdReference,
            value: met.id.call_id_hash,
        };
        let clues = opening.clues.iter().chain(std::iter::once(&naming));
        let found = clues.copied().find_map(|clue| {
            let call = self.candidate(met, clue)?;
            let is_kept_through = clue.reason.is_kept_through_transfers();
            let is_transferred = is_kept_through && Some(call) == referring;
            (!is_transferred).then_some((call, clue.reason))
        });
        let (call, link) = match found {
            Some((call, reason)) => (call, Some(reason)),
            None => {
                self.calls += 1;
                (CallKey(self.calls), None)
            }
        };
        self.remember(call, met, &opening.clues);
        let cause = self.cause(call, link, &opening);
        Allocation { call, link, cause }
    }

    /// Takes a clue that turned up later.
    pub fn hint(&mut self, hint: Hint) {
        let Some(call) = self.by_leg.get(&hint.call_id_hash).copied() else {
            return;
        };
        if let Some(open) = self.open.get_mut(&call) {
            open.hints.push(hint.clue);
            self.promises.add(hint.clue, call, hint.frame, hint.clock);
        }
    }

    /// Takes the end of a leg. With the last one of a call it returns what the REFERs of the call
    /// caused.
    pub fn settle(&mut self, call: CallKey) -> Option<Vec<Caused>> {
        let Some(open) = self.open.get_mut(&call) else {
            return Some(Vec::new());
        };
        open.settled += 1;
        if open.settled <= open.others.len() {
            return None;
        }
        Some(self.forget(call))
    }

    /// The call whose REFER certainly asked for a leg: what the leg then has in common with that call
    /// it has from there.
    fn referring(&self, opening: &Opening) -> Option<CallKey> {
        let mut causes = opening.causes.iter();
        causes.find_map(|clue| {
            let is_guess = clue.reason.certainty() == LinkCertainty::Guessed;
            let promise = self.promises.open(*clue, opening.clock, TIMEOUT);
            promise.filter(|_| !is_guess).map(|promise| promise.call)
        })
    }

    /// Reads a little of a call, for the sake of having read it.
    pub fn touch(&self, call: CallKey) -> u64 {
        let open = self.open.get(&call);
        open.map_or(0, |open| {
            open.first.id.call_id_hash ^ (open.settled + open.others.len()) as u64
        })
    }

    /// The REFER that asked for a leg of `call`. Where a leg is known to belong elsewhere, a guess
    /// does not count.
    fn cause(
        &mut self,
        call: CallKey,
        link: Option<LinkReason>,
        opening: &Opening,
    ) -> Option<Cause> {
        let mut causes = opening.causes.iter();
        let (clue, promise) = causes.find_map(|clue| {
            let guessed = clue.reason.certainty() == LinkCertainty::Guessed;
            if guessed && link.is_some() {
                return None;
            }
            let promise = self.promises.keep(*clue, opening.clock, TIMEOUT)?;
            Some((*clue, promise))
        })?;
        for other in &opening.causes {
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
        if let Some(open) = self.open.get_mut(&referring) {
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

    fn remember(&mut self, call: CallKey, met: Met, clues: &[Clue]) {
        let open = match self.open.entry(call) {
            Entry::Occupied(known) => {
                let open = known.into_mut();
                open.others.push(met);
                open
            }
            Entry::Vacant(new) => new.insert(Box::new(Open {
                first: met,
                others: Vec::new(),
                values: Vec::new(),
                hints: Vec::new(),
                caused: Vec::new(),
                settled: 0,
            })),
        };
        self.by_leg.insert(met.id.call_id_hash, call);
        for clue in clues {
            match clue.reason {
                LinkReason::SessionId
                | LinkReason::CallIdReference
                | LinkReason::ChargingVector
                | LinkReason::VendorId => {
                    open.values.push(*clue);
                    self.by_value.insert(*clue, call);
                }
                LinkReason::SdpOrigin | LinkReason::MediaAddress | LinkReason::Numbers => {
                    let fading = match clue.reason {
                        LinkReason::Numbers => &mut self.fading_numbers,
                        _ => &mut self.fading,
                    };
                    fading.push_back(Fading {
                        since: met.clock,
                        clue: *clue,
                        call,
                    });
                    let known = self.recent.entry(*clue);
                    known
                        .and_modify(|known| known.add(call))
                        .or_insert(Candidates {
                            first: call,
                            others: Vec::new(),
                        });
                }
                LinkReason::Replaces
                | LinkReason::Redirection
                | LinkReason::Diversion
                | LinkReason::ReferredBy
                | LinkReason::ReferTo
                | LinkReason::ReferNumber => {}
            }
        }
    }

    /// Forgets recent values that can link nothing at `clock` any more.
    fn fade(&mut self, clock: Time) {
        let recent = &mut self.recent;
        forget_older(&mut self.fading, recent, clock, Self::NEXT_LEG);
        forget_older(&mut self.fading_numbers, recent, clock, Self::DIVERTED_LEG);
    }

    fn forget(&mut self, call: CallKey) -> Vec<Caused> {
        let Some(open) = self.open.remove(&call) else {
            return Vec::new();
        };
        for leg in open.legs() {
            if self.by_leg.get(&leg.id.call_id_hash) == Some(&call) {
                self.by_leg.remove(&leg.id.call_id_hash);
            }
        }
        for value in &open.values {
            if self.by_value.get(value) == Some(&call) {
                self.by_value.remove(value);
            }
        }
        for hint in &open.hints {
            self.promises.forget(*hint, call);
        }
        open.caused
    }

    fn candidate(&mut self, met: Met, clue: Clue) -> Option<CallKey> {
        match clue.reason {
            LinkReason::Redirection => {
                let (clock, window) = (met.clock, Self::REDIRECTION);
                let kept = self.promises.keep(clue, clock, window);
                let promise = kept.or_else(|| self.promises.newest(clue, clock, window));
                promise.map(|promise| promise.call)
            }
            LinkReason::Diversion => {
                let reason = LinkReason::Numbers;
                let window = Self::DIVERTED_LEG;
                self.only(met, Clue { reason, ..clue }, |leg| {
                    leg.leads_to(met, window)
                })
            }
            LinkReason::Replaces => self.other(*self.by_leg.get(&clue.value)?, met),
            LinkReason::CallIdReference => {
                let named = self.by_leg.get(&clue.value);
                self.other(*named.or_else(|| self.by_value.get(&clue))?, met)
            }
            LinkReason::SessionId | LinkReason::ChargingVector | LinkReason::VendorId => {
                self.other(*self.by_value.get(&clue)?, met)
            }
            LinkReason::SdpOrigin | LinkReason::MediaAddress => {
                self.only(met, clue, |leg| leg.leads_to(met, Self::NEXT_LEG))
            }
            LinkReason::Numbers => {
                let window = Self::NEXT_LEG_GUESSED;
                self.only(met, clue, |leg| {
                    leg.leads_to(met, window) || leg.leads_through(met, window)
                })
            }
            LinkReason::ReferredBy | LinkReason::ReferTo | LinkReason::ReferNumber => None,
        }
    }

    /// A call that a leg may join: one that has room, and a leg with another Call-ID.
    fn other(&self, call: CallKey, met: Met) -> Option<CallKey> {
        let open = self.open.get(&call)?;
        let other = open
            .legs()
            .any(|leg| leg.id.call_id_hash != met.id.call_id_hash);
        (other && open.others.len() + 1 < Self::LEGS).then_some(call)
    }

    /// The only call with a recent value and a leg that leads to the one that opens.
    fn only(&self, met: Met, clue: Clue, leads: impl Fn(&Met) -> bool) -> Option<CallKey> {
        let known = self.recent.get(&clue)?;
        let calls = std::iter::once(known.first).chain(known.others.iter().copied());
        let mut fitting = calls.filter(|call| {
            let open = self.other(*call, met).and_then(|call| self.open.get(&call));
            open.is_some_and(|open| open.legs().any(&leads))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}

impl Open {
    fn legs(&self) -> impl Iterator<Item = &Met> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Met {
    fn of(opening: &Opening) -> Met {
        Met {
            id: opening.id,
            clock: opening.clock,
            flow: opening.flow,
            is_told_by_numbers: opening.is_told_by_numbers,
        }
    }

    /// Whether the host that received this leg opens the other one within `window`, and not back
    /// to where this one came from.
    fn leads_to(&self, next: Met, window: i64) -> bool {
        let (here, there) = (self.flow, next.flow);
        here.is_same_host(here.dst, there.src)
            && !here.is_same_host(here.src, there.dst)
            && !here.is_same_host(here.src, here.dst)
            && (0..=window).contains(&next.clock.since(self.clock))
    }

    /// The same where that host has another address on the other side, so that none of the four is
    /// there twice. Only whole numbers say then that it is one call.
    fn leads_through(&self, next: Met, window: i64) -> bool {
        let [here, there] = [self.flow, next.flow].map(|flow| [flow.src.ip, flow.dst.ip]);
        next.is_told_by_numbers
            && here[0] != here[1]
            && there[0] != there[1]
            && !here.iter().any(|host| there.contains(host))
            && (0..=window).contains(&next.clock.since(self.clock))
    }
}

impl Candidates {
    fn add(&mut self, call: CallKey) {
        if self.first == call || self.others.contains(&call) {
            return;
        }
        if self.others.len() >= Linker::CANDIDATES {
            self.first = self.others.remove(0);
        }
        self.others.push(call);
    }

    /// Takes a call out. Returns whether none is left.
    fn drop_call(&mut self, call: CallKey) -> bool {
        self.others.retain(|known| *known != call);
        if self.first != call {
            return false;
        }
        if self.others.is_empty() {
            return true;
        }
        self.first = self.others.remove(0);
        false
    }
}

/// Forgets the values that are older than `window`.
fn forget_older(
    fading: &mut VecDeque<Fading>,
    recent: &mut HashMap<Clue, Candidates, FixedState>,
    clock: Time,
    window: i64,
) {
    while let Some(Fading { since, clue, call }) = fading.front().copied() {
        if clock.since(since) <= window {
            return;
        }
        fading.pop_front();
        if recent
            .get_mut(&clue)
            .is_some_and(|known| known.drop_call(call))
        {
            recent.remove(&clue);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CallKey, Candidates, Linker};

    #[test]
    fn of_many_calls_the_newest_stay_in_doubt() {
        let mut known = Candidates {
            first: CallKey(0),
            others: Vec::new(),
        };
        for number in 1..100 {
            known.add(CallKey(number));
        }
        assert_eq!(known.others.len(), Linker::CANDIDATES);
        assert!(known.others.contains(&CallKey(99)));
        assert!(known.others.contains(&CallKey(98)));
    }
}
