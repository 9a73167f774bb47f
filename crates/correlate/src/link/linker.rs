//! The calls in progress, by everything that can link a leg to them.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

use super::{Clue, Hint, LinkReason, Opening};

/// A call in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey(pub u32);

/// The calls in progress, by everything that can link a leg to them.
#[derive(Debug, Default)]
pub struct Linker {
    calls: u32,
    open: HashMap<CallKey, Open, FixedState>,
    by_key: HashMap<u64, Vec<CallKey>, FixedState>,
    by_leg: HashMap<u64, CallKey, FixedState>,
    redirected: HashMap<u64, (CallKey, Time), FixedState>,
}

#[derive(Debug, Default)]
struct Open {
    legs: Vec<Opening>,
    hints: Vec<u64>,
    settled: usize,
}

impl Linker {
    /// Calls that one clue is remembered for: with more it tells nothing.
    const CANDIDATES: usize = 8;
    /// Legs of one call; more are calls of their own.
    const LEGS: usize = 64;
    /// A redirection is followed within this time.
    const REDIRECTION: i64 = 5 * SECOND;
    /// The next leg of a back-to-back user agent opens within this time.
    const NEXT_LEG: i64 = 5 * SECOND;
    /// The same where only numbers agree.
    const NEXT_LEG_GUESSED: i64 = 2 * SECOND;

    /// Takes the opening of a leg: the call that it belongs to, and by what unless it opens one.
    /// Openings and hints come in the order of their frames.
    pub fn open(&mut self, opening: Opening) -> (CallKey, Option<LinkReason>) {
        let found = opening.clues.iter().find_map(|clue| {
            self.candidate(&opening, *clue)
                .map(|call| (call, clue.reason))
        });
        let call = found.map_or_else(
            || {
                self.calls += 1;
                CallKey(self.calls)
            },
            |(call, _)| call,
        );
        for clue in &opening.clues {
            if clue.reason != LinkReason::Redirection {
                let calls = self.by_key.entry(clue.key).or_default();
                if !calls.contains(&call) && calls.len() <= Self::CANDIDATES {
                    calls.push(call);
                }
            }
        }
        self.by_leg.insert(opening.id.call_id_hash, call);
        self.open.entry(call).or_default().legs.push(opening);
        (call, found.map(|(_, reason)| reason))
    }

    /// Takes a clue that turned up later.
    pub fn hint(&mut self, hint: Hint) {
        let Some(call) = self.by_leg.get(&hint.call_id_hash).copied() else {
            return;
        };
        if let Some(open) = self.open.get_mut(&call) {
            open.hints.push(hint.clue.key);
            self.redirected.insert(hint.clue.key, (call, hint.clock));
        }
    }

    /// Takes the end of a leg. Returns whether it was the last one of its call.
    pub fn settle(&mut self, call: CallKey) -> bool {
        let Some(open) = self.open.get_mut(&call) else {
            return true;
        };
        open.settled += 1;
        if open.settled < open.legs.len() {
            return false;
        }
        self.forget(call);
        true
    }

    fn forget(&mut self, call: CallKey) {
        let Some(open) = self.open.remove(&call) else {
            return;
        };
        for leg in &open.legs {
            if self.by_leg.get(&leg.id.call_id_hash) == Some(&call) {
                self.by_leg.remove(&leg.id.call_id_hash);
            }
            for clue in &leg.clues {
                if let Some(calls) = self.by_key.get_mut(&clue.key) {
                    calls.retain(|known| *known != call);
                    if calls.is_empty() {
                        self.by_key.remove(&clue.key);
                    }
                }
            }
        }
        for key in open.hints {
            if self
                .redirected
                .get(&key)
                .is_some_and(|(known, _)| *known == call)
            {
                self.redirected.remove(&key);
            }
        }
    }

    fn candidate(&self, opening: &Opening, clue: Clue) -> Option<CallKey> {
        if clue.reason == LinkReason::Redirection {
            let (call, since) = self.redirected.get(&clue.key)?;
            return (opening.clock.since(*since) <= Self::REDIRECTION).then_some(*call);
        }
        let calls = self.by_key.get(&clue.key)?;
        let mut fitting = calls
            .iter()
            .copied()
            .filter(|call| self.fits(*call, opening, clue.reason));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }

    fn fits(&self, call: CallKey, opening: &Opening, reason: LinkReason) -> bool {
        let Some(open) = self.open.get(&call) else {
            return false;
        };
        if open.legs.len() >= Self::LEGS {
            return false;
        }
        let other = open
            .legs
            .iter()
            .any(|leg| leg.id.call_id_hash != opening.id.call_id_hash);
        let meets = |window| open.legs.iter().any(|leg| meets(leg, opening, window));
        match reason {
            LinkReason::SessionId
            | LinkReason::CallIdReference
            | LinkReason::ChargingVector
            | LinkReason::VendorId
            | LinkReason::Replaces => other,
            LinkReason::SdpOrigin | LinkReason::MediaAddress => other && meets(Self::NEXT_LEG),
            LinkReason::Numbers => other && meets(Self::NEXT_LEG_GUESSED),
            LinkReason::Redirection => false,
        }
    }
}

/// Whether the host that received `leg` opens the other one within `window`.
fn meets(leg: &Opening, next: &Opening, window: i64) -> bool {
    leg.flow.dst.ip == next.flow.src.ip
        && leg.flow.src.ip != leg.flow.dst.ip
        && (0..=window).contains(&next.clock.since(leg.clock))
}
