//! Metrics as the documents show them: of all calls, of a trunk, of a window.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use siptriage_correlate::metrics::{Bridge, Codes, Figures};
use siptriage_correlate::{Class, Distribution, Metrics, Outcome, Ratio};
use siptriage_sip::StatusClass;

use crate::moment;

/// Writes the metrics into an object that may have other entries.
pub(super) fn metrics_entries<M: SerializeMap>(
    row: &mut M,
    metrics: &Metrics,
) -> Result<(), M::Error> {
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
    row.serialize_entry("codes", &CodesRow(&metrics.codes))?;
    row.serialize_entry("code_classes", &CodeClassesRow(&metrics.codes))?;
    row.serialize_entry("bridge", &BridgeRow(&metrics.bridge))
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

struct BridgeRow<'a>(&'a Bridge);

impl Serialize for BridgeRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("bridge", 5)?;
        row.serialize_field("transactions", &RatioRow(self.0.transactions))?;
        row.serialize_field("challenges", &self.0.challenges)?;
        row.serialize_field("collapsed", &RatioRow(self.0.collapsed))?;
        row.serialize_field("superseded", &self.0.superseded)?;
        row.serialize_field("codes", &CodesRow(&self.0.codes))?;
        row.end()
    }
}

struct CodesRow<'a>(&'a Codes);

impl Serialize for CodesRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(status, count)| (status.0, count)))
    }
}

struct CodeClassesRow<'a>(&'a Codes);

impl Serialize for CodeClassesRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let classes = [
            ("2xx", StatusClass::Success),
            ("3xx", StatusClass::Redirection),
            ("4xx", StatusClass::ClientError),
            ("5xx", StatusClass::ServerError),
            ("6xx", StatusClass::GlobalFailure),
        ];
        serializer.collect_map(classes.map(|(name, class)| (name, self.0.of_class(class))))
    }
}
