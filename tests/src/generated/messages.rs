//! The messages of a generated capture, counted by method and status.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::{Context, Result};

use super::truth::Truth;

/// One line for each method or status whose number differs in `messages --format csv`, and for the
/// number of Call-IDs.
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
    let call_id = column("call_id")?;
    let mut call_ids: HashSet<String> = HashSet::new();
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
        if !call_ids.contains(&record[call_id]) {
            call_ids.insert(record[call_id].to_owned());
        }
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
    if call_ids.len() as u64 != truth.call_ids {
        let (wanted, seen) = (truth.call_ids, call_ids.len());
        differences.push(format!("Call-IDs: {wanted} sent, {seen} printed"));
    }
    Ok(differences)
}
