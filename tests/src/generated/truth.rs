//! What the generator says about a capture it made: totals, and one row for each Call-ID.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The columns of the table with one row for each Call-ID.
const COLUMNS: &str = "call_id\tscenario\toutcome\tanomalies";

/// The truth about one capture.
#[derive(Clone, Debug)]
pub struct Truth {
    /// How many requests of each method.
    pub requests: BTreeMap<String, u64>,
    /// How many responses, by `CODE METHOD`.
    pub responses: BTreeMap<String, u64>,
    /// How many copies of messages after the first, reliable transports' own repeats apart, by
    /// method or `CODE METHOD`.
    pub retransmissions: BTreeMap<String, u64>,
    /// How many Call-IDs began with an INVITE.
    pub calls: u64,
    /// How many different Call-IDs.
    pub call_ids: u64,
    /// How many frames.
    pub frames: u64,
    /// How many RTP packets.
    pub media_packets: u64,
    /// How many messages, every copy counted.
    pub messages: u64,
    /// What happened under each Call-ID.
    pub scenarios: Vec<Scenario>,
}

/// What happened under one Call-ID.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The Call-ID.
    pub call_id: String,
    /// The generator's word for how it ended.
    pub outcome: String,
    /// The generator's words for what is odd about it.
    pub anomalies: Vec<String>,
}

impl Truth {
    /// Reads the totals (JSON) and the table (tab-separated).
    ///
    /// # Errors
    /// When one of the two is not of the generator's form.
    pub fn parse(totals: &str, table: &str) -> Result<Truth> {
        let totals: Value = serde_json::from_str(totals).context("the totals are no JSON")?;
        let mut lines = table.lines();
        let header = lines.next().unwrap_or_default();
        if header != COLUMNS {
            bail!("expected the columns {COLUMNS:?}, found {header:?}");
        }
        let number = |name: &str| {
            totals[name]
                .as_u64()
                .with_context(|| format!("no number `{name}`"))
        };
        Ok(Truth {
            requests: counts(&totals["requests"])?,
            responses: counts(&totals["responses_by_method"])?,
            retransmissions: counts(&totals["retransmissions"])?,
            calls: number("invite_call_ids")?,
            call_ids: number("call_ids")?,
            frames: number("packets")?,
            media_packets: number("rtp_packets")?,
            messages: number("sip_messages")?,
            scenarios: lines.map(scenario).collect::<Result<_>>()?,
        })
    }
}

fn counts(object: &Value) -> Result<BTreeMap<String, u64>> {
    let object = object.as_object().context("expected an object of counts")?;
    let count = |(name, count): (&String, &Value)| Some((name.clone(), count.as_u64()?));
    object
        .iter()
        .map(count)
        .collect::<Option<_>>()
        .context("expected an object of counts")
}

fn scenario(line: &str) -> Result<Scenario> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [call_id, _scenario, outcome, anomalies] = cells[..] else {
        bail!("expected 4 cells, found {cells:?}");
    };
    Ok(Scenario {
        call_id: call_id.to_owned(),
        outcome: outcome.to_owned(),
        anomalies: anomalies
            .split(',')
            .filter(|word| *word != "-")
            .map(str::to_owned)
            .collect(),
    })
}
