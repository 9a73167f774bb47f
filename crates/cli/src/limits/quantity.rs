//! What a limit counts, and how its value is written.

use siptriage_capture::time::{MILLISECOND, SECOND};

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Things.
    Count,
    /// Bytes; `KiB`, `MiB` and `GiB` can be written.
    Bytes,
    /// Nanoseconds of capture time; written with `s` or `ms`.
    Span,
}

/// Units, the largest first.
const BYTES: [(&str, u64); 4] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("", 1),
];
const SPANS: [(&str, u64); 2] = [("s", SECOND as u64), ("ms", MILLISECOND as u64)];

impl Quantity {
    /// Reads a value.
    pub fn parse(self, text: &str) -> Result<u64, String> {
        let (units, wanted): (&[(&str, u64)], &str) = match self {
            Quantity::Count => (&[("", 1)], "a number is wanted"),
            Quantity::Bytes => (&BYTES, "a number of bytes is wanted, as in 65536 or 64KiB"),
            Quantity::Span => (&SPANS, "a time is wanted, as in 30s or 100ms"),
        };
        let value = units.iter().find_map(|(unit, size)| {
            let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
            let value = number.checked_mul(*size)?;
            (value <= self.most()).then_some(value)
        });
        value.ok_or_else(|| format!("`{text}` is none: {wanted}"))
    }

    /// The largest value that a field of this kind can have.
    fn most(self) -> u64 {
        match self {
            Quantity::Count | Quantity::Bytes => usize::MAX as u64,
            Quantity::Span => i64::MAX as u64,
        }
    }

    /// Writes a value in the largest unit that is exact.
    pub fn show(self, value: u64) -> String {
        let units: &[(&str, u64)] = match self {
            Quantity::Count => &[],
            Quantity::Bytes => &BYTES,
            Quantity::Span => &SPANS,
        };
        let exact = units
            .iter()
            .find(|(_, size)| value >= *size && value.is_multiple_of(*size));
        match exact {
            Some((unit, size)) => format!("{}{unit}", value / size),
            None => value.to_string(),
        }
    }
}
