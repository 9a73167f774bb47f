//! What the capture as a whole can prove: how far it reaches, where it is silent, who was heard.

use std::net::IpAddr;

use hashbrown::HashTable;
use siptriage_capture::time::SECOND;
use siptriage_capture::{Disturbance, Flow, Time};

use crate::disturbances::Disturbances;
use crate::hash;
use crate::leg::Leg;
use crate::points::{Points, Shift};
use crate::profile::Profile;
use crate::refusals::Refusals;
use crate::scanners::Scanners;
use crate::skews::Skews;
use crate::study::Case;

/// Facts about the capture that a single call cannot know.
#[derive(Debug, Default)]
pub struct Scene {
    /// Hosts that were caught scanning.
    pub scanners: Scanners,
    /// The clock up to which the capture was read.
    pub end: Option<Time>,
    /// Silences of the capture: begin and end. At most 1,024; the last one then stands for all that
    /// follow.
    pub silences: Vec<(Time, Time)>,
    /// Packets that the capturing host says it dropped, holes found in streams, clocks set back.
    pub disturbances: Disturbances,
    /// How far the clocks of capture points are apart.
    pub skews: Skews,
    /// From when to when each of them was at work.
    pub points: Points,
    /// What the messages themselves say about packets that were not captured.
    pub misses: Misses,
    /// Takes the end of the capture as the end of the world, as for a lab trace.
    pub assume_complete: bool,
    /// Who was heard when.
    pub pairs: Pairs,
    /// What the site says about its peers.
    pub profile: Profile,
    /// Packets that were refused.
    pub refusals: Refusals,
}

/// What becomes known about the capture while it is read.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Silences of the capture that are over: begin and end.
    pub silences: Vec<(Time, Time)>,
    /// Losses, and clocks that were set.
    pub disturbances: Vec<Disturbance>,
    /// Capture points that began or ended.
    pub shifts: Vec<Shift>,
}

impl Circumstances {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.silences.clear();
        self.disturbances.clear();
        self.shifts.clear();
    }

    /// Adds what else became known.
    pub fn extend(&mut self, other: &Circumstances) {
        self.silences.extend_from_slice(&other.silences);
        self.disturbances.extend_from_slice(&other.disturbances);
        self.shifts.extend_from_slice(&other.shifts);
    }
}

/// Whether the capture shows all of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Full,
    /// The capture ends this many nanoseconds after its begin.
    EndsAfter(i64),
    /// The capture is silent within it, this many nanoseconds after its begin.
    SilentAfter(i64),
}

impl Scene {
    /// Silences kept one by one; the last one then stands for all that follow.
    const SILENCES: usize = 1_024;

    /// Takes note of what became known.
    pub fn learn(&mut self, circumstances: Circumstances) {
        for (begin, end) in circumstances.silences {
            let is_full = self.silences.len() >= Self::SILENCES;
            match self.silences.last_mut() {
                Some(last) if is_full => last.1 = last.1.max(end),
                _ => self.silences.push((begin, end)),
            }
        }
        for disturbance in circumstances.disturbances {
            self.disturbances.add(disturbance);
        }
        for shift in circumstances.shifts {
            self.points.add(shift);
        }
    }

    /// Whether the capture shows `span` nanoseconds after `from` (guard G-WIN). Where times were
    /// corrected, it shows less by the correction: each capture point ends by its own clock.
    pub fn coverage(&self, case: &Case, from: Time, span: i64) -> Coverage {
        if self.assume_complete {
            return Coverage::Full;
        }
        let leg = &case.leg;
        let until = from.plus(span).plus(case.clocks.shift);
        let silent = self
            .silences
            .iter()
            .find(|(begin, end)| *begin < until.min(leg.seen_until) && *end > from);
        if let Some((begin, _)) = silent {
            return Coverage::SilentAfter(begin.since(from).max(0));
        }
        let end = self.points.end(leg).unwrap_or(leg.seen_until);
        let end = end.min(leg.seen_until);
        if end < until {
            let shown = end.since(from).saturating_sub(case.clocks.shift);
            return Coverage::EndsAfter(shown.max(0));
        }
        Coverage::Full
    }

    /// Whether a capture point was at work all the time from `from` to `until`, as far as is known at
    /// `until`.
    pub fn watches(&self, point: u16, from: Time, until: Time) -> bool {
        let mut silences = self.silences.iter();
        let is_silent = silences.any(|(begin, end)| *begin < until && *end > from);
        self.assume_complete || !is_silent && !self.points.has_ended(point, until)
    }

    /// Whether messages of both directions between the hosts of `flow` were captured in `leg` or
    /// elsewhere, with no pause of the capture between them and `around` (guard G-BOTH).
    pub fn hears_both_ways(&self, leg: &Leg, flow: Flow, around: Time) -> bool {
        let (from, until) = self.unbroken(leg, around);
        let mut records = leg.records.iter();
        let back = records.any(|record| {
            let shown = leg.vantage(record.vantage).flow;
            (shown.src.ip, shown.dst.ip) == (flow.dst.ip, flow.src.ip)
                && (from..=until).contains(&record.time)
        });
        back || self.pairs.heard_in(flow.dst.ip, flow.src.ip, from, until)
    }

    /// The stretch of time around a time in which the capture did not pause, as far as was known
    /// when a leg settled.
    fn unbroken(&self, leg: &Leg, around: Time) -> (Time, Time) {
        let known = self.silences.iter();
        let known = known.filter(|(_, end)| *end <= leg.seen_until);
        let mut unbroken = (Time::MIN, Time::MAX);
        for (begin, end) in known {
            if *end <= around {
                unbroken.0 = unbroken.0.max(*end);
            } else {
                unbroken.1 = unbroken.1.min(*begin);
            }
        }
        unbroken
    }
}

/// Messages that were captured, and messages that others prove but that were not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Misses {
    /// Captured, copies by the capture left out.
    pub captured: u64,
    /// Proven by others only, as [`Case::missed_messages`] counts them.
    pub missed: u64,
}

impl Misses {
    /// Adds the messages of a settled leg, of which so many are copies by the capture.
    pub fn add(&mut self, case: &Case, copies: u64, pairs: &Pairs) {
        self.captured += case.leg.records.len() as u64 - copies;
        self.missed += case.missed_messages(pairs);
    }

    /// Whether so many were missed that an absence proves little: one in 500 or more.
    pub fn are_many(&self) -> bool {
        self.missed > 0 && self.missed.saturating_mul(500) >= self.captured
    }
}

/// When messages went from one host to another.
#[derive(Clone, Copy, Debug)]
struct Activity {
    hosts: (IpAddr, IpAddr),
    messages: u64,
    /// One bit for each of the latest 64 stretches of [`Pairs::STRETCH`]; bit 0 is `newest`.
    recent: u64,
    newest: i64,
}

/// SIP traffic by ordered pair of hosts. Bounded: pairs past the limit are counted, not kept.
#[derive(Debug, Default)]
pub struct Pairs {
    known: HashTable<Activity>,
    limit: usize,
    /// Messages of pairs that were not kept.
    pub overflow: u64,
}

impl Pairs {
    /// Length of a stretch of time in which activity is a yes or no.
    pub const STRETCH: i64 = 10 * SECOND;

    /// Remembers at most `limit` pairs.
    pub fn new(limit: usize) -> Pairs {
        Pairs {
            known: HashTable::new(),
            limit,
            overflow: 0,
        }
    }

    /// An empty one with the same limit.
    #[must_use]
    pub fn like(&self) -> Pairs {
        Pairs::new(self.limit)
    }

    /// The stretch of [`Pairs::STRETCH`] that a time is in.
    pub fn stretch(clock: Time) -> i64 {
        clock.0.div_euclid(Self::STRETCH)
    }

    /// Takes note of messages from one host to another within a stretch of time.
    pub fn hear(&mut self, src: IpAddr, dst: IpAddr, stretch: i64, messages: u64) {
        self.note(Activity {
            hosts: (src, dst),
            messages,
            recent: 1,
            newest: stretch,
        });
    }

    /// Adds what another part of the same capture heard.
    pub fn merge(&mut self, other: &Pairs) {
        for activity in &other.known {
            self.note(*activity);
        }
        self.overflow += other.overflow;
    }

    /// Whether any message went from `src` to `dst`.
    pub fn heard(&self, src: IpAddr, dst: IpAddr) -> bool {
        self.activity(src, dst).is_some()
    }

    /// Whether a message went from `src` to `dst` between the two times, by stretches of
    /// [`Pairs::STRETCH`]. Of an earlier past than the newest 64 it is known only that there was
    /// one.
    pub fn heard_in(&self, src: IpAddr, dst: IpAddr, from: Time, until: Time) -> bool {
        let Some(activity) = self.activity(src, dst) else {
            return false;
        };
        if from == Time::MIN && until == Time::MAX {
            return true;
        }
        let (first, last) = (Self::stretch(from), Self::stretch(until));
        (0..64).any(|age| {
            let stretch = activity.newest - age;
            activity.recent >> age & 1 == 1 && (first..=last).contains(&stretch)
        })
    }

    /// Messages from `src` to `dst`.
    pub fn messages(&self, src: IpAddr, dst: IpAddr) -> u64 {
        self.activity(src, dst)
            .map_or(0, |activity| activity.messages)
    }

    /// Whether messages went from `src` to `dst` between the two times, edges left out by one
    /// stretch so that the traffic in question does not vouch for itself.
    pub fn heard_within(&self, src: IpAddr, dst: IpAddr, from: Time, until: Time) -> bool {
        let Some(activity) = self.activity(src, dst) else {
            return false;
        };
        let first = from.0.div_euclid(Self::STRETCH) + 1;
        let last = until.0.div_euclid(Self::STRETCH) - 1;
        let newest = activity.newest;
        (first..=last.min(newest)).rev().take(64).any(|stretch| {
            let age = newest - stretch;
            age < 64 && activity.recent >> age & 1 == 1
        })
    }

    fn activity(&self, src: IpAddr, dst: IpAddr) -> Option<&Activity> {
        let hosts = (src, dst);
        let place = hash::of(&hosts);
        self.known.find(place, |known| known.hosts == hosts)
    }

    fn note(&mut self, seen: Activity) {
        let place = hash::of(&seen.hosts);
        let known = self
            .known
            .find_mut(place, |known| known.hosts == seen.hosts);
        if let Some(known) = known {
            known.messages += seen.messages;
            let shift = seen.newest - known.newest;
            if shift >= 0 {
                known.recent = shifted(known.recent, shift) | seen.recent;
                known.newest = seen.newest;
            } else {
                known.recent |= shifted(seen.recent, -shift);
            }
        } else {
            self.begin(place, seen);
        }
    }

    #[cold]
    fn begin(&mut self, place: u64, seen: Activity) {
        if self.known.len() < self.limit {
            let place_of = |known: &Activity| hash::of(&known.hosts);
            self.known.insert_unique(place, seen, place_of);
        } else {
            self.overflow += seen.messages;
        }
    }
}

fn shifted(bits: u64, by: i64) -> u64 {
    if by < 64 { bits << by } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_limit_the_last_silence_stands_for_all_that_follow() {
        let silence = |number: i64| (Time(number * 10), Time(number * 10 + 1));
        for count in [Scene::SILENCES - 1, Scene::SILENCES, Scene::SILENCES + 5] {
            let mut scene = Scene::default();
            for number in 0..count as i64 {
                scene.learn(Circumstances {
                    silences: vec![silence(number)],
                    ..Circumstances::default()
                });
            }
            let (kept, last) = (scene.silences.len(), scene.silences.last().copied());
            assert_eq!(kept, count.min(Scene::SILENCES));
            let (begin, _) = silence(kept as i64 - 1);
            let (_, end) = silence(count as i64 - 1);
            assert_eq!(last, Some((begin, end)), "{count}");
        }
    }
}
