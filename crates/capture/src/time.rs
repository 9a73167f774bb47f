//! Capture time: integer nanoseconds since the Unix epoch.

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds in a millisecond.
pub const MILLISECOND: i64 = 1_000_000;

/// A moment of the capture, in nanoseconds since 1970-01-01T00:00:00Z.
///
/// Time is an input of siptriage: it comes from the capture records and never from a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// The earliest moment there is.
    pub const MIN: Time = Time(i64::MIN);
    /// The latest moment there is.
    pub const MAX: Time = Time(i64::MAX);

    /// Nanoseconds from `earlier` to this moment; negative when the clock ran backwards.
    pub fn since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment moved by `nanoseconds`.
    #[must_use]
    pub fn plus(self, nanoseconds: i64) -> Time {
        Time(self.0.saturating_add(nanoseconds))
    }
}
