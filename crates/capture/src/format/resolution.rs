//! Timestamp ticks of a pcapng interface to nanoseconds since the Unix epoch.

use crate::Time;
use crate::time::SECOND;

/// The `if_tsresol` and `if_tsoffset` of an interface (draft-ietf-opsawg-pcapng 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resolution {
    scale: Scale,
    offset_seconds: i64,
    /// Fractional decimal digits that a tick really resolves (0 to 9).
    pub digits: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// A tick is this many nanoseconds.
    Multiply(u64),
    /// This many ticks are a nanosecond.
    Divide(u64),
    /// A tick is 2 to the minus this power seconds.
    Binary(u8),
}

impl Resolution {
    /// From the two raw option values. All 256 values of `tsresol` have a meaning.
    pub fn new(tsresol: u8, offset_seconds: i64) -> Resolution {
        let power = tsresol & 0x7f;
        if tsresol & 0x80 != 0 {
            // A digit is worth log2(10) = 3.3219 binary places.
            let digits = (u32::from(power) * 10_000 / 33_219).min(9) as u8;
            return Resolution {
                scale: Scale::Binary(power),
                offset_seconds,
                digits,
            };
        }
        let scale = match power {
            0..=9 => Scale::Multiply(10_u64.pow(u32::from(9 - power))),
            // Beyond 10^19 a 64-bit tick count is less than a nanosecond.
            10.. => Scale::Divide(10_u64.checked_pow(u32::from(power - 9)).unwrap_or(u64::MAX)),
        };
        Resolution {
            scale,
            offset_seconds,
            digits: power.min(9),
        }
    }

    /// The moment of `ticks`; `None` when it does not fit 64-bit nanoseconds.
    #[inline]
    pub fn time(&self, ticks: u64) -> Option<Time> {
        let nanoseconds = match self.scale {
            Scale::Multiply(factor) => i128::from(ticks) * i128::from(factor),
            Scale::Divide(divisor) => i128::from(ticks / divisor),
            Scale::Binary(power) => (i128::from(ticks) * i128::from(SECOND)) >> power,
        };
        let offset = i128::from(self.offset_seconds) * i128::from(SECOND);
        i64::try_from(nanoseconds + offset).ok().map(Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_resolutions_scale_to_nanoseconds() {
        assert_eq!(Resolution::new(0, 0).time(3), Some(Time(3 * SECOND)));
        assert_eq!(Resolution::new(6, 0).time(3), Some(Time(3_000)));
        assert_eq!(Resolution::new(9, 0).time(3), Some(Time(3)));
        assert_eq!(Resolution::new(12, 0).time(3_999), Some(Time(3)));
        assert_eq!(Resolution::new(127, 0).time(u64::MAX - 1), Some(Time(0)));
    }

    #[test]
    fn binary_resolutions_scale_to_nanoseconds() {
        assert_eq!(Resolution::new(0x80, 0).time(5), Some(Time(5 * SECOND)));
        assert_eq!(
            Resolution::new(0x80 | 10, 0).time(512),
            Some(Time(SECOND / 2))
        );
        assert_eq!(
            Resolution::new(0x80 | 32, 0).time(u64::from(u32::MAX)),
            Some(Time(999_999_999))
        );
        assert_eq!(Resolution::new(0xff, 0).time(u64::MAX), Some(Time(0)));
    }

    #[test]
    fn digits_are_those_that_a_tick_resolves() {
        let digits = |tsresol| Resolution::new(tsresol, 0).digits;
        assert_eq!([0, 3, 6, 9, 12].map(digits), [0, 3, 6, 9, 9]);
        assert_eq!([0x80, 0x8a, 0x94, 0xa0, 0xff].map(digits), [0, 3, 6, 9, 9]);
    }

    #[test]
    fn an_offset_of_either_sign_moves_the_time() {
        assert_eq!(
            Resolution::new(6, 10).time(1),
            Some(Time(10 * SECOND + 1_000))
        );
        assert_eq!(Resolution::new(6, -10).time(0), Some(Time(-10 * SECOND)));
    }

    #[test]
    fn a_time_beyond_64_bits_is_none() {
        assert_eq!(Resolution::new(6, 0).time(u64::MAX), None);
        assert_eq!(Resolution::new(6, i64::MIN).time(0), None);
        assert_eq!(
            Resolution::new(9, 0).time(i64::MAX as u64),
            Some(Time(i64::MAX))
        );
    }
}
