//! The limits one can set: one table for `--limit`, for `siptriage limits` and for the tests.

mod quantity;

use quantity::Quantity;
use siptriage_report::table::LimitRow;

use crate::pipeline::Options;

/// A bound of a stage, by the name that a user gives it.
#[derive(Debug)]
pub struct Limit {
    /// The field's name, in kebab case.
    pub name: &'static str,
    /// What it bounds, and what happens when it is reached.
    pub meaning: &'static str,
    quantity: Quantity,
    read: fn(&Options) -> u64,
    write: fn(&mut Options, u64),
}

/// A limit and the value that it is to have.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    limit: &'static Limit,
    value: u64,
}

/// A line of the table: name, quantity, stage and field, meaning.
macro_rules! limit {
    ($name:literal, $quantity:ident, $stage:ident.$field:ident, $meaning:literal) => {
        Limit {
            name: $name,
            meaning: $meaning,
            quantity: Quantity::$quantity,
            // No field is negative, and a quantity reads no value that its field cannot hold.
            read: |options| options.$stage.$field.try_into().unwrap_or_default(),
            write: |options, value| options.$stage.$field = value.try_into().unwrap_or_default(),
        }
    };
}

/// Every limit, in the order of the stages.
#[rustfmt::skip]
pub static LIMITS: &[Limit] = &[
    limit!("open-files", Count, capture.open_files, "captures held open at once where they overlap in time; further plain ones are opened for each piece, further compressed ones are not read"),
    limit!("block-bytes", Bytes, capture.block_bytes, "largest record of a capture; a larger one is passed over as garbage"),
    limit!("expansion", Count, capture.expansion, "bytes for each compressed byte, past the first 64 MiB; reading stops there"),
    limit!("nesting", Count, capture.nesting, "tunnels inside tunnels; what is deeper is not looked at"),
    limit!("fragment-datagrams", Count, capture.fragment_datagrams, "IP datagrams under reassembly at once; the oldest is given up"),
    limit!("fragment-bytes", Bytes, capture.fragment_bytes, "bytes of IP fragments held at once; the oldest datagram is given up"),
    limit!("fragment-age", Span, capture.fragment_age, "how long the fragments of a datagram are waited for"),
    limit!("streams", Count, capture.streams, "directions of TCP connections followed at once; the one silent longest is given up"),
    limit!("stream-bytes", Bytes, capture.stream_bytes, "bytes held of one TCP direction, and the longest message in it"),
    limit!("stream-total-bytes", Bytes, capture.stream_total_bytes, "bytes held of all TCP directions; the one silent longest is given up"),
    limit!("stream-probe-bytes", Bytes, capture.stream_probe_bytes, "bytes of a TCP direction looked at before it is passed over as no SIP"),
    limit!("stream-idle", Span, capture.stream_idle, "how long a silent TCP direction is remembered"),
    limit!("hole-age", Span, capture.hole_age, "how long a missing TCP segment is waited for"),
    limit!("hole-grace", Span, capture.hole_grace, "the same, once its receiver has acknowledged it"),
    limit!("legs", Count, correlate.legs, "Call-IDs in progress at once; one that rests is closed early"),
    limit!("leg-records", Count, correlate.leg_records, "messages looked at of one Call-ID, 65,534 at most; later ones are only counted"),
    limit!("pairs", Count, correlate.pairs, "pairs of hosts whose activity is remembered; traffic of later ones proves nothing"),
    limit!("refusals", Count, correlate.refusals, "ICMP refusals kept as evidence, and destinations listed; later ones are only counted"),
    limit!("scanners", Count, correlate.scanners, "hosts of scanners that are remembered; calls of later ones count, unless they name their program"),
    limit!("series", Count, correlate.series, "registrations, subscriptions and other series outside of calls in progress at once; the one that would end first is closed early"),
    limit!("trunks", Count, correlate.trunks, "trunks whose metrics are kept; attempts on later ones are only counted"),
    limit!("rows", Count, correlate.rows, "calls, series, findings and undecided verdicts kept for one document; later ones are only counted"),
];

/// Reads `NAME=VALUE`.
pub fn parse(setting: &str) -> Result<Setting, String> {
    let Some((name, value)) = setting.split_once('=') else {
        return Err("NAME=VALUE is wanted".to_owned());
    };
    let Some(limit) = LIMITS.iter().find(|limit| limit.name == name) else {
        return Err(format!(
            "there is no limit `{name}`; `siptriage limits` lists them"
        ));
    };
    let value = limit.quantity.parse(value)?;
    Ok(Setting { limit, value })
}

/// Sets limits, the last one of a name for good.
pub fn apply(settings: &[Setting], options: &mut Options) {
    for setting in settings {
        (setting.limit.write)(options, setting.value);
    }
}

/// Every limit with its default, as it is listed.
pub fn rows() -> Vec<LimitRow> {
    let defaults = Options::default();
    let rows = LIMITS.iter().map(|limit| LimitRow {
        name: limit.name,
        default: limit.quantity.show((limit.read)(&defaults)),
        meaning: limit.meaning,
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of both stages' limits with their values, as `Debug` shows them.
    fn fields(options: &Options) -> Vec<(String, String)> {
        let shown = format!("{:#?}\n{:#?}", options.capture, options.correlate);
        let fields = shown
            .lines()
            .filter_map(|line| line.trim_end_matches(',').split_once(": "));
        let fields = fields.map(|(name, value)| (name.trim().replace('_', "-"), value.to_owned()));
        fields.collect()
    }

    #[test]
    fn every_field_is_in_the_table_under_its_own_name() {
        let mut names: Vec<&str> = LIMITS.iter().map(|limit| limit.name).collect();
        let defaults = fields(&Options::default());
        let mut wanted: Vec<&str> = defaults.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(names, wanted);
    }

    #[test]
    fn a_setting_changes_its_own_field_only() {
        let before = fields(&Options::default());
        for limit in LIMITS {
            let mut options = Options::default();
            (limit.write)(&mut options, 7);
            assert_eq!((limit.read)(&options), 7, "{}", limit.name);
            for ((name, old), (_, new)) in before.iter().zip(fields(&options)) {
                let expected = if name == limit.name { "7" } else { old };
                assert_eq!(new, expected, "{} changed {name}", limit.name);
            }
        }
    }

    #[test]
    fn settings_are_read_or_refused_with_a_reason() {
        let mut options = Options::default();
        let settings = ["legs=10", "stream-bytes=2MiB", "hole-age=1500ms", "legs=20"];
        let settings: Vec<Setting> = settings.map(|setting| parse(setting).ok().unwrap()).into();
        apply(&settings, &mut options);
        assert_eq!(options.correlate.legs, 20);
        assert_eq!(options.capture.stream_bytes, 2 << 20);
        assert_eq!(options.capture.hole_age, 1_500_000_000);
        for (setting, why) in [
            ("legs", "NAME=VALUE"),
            ("arms=2", "no limit `arms`"),
            ("legs=many", "number"),
            ("legs=10MiB", "number"),
            ("hole-age=5", "as in 30s"),
        ] {
            let refused = parse(setting).err().unwrap();
            assert!(refused.contains(why), "{setting}: {refused}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for (limit, row) in LIMITS.iter().zip(rows()) {
            let value = limit.quantity.parse(&row.default);
            assert_eq!(value, Ok((limit.read)(&Options::default())), "{}", row.name);
        }
    }
}
