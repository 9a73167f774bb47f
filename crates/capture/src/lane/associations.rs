//! SCTP user messages (RFC 9260 6.9): each once, put together where they were fragmented.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::decode::{Chunk, Chunks, Sighting};
use crate::lane::order::Order;
use crate::lane::tally::Tally;
use crate::lane::{Emit, reason};
use crate::{Flow, FrameRef, Limits, Payload, Time};

/// Where unwrapped transmission sequence numbers begin.
const ORIGIN: u64 = 1 << 40;
/// Numbers remembered behind the newest, to tell repetitions from late arrivals.
const MEMORY: u64 = 128;
/// A distance that no association bridges: another one with the same ports and tag.
const FARTHEST: u64 = 1 << 20;
/// Bookkeeping of one fragment, charged on top of its bytes.
const OVERHEAD_BYTES: usize = 128;

/// A direction of an association: the receiver's tag tells it from the one before.
type Key = (Flow, u32);

/// Directions of associations, at most as many as TCP directions.
#[derive(Debug)]
pub(super) struct Associations {
    inbound: HashMap<Key, Inbound, FixedState>,
    order: Order<Key>,
    held_bytes: usize,
    limits: Limits,
}

#[derive(Debug)]
struct Inbound {
    touched: Time,
    newest: u64,
    /// Bit n: `newest - n` was seen.
    known: u128,
    fragments: BTreeMap<Place, Held>,
    held_bytes: usize,
}

/// Where a fragment belongs: those of one message follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The message, where its fragments are numbered by themselves: unordered or not, stream,
    /// message identifier.
    message: Option<(bool, u16, u32)>,
    number: u64,
}

#[derive(Debug)]
struct Held {
    frame: FrameRef,
    flags: u8,
    missing: u32,
    bytes: Box<[u8]>,
}

/// A user message put together.
struct Whole {
    first_frame: FrameRef,
    /// Bytes that were not captured; what would follow them is left out.
    missing: u32,
    bytes: Vec<u8>,
}

impl Associations {
    pub(super) fn new(limits: &Limits) -> Associations {
        Associations {
            inbound: HashMap::with_hasher(FixedState::default()),
            order: Order::new(),
            held_bytes: 0,
            limits: *limits,
        }
    }

    pub(super) fn chunks(
        &mut self,
        chunks: &Chunks<'_>,
        clock: Time,
        tally: &mut Tally,
        emit: &mut Emit<'_>,
    ) {
        let key = (chunks.flow, chunks.tag);
        for chunk in *chunks {
            let order = &mut self.order;
            let inbound = self.inbound.entry(key).or_insert_with(|| {
                order.push(clock, key);
                Inbound::new(chunk.tsn, clock)
            });
            inbound.touched = clock;
            if !inbound.is_new(chunk.tsn) {
                tally.statistics.segments_repeated += 1;
                continue;
            }
            let seen = Sighting {
                missing: chunk.missing,
                ..chunks.seen
            };
            if chunk.is_whole() {
                emit(seen.payload(chunks.flow, chunk.bytes));
                continue;
            }
            self.held_bytes -= inbound.held_bytes;
            if let Some(whole) = inbound.fragment(&chunk, seen.frame) {
                let seen = Sighting {
                    missing: whole.missing,
                    ..seen
                };
                let payload = seen.payload(chunks.flow, &whole.bytes);
                emit(Payload {
                    first_frame: whole.first_frame,
                    ..payload
                });
            }
            if inbound.held_bytes > self.limits.stream_bytes {
                tally.count(reason::MESSAGE_TOO_LONG, seen.frame);
                inbound.clear();
            }
            self.held_bytes += inbound.held_bytes;
        }
        self.bound(tally);
    }

    /// Counts the messages that were begun and not completed.
    pub(super) fn finish(&mut self, tally: &mut Tally) {
        for key in self.order.take() {
            self.forget(&key, reason::MESSAGE_UNFINISHED, tally);
        }
    }

    fn bound(&mut self, tally: &mut Tally) {
        while self.inbound.len() > self.limits.streams
            || self.held_bytes > self.limits.stream_total_bytes
        {
            let touched = |key| self.inbound.get(&key).map(|known| known.touched);
            let Some(key) = self.order.pop(|_| true, touched) else {
                break;
            };
            self.forget(&key, reason::STREAM_EVICTED, tally);
        }
    }

    fn forget(&mut self, key: &Key, reason: &'static str, tally: &mut Tally) {
        let Some(inbound) = self.inbound.remove(key) else {
            return;
        };
        self.held_bytes -= inbound.held_bytes;
        if let Some(held) = inbound.fragments.values().next() {
            tally.count(reason, held.frame);
        }
    }
}

impl Inbound {
    fn new(tsn: u32, touched: Time) -> Inbound {
        let newest = ORIGIN + u64::from(tsn) - 1;
        Inbound {
            touched,
            newest,
            known: 0,
            fragments: BTreeMap::new(),
            held_bytes: 0,
        }
    }

    /// Whether a chunk with this number was not seen before; notes that it is now.
    fn is_new(&mut self, tsn: u32) -> bool {
        let mut position = self.position(tsn);
        if position.abs_diff(self.newest) > FARTHEST {
            *self = Inbound::new(tsn, self.touched);
            position = self.position(tsn);
        }
        if position > self.newest {
            let distance = position - self.newest;
            let shift = u32::try_from(distance).unwrap_or(u32::MAX);
            self.known = self.known.checked_shl(shift).unwrap_or(0) | 1;
            self.newest = position;
            return true;
        }
        let behind = self.newest - position;
        if behind >= MEMORY {
            return false;
        }
        let bit = 1u128 << behind;
        let is_new = self.known & bit == 0;
        self.known |= bit;
        is_new
    }

    fn position(&self, tsn: u32) -> u64 {
        let distance = tsn.wrapping_sub(self.newest as u32) as i32;
        self.newest.wrapping_add_signed(i64::from(distance))
    }

    /// Holds a fragment and returns the message that it completes.
    fn fragment(&mut self, chunk: &Chunk<'_>, frame: FrameRef) -> Option<Whole> {
        let place = match chunk.interleaved {
            Some((message, number)) => Place {
                message: Some((chunk.is_unordered(), chunk.stream, message)),
                number: u64::from(number),
            },
            None => Place {
                message: None,
                number: self.position(chunk.tsn),
            },
        };
        let (flags, missing) = (chunk.flags, chunk.missing);
        let held = Held {
            frame,
            flags,
            missing,
            bytes: chunk.bytes.into(),
        };
        self.held_bytes += held.bytes.len() + OVERHEAD_BYTES;
        if let Some(before) = self.fragments.insert(place, held) {
            self.held_bytes -= before.bytes.len() + OVERHEAD_BYTES;
        }
        // Fragments that come in order, or in the opposite one, need no walk before the last one.
        let goes_on = |flag: u8, number: Option<u64>| {
            let near = number.map(|number| Place { number, ..place });
            flags & flag != 0 || near.is_some_and(|near| self.fragments.contains_key(&near))
        };
        let number = place.number;
        if !goes_on(Chunk::BEGIN, number.checked_sub(1))
            || !goes_on(Chunk::END, number.checked_add(1))
        {
            return None;
        }
        let end = self.walk(place, Chunk::END, |number| number.checked_add(1))?;
        let begin = self.walk(place, Chunk::BEGIN, |number| number.checked_sub(1))?;
        let mut whole = Whole {
            first_frame: frame,
            missing: 0,
            bytes: Vec::new(),
        };
        for number in begin..=end {
            let held = self.fragments.remove(&Place { number, ..place })?;
            self.held_bytes -= held.bytes.len() + OVERHEAD_BYTES;
            whole.first_frame = whole.first_frame.min(held.frame);
            if whole.missing == 0 {
                whole.bytes.extend_from_slice(&held.bytes);
            }
            whole.missing = whole.missing.saturating_add(held.missing);
        }
        Some(whole)
    }

    /// The number with `flag`, reached by steps over fragments without one.
    fn walk(&self, from: Place, flag: u8, step: fn(u64) -> Option<u64>) -> Option<u64> {
        let mut at = from;
        while self.fragments.get(&at)?.flags & flag == 0 {
            at.number = step(at.number)?;
        }
        Some(at.number)
    }

    fn clear(&mut self) {
        self.fragments.clear();
        self.held_bytes = 0;
    }
}
