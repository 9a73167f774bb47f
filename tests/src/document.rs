//! The JSON document that `analyze` prints, as the tests look things up in it.

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The version of the document that the tests understand.
const SCHEMA_VERSION: u64 = 1;

/// A printed document; its objects have the names of the output contract.
#[derive(Clone, Debug)]
pub struct Document {
    /// The captures in the order read.
    pub captures: Vec<Value>,
    /// The calls in order of their first frame.
    pub calls: Vec<Value>,
    /// The findings in order of their first frame.
    pub findings: Vec<Value>,
    /// What the capture could not prove.
    pub incomplete: Vec<Value>,
    /// The series of requests outside of calls in order of their first messages.
    pub series: Vec<Value>,
    /// The metrics by name.
    pub metrics: Value,
}

impl Document {
    /// Reads what `analyze --format json` printed.
    ///
    /// # Errors
    /// When it is no JSON, has another version, or lacks one of the parts.
    pub fn parse(text: &str) -> Result<Document> {
        let mut whole: Value = serde_json::from_str(text).context("the output is no JSON")?;
        if whole["schema_version"] != SCHEMA_VERSION {
            bail!(
                "schema_version {}, expected {SCHEMA_VERSION}",
                whole["schema_version"]
            );
        }
        let mut part = |name: &str| match whole[name].take() {
            Value::Array(objects) => Ok(objects),
            other => bail!("`{name}` is {other}, expected an array"),
        };
        let (calls, findings) = (part("calls")?, part("findings")?);
        Ok(Document {
            captures: part("captures")?,
            calls,
            findings,
            incomplete: part("incomplete")?,
            series: part("series")?,
            metrics: whole["metrics"].take(),
        })
    }
}

/// The text of a field, or an empty one where the field is absent or something else.
#[must_use]
pub fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_default()
}

/// The Call-IDs of a call's legs.
pub fn call_ids(call: &Value) -> impl Iterator<Item = &str> {
    call["legs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|leg| text(leg, "call_id"))
}
