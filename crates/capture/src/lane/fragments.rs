//! IP datagrams from their fragments (RFC 791 3.2, RFC 8200 4.5), in any order.

use std::collections::VecDeque;
use std::net::IpAddr;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::decode::{Fragment, Place, Sighting};
use crate::lane::pieces::{Overlap, Pieces};
use crate::lane::reason;
use crate::lane::tally::Tally;
use crate::{FrameRef, Limits, Time};

/// The largest payload an IP datagram can have.
const LARGEST_BYTES: usize = 65_535;

/// Datagrams under reassembly. Neither links nor tunnels are part of the key: the fragments of
/// one datagram may take different ones.
#[derive(Debug)]
pub(super) struct Fragments {
    partial: HashMap<Key, Partial, FixedState>,
    /// One entry for each of `partial`, oldest first.
    order: VecDeque<(Time, Key)>,
    cost_bytes: usize,
    most: usize,
    most_bytes: usize,
    age: i64,
}

/// A datagram put together.
pub(super) struct Whole {
    pub(super) seen: Sighting,
    pub(super) protocol: u8,
    pub(super) bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    src: IpAddr,
    dst: IpAddr,
    id: u32,
    /// 0 for IPv6, whose fragments need not agree on it (RFC 8200 4.5).
    protocol: u8,
}

#[derive(Debug)]
struct Partial {
    started: Time,
    first_frame: FrameRef,
    pieces: Pieces,
    /// What the fragment at offset 0 said.
    protocol: Option<u8>,
    end: Option<usize>,
    /// A copy was delivered before: what is held since is what a mirror port doubled.
    delivered: bool,
}

impl Partial {
    fn new(started: Time, first_frame: FrameRef) -> Partial {
        let pieces = Pieces::default();
        Partial {
            started,
            first_frame,
            pieces,
            protocol: None,
            end: None,
            delivered: false,
        }
    }

    fn is_loss(&self) -> bool {
        !self.delivered && !self.pieces.is_empty()
    }

    /// Whether a fragment that ends at `end` contradicts what is known of the end.
    fn contradicts(&self, end: usize, place: Place) -> bool {
        match (self.end, place) {
            (Some(known), Place::Last) => known != end,
            (Some(known), Place::Inner) => known < end,
            (None, Place::Last) => self.pieces.end() > end as u64,
            (None, Place::Inner) => false,
        }
    }
}

impl Fragments {
    pub(super) fn new(limits: &Limits) -> Fragments {
        Fragments {
            partial: HashMap::with_hasher(FixedState::default()),
            order: VecDeque::new(),
            cost_bytes: 0,
            most: limits.fragment_datagrams,
            most_bytes: limits.fragment_bytes,
            age: limits.fragment_age,
        }
    }

    /// Takes a fragment and returns the datagram that it completes. The first fragment of a
    /// capture that cuts frames is returned at once, since its rest will never come.
    pub(super) fn push(
        &mut self,
        fragment: &Fragment<'_>,
        clock: Time,
        tally: &mut Tally,
    ) -> Option<Whole> {
        self.expire(clock, tally);
        let key = Key {
            src: fragment.src,
            dst: fragment.dst,
            id: fragment.id,
            protocol: if fragment.src.is_ipv6() {
                0
            } else {
                fragment.protocol
            },
        };
        let order = &mut self.order;
        let partial = self.partial.entry(key).or_insert_with(|| {
            order.push_back((clock, key));
            Partial::new(clock, fragment.seen.frame)
        });
        if partial.pieces.is_empty() {
            (partial.started, partial.first_frame) = (clock, fragment.seen.frame);
        }
        let cost_before = partial.pieces.cost_bytes();
        let whole = add(partial, fragment, tally);
        self.cost_bytes += partial.pieces.cost_bytes();
        self.cost_bytes -= cost_before;
        while self.partial.len() > self.most || self.cost_bytes > self.most_bytes {
            let Some((_, key)) = self.order.pop_front() else {
                break;
            };
            self.forget(&key, reason::FRAGMENTS_EVICTED, tally);
        }
        whole
    }

    /// Counts what is still incomplete.
    pub(super) fn finish(&mut self, tally: &mut Tally) {
        while let Some((_, key)) = self.order.pop_front() {
            self.forget(&key, reason::FRAGMENTS_INCOMPLETE, tally);
        }
    }

    /// Gives up the datagrams that are incomplete for long.
    pub(super) fn expire(&mut self, clock: Time, tally: &mut Tally) {
        while let Some(&(queued, key)) = self.order.front() {
            if clock.since(queued) <= self.age {
                break;
            }
            self.order.pop_front();
            match self.partial.get(&key) {
                Some(partial) if clock.since(partial.started) <= self.age => {
                    self.order.push_back((partial.started, key));
                }
                Some(_) | None => self.forget(&key, reason::FRAGMENTS_INCOMPLETE, tally),
            }
        }
    }

    fn forget(&mut self, key: &Key, reason: &'static str, tally: &mut Tally) {
        let Some(partial) = self.partial.remove(key) else {
            return;
        };
        self.cost_bytes -= partial.pieces.cost_bytes();
        if partial.is_loss() {
            tally.count(reason, partial.first_frame);
            tally.miss((key.src, key.dst), partial.started, partial.started);
        }
    }
}

/// Adds a fragment to its datagram and takes the datagram out when it is complete.
fn add(partial: &mut Partial, fragment: &Fragment<'_>, tally: &mut Tally) -> Option<Whole> {
    let frame = fragment.seen.frame;
    if fragment.seen.missing > 0 {
        if fragment.offset > 0 {
            tally.count(reason::FRAGMENT_TRUNCATED, frame);
            return None;
        }
        partial.delivered = true;
        let bytes = fragment.bytes.to_vec();
        return Some(Whole {
            seen: fragment.seen,
            protocol: fragment.protocol,
            bytes,
        });
    }
    let end = fragment.offset + fragment.bytes.len();
    if end > LARGEST_BYTES || partial.contradicts(end, fragment.place) {
        tally.count(reason::FRAGMENTS_CONFLICTING, frame);
        return None;
    }
    match partial
        .pieces
        .insert(fragment.offset as u64, fragment.bytes, &fragment.seen)
    {
        Overlap::Agrees => {}
        Overlap::Conflicts => tally.count(reason::FRAGMENTS_CONFLICTING, frame),
    }
    if fragment.offset == 0 && partial.protocol.is_none() {
        partial.protocol = Some(fragment.protocol);
    }
    if fragment.place == Place::Last {
        partial.end = Some(end);
    }
    if partial.end != Some(partial.pieces.bytes()) {
        return None;
    }
    let seen = Sighting {
        first_frame: partial.first_frame,
        ..fragment.seen
    };
    let protocol = partial.protocol?;
    let bytes = partial.pieces.joined();
    *partial = Partial {
        delivered: true,
        ..Partial::new(partial.started, frame)
    };
    tally.statistics.datagrams_reassembled += 1;
    Some(Whole {
        seen,
        protocol,
        bytes,
    })
}
