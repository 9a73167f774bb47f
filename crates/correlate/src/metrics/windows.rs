//! The metrics of consecutive windows of time.

use siptriage_capture::Time;
use siptriage_capture::time::SECOND;

use super::Metrics;

/// The metrics of consecutive windows of time, aligned to the epoch; a call belongs to the window
/// in which it began. Windows without calls are not kept.
#[derive(Clone, Debug)]
pub struct Windows {
    /// In ascending order of their numbers; boxed, since they are large.
    known: Vec<(i64, Box<Metrics>)>,
    width: i64,
    limit: usize,
}

/// How wide windows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// From a minute to a week: as wide as it takes to stay below [`Windows::FEW`].
    #[default]
    Automatic,
    /// Seconds.
    Seconds(u32),
}

/// Widths in seconds that are tried one after the other, each a multiple of the one before.
const WIDTHS: [i64; 7] = [60, 300, 900, 3_600, 14_400, 86_400, 604_800];

impl Windows {
    /// Windows when their width is automatic.
    pub const FEW: usize = 48;
    /// Windows when their width was given. With more they get twice as wide.
    pub const MANY: usize = 10_000;

    /// Windows of a width.
    pub fn new(width: Width) -> Windows {
        let (seconds, limit) = match width {
            Width::Automatic => (WIDTHS[0], Windows::FEW),
            Width::Seconds(seconds) => (i64::from(seconds.max(1)), Windows::MANY),
        };
        Windows {
            known: Vec::new(),
            width: seconds * SECOND,
            limit,
        }
    }

    /// The metrics of the window of a time.
    pub fn at(&mut self, time: Time) -> &mut Metrics {
        let place = loop {
            let number = time.0.div_euclid(self.width);
            match self
                .known
                .binary_search_by_key(&number, |(known, _)| *known)
            {
                Ok(place) => break place,
                Err(_) if self.known.len() >= self.limit => self.widen(),
                Err(place) => {
                    self.known.insert(place, (number, Box::default()));
                    break place;
                }
            }
        };
        &mut self.known[place].1
    }

    /// Nanoseconds of a window.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// The windows in order of time: number since the epoch, and metrics.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &Metrics)> {
        self.known
            .iter()
            .map(|(number, metrics)| (*number, &**metrics))
    }

    /// When a window begins.
    pub fn start(&self, number: i64) -> Time {
        Time(number.saturating_mul(self.width))
    }

    fn widen(&mut self) {
        let seconds = self.width / SECOND;
        let wider = WIDTHS
            .iter()
            .find(|width| **width > seconds && self.limit == Windows::FEW);
        let factor = wider.map_or(2, |wider| wider / seconds);
        self.width = self.width.saturating_mul(factor);
        for (number, metrics) in std::mem::take(&mut self.known) {
            let number = number.div_euclid(factor);
            match self.known.last_mut() {
                Some((last, wide)) if *last == number => wide.merge(&metrics),
                Some(_) | None => self.known.push((number, metrics)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(width: Width, seconds: impl Iterator<Item = i64>) -> (i64, usize) {
        let mut windows = Windows::new(width);
        for second in seconds {
            windows.at(Time(second * SECOND)).abandoned_ringing += 1;
        }
        let all: u64 = windows
            .iter()
            .map(|(_, metrics)| metrics.abandoned_ringing)
            .sum();
        assert!(all > 0);
        (windows.width() / SECOND, windows.iter().count())
    }

    #[test]
    fn automatic_windows_stay_few() {
        assert_eq!(widths(Width::Automatic, 0..2_880), (60, 48));
        assert_eq!(widths(Width::Automatic, 0..2_881), (300, 10));
        assert_eq!(
            widths(Width::Automatic, (0..90).map(|day| day * 86_400)),
            (604_800, 13)
        );
    }

    #[test]
    fn given_windows_keep_their_width() {
        assert_eq!(widths(Width::Seconds(10), 0..3_600), (10, 360));
        assert_eq!(widths(Width::Seconds(1), 0..10_001), (2, 5_001));
    }

    #[test]
    fn times_before_the_epoch_and_at_its_end_have_windows() {
        let mut windows = Windows::new(Width::Automatic);
        for hour in 0..200 {
            windows.at(Time(i64::MAX - hour * 3_600 * SECOND));
            windows.at(Time(i64::MIN + hour * 3_600 * SECOND));
        }
        assert!(windows.iter().count() <= Windows::FEW);
    }
}
