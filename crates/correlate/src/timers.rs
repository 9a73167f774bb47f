//! The timers of RFC 3261 Table 4, in nanoseconds, and the sending times that they make.

use siptriage_capture::time::{MILLISECOND, SECOND};

/// Round-trip estimate, base of all retransmissions (RFC 3261 17.1.1.1).
pub const T1: i64 = 500 * MILLISECOND;
/// Ceiling of non-INVITE request and INVITE response retransmission.
pub const T2: i64 = 4 * SECOND;
/// 64*T1: Timers B, F, H, J, L, M, N, and the life of an unacknowledged 2xx.
pub const TIMEOUT: i64 = 64 * T1;
/// Timer C: more than three minutes (RFC 3261 16.6).
pub const TIMER_C: i64 = 180 * SECOND;
/// What callees with timers of their own wait for an ACK before they end the dialog; by the RFC it is
/// [`TIMEOUT`].
pub const ACK_PATIENCE: std::ops::RangeInclusive<i64> = 4 * SECOND..=40 * SECOND;

/// How the gap between sendings grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grid {
    /// Doubling without a ceiling: Timer A of an INVITE, and reliable provisional responses
    /// (RFC 3262 3).
    Doubling,
    /// Doubling up to T2: Timers E and G, and a 2xx to an INVITE (RFC 3261 13.3.1.4).
    Capped,
}

/// A gap fits the grid within 20 %, and within 60 ms for small ones.
pub fn fits(gap: i64, expected: i64) -> bool {
    gap.saturating_sub(expected).saturating_abs() <= (expected / 5).max(60 * MILLISECOND)
}

/// The T1 that a sender seems to use, from the first gap between its sendings: 0.1 s to 1 s is
/// plausible, anything else is taken as [`T1`].
pub fn estimated_t1(first_gap: i64) -> i64 {
    if (100 * MILLISECOND..=SECOND + SECOND / 5).contains(&first_gap) {
        first_gap
    } else {
        T1
    }
}

/// How many of the `times` (in order) after the first continue the grid from the start.
///
/// A missing sending (lost before the capture) makes one gap span two steps of the grid; that
/// still counts, since only the sender's own timer makes such a gap.
pub fn on_grid(times: &[i64], grid: Grid) -> usize {
    walk(times, grid).fitting
}

/// How many steps of the grid those times cover: a gap that spans two counts twice. A sender
/// whose times cover six steps of [`Grid::Doubling`] went through all of Timer A.
pub fn steps_on_grid(times: &[i64], grid: Grid) -> usize {
    walk(times, grid).steps
}

/// How far times follow a grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Walk {
    fitting: usize,
    steps: usize,
}

fn walk(times: &[i64], grid: Grid) -> Walk {
    let mut walk = Walk::default();
    let Some(first_gap) = times.get(1).map(|second| second.saturating_sub(times[0])) else {
        return walk;
    };
    let t1 = estimated_t1(first_gap);
    let mut expected = t1;
    for pair in times.windows(2) {
        let gap = pair[1].saturating_sub(pair[0]);
        let following = next(expected, t1, grid);
        if fits(gap, expected) {
            expected = following;
            walk.steps += 1;
        } else if fits(gap, expected.saturating_add(following)) {
            expected = next(following, t1, grid);
            walk.steps += 2;
        } else {
            break;
        }
        walk.fitting += 1;
    }
    walk
}

/// The gap that follows a gap of `gap`.
pub fn next(gap: i64, t1: i64, grid: Grid) -> i64 {
    match grid {
        Grid::Doubling => gap.saturating_mul(2),
        Grid::Capped => gap.saturating_mul(2).min(t1.saturating_mul(T2 / T1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(times: &[f64]) -> Vec<i64> {
        times
            .iter()
            .map(|time| (time * SECOND as f64) as i64)
            .collect()
    }

    #[test]
    fn the_book_grids_fit_to_the_end() {
        let invite = seconds(&[0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]);
        assert_eq!(on_grid(&invite, Grid::Doubling), 6);
        let answer = seconds(&[0.0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]);
        assert_eq!(on_grid(&answer, Grid::Capped), 10);
    }

    #[test]
    fn another_t1_scales_the_grid() {
        assert_eq!(on_grid(&seconds(&[0.0, 1.0, 3.0, 7.0]), Grid::Doubling), 3);
    }

    #[test]
    fn one_lost_sending_is_bridged() {
        let times = seconds(&[0.0, 0.5, 3.5, 7.5]);
        assert_eq!(on_grid(&times, Grid::Doubling), 3);
        assert_eq!(steps_on_grid(&times, Grid::Doubling), 4);
    }

    #[test]
    fn copies_at_once_are_no_grid() {
        assert_eq!(
            on_grid(&seconds(&[0.0, 0.001, 0.002, 0.003]), Grid::Doubling),
            0
        );
    }
}
