//! The series in progress: legs go in, series that are over come out.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::FixedState;
use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

use super::exchange::{Answer, Exchange, Key, Role, exchanges};
use super::{Frames, Series, SeriesEnd, SeriesKind};
use crate::limits::{Limits, wait};
use crate::scene::Scene;
use crate::study::Case;

/// The series in progress. Push cases in the order in which their legs settled, drain series.
#[derive(Debug)]
pub struct Book {
    /// Boxed, since they are large and a table has room to spare.
    open: HashMap<u64, Box<Entry>, FixedState>,
    by_key: HashMap<Key, u64, FixedState>,
    due: BTreeSet<(Time, u64)>,
    over: Vec<Series>,
    serial: u64,
    limit: usize,
    /// Series that were closed early for [`Limits::series`].
    pub closed_early: u64,
}

/// A series in progress.
#[derive(Debug)]
struct Entry {
    series: Series,
    key: Key,
    /// When nothing more can belong to it; known once its first exchange was added.
    due: Option<Time>,
    /// Capture point of the first message.
    point: u16,
    /// When what was granted last began to count.
    since: Time,
    /// Whether any request was granted.
    is_granted: bool,
    /// Whether its newest request was challenged: neither refused nor done.
    is_challenged: bool,
}

impl Book {
    /// An empty one.
    pub fn new(limits: &Limits) -> Book {
        Book {
            open: HashMap::default(),
            by_key: HashMap::default(),
            due: BTreeSet::new(),
            over: Vec::new(),
            serial: 0,
            limit: limits.series.max(1),
            closed_early: 0,
        }
    }

    /// Takes what a leg says; `call` is the number of its call if it belongs to one.
    pub fn take(&mut self, case: &Case, call: Option<u32>, scene: &Scene) {
        for exchange in exchanges(case, scene) {
            let serial = self.serial_of(&exchange, call);
            let Some(entry) = self.open.get_mut(&serial) else {
                continue;
            };
            entry.add(&exchange);
            let due = entry.deadline();
            let before = entry.due.replace(due);
            if before != Some(due) {
                self.due.insert((due, serial));
                if let Some(before) = before {
                    self.due.remove(&(before, serial));
                }
            }
            if let Some(next) = exchange.next_key
                && next != entry.key
            {
                let before = std::mem::replace(&mut entry.key, next.clone());
                forget(&mut self.by_key, &before, serial);
                self.by_key.insert(next, serial);
            }
        }
    }

    /// Closes every series that nothing can add to any more at `clock`.
    pub fn advance(&mut self, clock: Time, scene: &Scene) {
        while let Some((due, serial)) = self.due.first().copied() {
            if due >= clock {
                break;
            }
            self.close(serial, clock, scene);
        }
    }

    /// The input ended at `clock`: closes everything.
    pub fn finish(&mut self, clock: Time, scene: &Scene) {
        while let Some((_, serial)) = self.due.first().copied() {
            self.close(serial, clock, scene);
        }
    }

    /// Takes the series that are over.
    pub fn drain(&mut self) -> impl Iterator<Item = Series> + '_ {
        self.over.drain(..)
    }

    /// The series of an exchange, which may have to be begun.
    fn serial_of(&mut self, exchange: &Exchange<'_>, call: Option<u32>) -> u64 {
        let known = |key: &Key| self.by_key.get(key).copied();
        let found = known(&exchange.key).or_else(|| known(exchange.early_key.as_ref()?));
        if let Some(serial) = found {
            let is_over = self
                .open
                .get(&serial)
                .is_some_and(|entry| entry.is_over_before(exchange));
            if !is_over {
                return serial;
            }
            self.end(serial);
        }
        if self.open.len() >= self.limit
            && let Some((_, earliest)) = self.due.first().copied()
        {
            self.closed_early += 1;
            self.end(earliest);
        }
        self.serial += 1;
        let entry = Box::new(Entry::new(exchange, call));
        self.by_key.insert(entry.key.clone(), self.serial);
        self.open.insert(self.serial, entry);
        self.serial
    }

    /// Closes a series whose time has come, or that the end of the input closes.
    fn close(&mut self, serial: u64, clock: Time, scene: &Scene) {
        if let Some(entry) = self.open.get_mut(&serial) {
            entry.expire(clock, scene);
        }
        self.end(serial);
    }

    fn end(&mut self, serial: u64) {
        let Some(entry) = self.open.remove(&serial) else {
            return;
        };
        if let Some(due) = entry.due {
            self.due.remove(&(due, serial));
        }
        forget(&mut self.by_key, &entry.key, serial);
        self.over.push(entry.series);
    }
}

/// Takes a name away from a series, unless another one has it by now.
fn forget(by_key: &mut HashMap<Key, u64, FixedState>, key: &Key, serial: u64) {
    if by_key.get(key) == Some(&serial) {
        by_key.remove(key);
    }
}

impl Entry {
    fn new(exchange: &Exchange<'_>, call: Option<u32>) -> Entry {
        Entry {
            series: Series {
                kind: exchange.kind,
                call_id: exchange.call_id.to_vec(),
                from: exchange.from.to_vec(),
                to: exchange.to.to_vec(),
                event: exchange.event.to_vec(),
                flow: exchange.flow,
                call,
                first: exchange.first,
                last: exchange.last,
                requests: 0,
                notifies: 0,
                refreshes: 0,
                refused: 0,
                unanswered: 0,
                status: None,
                granted: None,
                end: SeriesEnd::Open,
                frames: Frames::default(),
            },
            key: exchange.key.clone(),
            due: None,
            point: exchange.point,
            since: exchange.first,
            is_granted: false,
            is_challenged: false,
        }
    }

    /// Whether a request of the same name begins another series.
    fn is_over_before(&self, exchange: &Exchange<'_>) -> bool {
        match (self.series.kind, self.series.end) {
            (SeriesKind::Message, _) => !self.is_challenged,
            // A NOTIFY, or another request to take it back, can come behind the end.
            (_, SeriesEnd::Removed | SeriesEnd::Terminated | SeriesEnd::Expired) => {
                exchange.role == Role::Refresh
            }
            (
                _,
                SeriesEnd::Open | SeriesEnd::Answered | SeriesEnd::Refused | SeriesEnd::Unanswered,
            ) => false,
        }
    }

    fn add(&mut self, exchange: &Exchange<'_>) {
        let series = &mut self.series;
        series.first = series.first.min(exchange.first);
        series.last = series.last.max(exchange.last);
        series.requests = series.requests.saturating_add(1);
        for frame in exchange.frames.into_iter().flatten() {
            series.frames.push(frame);
        }
        match exchange.role {
            Role::Notify => {
                series.notifies = series.notifies.saturating_add(1);
                if let Some(granted) = exchange.granted {
                    series.granted = Some(granted);
                    self.since = exchange.first;
                }
            }
            Role::Refresh | Role::Removal => self.answered(exchange),
        }
        if let Some((end, status)) = exchange.end {
            self.series.end = end;
            self.series.status = status.or(self.series.status);
        }
    }

    /// A request other than a NOTIFY, and what came of it.
    fn answered(&mut self, exchange: &Exchange<'_>) {
        let series = &mut self.series;
        self.is_challenged = false;
        match exchange.answer {
            Answer::Final(status) if status.is_success() => {
                series.status = Some(status);
                series.end = match (exchange.kind, exchange.role) {
                    (SeriesKind::Message | SeriesKind::Options, _) => SeriesEnd::Answered,
                    (_, Role::Removal) => SeriesEnd::Removed,
                    (_, Role::Refresh | Role::Notify) => SeriesEnd::Open,
                };
                if self.is_granted && series.end == SeriesEnd::Open {
                    series.refreshes = series.refreshes.saturating_add(1);
                }
                self.is_granted = true;
                series.granted = exchange.granted.or(series.granted);
                self.since = exchange.last;
            }
            Answer::Final(status) => {
                series.status = Some(status);
                series.end = SeriesEnd::Refused;
                self.is_challenged = matches!(status.0, 401 | 407 | 423);
                if !self.is_challenged {
                    series.refused = series.refused.saturating_add(1);
                }
            }
            Answer::Nobody => {
                series.status = None;
                series.end = SeriesEnd::Unanswered;
                series.unanswered = series.unanswered.saturating_add(1);
            }
            Answer::Unknown => {
                series.status = None;
                series.end = SeriesEnd::Open;
            }
        }
    }

    /// When nothing more can belong to it. Legs settle later than their messages were captured.
    fn deadline(&self) -> Time {
        let series = &self.series;
        let rest = match (series.kind, series.end) {
            // Its leg is settled, and nothing else belongs to it.
            (SeriesKind::Message, _) if !self.is_challenged => return series.last,
            (SeriesKind::Options, _) => wait::PING,
            (_, SeriesEnd::Removed | SeriesEnd::Terminated | SeriesEnd::Expired) => 0,
            (_, SeriesEnd::Refused | SeriesEnd::Unanswered) => wait::RETRY,
            (_, SeriesEnd::Open | SeriesEnd::Answered) => {
                return self.expiry().plus(wait::SETTLING);
            }
        };
        series.last.plus(rest).plus(wait::SETTLING)
    }

    /// When the time that was granted last is over.
    fn expiry(&self) -> Time {
        let series = &self.series;
        let granted = series
            .granted
            .map_or(wait::UNTOLD, |granted| i64::from(granted) * SECOND);
        self.since.plus(granted).max(series.last)
    }

    /// What lasts no longer has expired, where the capture would have shown a refresh.
    fn expire(&mut self, clock: Time, scene: &Scene) {
        let until = self.expiry();
        let series = &mut self.series;
        let lasts = series.end == SeriesEnd::Open
            && matches!(
                series.kind,
                SeriesKind::Registration | SeriesKind::Subscription | SeriesKind::Publication
            );
        let is_watched = until < clock && scene.watches(self.point, self.since, until);
        if lasts && series.granted.is_some() && is_watched {
            series.end = SeriesEnd::Expired;
        }
    }
}
