//! What must be seen in order: IP fragments and byte streams. Stateful, bounded.
//!
//! Everything here is fed in frame order. The clock is the latest capture time seen so far; it
//! ages what waits for missing parts. All tables have limits; reaching one is counted.

mod associations;
mod cutter;
mod direction;
mod fragments;
mod inflation;
mod order;
mod outlet;
mod pieces;
pub mod reason;
mod recent;
mod streams;
mod tally;
mod tls;
mod unwrapping;
mod websocket;

pub use tally::{EncryptedPort, Statistics};

use crate::decode::{Chunks, Decoded, Decoder, Fragment, Segment};
use crate::{Disturbance, Framer, Limits, Payload, Skipped, Time};
use associations::Associations;
use fragments::Fragments;
use streams::Streams;
use tally::Tally;

/// Receives the payloads that a lane completes.
pub type Emit<'e> = dyn FnMut(Payload<'_>) + 'e;

/// Puts fragments and segments in order and cuts messages out of them.
#[derive(Debug)]
pub struct Lane {
    fragments: Fragments,
    streams: Streams,
    associations: Associations,
    tally: Tally,
}

impl Lane {
    /// An empty lane; `framer` finds the messages of the streams.
    pub fn new(limits: &Limits, framer: Framer) -> Lane {
        Lane {
            fragments: Fragments::new(limits),
            streams: Streams::new(limits, framer),
            associations: Associations::new(limits),
            tally: Tally::default(),
        }
    }

    /// Takes the next IP fragment. A datagram that it completes is decoded on the spot,
    /// tunnels and segments inside included.
    pub fn fragment(&mut self, fragment: &Fragment<'_>, clock: Time, emit: &mut Emit<'_>) {
        self.tally.clock = clock;
        let Some(whole) = self.fragments.push(fragment, clock, &mut self.tally) else {
            return;
        };
        let mut seen = whole.seen;
        let ends = (fragment.src, fragment.dst);
        match Decoder::datagram(&mut seen, ends, whole.protocol, &whole.bytes) {
            Decoded::Datagram(payload) => emit(payload),
            // A fragment inside a fragment is inside a tunnel, and tunnels are counted.
            Decoded::Fragment(inner) => self.fragment(&inner, clock, emit),
            Decoded::Segment(segment) => self.segment(&segment, clock, emit),
            Decoded::Chunks(chunks) => self.chunks(&chunks, clock, emit),
            Decoded::Refusal(_) => {
                let reason = reason::REFUSAL_FRAGMENTED;
                self.tally.count(reason, seen.frame);
            }
            Decoded::Other => {}
            Decoded::Skipped(reason) => self.tally.count(reason, seen.frame),
        }
    }

    /// Takes the next TCP segment.
    pub fn segment(&mut self, segment: &Segment<'_>, clock: Time, emit: &mut Emit<'_>) {
        self.tally.clock = clock;
        self.streams.segment(segment, clock, &mut self.tally, emit);
    }

    /// Takes the user data of the next SCTP packet.
    pub fn chunks(&mut self, chunks: &Chunks<'_>, clock: Time, emit: &mut Emit<'_>) {
        self.tally.clock = clock;
        self.associations
            .chunks(chunks, clock, &mut self.tally, emit);
    }

    /// Capture time went on to `clock`: gives up what has waited for missing parts long enough,
    /// and gives out what waited behind it. Any part taken does so, too.
    pub fn advance(&mut self, clock: Time, emit: &mut Emit<'_>) {
        self.tally.clock = clock;
        self.fragments.expire(clock, &mut self.tally);
        self.streams.expire(clock, &mut self.tally, emit);
    }

    /// The capture is over: gives out what was begun and counts what cannot be given out.
    pub fn finish(&mut self, emit: &mut Emit<'_>) {
        self.fragments.finish(&mut self.tally);
        self.streams.finish(&mut self.tally, emit);
        self.associations.finish(&mut self.tally);
    }

    /// What of one capture could not be put together, by the names in [`reason`] and
    /// [`crate::decode::reason`].
    pub fn skipped(&self, file: u16) -> Skipped {
        self.tally.skipped(file)
    }

    /// What was found missing since the last time.
    pub fn drain_disturbances(&mut self) -> impl Iterator<Item = Disturbance> + '_ {
        self.tally.disturbances.drain(..)
    }

    /// Streams recognised as TLS in one capture, by server port in ascending order.
    pub fn encrypted(&self, file: u16) -> impl Iterator<Item = EncryptedPort> + '_ {
        self.tally.encrypted(file)
    }

    /// What happened that needs no explanation to the user.
    pub fn statistics(&self) -> Statistics {
        self.tally.statistics
    }
}
