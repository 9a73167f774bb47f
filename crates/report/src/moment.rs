//! Times and spans of time as they are printed.

use jiff::Timestamp;
use jiff::fmt::Write;
use jiff::fmt::temporal::DateTimePrinter;
use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

/// RFC 3339 in UTC with microseconds, or with nanoseconds where there are any.
pub(crate) fn rfc3339(time: Time) -> String {
    let mut text = String::new();
    push_rfc3339(&mut text, time);
    text
}

/// Appends what [`rfc3339`] says.
pub(crate) fn push_rfc3339(text: &mut impl Write, time: Time) {
    let precision = if time.0 % 1_000 == 0 { 6 } else { 9 };
    let printer = DateTimePrinter::new().precision(Some(precision));
    // Writing to memory cannot fail.
    let _ = printer.print_timestamp(&timestamp(time), text);
}

/// Date and time of day in UTC with milliseconds, for reading.
pub(crate) fn readable(time: Time) -> String {
    format!("{} {}", date(time), time_of_day(time))
}

/// Date in UTC, for reading.
pub(crate) fn date(time: Time) -> String {
    timestamp(time).strftime("%Y-%m-%d").to_string()
}

/// Time of day in UTC with milliseconds, for reading.
pub(crate) fn time_of_day(time: Time) -> String {
    timestamp(time).strftime("%H:%M:%S%.3f").to_string()
}

/// Seconds since 1970 with a fixed number of decimals, at most nine.
pub(crate) fn epoch(time: Time, digits: u8) -> String {
    let digits = usize::from(digits.min(9));
    let sign = if time.0 < 0 { "-" } else { "" };
    let nanoseconds = time.0.unsigned_abs();
    let second = SECOND.unsigned_abs();
    let mut text = format!("{sign}{}.{:09}", nanoseconds / second, nanoseconds % second);
    text.truncate(text.len() - (9 - digits) - usize::from(digits == 0));
    text
}

/// Milliseconds with at most three decimals.
pub(crate) fn milliseconds(nanoseconds: i64) -> f64 {
    (nanoseconds as f64 / 1e3).round() / 1e3
}

/// A number of milliseconds rounded to three decimals.
pub(crate) fn rounded(milliseconds: f64) -> f64 {
    (milliseconds * 1e3).round() / 1e3
}

/// A span of time for reading: microseconds, milliseconds, seconds below ten minutes, then minutes
/// or hours.
pub(crate) fn span(nanoseconds: i64) -> String {
    let milliseconds = nanoseconds as f64 / 1e6;
    let magnitude = milliseconds.abs();
    if magnitude < 1.0 {
        format!("{:.0} us", milliseconds * 1e3)
    } else if magnitude < 10.0 {
        format!("{milliseconds:.1} ms")
    } else if magnitude < 1_000.0 {
        format!("{milliseconds:.0} ms")
    } else if magnitude < 600_000.0 {
        format!("{:.1} s", milliseconds / 1e3)
    } else if magnitude < 36e6 {
        format!("{:.1} min", milliseconds / 6e4)
    } else {
        format!("{:.1} h", milliseconds / 36e5)
    }
}

fn timestamp(time: Time) -> Timestamp {
    // 64-bit nanoseconds reach from 1677 to 2262, well within a timestamp's years -9999 to 9999.
    Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time(1_767_225_600_020_000_000);

    #[test]
    fn microseconds_unless_there_is_more() {
        assert_eq!(rfc3339(START), "2026-01-01T00:00:00.020000Z");
        assert_eq!(rfc3339(START.plus(1)), "2026-01-01T00:00:00.020000001Z");
        assert_eq!(rfc3339(Time(-1)), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(rfc3339(Time::MIN), "1677-09-21T00:12:43.145224192Z");
    }

    #[test]
    fn epoch_seconds_keep_the_digits_asked_for() {
        assert_eq!(epoch(START, 6), "1767225600.020000");
        assert_eq!(epoch(START.plus(5), 9), "1767225600.020000005");
        assert_eq!(epoch(START, 0), "1767225600");
        assert_eq!(epoch(Time(-1), 9), "-0.000000001");
    }

    #[test]
    fn spans_choose_their_unit() {
        assert_eq!(span(45_000), "45 us");
        assert_eq!(span(2_400_000), "2.4 ms");
        assert_eq!(span(800_000_000), "800 ms");
        assert_eq!(span(30 * SECOND), "30.0 s");
        assert_eq!(span(1_200 * SECOND), "20.0 min");
        assert_eq!(span(36_000 * SECOND), "10.0 h");
        assert_eq!(milliseconds(1_234_567), 1.235);
    }
}
