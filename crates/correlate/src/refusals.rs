//! Packets with SIP that ICMP or ICMPv6 says were refused: an INVITE turned away, not lost.

mod kind;
mod refused;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use siptriage_capture::decode::Cause;
use siptriage_capture::{Endpoint, Flow, Time, Transport};

use crate::leg::Leg;
use crate::record::FrameRef;
pub use kind::RefusalKind;
pub use refused::{Quoted, Refused};

/// Refusals counted together: of one capture, one destination, one reporter and one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusing {
    /// The capture, from 0.
    pub file: u16,
    /// The transport of the refused packets.
    pub transport: Transport,
    /// Where they went.
    pub destination: Endpoint,
    /// Who refused them.
    pub reporter: IpAddr,
    /// Why.
    pub cause: Cause,
}

/// How often, and where first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedTimes {
    /// How often.
    pub count: u64,
    /// The first error.
    pub first: FrameRef,
    /// Whether one of the packets is known to have been SIP.
    is_sip: bool,
}

/// The first error about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedMessage {
    /// The error.
    pub frame: FrameRef,
    /// Who refused.
    pub reporter: IpAddr,
    /// Why.
    pub cause: Cause,
}

/// The flow of a message, its Call-ID if that is quoted, then when it was refused.
type Sighting = (Flow, Option<u64>, Time, FrameRef);

/// Refusals of SIP, bounded. What is refused but is not SIP is only counted.
///
/// They are taken in the order of the capture, and asked for by stretches of time that are over,
/// so what is found does not depend on how far the capture has been read.
#[derive(Debug, Default)]
pub struct Refusals {
    counted: BTreeMap<Refusing, RefusedTimes>,
    sightings: BTreeMap<Sighting, (IpAddr, Cause)>,
    /// Destinations of which neither quote nor port says whether they speak SIP.
    unproven: BTreeSet<(Transport, Endpoint)>,
    proven: BTreeSet<(Transport, Endpoint)>,
    /// Refusals of what is not SIP, by capture.
    others: BTreeMap<u16, u64>,
    limit: usize,
    /// Refusals past the limit.
    pub overflow: u64,
}

impl Refusals {
    /// Ports registered for SIP.
    const PORTS: [u16; 2] = [5060, 5061];

    /// Keeps at most `limit` refusals as evidence, and counts as many destinations.
    pub fn new(limit: usize) -> Refusals {
        Refusals {
            limit,
            ..Refusals::default()
        }
    }

    /// Takes a refusal.
    pub fn add(&mut self, refused: &Refused) {
        let call = match refused.quoted {
            Quoted::Other => {
                *self.others.entry(refused.frame.file()).or_default() += 1;
                return;
            }
            Quoted::Sip(call) => call,
            Quoted::Nothing => None,
        };
        let is_counted = self.count(refused);
        let is_kept = self.sightings.len() < self.limit;
        if is_kept {
            let sighting = (refused.flow, call, refused.clock, refused.frame);
            let found = (refused.reporter, refused.cause);
            self.sightings.insert(sighting, found);
        }
        self.overflow += u64::from(!is_counted || !is_kept);
    }

    /// The endpoints of a settled leg speak SIP.
    pub fn vouch(&mut self, leg: &Leg) {
        if self.unproven.is_empty() {
            return;
        }
        for vantage in &leg.vantages {
            let Flow {
                src,
                dst,
                transport,
            } = vantage.flow;
            for end in [src, dst] {
                self.vouch_for(transport, end);
            }
        }
    }

    /// An endpoint speaks SIP.
    pub fn vouch_for(&mut self, transport: Transport, end: Endpoint) {
        if self.unproven.remove(&(transport, end)) {
            self.proven.insert((transport, end));
        }
    }

    /// The first refusal of a message on its flow, with its Call-ID or without any quoted,
    /// between the two times.
    pub fn of_message(
        &self,
        flow: Flow,
        call_id_hash: u64,
        from: Time,
        until: Time,
    ) -> Option<RefusedMessage> {
        if self.sightings.is_empty() || from > until {
            return None;
        }
        let first = |call| {
            let begin = (flow, call, from, FrameRef::default());
            let end = (flow, call, until, FrameRef::new(u16::MAX, u64::MAX));
            let (key, found) = self.sightings.range(begin..=end).next()?;
            let (_, _, clock, frame) = *key;
            Some((clock, frame, *found))
        };
        let (quoted, unquoted) = (first(Some(call_id_hash)), first(None));
        let (_, frame, (reporter, cause)) = quoted.or(unquoted)?;
        Some(RefusedMessage {
            frame,
            reporter,
            cause,
        })
    }

    /// The refusals of SIP in one capture, by destination.
    pub fn in_capture(&self, file: u16) -> impl Iterator<Item = (&Refusing, &RefusedTimes)> {
        let known = self.counted.iter();
        known.filter(move |(refusing, times)| refusing.file == file && self.is_sip(refusing, times))
    }

    /// How many refusals in one capture were not of SIP, as far as can be told.
    pub fn of_others(&self, file: u16) -> u64 {
        let known = self
            .counted
            .iter()
            .filter(|(refusing, times)| refusing.file == file && !self.is_sip(refusing, times));
        let unproven: u64 = known.map(|(_, times)| times.count).sum();
        unproven + self.others.get(&file).copied().unwrap_or(0)
    }

    /// Counts a refusal, if there is room.
    fn count(&mut self, refused: &Refused) -> bool {
        let refusing = Refusing {
            file: refused.frame.file(),
            transport: refused.flow.transport,
            destination: refused.flow.dst,
            reporter: refused.reporter,
            cause: refused.cause,
        };
        if self.counted.len() >= self.limit && !self.counted.contains_key(&refusing) {
            return false;
        }
        let times = self.counted.entry(refusing).or_insert(RefusedTimes {
            count: 0,
            first: refused.frame,
            is_sip: false,
        });
        times.count += 1;
        times.is_sip |= matches!(refused.quoted, Quoted::Sip(_));
        let end = (refusing.transport, refusing.destination);
        if !times.is_sip && !self.proven.contains(&end) {
            self.unproven.insert(end);
        }
        true
    }

    fn is_sip(&self, refusing: &Refusing, times: &RefusedTimes) -> bool {
        let end = (refusing.transport, refusing.destination);
        times.is_sip
            || Self::PORTS.contains(&refusing.destination.port)
            || self.proven.contains(&end)
    }
}

#[cfg(test)]
mod tests {
    use siptriage_capture::time::SECOND;

    use super::*;

    fn end(host: u8, port: u16) -> Endpoint {
        Endpoint::new([192, 0, 2, host].into(), port)
    }

    fn flow(port: u16) -> Flow {
        Flow {
            src: end(1, 5060),
            dst: end(9, port),
            transport: Transport::Udp,
        }
    }

    fn refused(number: u64, port: u16, quoted: Quoted) -> Refused {
        Refused {
            frame: FrameRef::new(0, number),
            clock: Time(number as i64 * SECOND),
            flow: flow(port),
            reporter: end(9, 0).ip,
            cause: Cause::V4 { kind: 3, code: 3 },
            quoted,
        }
    }

    fn counts(refusals: &Refusals) -> Vec<(u16, u64, u64)> {
        let rows = refusals.in_capture(0);
        let rows = rows.map(|(refusing, times)| {
            (refusing.destination.port, times.count, times.first.number())
        });
        rows.collect()
    }

    #[test]
    fn a_message_is_refused_within_its_time_and_call() {
        let mut refusals = Refusals::new(10);
        refusals.add(&refused(2, 5060, Quoted::Sip(Some(7))));
        refusals.add(&refused(5, 5060, Quoted::Sip(Some(8))));
        refusals.add(&refused(6, 5060, Quoted::Sip(Some(8))));
        refusals.add(&refused(9, 5060, Quoted::Nothing));
        let found = |call, from, until| {
            let (from, until) = (Time(from * SECOND), Time(until * SECOND));
            let found = refusals.of_message(flow(5060), call, from, until);
            found.map(|found| found.frame.number())
        };
        assert_eq!(found(8, 1, 8), Some(5));
        assert_eq!(found(8, 6, 8), Some(6));
        assert_eq!(found(8, 7, 8), None);
        assert_eq!(found(1, 0, 8), None);
        assert_eq!(found(1, 0, 9), Some(9));
        assert_eq!(found(8, 9, 1), None);
        assert_eq!(
            refusals.of_message(flow(5062), 8, Time(0), Time(9 * SECOND)),
            None
        );
    }

    #[test]
    fn media_is_counted_and_not_listed() {
        let mut refusals = Refusals::new(10);
        refusals.add(&refused(1, 5060, Quoted::Nothing));
        refusals.add(&refused(2, 5060, Quoted::Sip(None)));
        refusals.add(&refused(3, 40_000, Quoted::Other));
        refusals.add(&refused(4, 40_002, Quoted::Nothing));
        refusals.add(&refused(5, 5062, Quoted::Sip(None)));
        assert_eq!(counts(&refusals), [(5060, 2, 1), (5062, 1, 5)]);
        assert_eq!((refusals.of_others(0), refusals.of_others(1)), (2, 0));
    }

    #[test]
    fn what_is_past_the_limit_is_counted() {
        let mut refusals = Refusals::new(1);
        for number in 1..4 {
            refusals.add(&refused(number, 5060, Quoted::Nothing));
        }
        refusals.add(&refused(4, 5061, Quoted::Nothing));
        assert_eq!(counts(&refusals), [(5060, 3, 1)]);
        assert_eq!(refusals.overflow, 3);
    }
}
