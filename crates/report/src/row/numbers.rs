//! The numbers of all captures together, of every trunk and of every window, as documents show them.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use siptriage_capture::Time;
use siptriage_capture::time::{MILLISECOND, SECOND};
use siptriage_correlate::metrics::{LeftOut, Peak, Trunk, TrunkName, Windows};
use siptriage_correlate::{Ledger, Metrics, Outcome, Traffic};

use super::metrics::metrics_entries;
use super::series::TallyRow;
use crate::moment;

/// The numbers of all captures together.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// Calls counted, and their times.
    pub ledger: &'a Ledger,
    /// Messages counted.
    pub traffic: &'a Traffic,
    /// Trunks to list, the busiest first.
    pub trunks: usize,
    /// Windows to list for reading, the first ones; documents have all.
    pub windows: usize,
}

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ledger = self.ledger;
        let (trunks, left_out) = ledger.trunks.busiest(self.trunks);
        let trunks: Vec<TrunkRow<'_>> = trunks
            .into_iter()
            .map(|(name, trunk)| TrunkRow { name, trunk })
            .collect();
        let mut row = serializer.serialize_map(None)?;
        let total = ledger.total();
        metrics_entries(&mut row, &total)?;
        let excluded = ExcludedRow {
            ledger,
            total: &total,
        };
        row.serialize_entry("excluded", &excluded)?;
        peak_entries(&mut row, ledger.load.peak())?;
        let resolution = ledger.load.resolution() as f64 / MILLISECOND as f64;
        row.serialize_entry("load_resolution_ms", &resolution)?;
        row.serialize_entry("trunks", &trunks)?;
        row.serialize_entry("trunks_left_out", &LeftOutRow(left_out))?;
        row.serialize_entry("windows", &windows(ledger))?;
        row.serialize_entry("traffic", &TrafficRow(self.traffic))?;
        row.serialize_entry("series", &TallyRow(&ledger.series))?;
        row.end()
    }
}

fn peak_entries<M: SerializeMap>(row: &mut M, peak: Peak) -> Result<(), M::Error> {
    row.serialize_entry("concurrent_max", &peak.concurrent)?;
    row.serialize_entry("cps_max", &peak.per_second)
}

struct ExcludedRow<'a> {
    ledger: &'a Ledger,
    total: &'a Metrics,
}

impl Serialize for ExcludedRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outcome = |outcome| self.total.outcome(outcome);
        let mut row = serializer.serialize_struct("excluded", 5)?;
        row.serialize_field("in_progress", &outcome(Outcome::InProgress))?;
        row.serialize_field("partial", &outcome(Outcome::Partial))?;
        row.serialize_field("ignored", &self.ledger.ignored)?;
        row.serialize_field("scanners", &self.ledger.scanners)?;
        row.serialize_field("untimed", &self.total.untimed)?;
        row.end()
    }
}

struct TrunkRow<'a> {
    name: &'a TrunkName,
    trunk: &'a Trunk,
}

impl Serialize for TrunkRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        let (name, direction, hosts) = match self.name {
            TrunkName::Peer(name, direction) => (Some(name), Some(direction.name()), None),
            TrunkName::Hosts(src, dst) => (None, None, Some((src, dst))),
        };
        row.serialize_entry("name", &name)?;
        row.serialize_entry("direction", &direction)?;
        row.serialize_entry("src", &hosts.map(|(src, _)| src))?;
        row.serialize_entry("dst", &hosts.map(|(_, dst)| dst))?;
        row.serialize_entry("calls", &self.trunk.metrics.calls())?;
        peak_entries(&mut row, self.trunk.load.peak())?;
        metrics_entries(&mut row, &self.trunk.metrics)?;
        row.end()
    }
}

struct LeftOutRow(LeftOut);

impl Serialize for LeftOutRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("left_out", 2)?;
        row.serialize_field("trunks", &self.0.trunks)?;
        row.serialize_field("attempts", &self.0.attempts)?;
        row.end()
    }
}

fn windows(ledger: &Ledger) -> Vec<WindowRow<'_>> {
    let windows: &Windows = &ledger.windows;
    let peaks = ledger.load.peaks(windows.width());
    let rows = windows.iter().map(|(number, metrics)| WindowRow {
        start: windows.start(number),
        width: windows.width(),
        metrics,
        peak: peaks.get(&number).copied().unwrap_or_default(),
    });
    rows.collect()
}

struct WindowRow<'a> {
    start: Time,
    /// Nanoseconds.
    width: i64,
    metrics: &'a Metrics,
    peak: Peak,
}

impl Serialize for WindowRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seconds = self.width / SECOND;
        let calls = self.metrics.calls();
        let per_second = (calls as f64 / seconds as f64 * 1e3).round() / 1e3;
        let mut row = serializer.serialize_map(None)?;
        row.serialize_entry("start", &moment::rfc3339(self.start))?;
        row.serialize_entry("seconds", &seconds)?;
        row.serialize_entry("calls", &calls)?;
        row.serialize_entry("cps", &per_second)?;
        peak_entries(&mut row, self.peak)?;
        metrics_entries(&mut row, self.metrics)?;
        row.end()
    }
}

struct TrafficRow<'a>(&'a Traffic);

impl Serialize for TrafficRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("traffic", 8)?;
        row.serialize_field("messages", &self.0.messages)?;
        row.serialize_field("duplicates", &self.0.duplicates.count)?;
        row.serialize_field("fast_repeats", &self.0.fast_repeats.count)?;
        row.serialize_field("retransmissions", &self.0.retransmissions)?;
        row.serialize_field("not_kept", &self.0.overflow)?;
        row.serialize_field("closed_early", &self.0.closed_early)?;
        row.serialize_field("pairs_not_kept", &self.0.unpaired)?;
        row.serialize_field("refusals_not_kept", &self.0.refusals_overflow)?;
        row.end()
    }
}
