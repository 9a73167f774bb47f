//! The messages of a generated capture, counted by method and status.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::truth::Truth;

/// One line for each method or status whose number differs in `messages --format csv`.
///
/// # Errors
/// When `printed` is not that table.
pub fn compare_messages(truth: &Truth, printed: &str) -> Result<Vec<String>> {
    let mut reader = csv::Reader::from_reader(printed.as_bytes());
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        let place = header.iter().position(|cell| cell == name);
        place.with_context(|| format!("no column `{name}`"))
    };
    let (method, status, cseq) = (column("method")?, column("status")?, column("cseq")?);
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let kind = if record[status].is_empty() {
            record[method].to_owned()
        } else {
            let of = record[cseq].split_whitespace().nth(1).unwrap_or_default();
            format!("{} {of}", &record[status])
        };
        *seen.entry(kind).or_default() += 1;
    }
    let mut wanted = truth.requests.clone();
    wanted.extend(truth.responses.clone());
    let kinds: BTreeSet<&String> = wanted.keys().chain(seen.keys()).collect();
    let mut differences = Vec::new();
    for kind in kinds {
        let (wanted, seen) = (wanted.get(kind).unwrap_or(&0), seen.get(kind).unwrap_or(&0));
        if wanted != seen {
            differences.push(format!("{kind}: {wanted} sent, {seen} printed"));
        }
    }
    Ok(differences)
}
