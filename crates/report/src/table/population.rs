//! Numbers for reading, each with what it was counted from.

use siptriage_correlate::Ratio;

/// A count with a separator at every thousand.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with the noun it counts: `1 call`, `2 calls`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A ratio in percent; a dash without a population.
pub(super) fn percent(ratio: Ratio) -> String {
    match ratio.value() {
        Some(value) => format!("{:.1} %", value * 100.0),
        None => "-".to_owned(),
    }
}

/// Numbers with commas between, and how many more there are.
pub(super) fn listed(numbers: impl Iterator<Item = u64>, more: u64) -> String {
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    let numbers = numbers.join(", ");
    if more == 0 {
        numbers
    } else {
        format!("{numbers} and {} more", count(more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "call", "calls"), "1 call");
    }

    #[test]
    fn a_ratio_without_population_has_no_value() {
        assert_eq!(percent(Ratio::new(0, 0)), "-");
        assert_eq!(percent(Ratio::new(12, 20)), "60.0 %");
    }

    #[test]
    fn what_is_not_shown_is_counted() {
        assert_eq!(listed([1, 2, 3].into_iter(), 0), "1, 2, 3");
        assert_eq!(listed([1, 2].into_iter(), 1_000), "1, 2 and 1,000 more");
    }
}
