//! The bar that long work shows on a terminal's standard error.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::Watch;

/// Whether long work shows a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// On standard error.
    Yes,
    /// Never.
    No,
}

/// Watches a run and shows how far it has come.
#[derive(Clone, Debug)]
pub struct Progress {
    watch: Arc<Watch>,
    shown: Shown,
}

impl Progress {
    /// Work shorter than this shows nothing.
    const PATIENCE: Duration = Duration::from_secs(1);
    /// How often the bar moves.
    const BEAT: Duration = Duration::from_millis(100);
    /// What is shown where it is known how much there is to read.
    const BAR: &str = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {msg}, {eta} left";
    /// What is shown of a pipe.
    const COUNT: &str = "{spinner} {bytes}, {bytes_per_sec}, {msg}";

    /// Shows the run that `watch` watches.
    pub fn new(watch: Arc<Watch>, shown: Shown) -> Progress {
        Progress { watch, shown }
    }

    /// Does the work, with a bar beside it once it takes long.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.shown == Shown::No {
            return work();
        }
        std::thread::scope(|scope| {
            let (done, end) = mpsc::channel::<()>();
            scope.spawn(move || self.show_until(&end));
            let result = work();
            drop(done);
            result
        })
    }

    /// The bar watches from the beginning, so that it knows the rate when it is shown.
    fn show_until(&self, end: &mpsc::Receiver<()>) {
        let (begin, mut is_shown) = (Instant::now(), false);
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        while end.recv_timeout(Self::BEAT) == Err(RecvTimeoutError::Timeout) {
            self.move_on(&bar);
            if !is_shown && begin.elapsed() >= Self::PATIENCE {
                bar.set_draw_target(ProgressDrawTarget::stderr());
                is_shown = true;
            }
        }
        bar.finish_and_clear();
    }

    /// A bar with the time left where the size is known, a count of bytes otherwise.
    fn move_on(&self, bar: &ProgressBar) {
        let expected = self.watch.expected_bytes();
        let template = if expected > 0 {
            bar.set_length(expected);
            Self::BAR
        } else {
            Self::COUNT
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(format!("{} calls", self.watch.calls()));
        bar.set_position(self.watch.read_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_done_with_and_without_a_bar() {
        for shown in [Shown::Yes, Shown::No] {
            let progress = Progress::new(Arc::default(), shown);
            assert_eq!(progress.during(|| 7), 7);
        }
    }

    #[test]
    fn the_bar_knows_the_size_when_the_capture_is_opened() {
        let watch = Arc::<Watch>::default();
        let progress = Progress::new(Arc::clone(&watch), Shown::Yes);
        let bar = ProgressBar::hidden();
        watch.count_read(5);
        progress.move_on(&bar);
        assert_eq!((bar.length(), bar.position()), (None, 5));
        watch.expect(10);
        watch.count_call();
        progress.move_on(&bar);
        assert_eq!((bar.length(), bar.position()), (Some(10), 5));
        assert_eq!(bar.message(), "1 calls");
    }

    #[test]
    fn the_templates_are_well_formed() {
        for template in [Progress::BAR, Progress::COUNT] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
