//! The metrics as the documents show them.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use siptriage_correlate::metrics::{Bridge, Figures};
use siptriage_correlate::{Class, Distribution, Metrics, Outcome, Ratio, Traffic};

use crate::moment;

/// The numbers of all captures together.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    /// Calls counted, and their times.
    pub metrics: &'a Metrics,
    /// Messages counted.
    pub traffic: &'a Traffic,
}

/// The word of a class in a document.
fn class_name(class: Class) -> &'static str {
    match class {
        Class::Answered => "answered",
        Class::Abandoned => "abandoned",
        Class::Busy => "busy",
        Class::NoAnswer => "no_answer",
        Class::Declined => "declined",
        Class::Unavailable => "unavailable",
        Class::Failed => "failed",
    }
}

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let metrics = self.metrics;
        let mut row = serializer.serialize_map(None)?;
        row.serialize_entry("attempts", &metrics.attempts())?;
        for class in Class::ALL {
            row.serialize_entry(class_name(class), &metrics.class(class))?;
        }
        for (name, ratio) in metrics.ratios() {
            row.serialize_entry(name, &RatioRow(ratio))?;
        }
        for (name, distribution) in metrics.distributions() {
            row.serialize_entry(name, &DistributionRow(distribution))?;
        }
        row.serialize_entry("outcomes", &OutcomesRow(metrics))?;
        row.serialize_entry("bridge", &BridgeRow(metrics.bridge))?;
        row.serialize_entry("traffic", &TrafficRow(self.traffic))?;
        row.end()
    }
}

struct RatioRow(Ratio);

impl Serialize for RatioRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("ratio", 3)?;
        row.serialize_field("value", &self.0.value())?;
        row.serialize_field("numerator", &self.0.numerator)?;
        row.serialize_field("denominator", &self.0.denominator)?;
        row.end()
    }
}

struct DistributionRow<'a>(&'a Distribution);

impl Serialize for DistributionRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let figures = self.0.figures();
        let figure = |of: fn(&Figures) -> f64| figures.as_ref().map(of).map(moment::rounded);
        let mut row = serializer.serialize_struct("distribution", 6)?;
        row.serialize_field("count", &figures.map_or(0, |figures| figures.count))?;
        row.serialize_field("min", &figure(|figures| figures.min))?;
        row.serialize_field("p50", &figure(|figures| figures.p50))?;
        row.serialize_field("p95", &figure(|figures| figures.p95))?;
        row.serialize_field("max", &figure(|figures| figures.max))?;
        row.serialize_field("mean", &figure(|figures| figures.mean))?;
        row.end()
    }
}

struct OutcomesRow<'a>(&'a Metrics);

impl Serialize for OutcomesRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(Some(Outcome::ALL.len()))?;
        for outcome in Outcome::ALL {
            row.serialize_entry(outcome.name(), &self.0.outcome(outcome))?;
        }
        row.end()
    }
}

struct BridgeRow(Bridge);

impl Serialize for BridgeRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("bridge", 4)?;
        row.serialize_field("transactions", &RatioRow(self.0.transactions))?;
        row.serialize_field("challenges", &self.0.challenges)?;
        row.serialize_field("collapsed", &RatioRow(self.0.collapsed))?;
        row.serialize_field("superseded", &self.0.superseded)?;
        row.end()
    }
}

struct TrafficRow<'a>(&'a Traffic);

impl Serialize for TrafficRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("traffic", 5)?;
        row.serialize_field("messages", &self.0.messages)?;
        row.serialize_field("duplicates", &self.0.duplicates.count)?;
        row.serialize_field("fast_repeats", &self.0.fast_repeats.count)?;
        row.serialize_field("retransmissions", &self.0.retransmissions)?;
        row.serialize_field("not_kept", &self.0.overflow)?;
        row.end()
    }
}
