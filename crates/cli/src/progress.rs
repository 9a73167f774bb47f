//! The bar that long work shows on a terminal's standard error.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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

    fn show_until(&self, end: &mpsc::Receiver<()>) {
        if end.recv_timeout(Self::PATIENCE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let bar = self.bar();
        loop {
            bar.set_position(self.watch.read_bytes());
            bar.set_message(format!("{} calls", self.watch.calls()));
            if end.recv_timeout(Self::BEAT) != Err(RecvTimeoutError::Timeout) {
                return bar.finish_and_clear();
            }
        }
    }

    /// A bar with the time left where the size is known, a count of bytes otherwise.
    fn bar(&self) -> ProgressBar {
        let expected = self.watch.expected_bytes();
        let (bar, template) = if expected > 0 {
            let template = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {msg}, {eta} left";
            (ProgressBar::new(expected), template)
        } else {
            (
                ProgressBar::no_length(),
                "{spinner} {bytes}, {bytes_per_sec}, {msg}",
            )
        };
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
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
    fn the_templates_are_well_formed() {
        for expected in [0, 10] {
            let watch = Arc::<Watch>::default();
            watch.expect(expected);
            let bar = Progress::new(watch, Shown::Yes).bar();
            assert_eq!(bar.length(), (expected > 0).then_some(expected));
        }
    }
}
