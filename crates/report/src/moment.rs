//! Times and spans of time as they are printed.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

/// RFC 3339 in UTC with microseconds, or with nanoseconds where there are any.
pub(crate) fn rfc3339(time: Time) -> String {
    let mut text = Vec::new();
    Second::default().push_rfc3339(&mut text, time);
    String::from_utf8(text).unwrap_or_default()
}

/// The second that was printed last. Rows that follow one another mostly share it, and its date
/// costs more than all that is behind the dot.
#[derive(Debug, Default)]
pub(crate) struct Second {
    number: Option<i64>,
    /// Date and time of day.
    text: Vec<u8>,
}

impl Second {
    /// Appends what [`rfc3339`] says.
    pub(crate) fn push_rfc3339(&mut self, text: &mut Vec<u8>, time: Time) {
        let number = time.0.div_euclid(SECOND);
        let nanoseconds = time.0.rem_euclid(SECOND) as u32;
        if self.number != Some(number) {
            self.print(number);
        }
        text.extend_from_slice(&self.text);
        text.push(b'.');
        if nanoseconds.is_multiple_of(1_000) {
            push_digits::<6>(text, nanoseconds / 1_000);
        } else {
            push_digits::<9>(text, nanoseconds);
        }
        text.push(b'Z');
    }

    #[cold]
    fn print(&mut self, number: i64) {
        self.number = Some(number);
        self.text.clear();
        let second = Timestamp::from_second(number).unwrap_or(Timestamp::UNIX_EPOCH);
        let printer = DateTimePrinter::new().precision(Some(0));
        // Writing to memory cannot fail.
        let _ = printer.print_timestamp(&second, &mut self.text);
        // The zone follows the fraction.
        self.text.pop();
    }
}

/// Appends the last digits of a number, with zeros before it where it has fewer.
pub(crate) fn push_digits<const DIGITS: usize>(text: &mut Vec<u8>, number: u32) {
    let mut buffer = itoa::Buffer::new();
    // The digit before them keeps the zeros.
    let digits = buffer.format(10_u32.pow(DIGITS as u32) + number);
    if let Some(digits) = digits.as_bytes().last_chunk::<DIGITS>() {
        text.extend_from_slice(digits);
    }
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
    fn the_last_second_is_printed_again_and_no_other() {
        let mut second = Second::default();
        for nanoseconds in [0, 1, SECOND - 1, SECOND, 0, -1, -SECOND, 60 * SECOND] {
            let time = START.plus(nanoseconds);
            let mut text = Vec::new();
            second.push_rfc3339(&mut text, time);
            let known = timestamp(time).strftime("%Y-%m-%dT%H:%M:%S%.fZ");
            let short = String::from_utf8(text).unwrap();
            let short = short.trim_end_matches('Z').trim_end_matches('0');
            assert_eq!(format!("{short}Z"), known.to_string());
        }
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
